//! The placeholders that the arguments of own commands may hold, in one table.

use std::borrow::Cow;

use crate::app::{Entry, Store, Target};

/// A value that stands in braces in an argument.
#[derive(Debug, Clone, Copy)]
pub struct Placeholder {
    /// Its name, without the braces.
    pub name: &'static str,
    /// What it is replaced by.
    pub help: &'static str,
    /// Why it has no value, as a sentence.
    pub(super) missing: &'static str,
    pub(super) source: Source,
}

/// Where the value comes from. It is missing if it is empty.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source {
    /// The selected task, which may have ended. The store knows what tasks share.
    Task(for<'a> fn(&'a Store, &'a Entry) -> Cow<'a, str>),
    /// The target of its session.
    Target(fn(&Target) -> &str),
}

impl PartialEq for Placeholder {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Placeholder {}

/// Every placeholder.
pub const PLACEHOLDERS: &[Placeholder] = &[
    of_task("guid", "The task's guid", "The task has no guid", |_, entry| entry.task.guid.as_str().into()),
    of_task("domain", "The task's domain", "The task has no domain", |_, entry| {
        entry.task.domain.as_str().into()
    }),
    of_task("state", "The task's state, such as `Running`", "The task has no state", |_, entry| {
        entry.task.state.to_string().into()
    }),
    of_task(
        "cell",
        "The cell that the task runs on or ran on",
        "The task has not been seen on a cell",
        |_, entry| entry.last_cell.as_ref().map_or("", |cell| cell.as_str()).into(),
    ),
    of_task("zone", "The zone of that cell", "The zone of the task's cell is not known", |store, entry| {
        store.zone(entry.last_cell.as_ref()).into()
    }),
    of_task("app_guid", "The guid of the task's app", "The task names no app", |_, entry| {
        entry.task.owner.app().guid.as_str().into()
    }),
    of_task("app", "The name of the app", "The task does not name its app", |_, entry| {
        entry.task.owner.app().name.as_str().into()
    }),
    of_task("space_guid", "The guid of the app's space", "The task names no space", |_, entry| {
        entry.task.owner.space().guid.as_str().into()
    }),
    of_task("space", "The name of the space", "The task does not name its space", |_, entry| {
        entry.task.owner.space().name.as_str().into()
    }),
    of_task("org_guid", "The guid of the space's org", "The task names no org", |_, entry| {
        entry.task.owner.org().guid.as_str().into()
    }),
    of_task("org", "The name of the org", "The task does not name its org", |_, entry| {
        entry.task.owner.org().name.as_str().into()
    }),
    of_task(
        "log_guid",
        "The guid that the task's logs are filed under",
        "The task's definition has no log_guid",
        |store, entry| store.summary(&entry.task).log_guid,
    ),
    of_target("target", "The target's name in the configuration", "The target has no name", |target| {
        target.name.as_deref().unwrap_or_default()
    }),
    of_target("url", "The URL of the BBS", "The target has no URL", |target| target.url.as_str()),
];

const fn of_task(
    name: &'static str,
    help: &'static str,
    missing: &'static str,
    value: for<'a> fn(&'a Store, &'a Entry) -> Cow<'a, str>,
) -> Placeholder {
    Placeholder { name, help, missing, source: Source::Task(value) }
}

const fn of_target(
    name: &'static str,
    help: &'static str,
    missing: &'static str,
    value: fn(&Target) -> &str,
) -> Placeholder {
    Placeholder { name, help, missing, source: Source::Target(value) }
}

/// Returns the placeholder with this name.
pub(super) fn find(name: &str) -> Option<&'static Placeholder> {
    PLACEHOLDERS.iter().find(|placeholder| placeholder.name == name)
}

/// Returns the placeholders as a Markdown table, for the documentation.
pub fn markdown() -> String {
    let head = "| Placeholder | What it is replaced by |\n| --- | --- |\n".to_owned();
    let rows = PLACEHOLDERS.iter().map(|one| format!("| `{{{}}}` | {} |\n", one.name, one.help));
    std::iter::once(head).chain(rows).collect()
}

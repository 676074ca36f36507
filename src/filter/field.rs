//! Defines the fields of the filter language: one record each in [`FIELDS`].

use super::{Shared, Subject, Texts};
use crate::model::{CellId, Entity, Owner, State, Timestamp};

/// A field of the filter language.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The name before the colon.
    pub name: &'static str,
    /// The kind of value, which determines what may follow the colon.
    pub kind: Kind,
    /// A short description, for help.
    pub help: &'static str,
    /// An example term, for help.
    pub example: &'static str,
}

/// The kind of value that a field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Diego name: compared as a whole, case-sensitive.
    Name(Text),
    /// Free text: searched for a part of it, with smart case.
    Text(Text),
    /// A state.
    State,
    /// Why the task ended.
    Cause,
    /// A kind of work.
    TaskKind,
    /// How the task is stuck.
    Stuck,
    /// Yes or no.
    Flag(Flag),
    /// A count.
    Number(Quantity),
    /// How long ago something was.
    Age(Quantity),
}

/// A text field of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The guid.
    Guid,
    /// The domain.
    Domain,
    /// The cell; empty for none.
    Cell,
    /// The cell that ran the task, once it no longer runs; empty for none.
    LastCell,
    /// The app.
    App,
    /// The app's space.
    Space,
    /// The space's organization.
    Org,
    /// The failure reason; without one, the rejection reason of a task that is not running and has not succeeded.
    Reason,
    /// The failure reason.
    Failure,
    /// The rejection reason.
    Rejection,
    /// The result.
    Result,
}

/// What a text field holds: one text, or the name and the guid of an app, space or organization. A test holds if it
/// holds for either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Values<'a> {
    text: &'a str,
    guid: Option<&'a str>,
}

impl<'a> Values<'a> {
    pub(super) const fn one(text: &'a str) -> Self {
        Self { text, guid: None }
    }

    fn of(entity: &'a Entity) -> Self {
        let has_both = !entity.name.is_empty() && !entity.guid.is_empty();
        Self { text: entity.label(), guid: has_both.then_some(&*entity.guid) }
    }

    pub(super) fn any(self, is_match: impl Fn(&str) -> bool) -> bool {
        is_match(self.text) || self.guid.is_some_and(is_match)
    }
}

impl Text {
    pub(super) fn of<'a>(self, subject: &Subject<'a>) -> Values<'a> {
        let task = subject.task;
        Values::one(match self {
            Self::Guid => task.guid.as_str(),
            Self::Domain => task.domain.as_str(),
            Self::LastCell if is_running(subject.task.state, subject.cause.is_some()) => "",
            Self::Cell | Self::LastCell => subject.cell.map_or("", CellId::as_str),
            Self::App => return Values::of(task.owner.app()),
            Self::Space => return Values::of(task.owner.space()),
            Self::Org => return Values::of(task.owner.org()),
            Self::Reason => task.reason(),
            Self::Failure => &task.failure_reason,
            Self::Rejection => &task.rejection_reason,
            Self::Result => &task.result,
        })
    }

    /// Returns the values if they belong to the owner.
    pub(super) fn in_owner(self, owner: &Owner) -> Option<Values<'_>> {
        match self {
            Self::App => Some(Values::of(owner.app())),
            Self::Space => Some(Values::of(owner.space())),
            Self::Org => Some(Values::of(owner.org())),
            _ => None,
        }
    }

    /// Returns the text if it is one of the shared facts.
    pub const fn in_shared<'a>(self, shared: &Shared<'a>) -> Option<&'a str> {
        match self {
            Self::Domain => Some(shared.domain),
            Self::LastCell if is_running(shared.state, shared.has_ended()) => Some(""),
            Self::Cell | Self::LastCell => Some(shared.cell),
            _ => None,
        }
    }

    /// Returns the text if it is one of `texts`.
    pub(super) const fn in_texts<'a>(self, texts: &Texts<'a>) -> Option<&'a str> {
        match self {
            Self::Reason => Some(texts.reason),
            Self::Failure => Some(texts.failure),
            Self::Rejection => Some(texts.rejection),
            Self::Result => Some(texts.result),
            _ => None,
        }
    }
}

const fn is_running(state: State, has_ended: bool) -> bool {
    matches!(state, State::Running) && !has_ended
}

/// A yes-or-no fact about a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// The task failed.
    Failed,
    /// The BBS no longer holds the task.
    Ended,
}

impl Flag {
    pub(super) const fn of(self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Failed => subject.task.failed,
            Self::Ended => subject.cause.is_some(),
        }
    }

    pub(super) const fn in_shared(self, shared: &Shared<'_>) -> bool {
        match self {
            Self::Failed => shared.failed,
            Self::Ended => shared.has_ended(),
        }
    }
}

/// A number to compare: a count, or an age in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// How many times cells rejected the task.
    Rejections,
    /// Time since the task was desired.
    Age,
    /// Time since the task was last updated.
    InState,
    /// Time since the task failed.
    FailedFor,
}

impl Quantity {
    /// Returns the value; none for an age whose start is unknown.
    pub(super) fn of(self, subject: &Subject<'_>) -> Option<i64> {
        let since = |at: Timestamp| {
            let age = i64::try_from(subject.now.since(at).as_nanos()).unwrap_or(i64::MAX);
            (!at.is_unset()).then_some(age)
        };
        match self {
            Self::Rejections => Some(subject.task.rejection_count.into()),
            Self::Age => since(subject.task.created_at),
            Self::InState => since(subject.task.updated_at),
            Self::FailedFor if !subject.task.failed => None,
            Self::FailedFor => since(subject.task.first_completed_at),
        }
    }
}

const fn field(name: &'static str, kind: Kind, help: &'static str, example: &'static str) -> Field {
    Field { name, kind, help, example }
}

/// All fields.
pub const FIELDS: &[Field] = &[
    field("guid", Kind::Name(Text::Guid), "the guid", "guid:6f1c*"),
    field("domain", Kind::Name(Text::Domain), "the domain", "domain:cf-tasks|cf-app-*"),
    field("state", Kind::State, "the state, or `gone`; a prefix is enough", "state:pending|running"),
    field(
        "cause",
        Kind::Cause,
        "why the task ended; no task that the BBS holds has one",
        "cause:cancelled|cell-gone",
    ),
    field("cell", Kind::Name(Text::Cell), "the current cell, or the last one", "!cell:cell-01"),
    field(
        "lastcell",
        Kind::Name(Text::LastCell),
        "the cell that ran the task, once it no longer runs",
        "lastcell:cell-01",
    ),
    field("app", Kind::Name(Text::App), "the app, by name or guid", "app:shop-*"),
    field("space", Kind::Name(Text::Space), "the app's space, by name or guid", "space:production"),
    field("org", Kind::Name(Text::Org), "the space's organization, by name or guid", "!org:system"),
    field(
        "kind",
        Kind::TaskKind,
        "Cloud Controller's staging or app tasks; `other` for other clients",
        "kind:staging",
    ),
    field("reason", Kind::Text(Text::Reason), "why the task failed, or is still Pending", "reason:memory"),
    field("failure", Kind::Text(Text::Failure), "the failure reason", "failure:~exit.status.1\\d+"),
    field(
        "rejection",
        Kind::Text(Text::Rejection),
        "why a cell last rejected the task",
        "rejection:\"no room\"",
    ),
    field("result", Kind::Text(Text::Result), "the contents of the result file", "!result:\"\""),
    field(
        "rejections",
        Kind::Number(Quantity::Rejections),
        "how many times cells rejected the task",
        "rejections:>0",
    ),
    field("failed", Kind::Flag(Flag::Failed), "whether the task failed", "failed:true"),
    field("ended", Kind::Flag(Flag::Ended), "whether the BBS no longer holds the task", "ended:false"),
    field(
        "stuck",
        Kind::Stuck,
        "how the task is stuck, as far as the dashboard has seen; not for scripts",
        "stuck:cell|callback",
    ),
    field("age", Kind::Age(Quantity::Age), "time since the task was desired", "age:>10m"),
    field("in-state", Kind::Age(Quantity::InState), "time since the state changed", "in-state:<=1m30s"),
    field("failed-for", Kind::Age(Quantity::FailedFor), "time since the task failed", "failed-for:<=10m"),
];

impl Kind {
    /// Returns what may follow the colon, for help.
    pub const fn takes(self) -> &'static str {
        match self {
            Self::Name(_) => "the whole name, case-sensitive; `*` matches any part; or `~` and a regex",
            Self::Text(_) => "part of the text; `*` matches anything in between; or `~` and a regex",
            Self::State => "`pending`, `running`, `completed`, `resolving`, `gone`, or a prefix",
            Self::Cause => {
                "`cancelled`, `cell-gone`, `unstarted`, `rejected`, `callback`, `deleted`, `removed`, `expired`, \
                 `vanished`, or a prefix"
            }
            Self::Stuck => "`any`, `cell`, `rejections`, `callback`, `claim`, `pending`, or a prefix",
            Self::TaskKind => "`staging`, `task`, `other`",
            Self::Flag(_) => "`true`, `false`",
            Self::Number(_) => "a number, optionally after `<` `>` `<=` `>=`",
            Self::Age(_) => "`<` `>` `<=` or `>=` and a duration such as `30s`, `1h30m`, `2d`",
        }
    }
}

/// Finds a field by its name, ignoring case.
pub(super) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name.eq_ignore_ascii_case(name))
}

/// Returns the names of all fields, separated by commas.
pub(super) fn names() -> String {
    FIELDS.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// Returns the field table of the documentation, in Markdown.
pub fn markdown() -> String {
    let head = ["| field | meaning | value | example |", "| --- | --- | --- | --- |"].map(str::to_owned);
    let row = |field: &Field| {
        let example = field.example.replace('|', "\\|");
        format!("| `{}` | {} | {} | `{example}` |", field.name, field.help, field.kind.takes())
    };
    head.into_iter().chain(FIELDS.iter().map(row)).map(|line| line + "\n").collect()
}

//! The keys of the search by name, and the jump to what was found.

use std::sync::Arc;

use crate::clock::Now;
use crate::filter::{FIELDS, Filter, quoted};
use crate::model::TaskGuid;

use super::{Find, Hit, HitKind};
use crate::app::commands::COMMANDS;
use crate::app::groups::{GroupKey, GroupName};
use crate::app::key::{Key, KeyCode};
use crate::app::panes::Overlay;
use crate::app::prompt::{Note, Value, input_request};
use crate::app::query::Filter as RowFilter;
use crate::app::{App, Effect, Scope, Severity};

impl App {
    /// Opens the search with the names that are there now.
    pub(in crate::app) fn begin_find(&mut self) {
        self.search(Find { names: self.names(), ..Find::default() });
    }

    /// Shows the search with the hits of its pattern.
    pub(in crate::app) fn search(&mut self, mut find: Find) {
        find.search(self.session());
        self.overlay = Overlay::Find(find);
    }

    pub(in crate::app) fn press_in_find(&mut self, mut find: Find, key: Key, now: Now) -> Vec<Effect> {
        let last = find.hits.len().saturating_sub(1);
        match (key.code, key.ctrl) {
            (KeyCode::Esc, _) => return Vec::new(),
            (KeyCode::Enter, _) => {
                return find.hits.into_iter().nth(find.at).map(|hit| self.jump(hit, now)).unwrap_or_default();
            }
            (KeyCode::Down | KeyCode::Tab, _) | (KeyCode::Char('n'), true) => {
                find.at = if find.at >= last { 0 } else { find.at + 1 };
            }
            (KeyCode::Up | KeyCode::BackTab, _) | (KeyCode::Char('p'), true) => {
                find.at = find.at.checked_sub(1).unwrap_or(last);
            }
            (KeyCode::PageDown, _) => find.at = (find.at + self.page).min(last),
            (KeyCode::PageUp, _) => find.at = find.at.saturating_sub(self.page),
            _ => {
                if let Some(request) = input_request(key) {
                    let before = find.pattern().to_owned();
                    find.input.handle(request);
                    if find.pattern() != before {
                        self.search(find);
                        return Vec::new();
                    }
                }
            }
        }
        self.overlay = Overlay::Find(find);
        Vec::new()
    }

    /// Returns the names of domains, cells, apps and commands.
    fn names(&self) -> Vec<Hit> {
        let session = self.session();
        let values = |name: &str| {
            let field = FIELDS.iter().find(|field| field.name == name);
            field.map(|field| session.values_of(field)).unwrap_or_default()
        };
        let named = |kind: HitKind, values: Vec<Value>| {
            values.into_iter().map(move |value| Hit::new(kind, value.text, Note::Count(value.count)))
        };
        let domains = named(HitKind::Domain, session.with_present(GroupKey::Domain, values("domain")));
        let cells = named(HitKind::Cell, session.with_present(GroupKey::Cell, values("cell")));
        let apps = named(HitKind::App, values("app"));
        let commands =
            COMMANDS.iter().map(|spec| Hit::new(HitKind::Command(spec), spec.name, self.note_of(spec)));
        domains.chain(cells).chain(apps).chain(commands).collect()
    }

    fn jump(&mut self, hit: Hit, now: Now) -> Vec<Effect> {
        let name = hit.name;
        match hit.kind {
            HitKind::Task => self.jump_to_task(&TaskGuid::from(name), now),
            HitKind::Domain => {
                self.filter_only(|filter| filter.groups.set(GroupKey::Domain, Some(plain(&name))), now);
            }
            HitKind::Cell => {
                self.filter_only(|filter| filter.groups.set(GroupKey::Cell, Some(plain(&name))), now);
            }
            HitKind::App => {
                // A quoted value is always valid.
                let terms = Filter::parse(&format!("app:{}", quoted(&name))).unwrap_or_default();
                let effects = self.remember_filter(terms.text());
                self.filter_only(|filter| filter.terms = terms, now);
                return effects;
            }
            HitKind::Command(spec) => return self.run(spec.command, now),
        }
        Vec::new()
    }

    /// Replaces the filter of the rows; the view stays.
    fn filter_only(&mut self, set: impl FnOnce(&mut RowFilter), now: Now) {
        self.show_tasks();
        let change = |filter: &mut RowFilter| {
            *filter = RowFilter { scope: filter.scope, ..RowFilter::default() };
            set(filter);
        };
        self.narrow(change, now);
    }

    /// Selects and opens a task. If the filter or the view hides it, these give way, and a notice says so.
    fn jump_to_task(&mut self, guid: &TaskGuid, now: Now) {
        let session = self.session_mut();
        let Some(entry) = session.store.get(guid) else {
            let text = format!("{guid} is no longer known: the task ended and its record was dropped.");
            self.notices.say(Severity::Info, text, now);
            return;
        };
        let scope = if entry.end.is_some() { Scope::Ended } else { Scope::Live };
        session.query.refresh(&mut session.store, true);
        let is_shown = session.query.select(&session.store, guid);
        if !is_shown {
            let is_filtered = session.query.filter().is_active();
            self.narrow(|filter| *filter = RowFilter { scope, ..RowFilter::default() }, now);
            let session = self.session_mut();
            session.query.refresh(&mut session.store, true);
            session.query.select(&session.store, guid);
            let what =
                if is_filtered { "Cleared the filter, which hid" } else { "Switched to the view that has" };
            self.notices.say(Severity::Info, format!("{what} {guid}."), now);
        }
        self.show_tasks();
        self.open();
    }
}

/// Returns the group that is identified by its name.
fn plain(name: &str) -> Arc<GroupName> {
    Arc::new(GroupName::plain(name))
}

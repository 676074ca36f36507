//! Views: what the main view shows of a session, the history of views, and the last view of each target.
//!
//! Every message of the operator may change the view; what it is afterwards is compared with the history. So no command
//! needs to record its moves.

mod history;
mod last;

use std::time::Duration;

use crate::clock::Now;
use crate::model::Sort;

use super::failures::FailureKind;
use super::groups::{GroupKey, GroupPlace};
use super::panes::{MainPane, Overlay};
use super::query::{Filter, Scope};
use super::{App, Effect, Msg};

pub use history::ViewHistory;
pub(super) use history::{Step, Visit};

/// How long a changed view may wait until it is saved.
const SAVED_WITHIN: Duration = Duration::from_secs(2);

/// What is in the main view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Main {
    /// The task table.
    #[default]
    Tasks,
    /// The groups of a property.
    Groups(GroupKey),
    /// The clusters of failures, or of rejections.
    Failures(FailureKind),
    /// The pulse.
    Pulse,
}

/// What the main view shows of a session.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// What is in it.
    pub main: Main,
    /// Which tasks the table shows.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
}

impl View {
    /// Returns a short name: what the main view groups by, or which tasks it shows. Not sanitised: names of groups are
    /// tenants' text.
    pub fn name(&self) -> String {
        let parts = self.parts();
        // The tasks that the BBS holds are the usual ones.
        let usual = usize::from(parts.len() > 1 && self.filter.scope == Scope::Live);
        parts.get(usual..).unwrap_or_default().join(" ")
    }

    /// Returns what is new compared with the view before; the whole name if it only shows more.
    pub fn name_after(&self, before: &Self) -> String {
        let known = before.parts();
        let new: Vec<_> = self.parts().into_iter().filter(|part| !known.contains(part)).collect();
        match new.as_slice() {
            [] if self.is_but_sort(before) => format!("by {}", self.sort.column),
            [] => self.name(),
            new => new.join(" "),
        }
    }

    /// Returns whether this view shows a part of the tasks of another one, and that one shows all of its kind.
    pub fn narrows(&self, all: &Self) -> bool {
        let unfiltered = Filter { scope: self.filter.scope, ..Filter::default() };
        self.main == Main::Tasks && *all == Self { filter: unfiltered, ..self.clone() }
    }

    fn parts(&self) -> Vec<String> {
        match self.main {
            Main::Tasks => {}
            Main::Groups(key) => return vec![key.spec().title.to_lowercase()],
            Main::Failures(kind) => return vec![kind.name().to_owned()],
            Main::Pulse => return vec!["pulse".to_owned()],
        }
        let groups = self.filter.groups.iter().map(|(_, name)| name.label().to_owned());
        let terms = (!self.filter.terms.is_empty()).then(|| format!("/{}", self.filter.terms.text()));
        std::iter::once(self.filter.scope.name().to_owned()).chain(groups).chain(terms).collect()
    }

    /// Returns whether another view differs in nothing but the sort.
    pub(super) fn is_but_sort(&self, other: &Self) -> bool {
        self.main == other.main && self.filter == other.filter
    }
}

impl Msg {
    /// Returns whether the operator did something.
    pub(super) const fn is_input(&self) -> bool {
        !matches!(self, Self::Session(..) | Self::Tick)
    }
}

impl App {
    /// Returns the views that the operator has seen of the shown session.
    pub fn view_history(&self) -> &ViewHistory {
        &self.session().views
    }

    fn main(&self) -> Main {
        match self.main_pane {
            MainPane::Tasks => Main::Tasks,
            MainPane::Groups => Main::Groups(self.group_panes.get(GroupPlace::Main).key()),
            MainPane::Failures => Main::Failures(self.failures.kind()),
            MainPane::Pulse => Main::Pulse,
        }
    }

    fn is_recorded(&self) -> bool {
        let (session, view) = (self.session(), self.session().views.current());
        view.main == self.main()
            && view.sort == session.query.sort()
            && view.filter == *session.query.filter()
    }

    /// Remembers which task is selected in the recorded view, before a message of the operator changes it. Returns whether
    /// it is one.
    pub(super) fn begin_input(&mut self, msg: &Msg) -> bool {
        if msg.is_input() && self.is_recorded() {
            let session = self.session_mut();
            session.views.select(session.query.chosen().cloned());
        }
        msg.is_input()
    }

    /// Records the view after a message of the operator, and saves changed views when that is due, or before the end.
    pub(super) fn end_input(&mut self, is_input: bool, effects: &mut Vec<Effect>, now: Now) {
        if is_input {
            self.record_view(now);
        }
        let save = match effects.iter().position(|effect| *effect == Effect::Quit) {
            Some(at) => self.save_views().map(|save| (at, save)),
            None => self.save_views_when_due(now).map(|save| (effects.len(), save)),
        };
        if let Some((at, save)) = save {
            effects.insert(at, save);
        }
    }

    /// Adds the view to the history if it has changed. A filter that is being typed is not a view yet.
    fn record_view(&mut self, now: Now) {
        if matches!(self.overlay, Overlay::Filter(_)) || self.is_recorded() {
            return;
        }
        let main = self.main();
        let session = self.session_mut();
        let view = View { main, filter: session.query.filter().clone(), sort: session.query.sort() };
        session.views.visit(view);
        self.save_views_soon(now);
    }

    /// Goes back or forward in the history. The selection returns to its task, if the view still has it.
    pub(super) fn step_in_history(&mut self, step: Step, now: Now) {
        let session = self.session_mut();
        let Some(Visit { view, selected }) = session.views.step(step).cloned() else { return };
        if let Some(guid) = selected {
            session.query.select(&session.store, &guid);
        }
        session.query.sort_by(view.sort);
        self.show_main(view.main);
        self.narrow(|filter| *filter = view.filter, now);
        self.save_views_soon(now);
    }

    /// Shows in the main view what the history of the session says.
    pub(super) fn show_recorded_main(&mut self) {
        self.show_main(self.session().views.current().main);
    }

    fn show_main(&mut self, main: Main) {
        match main {
            Main::Tasks => self.show_table(),
            Main::Groups(key) if self.main() != main => self.open_main_groups(key),
            Main::Groups(_) => {}
            Main::Failures(kind) => self.open_failures(kind),
            Main::Pulse => self.show_pulse(),
        }
    }
}

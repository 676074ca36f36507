//! What keys do in the failures view: show the members, unfold, search, sort, change the window, copy.

use tui_input::{Input, InputRequest};

use super::members::Members;
use super::pane::FailuresPane;
use super::row::{FailureKind, FailureRow};
use crate::app::abbreviation::{correction, whole};
use crate::app::commands::Command;
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::{Candidate, input_request};
use crate::app::query::Scope;
use crate::app::{App, Effect, Main, MainPane, Overlay, Severity, ToCopy};
use crate::clock::Now;
use crate::model::failures::{Clusters, Window};
use crate::model::secret::mask_urls;
use crate::present::{failures, format, sanitise};

/// A text that is being typed, to search failures for.
#[derive(Debug, Clone)]
pub struct FailureSearch {
    /// The text and its cursor.
    pub input: Input,
}

/// Returns the windows to choose from.
pub(in crate::app) fn window_candidates() -> Vec<Candidate> {
    Window::ALL.map(|window| Candidate::with_help(window.name(), "failures in this time, up to now")).into()
}

impl App {
    /// Returns the pane of the failures view.
    pub fn failures(&self) -> &FailuresPane {
        &self.failures
    }

    /// Returns the clusters that the failures view shows.
    pub fn clusters(&self) -> &Clusters {
        self.session().recorder.failures.of(self.failures.kind())
    }

    /// Counts over the window of the view, and lists the clusters again if that is due.
    pub(in crate::app) fn refresh_failures(&mut self) {
        let Self { failures, sessions, main_pane: MainPane::Failures, .. } = self else { return };
        let clusters = sessions.shown_mut().recorder.failures.of_mut(failures.kind());
        clusters.set_window(failures.window());
        failures.refresh(clusters);
    }

    /// Shows clusters in the main view.
    pub(in crate::app) fn open_failures(&mut self, kind: FailureKind) {
        self.failures.show(kind);
        self.main_pane = MainPane::Failures;
        self.focus_main();
        self.refresh_failures();
    }

    /// Shows the rejections in the main view, or the failures if they are shown.
    pub(in crate::app) fn toggle_rejections(&mut self) {
        let kind = match self.main_pane {
            MainPane::Failures => self.failures.kind().other(),
            _ => FailureKind::Rejections,
        };
        self.open_failures(kind);
    }

    /// Shows the failures as typed: over a window.
    pub(in crate::app) fn failures_by_argument(
        &mut self,
        argument: &str,
        _now: Now,
    ) -> Result<Vec<Effect>, String> {
        if !argument.is_empty() {
            let names = || Window::ALL.iter().map(|window| window.name());
            let window = Window::find(whole(argument, names()).unwrap_or(argument));
            let unknown = || format!("Unknown time \"{argument}\".{}", correction(argument, names()));
            self.failures.set_window(window.ok_or_else(unknown)?);
        }
        self.open_failures(FailureKind::Failures);
        Ok(Vec::new())
    }

    /// Runs a command that does something else in the failures view; none if it does not.
    pub(in crate::app) fn run_in_failures(&mut self, command: Command, now: Now) -> Option<Vec<Effect>> {
        let pane = &mut self.failures;
        match command {
            Command::Open => self.show_members(now),
            Command::ViewFailures if pane.kind() == FailureKind::Failures => self.set_scope(Scope::Failed),
            Command::Filter => {
                let input = Input::new(pane.search().to_owned());
                self.overlay = Overlay::FailureSearch(FailureSearch { input });
            }
            Command::ScrollRight => pane.unfold(),
            Command::ScrollLeft => pane.fold(),
            Command::ChooseSort => pane.sort_by_next(),
            Command::ReverseSort => pane.reverse(),
            Command::SortByNext => pane.set_window(pane.window().longer()),
            Command::SortByPrevious => pane.set_window(pane.window().shorter()),
            Command::Quit => self.show_tasks(),
            Command::Copy => return Some(self.copy_cluster()),
            _ => return None,
        }
        self.refresh_failures();
        Some(Vec::new())
    }

    /// Goes back by one step: shows all reasons, then leaves the view.
    pub(in crate::app) fn leave_failures(&mut self) {
        if self.failures.search().is_empty() {
            self.session_mut().members = None;
            return self.show_tasks();
        }
        self.search_failures("");
    }

    /// Returns whether the table shows the members of a cluster, to which the operator came from the failures view. If the
    /// operator has left that view otherwise, going back to it would lead round in a circle.
    pub(in crate::app) fn came_from_failures(&self) -> bool {
        if self.session().members.as_ref() != Some(self.filter()) {
            return false;
        }
        let history = self.view_history();
        let current = history.current();
        let mut earlier = history.earlier().filter(|view| !view.is_but_sort(current));
        self.filter().is_active() && earlier.next().is_some_and(|view| matches!(view.main, Main::Failures(_)))
    }

    /// Shows the members of the cluster under the cursor in the task table.
    fn show_members(&mut self, now: Now) {
        let Some(row) = self.failures.cursor() else { return };
        let kind = self.failures.kind();
        let Some(Members { filter, count, is_exact }) = Members::of(self.clusters(), kind, row) else {
            return;
        };
        self.show_tasks();
        self.session_mut().members = Some(filter.clone());
        self.narrow(|held| *held = filter, now);
        if let Some(text) = self.members_missing(kind, count, is_exact) {
            self.notices.say(Severity::Info, text, now);
        }
    }

    /// Says how the table differs from the count of the cluster; nothing if it does not.
    fn members_missing(&mut self, kind: FailureKind, count: usize, is_exact: bool) -> Option<String> {
        if !is_exact {
            return Some(
                "Too many different values to filter by exactly. The table also shows other tasks".to_owned(),
            );
        }
        let session = self.session_mut();
        session.query.refresh(&mut session.store, true);
        let shown = session.query.rows().len();
        // Rejections are counted; of the tasks, only those that still wait are shown.
        if kind == FailureKind::Rejections || shown >= count || session.query.work().is_some() {
            return None;
        }
        let missing = format::counted(count - shown, "failed task");
        Some(format!("{missing} of this cluster ended too long ago to be kept"))
    }

    /// Copies the cluster under the cursor as one line.
    fn copy_cluster(&self) -> Vec<Effect> {
        let line = self.failures.cursor().and_then(|row| self.cluster_line(row));
        line.map(|line| Effect::Copy(ToCopy::text("the cluster", line))).into_iter().collect()
    }

    fn cluster_line(&self, row: FailureRow) -> Option<String> {
        let clusters = self.clusters();
        let reason = clusters.reason(row.reason())?;
        let text = match row {
            FailureRow::Part(_, part) => failures::part_line(&reason, &clusters.part(part)?),
            FailureRow::Reason(_) | FailureRow::More(..) => failures::reason_line(&reason),
        };
        let text = format!("{text} in the last {}", clusters.window().name());
        Some(sanitise::clean(mask_urls(&text).as_deref().unwrap_or(&text)).into_owned())
    }

    fn search_failures(&mut self, text: &str) {
        self.failures.search_for(text);
        self.refresh_failures();
    }

    pub(in crate::app) fn press_in_failure_search(&mut self, mut search: FailureSearch, key: Key) {
        match key.code {
            KeyCode::Enter => return,
            KeyCode::Esc => return self.search_failures(""),
            KeyCode::Down => self.failures.move_by(1),
            KeyCode::Up => self.failures.move_by(-1),
            KeyCode::PageDown => self.failures.move_by(self.pages(1, 1)),
            KeyCode::PageUp => self.failures.move_by(-self.pages(1, 1)),
            _ => {
                if let Some(request) = input_request(key) {
                    search.input.handle(request);
                    self.search_failures(search.input.value());
                }
            }
        }
        self.overlay = Overlay::FailureSearch(search);
    }

    /// Takes a pasted text into the search.
    pub(in crate::app) fn paste_in_failure_search(&mut self, mut search: FailureSearch, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            search.input.handle(InputRequest::InsertChar(c));
        }
        self.search_failures(search.input.value());
        self.overlay = Overlay::FailureSearch(search);
    }
}

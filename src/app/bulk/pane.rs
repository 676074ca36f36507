//! The outcomes of a run in a pane: its filter, and what its keys do.

use std::collections::HashSet;
use std::path::PathBuf;

use tui_input::Input;

use super::{ChosenBy, TaskOutcome};
use crate::app::commands::Command;
use crate::app::copy::ToCopy;
use crate::app::file::{FileToSave, IfExists};
use crate::app::key::{Key, KeyCode};
use crate::app::msg::effects_of;
use crate::app::prompt::input_request;
use crate::app::{App, Effect, Overlay, SessionId, Severity};
use crate::clock::Now;
use crate::present::format;

/// The open list of outcomes.
#[derive(Debug, Clone)]
pub struct OutcomePane {
    /// The session whose run it shows.
    pub session: SessionId,
    /// The filter; all of its words must be in a line.
    pub input: Input,
    /// Whether letters go to the filter.
    pub is_typing: bool,
    /// The first line in view. The pane keeps it within what there is.
    pub scroll: usize,
    admitted: Admitted,
}

/// The outcomes that the filter admits, by index. New outcomes are added; only another filter reads all of them.
#[derive(Debug, Clone, Default)]
struct Admitted {
    filter: String,
    seen: usize,
    indexes: Vec<usize>,
}

impl OutcomePane {
    pub(super) fn new(session: SessionId) -> Self {
        let (input, admitted) = (Input::default(), Admitted::default());
        Self { session, input, is_typing: false, scroll: 0, admitted }
    }

    /// Returns how many outcomes the filter admits.
    pub fn len(&self) -> usize {
        self.admitted.indexes.len()
    }

    /// Returns whether the filter admits no outcome.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether there is a filter.
    pub fn is_filtered(&self) -> bool {
        !self.input.value().trim().is_empty()
    }
}

impl App {
    /// Shows the outcomes of the last run.
    pub(in crate::app) fn show_outcomes(&mut self) {
        self.overlay = Overlay::Outcomes(OutcomePane::new(self.shown_session()));
        self.refresh_outcomes();
    }

    /// Brings the list of outcomes up to date before a frame.
    pub(in crate::app) fn refresh_outcomes(&mut self) {
        let Overlay::Outcomes(pane) = &mut self.overlay else { return };
        let Some(run) = self.sessions.get(pane.session).and_then(|session| session.run.as_deref()) else {
            return;
        };
        let (outcomes, filter) = (run.outcomes(), pane.input.value());
        if pane.admitted.filter != filter || pane.admitted.seen > outcomes.all().len() {
            pane.admitted = Admitted { filter: filter.to_owned(), ..Admitted::default() };
        }
        let admitted = &mut pane.admitted;
        let new = outcomes.all().iter().enumerate().skip(admitted.seen);
        let matching = new.filter(|(_, outcome)| outcomes.matches(outcome, &admitted.filter));
        admitted.indexes.extend(matching.map(|(at, _)| at));
        admitted.seen = outcomes.all().len();
    }

    /// Returns the outcomes of a pane from line `at` on, the newest first.
    pub fn outcomes_from<'a>(
        &'a self,
        pane: &'a OutcomePane,
        at: usize,
    ) -> impl Iterator<Item = &'a TaskOutcome> {
        let all = self.run_in(pane.session).map_or(&[][..], |run| run.outcomes().all());
        pane.admitted.indexes.iter().rev().skip(at).filter_map(|at| all.get(*at))
    }

    /// Handles a key in the list of outcomes.
    pub(in crate::app) fn press_in_outcomes(
        &mut self,
        mut pane: OutcomePane,
        key: Key,
        now: Now,
    ) -> Vec<Effect> {
        if pane.is_typing {
            type_into(&mut pane, key);
        } else if let Some(by) = self.scrolls(key) {
            pane.scroll = pane.scroll.saturating_add_signed(by);
        } else {
            return self.run_in_outcomes(pane, key, now);
        }
        self.overlay = Overlay::Outcomes(pane);
        self.refresh_outcomes();
        Vec::new()
    }

    fn run_in_outcomes(&mut self, mut pane: OutcomePane, key: Key, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.keymap.command(key) == Some(Command::ShowOutcomes) {
            return effects;
        }
        match key.code {
            KeyCode::Esc if pane.is_filtered() => pane.input.reset(),
            KeyCode::Esc if self.can_stop(pane.session) => effects = self.stop_run(pane.session, now),
            KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q') => return effects,
            KeyCode::Char('/') => pane.is_typing = true,
            KeyCode::Char('f') => {
                pane.input = pane.input.clone().with_value(self.next_ending(&pane).to_owned());
            }
            KeyCode::Char('y') => effects = self.copy_outcomes(&pane, now),
            KeyCode::Char('s') => effects = self.save_outcomes(&pane, now),
            KeyCode::Char('r') => {
                self.retry(pane, now);
                return effects;
            }
            _ => {}
        }
        self.overlay = Overlay::Outcomes(pane);
        self.refresh_outcomes();
        effects
    }

    /// Returns whether there is a run to stop.
    fn can_stop(&self, session: SessionId) -> bool {
        self.run_in(session).is_some_and(|run| !run.is_over() && run.stop_reason().is_none())
    }

    fn stop_run(&mut self, session: SessionId, now: Now) -> Vec<Effect> {
        let Some(stopped) = self.sessions.get_mut(session) else { return Vec::new() };
        effects_of(session, stopped.stop_run(now)).collect()
    }

    /// Returns the word of the next ending that outcomes have, after the one that is filtered by; empty after the last.
    fn next_ending(&self, pane: &OutcomePane) -> &'static str {
        let Some(run) = self.run_in(pane.session) else { return "" };
        let action = run.set().action();
        let words: Vec<_> = run
            .outcomes()
            .counts()
            .filter(|(_, count)| *count > 0)
            .map(|(ending, _)| ending.word(action))
            .collect();
        let current = words.iter().position(|word| *word == pane.input.value());
        words.get(current.map_or(0, |at| at + 1)).copied().unwrap_or_default()
    }

    /// Copies the guids of the outcomes that the filter admits, one a line.
    fn copy_outcomes(&mut self, pane: &OutcomePane, now: Now) -> Vec<Effect> {
        let guids: Vec<_> = self.outcomes_from(pane, 0).map(|outcome| outcome.guid.as_str()).collect();
        if guids.is_empty() {
            self.notices.say(Severity::Info, "There is no outcome to copy", now);
            return Vec::new();
        }
        let (what, text) = (format::counted(guids.len(), "guid"), guids.join("\n"));
        vec![Effect::Copy(ToCopy::text(what, text))]
    }

    /// Saves the outcomes that the filter admits as lines of JSON, in the current directory.
    fn save_outcomes(&mut self, pane: &OutcomePane, now: Now) -> Vec<Effect> {
        let Some(run) = self.run_in(pane.session).filter(|_| !pane.is_empty()) else {
            self.notices.say(Severity::Info, "There is no outcome to save", now);
            return Vec::new();
        };
        let (verb, time) = (run.set().action().verb(), format::file_stamp(now.wall));
        let path = PathBuf::from(format!("taskdeck-{verb}-{time}.jsonl"));
        let contents = run.outcomes().json_lines(self.outcomes_from(pane, 0));
        let if_exists = IfExists::Refuse { remedy: "Save again in a second".to_owned() };
        vec![Effect::SaveFile(FileToSave {
            what: format::counted(pane.len(), "outcome"),
            path,
            if_exists,
            contents,
        })]
    }

    /// Asks about the tasks that a run did not get done, as a new question: they are frozen as they are now.
    fn retry(&mut self, pane: OutcomePane, now: Now) {
        let Some(run) = self.run_in(pane.session) else { return };
        let (action, is_over) = (run.set().action(), run.is_over());
        let frozen = run.set().tasks().iter().filter_map(|task| Some((&task.guid, task.frozen?.created_at)));
        let failed: HashSet<_> = run
            .outcomes()
            .all()
            .iter()
            .filter(|outcome| outcome.ending.can_be_retried())
            .map(|outcome| &outcome.guid)
            .collect();
        let tasks: Vec<_> = frozen
            .filter(|(guid, _)| failed.contains(guid))
            .map(|(guid, created_at)| (guid.clone(), created_at))
            .collect();
        let session = pane.session;
        self.overlay = Overlay::Outcomes(pane);
        match (is_over, tasks.is_empty()) {
            (false, _) => self.notices.say(
                Severity::Info,
                "The run is still in progress. Wait for its end, or stop it (Esc)",
                now,
            ),
            (true, true) => self.notices.say(
                Severity::Info,
                "Every task is done or was refused. There is nothing to retry",
                now,
            ),
            (true, false) => self.ask_about_many(session, action, &tasks, ChosenBy::Retry, now),
        }
    }
}

/// Letters go to the filter, Enter keeps it and Esc clears it.
fn type_into(pane: &mut OutcomePane, key: Key) {
    match key.code {
        KeyCode::Enter => pane.is_typing = false,
        KeyCode::Esc => {
            pane.is_typing = false;
            pane.input.reset();
        }
        _ => {
            if let Some(request) = input_request(key) {
                pane.input.handle(request);
                pane.scroll = 0;
            }
        }
    }
}

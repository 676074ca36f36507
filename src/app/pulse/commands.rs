//! What keys do in the pulse: filter by a row, and change the dimension, the window and the order.

use std::sync::Arc;

use super::{PulseFacts, PulsePane, RowName};
use crate::app::commands::Command;
use crate::app::{App, MainPane, Severity};
use crate::clock::Now;
use crate::model::statistics::{MOST_SUBJECTS, Window};
use crate::present::format;

impl App {
    /// Returns the pulse, also while it is closed.
    pub fn pulse(&self) -> &PulsePane {
        &self.pulse
    }

    /// Returns what a row of the pulse says.
    pub fn pulse_facts(&self, at: usize) -> Option<&PulseFacts> {
        let row = self.pulse.rows().get(at)?;
        Some(self.pulse.facts(row, self.session().recorder.statistics.get()))
    }

    /// Lists the rows of the pulse again if it is open and that is due.
    pub(in crate::app) fn refresh_pulse(&mut self, now: Now) {
        let Self { pulse, sessions, main_pane: MainPane::Pulse, .. } = self else { return };
        pulse.refresh(sessions.shown().recorder.statistics.get(), now);
    }

    /// Shows the pulse in the main view.
    pub(in crate::app) fn show_pulse(&mut self) {
        if self.main_pane != MainPane::Pulse {
            self.pulse.outdate();
        }
        self.main_pane = MainPane::Pulse;
        self.focus_main();
    }

    /// Runs a command that does something else in the pulse. Returns whether it is one.
    pub(in crate::app) fn run_in_pulse(&mut self, command: Command, now: Now) -> bool {
        match command {
            Command::Open => self.filter_by_pulse(now),
            Command::ChooseUpperGroups => self.pulse.turn_dimension(1),
            Command::ChooseLowerGroups => self.pulse.turn_dimension(2),
            Command::ChooseSort => self.pulse.sort_beside(1),
            Command::ReverseSort => self.pulse.reverse(),
            Command::SortByNext => self.pulse.look_back(longer(self.pulse.window())),
            Command::SortByPrevious => self.pulse.look_back(shorter(self.pulse.window())),
            Command::Quit => self.show_tasks(),
            Command::Filter => {
                // A filter is about tasks.
                self.show_tasks();
                return false;
            }
            _ => return false,
        }
        true
    }

    /// Filters the table by the row under the cursor. The row of the whole takes the filter off.
    fn filter_by_pulse(&mut self, now: Now) {
        let at = self.pulse.cursor_at();
        let (key, name) = (self.pulse.group_key(), self.pulse_facts(at).and_then(|facts| facts.name.clone()));
        if self.pulse.rows().get(at).is_some_and(|row| row.name == RowName::Other) {
            let text = format!(
                "This row counts all {}s beyond the first {} together. Filter the table instead (/)",
                key.spec().name,
                format::len(MOST_SUBJECTS)
            );
            self.notices.say(Severity::Info, text, now);
            return;
        }
        self.choose_group(key, name.map(Arc::new), now);
        self.show_tasks();
    }

    /// Selects a row. Returns whether it was selected already.
    pub(in crate::app) fn select_pulse_row(&mut self, at: usize) -> bool {
        let before = self.pulse.cursor_at();
        self.pulse.move_by(isize::try_from(at).unwrap_or(isize::MAX).saturating_sub_unsigned(before));
        before == at
    }
}

const fn longer(window: Window) -> Window {
    match window {
        Window::Minute => Window::TenMinutes,
        Window::TenMinutes | Window::Hour => Window::Hour,
    }
}

const fn shorter(window: Window) -> Window {
    match window {
        Window::Hour => Window::TenMinutes,
        Window::TenMinutes | Window::Minute => Window::Minute,
    }
}

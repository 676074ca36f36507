//! What the mouse does: the wheel scrolls the pane under the pointer, a click selects, and a click on what is selected
//! opens it. No click answers a question.
//!
//! Knows what is under the pointer, not where that is: `ui` remembers the last frame.

use std::time::Duration;

use super::columns::sort_by;
use super::commands::Command;
use super::groups::GroupPlace;
use super::key::{Key, KeyCode};
use super::panes::{Overlay, Pane};
use super::store::RowId;
use super::{App, Effect, Severity};
use crate::clock::Now;

/// How many lines the wheel scrolls at once.
const WHEEL_LINES: isize = 3;

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MouseAction {
    /// The left button was pressed.
    Click,
    /// The wheel was turned away from the operator.
    WheelUp,
    /// The wheel was turned towards the operator.
    WheelDown,
}

/// What was under the pointer in the last frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointed {
    /// A pane, but none of its lines.
    Pane(Pane),
    /// A task of the table. Its row may have moved since.
    Task(RowId),
    /// The title of a column of the table, by the column's key.
    Title(&'static str),
    /// A row of a pane of groups, by its index.
    Group(GroupPlace, usize),
    /// A row of the failures view, by its index.
    Failure(usize),
    /// A row of the pulse, by its index.
    PulseRow(usize),
    /// A line of the detail, by its index.
    DetailLine(usize),
}

impl Pointed {
    const fn pane(self) -> Pane {
        match self {
            Self::Pane(pane) => pane,
            Self::Task(_) | Self::Title(_) => Pane::Tasks,
            Self::Group(place, _) => Pane::Groups(place),
            Self::Failure(_) => Pane::Failures,
            Self::PulseRow(_) => Pane::Pulse,
            Self::DetailLine(_) => Pane::Detail,
        }
    }
}

impl App {
    /// Returns whether the dashboard uses the mouse. Otherwise the terminal does, to select text.
    pub fn uses_mouse(&self) -> bool {
        self.mouse
    }

    /// Takes the mouse, or leaves it to the terminal again.
    pub(super) fn toggle_mouse(&mut self, now: Now) -> Vec<Effect> {
        self.mouse = !self.mouse;
        let text = if self.mouse {
            "Mouse on. To select text, hold Shift (in some terminals Option or Fn)."
        } else {
            "Mouse off: the terminal selects text again."
        };
        self.notices.say(Severity::Info, text, now);
        vec![Effect::UseMouse(self.mouse)]
    }

    pub(super) fn use_mouse(
        &mut self,
        action: MouseAction,
        pointed: Option<Pointed>,
        read_at: Duration,
        now: Now,
    ) -> Vec<Effect> {
        // A report may be on its way while the mouse is turned off.
        if !self.mouse {
            return Vec::new();
        }
        match (&self.overlay, action, pointed) {
            (Overlay::None, MouseAction::Click, Some(pointed)) => self.click(pointed, now),
            (Overlay::None, MouseAction::WheelUp, Some(pointed)) => self.wheel(pointed.pane(), -WHEEL_LINES),
            (Overlay::None, MouseAction::WheelDown, Some(pointed)) => self.wheel(pointed.pane(), WHEEL_LINES),
            (overlay, MouseAction::WheelUp, _) if is_list(overlay) => {
                self.press(Key::plain(KeyCode::Up), read_at, now)
            }
            (overlay, MouseAction::WheelDown, _) if is_list(overlay) => {
                self.press(Key::plain(KeyCode::Down), read_at, now)
            }
            // Questions and prompts want keys.
            _ => Vec::new(),
        }
    }

    fn wheel(&mut self, pane: Pane, lines: isize) -> Vec<Effect> {
        self.move_in(pane, lines);
        Vec::new()
    }

    fn click(&mut self, pointed: Pointed, now: Now) -> Vec<Effect> {
        let had_focus = self.focus == pointed.pane();
        self.focus = pointed.pane();
        let was_selected = match pointed {
            Pointed::Pane(_) => return Vec::new(),
            Pointed::Title(column) => {
                self.sort_by_title(column);
                return Vec::new();
            }
            Pointed::Task(row) => self.select_row(row),
            Pointed::Group(place, at) => self.select_group(place, at),
            Pointed::Failure(at) => self.select_failure(at),
            Pointed::PulseRow(at) => self.select_pulse_row(at),
            Pointed::DetailLine(at) => self.select_detail_line(at),
        };
        if had_focus && was_selected { self.run(Command::Open, now) } else { Vec::new() }
    }

    /// Sorts by a column, or reverses the order if the rows are sorted by it.
    fn sort_by_title(&mut self, column: &'static str) {
        if self.sort().column == column {
            return self.reverse_sort();
        }
        if let Some(sort) = sort_by(column) {
            self.session_mut().query.sort_by(sort);
        }
    }

    /// Selects a task. Returns whether it was selected already.
    fn select_row(&mut self, row: RowId) -> bool {
        let session = self.session_mut();
        let Some(guid) = session.store.entry(row).map(|entry| entry.task.guid.clone()) else { return false };
        let was_selected = session.query.selected() == Some(&guid);
        if !was_selected {
            session.query.select(&session.store, &guid);
            session.cursor_moved();
        }
        was_selected
    }

    fn select_group(&mut self, place: GroupPlace, at: usize) -> bool {
        let before = self.group_pane(place).cursor_at();
        let by = isize::try_from(at).unwrap_or(isize::MAX).saturating_sub_unsigned(before);
        self.move_in_groups(place, by);
        before == at
    }

    fn select_failure(&mut self, at: usize) -> bool {
        let before = self.failures.cursor_at();
        let by = isize::try_from(at).unwrap_or(isize::MAX).saturating_sub_unsigned(before);
        self.failures.move_by(by);
        before == at
    }

    fn select_detail_line(&mut self, at: usize) -> bool {
        let Some(detail) = &mut self.session_mut().detail else { return false };
        std::mem::replace(&mut detail.cursor, at) == at
    }
}

/// Returns whether the wheel moves through an overlay.
const fn is_list(overlay: &Overlay) -> bool {
    matches!(
        overlay,
        Overlay::Help(_)
            | Overlay::Outcomes(_)
            | Overlay::Find(_)
            | Overlay::Sort(_)
            | Overlay::Columns(_)
            | Overlay::Copy(_)
            | Overlay::Groups(_)
            | Overlay::Theme(_)
            | Overlay::OwnCommands(_)
    )
}

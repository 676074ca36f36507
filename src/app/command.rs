//! What each key does, in the pane and the overlay that have it.

use crate::clock::Now;
use crate::filter::{FIELDS, Filter};

use super::keymap::{self, Command, Key, KeyCode};
use super::panes::{Overlay, Pane};
use super::pending::{Answer, Dialog, Verb};
use super::{App, Effect, Scope, Severity};

impl App {
    /// Takes a key.
    pub(super) fn press(&mut self, key: Key, now: Now) -> Vec<Effect> {
        // Quit, suspend and repaint work at any moment; `q` is a letter only while a filter is typed.
        let command = keymap::command(key);
        match (command, key.ctrl) {
            (Some(Command::Quit), true) => return vec![Effect::Quit],
            (Some(Command::Suspend), true) => return vec![Effect::Suspend],
            (Some(Command::Repaint), true) => return vec![Effect::Repaint],
            _ => {}
        }
        match std::mem::take(&mut self.overlay) {
            Overlay::None => command.map(|command| self.run(command, now)).unwrap_or_default(),
            Overlay::Filter(typing) => self.type_filter(typing, key),
            Overlay::Confirm(dialog) => self.press_in_dialog(dialog, key, now),
            Overlay::Help(scroll) => self.press_in_help(scroll, command),
        }
    }

    fn run(&mut self, command: Command, now: Now) -> Vec<Effect> {
        match command {
            Command::Quit => return vec![Effect::Quit],
            Command::Suspend => return vec![Effect::Suspend],
            Command::Repaint => return vec![Effect::Repaint],
            Command::Copy => return self.copy(now),
            Command::Down => self.move_by(1, now),
            Command::Up => self.move_by(-1, now),
            Command::HalfPageDown => self.move_by(self.pages(1, 2), now),
            Command::HalfPageUp => self.move_by(-self.pages(1, 2), now),
            Command::PageDown => self.move_by(self.pages(1, 1), now),
            Command::PageUp => self.move_by(-self.pages(1, 1), now),
            Command::First => self.move_by(isize::MIN, now),
            Command::Last => self.move_by(isize::MAX, now),
            Command::Open if self.focus == Pane::Detail => return vec![Effect::ToggleUnderCursor],
            Command::Open => self.open(),
            Command::Back => self.back(now),
            Command::NextPane => self.cycle_focus(1),
            Command::PreviousPane => self.cycle_focus(Pane::ALL.len() - 1),
            Command::ViewLive => self.set_scope(Scope::Live),
            Command::ViewFailed => self.set_scope(Scope::Failed),
            Command::ViewEnded => self.set_scope(Scope::Ended),
            Command::Filter => self.begin_filter(now),
            Command::ClearFilters => self.clear_filters(now),
            Command::Sort => self.query.sort_by_next(),
            Command::SortReverse => self.query.reverse_sort(),
            Command::TimeForm => self.times = self.times.next(),
            Command::Pause => self.query.toggle_pause(&self.store),
            Command::GoToCell => self.go_to_cell(now),
            Command::GoToDomain => self.go_to_domain(now),
            Command::ListNow => self.feed.list_now(now),
            Command::Events => self.toggle_events(),
            Command::Help => self.overlay = Overlay::Help(0),
            Command::Cancel => self.ask(Verb::Cancel, now),
            Command::Resolve => self.ask(Verb::Resolve, now),
            Command::Delete => self.ask(Verb::Delete, now),
        }
        Vec::new()
    }

    fn pages(&self, times: usize, over: usize) -> isize {
        isize::try_from((self.page * times / over).max(1)).unwrap_or(isize::MAX)
    }

    /// Moves the cursor of the focused pane.
    fn move_by(&mut self, lines: isize, now: Now) {
        match self.focus {
            Pane::Tasks => {
                self.query.refresh(&mut self.store, true);
                let at = self.query.selected_at().saturating_add_signed(lines);
                self.query.go_to(&self.store, at);
            }
            Pane::Domains => {
                let rows = self.domain_rows();
                let at = rows.iter().position(|row| row.selected).unwrap_or(0);
                let row = rows.into_iter().nth(moved(at, lines, self.domain_rows().len()));
                self.query.set_filter(|filter| filter.domain = row.and_then(|row| row.domain));
                self.scope_changed(now);
            }
            Pane::Cells => {
                let rows = self.cell_rows();
                let at = rows.iter().position(|row| row.selected).unwrap_or(0);
                let to = moved(at, lines, rows.len());
                let row = rows.into_iter().nth(to);
                self.query.set_filter(|filter| filter.cell = row.and_then(|row| row.cell));
                self.scope_changed(now);
            }
            Pane::Detail => {
                if let Some(detail) = &mut self.detail {
                    detail.cursor = detail.cursor.saturating_add_signed(lines);
                }
            }
            Pane::Events => {
                let last = self.history.all().len().saturating_sub(1);
                self.events_scroll =
                    self.events_scroll.saturating_add_signed(lines.saturating_neg()).min(last);
            }
        }
    }

    /// Tells the state where the detail's cursor can be at most: the pane knows when it has been drawn.
    pub fn set_detail_bounds(&mut self, last_line: usize) {
        if let Some(detail) = &mut self.detail {
            detail.cursor = detail.cursor.min(last_line);
        }
    }

    /// Shows or masks one secret of the open detail.
    pub(super) fn toggle_secret(&mut self, secret: usize) {
        if let Some(detail) = &mut self.detail
            && !detail.revealed.remove(&secret)
        {
            detail.revealed.insert(secret);
        }
    }

    /// Folds or unfolds a section of the open detail.
    pub(super) fn toggle_section(&mut self, title: &'static str) {
        if let Some(detail) = &mut self.detail
            && !detail.folded.remove(title)
        {
            detail.folded.insert(title);
        }
    }

    /// Without a stream the lists are asked for what is filtered: another filter needs another list.
    pub(super) fn scope_changed(&mut self, now: Now) {
        if !self.feed.is_live() {
            self.feed.list_now(now);
        }
    }

    fn open(&mut self) {
        match self.focus {
            Pane::Tasks => {
                self.detail.get_or_insert_default();
                self.focus = Pane::Detail;
            }
            Pane::Domains | Pane::Cells | Pane::Events => self.focus = Pane::Tasks,
            Pane::Detail => {}
        }
    }

    fn back(&mut self, now: Now) {
        if self.notices.dismiss(now) {
            return;
        }
        match self.focus {
            Pane::Detail => {
                self.detail = None;
                self.focus = Pane::Tasks;
            }
            Pane::Tasks if self.detail.is_some() => self.detail = None,
            Pane::Tasks => self.clear_filters(now),
            Pane::Domains | Pane::Cells | Pane::Events => self.focus = Pane::Tasks,
        }
    }

    fn clear_filters(&mut self, now: Now) {
        self.query.set_filter(|filter| {
            filter.domain = None;
            filter.cell = None;
            filter.terms = Filter::default();
        });
        self.scope_changed(now);
    }

    fn cycle_focus(&mut self, by: usize) {
        let open: Vec<_> = Pane::ALL
            .into_iter()
            .filter(|pane| match pane {
                Pane::Detail => self.detail.is_some(),
                Pane::Events => self.events_shown,
                Pane::Tasks | Pane::Domains | Pane::Cells => true,
            })
            .collect();
        let at = open.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        self.focus = open.get((at + by % open.len()) % open.len()).copied().unwrap_or_default();
    }

    fn toggle_events(&mut self) {
        self.events_shown = !self.events_shown;
        if self.focus == Pane::Events {
            self.focus = Pane::Tasks;
        }
    }

    fn set_scope(&mut self, scope: Scope) {
        self.focus = Pane::Tasks;
        self.query.set_filter(|filter| filter.scope = scope);
    }

    fn go_to_cell(&mut self, now: Now) {
        let Some(entry) = self.selected() else { return };
        match entry.last_cell.clone() {
            Some(cell) => {
                self.query.set_filter(|filter| filter.cell = Some(cell));
                self.scope_changed(now);
            }
            None => self.notices.say(Severity::Info, "The task has not been on a cell that we saw.", now),
        }
    }

    fn go_to_domain(&mut self, now: Now) {
        let Some(entry) = self.selected() else { return };
        let domain = entry.task.domain.clone();
        self.query.set_filter(|filter| filter.domain = Some(domain));
        self.scope_changed(now);
    }

    fn copy(&mut self, now: Now) -> Vec<Effect> {
        let Some(guid) = self.query.selected().cloned() else { return Vec::new() };
        self.notices.say(Severity::Info, format!("Copied {guid}."), now);
        vec![Effect::Copy(guid.as_str().to_owned())]
    }

    fn press_in_dialog(&mut self, mut dialog: Dialog, key: Key, now: Now) -> Vec<Effect> {
        match key.code {
            // Bare: Esc and a `y` that reach a terminal together are Alt-y, and meant as a no.
            KeyCode::Char('y') if key == Key::char('y') => self.answer(&dialog, Answer::Yes, now),
            KeyCode::Char('n' | 'q') | KeyCode::Esc => self.answer(&dialog, Answer::No, now),
            KeyCode::Enter => {
                let answer = dialog.highlighted;
                self.answer(&dialog, answer, now)
            }
            KeyCode::Tab | KeyCode::BackTab | KeyCode::Left | KeyCode::Right => {
                dialog.highlighted = match dialog.highlighted {
                    Answer::Yes => Answer::No,
                    Answer::No => Answer::Yes,
                };
                self.overlay = Overlay::Confirm(dialog);
                Vec::new()
            }
            _ => {
                self.overlay = Overlay::Confirm(dialog);
                Vec::new()
            }
        }
    }

    fn press_in_help(&mut self, scroll: usize, command: Option<Command>) -> Vec<Effect> {
        let by = match command {
            Some(Command::Quit) => return vec![Effect::Quit],
            Some(Command::Down) => 1,
            Some(Command::Up) => -1,
            Some(Command::PageDown | Command::HalfPageDown) => self.pages(1, 2),
            Some(Command::PageUp | Command::HalfPageUp) => -self.pages(1, 2),
            _ => return Vec::new(),
        };
        let last = keymap::BINDINGS.len() + keymap::Group::ALL.len() + 1 + FIELDS.len();
        self.overlay = Overlay::Help(scroll.saturating_add_signed(by).min(last));
        Vec::new()
    }
}

fn moved(at: usize, lines: isize, len: usize) -> usize {
    at.saturating_add_signed(lines).min(len.saturating_sub(1))
}

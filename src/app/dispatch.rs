//! What each key and command does, in the focused pane or the open overlay.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Now;
use crate::filter::Filter;

use super::commands::Command;
use super::failures::FailureKind;
use super::groups::{GroupFilter, GroupKey, GroupName, GroupPlace};
use super::key::Key;
use super::panes::{Overlay, Pane};
use super::replay::Speed;
use super::views::Step;
use super::{App, Effect, Help, MainPane, Scope};

impl App {
    /// Handles a key.
    pub(super) fn press(&mut self, key: Key, read_at: Duration, now: Now) -> Vec<Effect> {
        // With Ctrl, these three work in every overlay. A plain `q` does not: the filter prompt takes it as text.
        let command = self.keymap.command(key.without_shift());
        match (command, key.ctrl) {
            // The second Ctrl-C quits even with an action in flight.
            (Some(Command::Quit), true) if matches!(self.overlay, Overlay::Quit(_)) => {
                return self.quit_now(now);
            }
            (Some(Command::Quit), true) => return self.quit(),
            (Some(Command::Suspend), true) => return vec![Effect::Suspend],
            (Some(Command::Redraw), true) => return vec![Effect::Repaint],
            _ => {}
        }
        match std::mem::take(&mut self.overlay) {
            Overlay::None => match command {
                Some(command) => self.run(command, now),
                None => self.press_own(key.without_shift(), now),
            },
            Overlay::Filter(prompt) => self.type_filter(prompt, key),
            Overlay::Command(prompt) => self.type_command(prompt, key, now),
            Overlay::Find(find) => self.press_in_find(find, key, now),
            Overlay::Sort(chooser) => {
                self.press_in_sort(chooser, key);
                Vec::new()
            }
            Overlay::Columns(chooser) => self.press_in_columns(chooser, key),
            Overlay::Copy(menu) => self.press_in_copy_menu(menu, key, now),
            Overlay::Groups(chooser) => {
                self.press_in_group_chooser(chooser, key);
                Vec::new()
            }
            Overlay::Theme(chooser) => self.press_in_themes(chooser, key, now),
            Overlay::GroupSearch(search) => {
                self.press_in_group_search(search, key);
                Vec::new()
            }
            Overlay::FailureSearch(search) => {
                self.press_in_failure_search(search, key);
                Vec::new()
            }
            Overlay::Confirm(question) => self.press_in_question(question, key, read_at, now),
            Overlay::Target(question) => self.press_in_target_question(question, key, read_at, now),
            Overlay::OwnCommands(chooser) => self.press_in_own_commands(chooser, key, now),
            Overlay::OwnCommand(question) => self.press_in_own_question(question, key, read_at, now),
            Overlay::Desire(question) => self.press_in_desire(question, key, read_at, now),
            Overlay::BulkQuestion(question) => self.press_in_bulk_question(question, key, read_at, now),
            Overlay::Outcomes(pane) => self.press_in_outcomes(pane, key, now),
            Overlay::Quit(confirmation) => self.press_in_quit(confirmation, key, read_at, now),
            Overlay::Help(help) => {
                self.press_in_help(help, key.without_shift());
                Vec::new()
            }
        }
    }

    /// Runs a command, or says why it is not available. Nothing else checks availability.
    pub(super) fn run(&mut self, command: Command, now: Now) -> Vec<Effect> {
        let available = command.spec().map_or(Ok(()), |spec| spec.availability(self));
        if let Err(why) = available {
            self.notices.say(why.severity(), why.explain(command, self), now);
            return Vec::new();
        }
        if self.focus == Pane::Tasks {
            // The view may have changed since the last frame, and the command is about a row of the new one.
            self.session_mut().refresh_rows();
        }
        if let Pane::Groups(place) = self.focus
            && self.run_in_groups(command, place, now)
        {
            return Vec::new();
        }
        if self.focus == Pane::Failures
            && let Some(effects) = self.run_in_failures(command, now)
        {
            return effects;
        }
        if self.focus == Pane::Pulse && self.run_in_pulse(command, now) {
            return Vec::new();
        }
        match command {
            Command::Quit if self.focus == Pane::Detail => self.close_detail(),
            Command::Quit | Command::Back if self.focus == Pane::Output => return self.close_output(now),
            Command::Quit => return self.quit(),
            Command::Suspend => return vec![Effect::Suspend],
            Command::Redraw => return vec![Effect::Repaint],
            Command::Copy => self.open_copy_menu(),
            Command::CopyGuid => return self.copy_guid(),
            Command::MoveDown => self.move_by(1),
            Command::MoveUp => self.move_by(-1),
            Command::HalfPageDown => self.move_by(self.pages(1, 2)),
            Command::HalfPageUp => self.move_by(-self.pages(1, 2)),
            Command::PageDown => self.move_by(self.pages(1, 1)),
            Command::PageUp => self.move_by(-self.pages(1, 1)),
            Command::MoveToFirst => self.move_by(isize::MIN),
            Command::MoveToLast => self.move_by(isize::MAX),
            Command::Open if self.focus == Pane::Detail => return vec![Effect::ToggleUnderCursor],
            Command::Open => self.open(),
            Command::Back => self.back(now),
            Command::NextPane => self.cycle_focus(1),
            Command::PreviousPane => self.cycle_focus(Pane::ALL.len() - 1),
            Command::ViewHeld => self.set_scope(Scope::Live),
            Command::ViewFailures => self.open_failures(FailureKind::Failures),
            Command::ViewFailed => self.set_scope(Scope::Failed),
            Command::ViewEnded => self.set_scope(Scope::Ended),
            Command::ToggleEnded => self.toggle_ended(),
            Command::ViewGroups => self.toggle_main_groups(),
            Command::ViewRejections => self.toggle_rejections(),
            Command::ViewPulse => self.show_pulse(),
            Command::ViewBack => self.step_in_history(Step::Back, now),
            Command::ViewForward => self.step_in_history(Step::Forward, now),
            Command::ChooseUpperGroups => self.choose_group_key(GroupPlace::Upper),
            Command::ChooseLowerGroups => self.choose_group_key(GroupPlace::Lower),
            Command::Filter => self.begin_filter(now),
            Command::CommandPrompt => self.begin_command(),
            Command::Find => self.begin_find(),
            Command::ClearFilters => self.clear_filters(now),
            Command::ChooseSort => self.choose_sort(),
            Command::SortByNext => self.sort_beside(1),
            Command::SortByPrevious => self.sort_beside(-1),
            Command::ChooseColumns => self.choose_columns(),
            Command::ToggleWide => self.columns.toggle_wide(),
            Command::ScrollLeft => self.columns.scroll_by(-1),
            Command::ScrollRight => self.columns.scroll_by(1),
            Command::ReverseSort => self.reverse_sort(),
            Command::ToggleTimeline => self.toggle_timeline(),
            Command::CycleTimes => self.times = self.times.next(),
            Command::TogglePause => self.toggle_pause(now),
            Command::FilterByCell => self.go_to_cell(now),
            Command::FilterByDomain => self.go_to_domain(now),
            Command::ShowStuck => return self.show_stuck(now),
            Command::ChooseTheme => self.choose_theme(),
            Command::ToggleMouse => return self.toggle_mouse(now),
            Command::ReplayFaster => self.change_speed(Speed::faster, now),
            Command::ReplaySlower => self.change_speed(Speed::slower, now),
            Command::ReplayBack => self.stride(false, now),
            Command::ReplayForward => self.stride(true, now),
            Command::Refresh => self.session_mut().feed.list_now(now),
            Command::ToggleEvents => self.toggle_events(),
            Command::OwnCommands => self.choose_own_command(),
            Command::Help => self.overlay = Overlay::Help(Help::default()),
            Command::MarkTask => self.mark_and_advance(now),
            Command::MarkRange => self.mark_range(now),
            Command::MarkAll => self.mark_all(now),
            Command::UnmarkAll => self.unmark_all(),
            Command::Act(action) => self.ask(action, now),
            Command::NewTask => return self.begin_new_task(),
            Command::CloneTask => return self.begin_clone(now),
            Command::ShowOutcomes => self.show_outcomes(),
        }
        Vec::new()
    }

    /// Runs a command that does something else in a pane of groups. Returns whether it is one.
    fn run_in_groups(&mut self, command: Command, place: GroupPlace, now: Now) -> bool {
        match command {
            Command::Open => self.filter_by_group(place, now),
            Command::Filter => self.begin_group_search(place),
            Command::ChooseSort | Command::SortByNext | Command::SortByPrevious => {
                self.group_panes.get_mut(place).sort_by_next();
            }
            Command::ReverseSort => self.group_panes.get_mut(place).reverse(),
            Command::Quit if place == GroupPlace::Main => self.show_tasks(),
            _ => return false,
        }
        true
    }

    pub(super) fn pages(&self, times: usize, over: usize) -> isize {
        isize::try_from((self.page * times / over).max(1)).unwrap_or(isize::MAX)
    }

    /// Moves the cursor of the focused pane.
    fn move_by(&mut self, lines: isize) {
        self.move_in(self.focus, lines);
    }

    /// Moves the cursor of a pane, or scrolls it.
    pub(super) fn move_in(&mut self, pane: Pane, lines: isize) {
        match pane {
            Pane::Tasks => self.move_selection(lines),
            Pane::Groups(place) => self.move_in_groups(place, lines),
            Pane::Failures => self.failures.move_by(lines),
            Pane::Pulse => self.pulse.move_by(lines),
            Pane::Detail => {
                if let Some(detail) = &mut self.session_mut().detail {
                    detail.cursor = detail.cursor.saturating_add_signed(lines);
                }
            }
            Pane::Events => {
                let last = self.session().recorder.event_log.entries().len().saturating_sub(1);
                self.events_scroll =
                    self.events_scroll.saturating_add_signed(lines.saturating_neg()).min(last);
            }
            Pane::Output => {
                if let Some(output) = &mut self.output {
                    output.scroll(lines);
                }
            }
        }
    }

    /// Moves the cursor of the task table, and an open detail with it.
    pub(super) fn move_selection(&mut self, lines: isize) {
        let session = self.session_mut();
        session.query.refresh(&mut session.store, true);
        let at = session.query.selected_at().saturating_add_signed(lines);
        session.query.go_to(&session.store, at);
        session.cursor_moved();
    }

    /// Tells the state where the detail's cursor can be at most: the pane knows when it has been drawn.
    pub fn set_detail_bounds(&mut self, last_line: usize) {
        if let Some(detail) = &mut self.session_mut().detail {
            detail.cursor = detail.cursor.min(last_line);
        }
    }

    /// Changes what is filtered. Without a stream a list is requested for it.
    pub(super) fn narrow(&mut self, change: impl FnOnce(&mut super::Filter), now: Now) {
        let session = self.session_mut();
        session.query.set_filter(change);
        session.scope_changed(now);
    }

    fn sort_beside(&mut self, by: isize) {
        let sort = self.columns.sort_beside(self.session().query.sort(), by);
        self.session_mut().query.sort_by(sort);
    }

    pub(super) fn reverse_sort(&mut self) {
        let query = &mut self.session_mut().query;
        query.sort_by(query.sort().reverse());
    }

    /// Pauses the rows or resumes them; in a replay, the playback.
    fn toggle_pause(&mut self, now: Now) {
        if self.toggle_playback(now) {
            return;
        }
        let session = self.session_mut();
        session.query.toggle_pause(&session.store);
    }

    fn close_detail(&mut self) {
        self.session_mut().detail = None;
        if self.focus == Pane::Detail {
            self.focus = Pane::Tasks;
        }
    }

    pub(super) fn open(&mut self) {
        match self.focus {
            Pane::Tasks => {
                if self.session_mut().open_detail() {
                    self.focus = Pane::Detail;
                }
            }
            Pane::Events => self.focus_main(),
            Pane::Detail | Pane::Groups(_) | Pane::Failures | Pane::Pulse | Pane::Output => {}
        }
    }

    fn toggle_timeline(&mut self) {
        if self.session_mut().toggle_timeline() {
            self.focus = Pane::Detail;
        }
    }

    fn back(&mut self, now: Now) {
        if self.session_mut().drop_range() || self.notices.dismiss(now) {
            return;
        }
        match self.focus {
            Pane::Detail => self.close_detail(),
            Pane::Tasks if self.session().detail.is_some() => self.close_detail(),
            Pane::Tasks if self.came_from_failures() => self.step_in_history(Step::Back, now),
            Pane::Tasks => self.clear_filters(now),
            Pane::Groups(place) => self.leave_groups(place),
            Pane::Failures => self.leave_failures(),
            Pane::Pulse => self.show_tasks(),
            Pane::Events | Pane::Output => self.focus_main(),
        }
    }

    fn clear_filters(&mut self, now: Now) {
        let clear = |filter: &mut super::Filter| {
            filter.groups = GroupFilter::default();
            filter.terms = Filter::default();
        };
        self.narrow(clear, now);
    }

    fn cycle_focus(&mut self, by: usize) {
        let open: Vec<_> = Pane::ALL
            .into_iter()
            .filter(|pane| match pane {
                Pane::Tasks | Pane::Failures | Pane::Pulse | Pane::Groups(GroupPlace::Main) => {
                    *pane == self.main_pane.pane()
                }
                Pane::Groups(_) => true,
                Pane::Detail => self.session().detail.is_some() && self.main_pane == MainPane::Tasks,
                Pane::Events => self.events_shown,
                Pane::Output => self.output.is_some(),
            })
            .collect();
        let at = open.iter().position(|pane| *pane == self.focus).unwrap_or(0);
        self.focus = open.get((at + by % open.len()) % open.len()).copied().unwrap_or_default();
    }

    fn toggle_events(&mut self) {
        self.events_shown = !self.events_shown;
        if self.focus == Pane::Events {
            self.focus_main();
        }
    }

    pub(super) fn set_scope(&mut self, scope: Scope) {
        self.show_tasks();
        let session = self.session_mut();
        if scope == Scope::Live && session.query.filter().scope != scope {
            session.query.deselect_ended(&session.store);
        }
        session.query.set_filter(|filter| filter.scope = scope);
    }

    fn toggle_ended(&mut self) {
        let is_on = self.session().query.filter().scope == Scope::LiveAndEnded;
        self.set_scope(if is_on { Scope::Live } else { Scope::LiveAndEnded });
    }

    fn go_to_cell(&mut self, now: Now) {
        let Some(cell) = self.session().subject().and_then(|entry| entry.last_cell.clone()) else { return };
        self.choose_group(GroupKey::Cell, Some(Arc::new(GroupName::plain(cell.as_str()))), now);
    }

    fn go_to_domain(&mut self, now: Now) {
        let Some(entry) = self.session().subject() else { return };
        let domain = GroupName::plain(entry.task.domain.as_str());
        self.choose_group(GroupKey::Domain, Some(Arc::new(domain)), now);
    }
}

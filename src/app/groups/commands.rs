//! What keys do in the panes of groups: move, filter, search, sort, and choose what to group by.

use std::sync::Arc;

use tui_input::{Input, InputRequest};

use super::{GROUPS, GroupKey, GroupName, GroupPane, GroupPlace};
use crate::app::key::{Key, KeyCode};
use crate::app::prompt::input_request;
use crate::app::{App, MainPane, Overlay, Pane};
use crate::clock::Now;

/// The list of properties to group by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupChooser {
    /// The pane that will list the groups.
    pub place: GroupPlace,
    /// The index of the highlighted property.
    pub at: usize,
}

/// A text that is being typed, to search the groups of a pane for.
#[derive(Debug, Clone)]
pub struct GroupSearch {
    /// The pane.
    pub place: GroupPlace,
    /// The text and its cursor.
    pub input: Input,
}

impl App {
    /// Counts the groups of the open panes, and lists them again if that is due.
    pub(in crate::app) fn refresh_groups(&mut self) {
        let Self { group_panes, sessions, main_pane, .. } = self;
        sessions.shown_mut().store.count_groups(&group_panes.keys(*main_pane));
        group_panes.open_mut(*main_pane).for_each(|pane| pane.refresh(sessions.shown()));
    }

    /// Focuses the main view: the task table, or what takes its place.
    pub(in crate::app) fn focus_main(&mut self) {
        self.focus = self.main_pane.pane();
    }

    /// Shows groups in the main view: those of the focused side pane, or those that it showed last. Closes them if they
    /// are shown.
    pub(in crate::app) fn toggle_main_groups(&mut self) {
        match self.focus {
            Pane::Groups(place @ (GroupPlace::Upper | GroupPlace::Lower)) => {
                let key = self.group_panes.get(place).key();
                if self.group_panes.get(GroupPlace::Main).key() != key {
                    *self.group_panes.get_mut(GroupPlace::Main) = GroupPane::new(key);
                }
            }
            _ if self.main_pane == MainPane::Groups => return self.show_tasks(),
            _ => {}
        }
        self.main_pane = MainPane::Groups;
        self.focus_main();
        self.refresh_groups();
    }

    /// Shows the task table in the main view.
    pub(in crate::app) fn show_tasks(&mut self) {
        self.main_pane = MainPane::Tasks;
        self.focus_main();
    }

    /// Filters by the group under the cursor. The row of all tasks takes the filter off, and so does the group that
    /// filters already.
    pub(in crate::app) fn filter_by_group(&mut self, place: GroupPlace, now: Now) {
        let pane = self.group_panes.get(place);
        let key = pane.key();
        let name = pane.cursor().filter(|name| !self.filter().groups.has(key, name.id())).cloned();
        self.choose_group(key, name, now);
        if place == GroupPlace::Main {
            self.show_tasks();
        }
    }

    /// Filters by a group of a property, or by none.
    pub(in crate::app) fn choose_group(&mut self, key: GroupKey, name: Option<Arc<GroupName>>, now: Now) {
        self.narrow(|filter| filter.groups.set(key, name), now);
    }

    /// Goes back by one step: shows all groups, then leaves the pane.
    pub(in crate::app) fn leave_groups(&mut self, place: GroupPlace) {
        if !self.group_panes.get(place).search().is_empty() {
            return self.search_groups(place, "");
        }
        match place {
            GroupPlace::Main => self.show_tasks(),
            GroupPlace::Upper | GroupPlace::Lower => self.focus_main(),
        }
    }

    /// Opens the list of properties for the focused pane of groups, or else for the one at `place`.
    pub(in crate::app) fn choose_group_key(&mut self, place: GroupPlace) {
        let place = match (place, self.focus) {
            (GroupPlace::Upper, Pane::Groups(focused)) => focused,
            (place, _) => place,
        };
        let key = self.group_panes.get(place).key();
        let at = GROUPS.iter().position(|spec| spec.key == key).unwrap_or(0);
        self.overlay = Overlay::Groups(GroupChooser { place, at });
    }

    pub(in crate::app) fn press_in_group_chooser(&mut self, mut chooser: GroupChooser, key: Key) {
        let at = chooser.at;
        match key.code {
            KeyCode::Enter => {
                if let Some(spec) = GROUPS.get(chooser.at) {
                    self.show_groups(chooser.place, spec.key);
                }
                return;
            }
            KeyCode::Esc | KeyCode::Char('q' | 'b' | 'B') => return,
            code => {
                let moved = self.moved(key, at, GROUPS.len());
                chooser.at = moved.or_else(|| next_named(at, code)).unwrap_or(at);
            }
        }
        self.overlay = Overlay::Groups(chooser);
    }

    /// Shows the groups of a property in a pane, and focuses it.
    pub(super) fn show_groups(&mut self, place: GroupPlace, key: GroupKey) {
        if self.group_panes.get(place).key() != key {
            *self.group_panes.get_mut(place) = GroupPane::new(key);
        }
        self.focus = Pane::Groups(place);
        self.refresh_groups();
    }

    /// Opens the prompt to search the groups of a pane.
    pub(in crate::app) fn begin_group_search(&mut self, place: GroupPlace) {
        let input = Input::new(self.group_panes.get(place).search().to_owned());
        self.overlay = Overlay::GroupSearch(GroupSearch { place, input });
    }

    pub(in crate::app) fn press_in_group_search(&mut self, mut search: GroupSearch, key: Key) {
        match key.code {
            KeyCode::Enter => return,
            KeyCode::Esc => return self.search_groups(search.place, ""),
            KeyCode::Down => self.move_in_groups(search.place, 1),
            KeyCode::Up => self.move_in_groups(search.place, -1),
            KeyCode::PageDown => self.move_in_groups(search.place, self.pages(1, 1)),
            KeyCode::PageUp => self.move_in_groups(search.place, -self.pages(1, 1)),
            _ => {
                if let Some(request) = input_request(key) {
                    search.input.handle(request);
                    self.search_groups(search.place, search.input.value());
                }
            }
        }
        self.overlay = Overlay::GroupSearch(search);
    }

    /// Takes a pasted text into the search.
    pub(in crate::app) fn paste_in_group_search(&mut self, mut search: GroupSearch, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            search.input.handle(InputRequest::InsertChar(c));
        }
        self.search_groups(search.place, search.input.value());
        self.overlay = Overlay::GroupSearch(search);
    }

    fn search_groups(&mut self, place: GroupPlace, text: &str) {
        let Self { group_panes, sessions, .. } = self;
        group_panes.get_mut(place).search_for(text, sessions.shown());
    }

    pub(in crate::app) fn move_in_groups(&mut self, place: GroupPlace, rows: isize) {
        self.group_panes.get_mut(place).move_by(rows);
    }
}

/// Returns the next property whose name begins with the letter.
fn next_named(at: usize, code: KeyCode) -> Option<usize> {
    let KeyCode::Char(letter) = code else { return None };
    let begins =
        |at: &usize| GROUPS.get(*at).is_some_and(|spec| spec.name.starts_with(letter.to_ascii_lowercase()));
    (at + 1..GROUPS.len()).chain(0..at).find(begins)
}

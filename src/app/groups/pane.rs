//! The panes that list groups: the two at the side, and the one that takes the place of the task table.
//!
//! A pane holds the names in order, and sorts them again at a bounded rate. Counts and signs are looked up for the rows
//! in view alone.

use std::cmp::Reverse;
use std::sync::Arc;

use super::{GroupKey, GroupName};
use crate::app::panes::MainPane;
use crate::app::session::{Session, Standing};
use crate::app::store::StateCounts;

/// With more groups than this, new ones may appear some frames later.
const MAX_SORTED_AT_ONCE: usize = 1_000;

/// Groups are sorted again at least once in this many frames. Ten frames are drawn per second.
const MAX_DEFERRED_FRAMES: u32 = 5;

/// Where a pane of groups is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupPlace {
    /// In the main view, instead of the task table.
    Main,
    /// At the side, above.
    Upper,
    /// At the side, below.
    Lower,
}

/// What groups are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupSort {
    /// By name.
    Name,
    /// The most failures first.
    Failed,
    /// The most tasks first.
    Total,
}

impl GroupSort {
    /// Returns the sort after this one.
    const fn next(self) -> Self {
        match self {
            Self::Name => Self::Failed,
            Self::Failed => Self::Total,
            Self::Total => Self::Name,
        }
    }
}

/// The state of which the groups were listed last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::app) struct Stamp {
    /// The groups that have tasks; also their counts if these decide the order.
    pub(in crate::app) groups: u64,
    pub(in crate::app) counts: u64,
    /// The groups that are present whether or not they have tasks.
    pub(in crate::app) presence: u64,
    /// The chosen group, which is always listed.
    pub(in crate::app) chosen: Option<Arc<GroupName>>,
}

/// A row of a pane. Without a name it is the row of all tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow<'a> {
    /// The group.
    pub name: Option<&'a GroupName>,
    /// What tells it from others, or the zone of a cell.
    pub note: &'a str,
    /// Whether a domain is fresh, or a cell present.
    pub standing: Standing,
    /// Its tasks by state.
    pub counts: StateCounts,
    /// Whether the table is filtered by it.
    pub chosen: bool,
}

/// A pane that lists the groups of a property.
#[derive(Debug, Clone)]
pub struct GroupPane {
    key: GroupKey,
    sort: GroupSort,
    reversed: bool,
    search: String,
    names: Vec<Arc<GroupName>>,
    total: usize,
    /// The group under the cursor; none in the row of all tasks.
    cursor: Option<Arc<GroupName>>,
    cursor_at: usize,
    listed: Option<Stamp>,
    deferred_frames: u32,
}

impl GroupPane {
    /// Returns a pane of the groups of a property.
    pub(in crate::app) fn new(key: GroupKey) -> Self {
        Self {
            key,
            sort: key.spec().sort,
            reversed: false,
            search: String::new(),
            names: Vec::new(),
            total: 0,
            cursor: None,
            cursor_at: 0,
            listed: None,
            deferred_frames: 0,
        }
    }

    /// Returns the property.
    pub fn key(&self) -> GroupKey {
        self.key
    }

    /// Returns what the groups are sorted by, and whether in reverse.
    pub fn sort(&self) -> (GroupSort, bool) {
        (self.sort, self.reversed)
    }

    /// Returns the text that the listed groups have in common; empty for all groups.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Returns how many rows there are: the listed groups, and the one of all tasks.
    pub fn rows(&self) -> usize {
        self.names.len() + 1
    }

    /// Returns how many groups there are, and how many of them are listed.
    pub fn listed_of_total(&self) -> (usize, usize) {
        (self.names.len(), self.total)
    }

    /// Returns the index of the row under the cursor.
    pub fn cursor_at(&self) -> usize {
        self.cursor_at
    }

    /// Returns the group under the cursor; none in the row of all tasks.
    pub(in crate::app) fn cursor(&self) -> Option<&Arc<GroupName>> {
        self.cursor.as_ref()
    }

    /// Returns the group of a row; none for the row of all tasks and after the last one.
    pub(in crate::app) fn name_at(&self, at: usize) -> Option<&Arc<GroupName>> {
        self.names.get(at.checked_sub(1)?)
    }

    /// Moves the cursor by some rows.
    pub(in crate::app) fn move_by(&mut self, rows: isize) {
        self.go_to(self.cursor_at.saturating_add_signed(rows));
    }

    fn go_to(&mut self, at: usize) {
        self.cursor_at = at.min(self.names.len());
        self.cursor = self.name_at(self.cursor_at).cloned();
    }

    /// Sorts by the next value.
    pub(in crate::app) fn sort_by_next(&mut self) {
        (self.sort, self.reversed) = (self.sort.next(), false);
        self.listed = None;
    }

    /// Reverses the order.
    pub(in crate::app) fn reverse(&mut self) {
        self.reversed = !self.reversed;
        self.listed = None;
    }

    /// Lists only the groups with this text. The cursor goes to the first of them.
    pub(in crate::app) fn search_for(&mut self, text: &str, session: &Session) {
        if self.search == text {
            return;
        }
        text.clone_into(&mut self.search);
        self.list(session);
        if !self.search.is_empty() {
            self.go_to(1);
        }
    }

    fn outdate(&mut self) {
        self.listed = None;
    }

    /// Lists the groups again if that is due.
    pub(in crate::app) fn refresh(&mut self, session: &Session) {
        let stamp = self.stamp(session);
        let can_wait = self.listed.as_ref().is_some_and(|listed| {
            *listed == stamp || (listed.chosen == stamp.chosen && self.is_slow() && !self.waited_enough())
        });
        if can_wait {
            self.deferred_frames += 1;
        } else {
            self.list(session);
        }
    }

    /// Rows that follow counts would jump with every frame.
    fn is_slow(&self) -> bool {
        self.total > MAX_SORTED_AT_ONCE || self.sort != GroupSort::Name
    }

    const fn waited_enough(&self) -> bool {
        self.deferred_frames >= MAX_DEFERRED_FRAMES
    }

    fn stamp(&self, session: &Session) -> Stamp {
        let stamp = session.group_stamp(self.key);
        if self.sort == GroupSort::Name { Stamp { counts: 0, ..stamp } } else { stamp }
    }

    fn list(&mut self, session: &Session) {
        self.listed = Some(self.stamp(session));
        self.deferred_frames = 0;
        let mut names = session.group_names(self.key);
        self.total = names.len();
        if !self.search.is_empty() {
            let search = Search::new(&self.search);
            names.retain(|name| search.finds(name.label()) || search.finds(name.note()));
        }
        self.names = self.sorted(names, session);
        let cursor = self.cursor.take();
        let found = cursor.and_then(|cursor| self.names.iter().position(|name| name.id() == cursor.id()));
        match (found, self.cursor_at) {
            (Some(at), _) => self.go_to(at + 1),
            (None, at) => self.go_to(at),
        }
    }

    fn sorted(&self, names: Vec<Arc<GroupName>>, session: &Session) -> Vec<Arc<GroupName>> {
        let number = |name: &GroupName| {
            let counts = session.group_counts(self.key, name.id());
            match self.sort {
                GroupSort::Name => (0, 0),
                GroupSort::Failed => (counts.all_failed(), counts.total()),
                GroupSort::Total => (counts.total(), counts.all_failed()),
            }
        };
        let mut numbered: Vec<_> = names.into_iter().map(|name| (Reverse(number(&name)), name)).collect();
        numbered.sort_unstable_by(|(one, a), (other, b)| {
            let by_name = || {
                let rank = |name: &GroupName| self.key.rank(name.id());
                let key = |name: &Arc<GroupName>| rank(name);
                (key(a), a.label(), a.note(), a.id()).cmp(&(key(b), b.label(), b.note(), b.id()))
            };
            one.cmp(other).then_with(by_name)
        });
        if self.reversed {
            numbered.reverse();
        }
        numbered.into_iter().map(|(_, name)| name).collect()
    }
}

/// A text to search names for. Capitals in it must match.
struct Search<'a> {
    words: Vec<&'a str>,
    is_exact: bool,
}

impl<'a> Search<'a> {
    fn new(text: &'a str) -> Self {
        Self { words: text.split_whitespace().collect(), is_exact: text.contains(char::is_uppercase) }
    }

    fn finds(&self, name: &str) -> bool {
        let in_text = |name: &str| self.words.iter().all(|word| name.contains(word));
        if self.is_exact { in_text(name) } else { in_text(&name.to_lowercase()) }
    }
}

/// All panes of groups.
#[derive(Debug, Clone)]
pub(in crate::app) struct GroupPanes {
    upper: GroupPane,
    lower: GroupPane,
    /// The pane in the main view, also while it is closed.
    main: GroupPane,
}

impl GroupPanes {
    pub(in crate::app) fn new([upper, lower]: [GroupKey; 2]) -> Self {
        Self { upper: GroupPane::new(upper), lower: GroupPane::new(lower), main: GroupPane::new(upper) }
    }

    pub(in crate::app) const fn get(&self, place: GroupPlace) -> &GroupPane {
        match place {
            GroupPlace::Main => &self.main,
            GroupPlace::Upper => &self.upper,
            GroupPlace::Lower => &self.lower,
        }
    }

    pub(in crate::app) const fn get_mut(&mut self, place: GroupPlace) -> &mut GroupPane {
        match place {
            GroupPlace::Main => &mut self.main,
            GroupPlace::Upper => &mut self.upper,
            GroupPlace::Lower => &mut self.lower,
        }
    }

    /// The groups are those of another session.
    pub(in crate::app) fn outdate(&mut self) {
        [&mut self.upper, &mut self.lower, &mut self.main].into_iter().for_each(GroupPane::outdate);
    }

    /// Returns the panes that are open.
    pub(in crate::app) fn open_mut(&mut self, main: MainPane) -> impl Iterator<Item = &mut GroupPane> {
        let main = (main == MainPane::Groups).then_some(&mut self.main);
        [&mut self.upper, &mut self.lower].into_iter().chain(main)
    }

    /// Returns the properties to count.
    pub(in crate::app) fn keys(&self, main: MainPane) -> Vec<GroupKey> {
        let main = (main == MainPane::Groups).then_some(self.main.key);
        [self.upper.key, self.lower.key].into_iter().chain(main).collect()
    }
}

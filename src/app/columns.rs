//! The columns of the task table, by key: which are shown, in what order, how wide, and the sort that each of them gives.
//!
//! The keys are those of `present::columns`, the one table of columns. Nothing else in `app` reads it: the query takes
//! a [`Sort`], and how a cell looks is up to `ui`.

mod typed;

use std::fmt;

use crate::model::Sort;
use crate::present::columns;

/// The most that a column can be wider or narrower than by itself, in cells.
const MOST_EXTRA: i16 = 200;

/// Follows the name of a column that is shown only if there is room.
const IF_ROOM: &str = "?";

/// A column and how the user wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnChoice {
    /// The column's key.
    pub key: &'static str,
    /// Whether it is shown. A wide table shows all.
    pub shown: bool,
    /// Whether it is shown only if there is room for it, until the user chooses.
    pub if_room: bool,
    /// By how many cells it is wider (or narrower) than by itself.
    pub extra: i16,
}

/// All columns in the order of the table, and how they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumns {
    choices: Vec<ColumnChoice>,
    initial: Vec<ColumnChoice>,
    wide: bool,
    scroll: usize,
}

impl Default for TableColumns {
    fn default() -> Self {
        let choice = |column: &columns::Column| ColumnChoice {
            key: column.key,
            shown: column.shown || column.if_room,
            if_room: column.if_room,
            extra: 0,
        };
        Self::new(columns::COLUMNS.iter().map(choice).collect())
    }
}

impl TableColumns {
    fn new(choices: Vec<ColumnChoice>) -> Self {
        Self { initial: choices.clone(), choices, wide: false, scroll: 0 }
    }

    /// Reads the columns of a configuration: keys, left to right, each with its extra width if it has one, as in
    /// `reason+20`, and with `?` if it is shown only if there is room. All other columns are hidden.
    ///
    /// # Errors
    /// A column is unknown or named twice, or there is none.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, BadColumn> {
        let mut choices: Vec<ColumnChoice> = Vec::new();
        for name in names {
            let name = name.trim();
            let if_room = name.ends_with(IF_ROOM);
            let (key, extra) = split_extra(name.trim_end_matches(IF_ROOM));
            let key = known(key)?;
            if choices.iter().any(|choice| choice.key == key) {
                return Err(BadColumn::Twice(key));
            }
            choices.push(ColumnChoice { key, shown: true, if_room, extra });
        }
        if choices.is_empty() {
            return Err(BadColumn::None);
        }
        // A hidden column stands behind the one that it stands behind in the table of columns.
        let mut place = 0;
        for column in columns::COLUMNS {
            let chosen = choices.iter().position(|choice| choice.key == column.key);
            if chosen.is_none() {
                choices
                    .insert(place, ColumnChoice { key: column.key, shown: false, if_room: false, extra: 0 });
            }
            place = chosen.unwrap_or(place) + 1;
        }
        Ok(Self::new(choices))
    }

    /// Returns the columns as a configuration names them.
    pub(super) fn to_names(&self) -> Vec<String> {
        let name = |choice: &ColumnChoice| {
            let extra = if choice.extra == 0 { String::new() } else { format!("{:+}", choice.extra) };
            let if_room = if choice.if_room { IF_ROOM } else { "" };
            [choice.key, &extra, if_room].concat()
        };
        self.choices.iter().filter(|choice| choice.shown).map(name).collect()
    }

    /// Returns all columns, in the order of the table.
    pub fn choices(&self) -> &[ColumnChoice] {
        &self.choices
    }

    /// Returns the columns of the table, left to right. A wide table has the hidden ones at its end.
    pub fn visible(&self) -> impl Iterator<Item = &ColumnChoice> {
        let hidden = self.choices.iter().filter(|choice| self.wide && !choice.shown);
        self.choices.iter().filter(|choice| choice.shown).chain(hidden)
    }

    /// Returns whether the table is wide: all columns, each as wide as its texts.
    pub const fn is_wide(&self) -> bool {
        self.wide
    }

    /// Returns how far the columns are scrolled to the right.
    pub const fn scroll(&self) -> usize {
        self.scroll
    }

    pub(super) fn toggle_wide(&mut self) {
        self.wide = !self.wide;
        self.scroll = 0;
    }

    /// Scrolls by a column.
    pub(super) fn scroll_by(&mut self, columns: isize) {
        self.scroll = self.scroll.saturating_add_signed(columns);
    }

    /// Scrolls no further than to here: the table knows when it has been drawn.
    pub(super) fn limit_scroll(&mut self, most: usize) {
        self.scroll = self.scroll.min(most);
    }

    /// Shows or hides the column at `at`. The last one that is shown stays. One that is shown if there is room is shown
    /// always.
    pub(super) fn toggle(&mut self, at: usize) {
        if let Some(choice) = self.choices.get_mut(at)
            && choice.shown
            && std::mem::take(&mut choice.if_room)
        {
            return;
        }
        let shown = self.choices.iter().filter(|choice| choice.shown).count();
        if let Some(choice) = self.choices.get_mut(at)
            && (!choice.shown || shown > 1)
        {
            choice.shown = !choice.shown;
        }
    }

    /// Shows the column at `at`.
    pub(super) fn show(&mut self, at: usize) {
        if let Some(choice) = self.choices.get_mut(at) {
            (choice.shown, choice.if_room) = (true, false);
        }
    }

    /// Moves the column at `at` one place left or right, and returns where it is then. One that is shown skips those that
    /// are not: it moves in the table.
    pub(super) fn shift(&mut self, at: usize, right: bool) -> usize {
        let Some(choice) = self.choices.get(at).copied() else { return at };
        let is_place = |to: &usize| self.choices.get(*to).is_some_and(|other| other.shown || !choice.shown);
        let to =
            if right { (at + 1..self.choices.len()).find(is_place) } else { (0..at).rev().find(is_place) };
        let Some(to) = to else { return at };
        self.choices.remove(at);
        self.choices.insert(to, choice);
        to
    }

    /// Makes the column at `at` wider or narrower.
    pub(super) fn widen(&mut self, at: usize, by: i16) {
        if let Some(choice) = self.choices.get_mut(at) {
            choice.extra = choice.extra.saturating_add(by).clamp(-MOST_EXTRA, MOST_EXTRA);
        }
    }

    /// Returns to the columns that the dashboard started with.
    pub(super) fn reset(&mut self) {
        self.choices.clone_from(&self.initial);
    }

    /// Returns the sort by the column after the one that `sort` names, or before it; by the first one if that column is not
    /// visible.
    pub(super) fn sort_beside(&self, sort: Sort, by: isize) -> Sort {
        let keys: Vec<_> = self.visible().map(|choice| choice.key).collect();
        let at = keys.iter().position(|key| *key == sort.column);
        let to = at.map_or(0, |at| (at + keys.len()).saturating_add_signed(by) % keys.len().max(1));
        keys.get(to).and_then(|key| sort_by(key)).unwrap_or(sort)
    }
}

/// Splits `reason+20` into the key and the extra width.
fn split_extra(name: &str) -> (&str, i16) {
    let split = name.rfind(['+', '-']).and_then(|at| {
        let (key, extra) = name.split_at_checked(at)?;
        Some((key, extra.parse::<i16>().ok()?.clamp(-MOST_EXTRA, MOST_EXTRA)))
    });
    split.unwrap_or((name, 0))
}

/// Why columns cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadColumn {
    /// There is no such column.
    Unknown(String),
    /// A column is named twice.
    Twice(&'static str),
    /// No column is named.
    None,
    /// Some columns have a sign and some have none.
    Mixed,
}

impl fmt::Display for BadColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(key) => write!(f, "unknown column `{key}`"),
            Self::Twice(key) => write!(f, "column `{key}` is listed twice"),
            Self::None => f.write_str("at least one column must be shown"),
            Self::Mixed => f.write_str("put + or - before every column, or before none"),
        }
    }
}

/// Returns the key of the column with this name.
fn known(name: &str) -> Result<&'static str, BadColumn> {
    columns::find(name).map(|column| column.key).ok_or_else(|| BadColumn::Unknown(name.to_owned()))
}

/// Returns the keys of all columns.
pub fn column_keys() -> impl Iterator<Item = &'static str> {
    columns::COLUMNS.iter().map(|column| column.key)
}

/// Returns the title of a column, by its key.
pub(super) fn title(key: &str) -> &'static str {
    columns::find(key).map_or("", |column| column.title)
}

/// Returns the sort by a column in its own direction, if there is such a column.
pub fn sort_by(key: &str) -> Option<Sort> {
    columns::find(key).map(columns::Column::sort)
}

/// Returns the order of a column in words.
pub(super) fn order_of(key: &str) -> &'static str {
    columns::find(key).map_or("", |column| column.order)
}

/// Returns whether the order of a column begins with the highest value.
pub(super) fn descends(key: &str) -> bool {
    columns::find(key).is_some_and(|column| column.direction == columns::Direction::Descending)
}

/// Returns what a column shows, in a few words.
pub(super) fn summary_of(key: &str) -> &'static str {
    columns::find(key).map_or("", |column| column.summary)
}

/// Returns the sort of a new session.
pub(super) fn first_sort() -> Sort {
    sort_by(columns::DEFAULT_SORT).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &TableColumns) -> Vec<String> {
        columns.to_names()
    }

    #[test]
    fn sorting_by_the_next_column_goes_through_the_visible_ones_and_back() {
        let mut columns = TableColumns::parse(["guid", "rejections", "state"]).unwrap();
        let mut sort = Sort { reversed: true, ..first_sort() };
        let mut seen = vec![sort.column];
        for by in [1, 1, 1, 1, -1, -1] {
            sort = columns.sort_beside(sort, by);
            assert!(!sort.reversed);
            seen.push(sort.column);
        }
        assert_eq!(seen, ["age", "guid", "rejections", "state", "guid", "state", "rejections"]);
        columns.toggle_wide();
        let all = column_keys().count();
        let through = (0..all).scan(sort, |sort, _| {
            *sort = columns.sort_beside(*sort, 1);
            Some(sort.column)
        });
        assert_eq!(through.collect::<std::collections::HashSet<_>>().len(), all, "a wide table sorts by any");
    }

    fn at(columns: &TableColumns, key: &str) -> usize {
        columns.choices().iter().position(|choice| choice.key == key).unwrap()
    }

    #[test]
    fn a_column_that_is_shown_if_there_is_room_is_first_pinned_and_then_hidden() {
        let mut columns = TableColumns::parse(["guid", "app+4?"]).unwrap();
        assert_eq!(names(&columns), ["guid", "app+4?"]);
        columns.toggle(at(&columns, "app"));
        assert_eq!(names(&columns), ["guid", "app+4"]);
        columns.toggle(at(&columns, "app"));
        assert_eq!(names(&columns), ["guid"]);
        columns.reset();
        columns.show(at(&columns, "app"));
        assert_eq!(names(&columns), ["guid", "app+4"]);
    }

    #[test]
    fn columns_are_hidden_moved_widened_and_reset() {
        let mut columns = TableColumns::parse(["guid", "state", "reason+20"]).unwrap();
        assert_eq!(names(&columns), ["guid", "state", "reason+20"]);
        columns.toggle(at(&columns, "state"));
        columns.widen(at(&columns, "reason"), -24);
        assert_eq!(names(&columns), ["guid", "reason-4"]);
        columns.toggle(at(&columns, "state"));
        assert_eq!(names(&columns), ["guid", "state", "reason-4"], "it is back in its place");
        columns.reset();
        assert_eq!(names(&columns), ["guid", "state", "reason+20"]);
        assert_eq!(TableColumns::parse(names(&columns).iter().map(String::as_str)), Ok(columns));
    }

    #[test]
    fn a_column_moves_over_hidden_ones_and_no_further_than_the_edge() {
        let mut columns = TableColumns::parse(["guid", "state", "reason"]).unwrap();
        let to = columns.shift(at(&columns, "guid"), true);
        assert_eq!(
            (names(&columns), to),
            (vec!["state".into(), "guid".into(), "reason".into()], at(&columns, "guid"))
        );
        columns.shift(at(&columns, "guid"), true);
        let last = at(&columns, "guid");
        assert_eq!(columns.shift(last, true), last);
        assert_eq!(names(&columns), ["state", "reason", "guid"]);
        columns.shift(last, false);
        assert_eq!(names(&columns), ["state", "guid", "reason"]);
        let hidden = at(&columns, "zone");
        assert_eq!(columns.shift(hidden, false), hidden - 1, "a hidden one moves in the list");
    }

    #[test]
    fn the_last_column_stays() {
        let mut columns = TableColumns::parse(["guid", "state"]).unwrap();
        for key in ["guid", "state"] {
            columns.toggle(at(&columns, key));
        }
        assert_eq!(names(&columns), ["state"]);
    }

    #[test]
    fn a_wide_table_has_all_columns_the_chosen_ones_first() {
        let mut columns = TableColumns::parse(["state", "guid"]).unwrap();
        columns.toggle_wide();
        let visible: Vec<_> = columns.visible().map(|choice| choice.key).collect();
        assert_eq!((visible[..2].to_vec(), visible.len()), (vec!["state", "guid"], column_keys().count()));
    }

    #[test]
    fn names_of_a_configuration_are_checked() {
        let bad = |names: &[&str]| TableColumns::parse(names.iter().copied()).unwrap_err().to_string();
        assert_eq!(bad(&["guid", "stat"]), "unknown column `stat`");
        assert_eq!(bad(&["guid", "guid+3"]), "column `guid` is listed twice");
        assert_eq!(bad(&[]), "at least one column must be shown");
        let hyphens = TableColumns::parse(["in-state", "last-cell-3", " age "]).unwrap();
        assert_eq!(names(&hyphens), ["in-state", "last-cell-3", "age"]);
    }
}

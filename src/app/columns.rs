//! The columns that the task table shows, by key, and the sort that each of them gives.
//!
//! The keys are those of `present::columns`, the one table of columns. Nothing else in `app` reads it: the query takes
//! a [`Sort`], and how a cell looks is up to `ui`.

use crate::model::Sort;
use crate::present::columns;

/// The columns of the task table, left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleColumns(Vec<&'static str>);

impl Default for VisibleColumns {
    fn default() -> Self {
        Self(columns::shown().map(|column| column.key).collect())
    }
}

impl VisibleColumns {
    /// Returns the keys of the columns, left to right.
    pub fn keys(&self) -> &[&'static str] {
        &self.0
    }

    /// Returns the sort by the column after the one that `sort` names; by the first one after the last, or if that
    /// column is not visible.
    pub(super) fn sort_after(&self, sort: Sort) -> Sort {
        let at = self.0.iter().position(|key| *key == sort.column);
        let next = at.and_then(|at| self.0.get(at + 1)).or(self.0.first());
        next.and_then(|key| columns::find(key)).map_or(sort, columns::Column::sort)
    }
}

/// Returns the sort of a new session.
pub(super) fn first_sort() -> Sort {
    columns::find(columns::DEFAULT_SORT).map(columns::Column::sort).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_by_the_next_column_goes_through_the_visible_ones() {
        let visible = VisibleColumns(vec!["guid", "rejections", "state"]);
        let mut sort = Sort { reversed: true, ..first_sort() };
        let mut seen = vec![sort.column];
        for _ in 0..4 {
            sort = visible.sort_after(sort);
            assert!(!sort.reversed);
            seen.push(sort.column);
        }
        assert_eq!(seen, ["age", "guid", "rejections", "state", "guid"]);
    }
}

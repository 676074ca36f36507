//! Sorts rows by a rule and then by guid, so that two refreshes never order equal rows differently.
//!
//! Two rows are compared directly. For many rows each gets a number first, and the numbers are sorted: they fit the
//! cache, the tasks do not. Rows with the same number are sorted by guid (see [`prefix_sort`]). A property test holds
//! both ways to the same order.

use std::cmp::Ordering;

use super::super::store::{Entry, Facets, RowId, Store};
use super::prefix_sort;
use crate::model::{CellId, Shared, Sort, SortRule, SortValue, Task, TaskGuid, Texts, Timestamp};

/// The order of the rows: a [`Sort`], applied to entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order(pub(super) Sort);

/// A number for each row that sorts as the rule does. Shared values and texts have theirs computed once.
enum Numbers {
    Equal,
    OfCommons(Vec<u64>),
    OfTexts(Vec<u64>),
    Times(fn(&Task) -> Timestamp),
    Counts(fn(&Task) -> u64),
}

impl Numbers {
    fn new(rule: SortRule, facets: &Facets) -> Self {
        match rule {
            SortRule::Guid => Self::Equal,
            SortRule::Shared(value) => {
                let values = facets.commons().map(|common| common.map(|common| value(&common.shared())));
                Self::OfCommons(ranks(values))
            }
            SortRule::Text(value) => {
                let values = facets.said().map(|said| said.map(|said| value(&said.texts())));
                Self::OfTexts(ranks(values))
            }
            SortRule::Time(at) => Self::Times(at),
            SortRule::Count(count) => Self::Counts(count),
        }
    }

    fn of(&self, store: &Store, id: RowId) -> u64 {
        let parts = || store.facets().parts(id);
        let task = || store.entry(id).map(|entry| &entry.task);
        let number = match self {
            Self::Equal => None,
            Self::OfCommons(all) => parts().and_then(|(common, _)| all.get(common).copied()),
            Self::OfTexts(all) => parts().and_then(|(_, said)| all.get(said).copied()),
            // The latest and the highest come first.
            Self::Times(at) => task().map(|task| !to_unsigned(at(task))),
            Self::Counts(count) => task().map(|task| !count(task)),
        };
        number.unwrap_or_default()
    }
}

/// Returns the rank of each value among all of them. The places that hold none are not in use.
fn ranks<'a>(values: impl Iterator<Item = Option<SortValue<'a>>> + Clone) -> Vec<u64> {
    let mut sorted: Vec<_> = values.clone().flatten().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let rank = |value: Option<SortValue<'_>>| {
        let at = value.and_then(|value| sorted.binary_search(&value).ok());
        at.and_then(|at| u64::try_from(at).ok()).unwrap_or_default()
    };
    values.map(rank).collect()
}

fn shared(entry: &Entry) -> Shared<'_> {
    Shared {
        domain: entry.task.domain.as_str(),
        cell: entry.last_cell.as_ref().map_or("", CellId::as_str),
        state: entry.task.state,
        failed: entry.task.failed,
        ended: entry.end.is_some(),
    }
}

fn texts(task: &Task) -> Texts<'_> {
    Texts {
        reason: task.reason(),
        failure: &task.failure_reason,
        rejection: &task.rejection_reason,
        result: &task.result,
    }
}

/// Returns the time as an unsigned number that sorts the same.
const fn to_unsigned(at: Timestamp) -> u64 {
    at.as_nanos().cast_unsigned() ^ (1 << 63)
}

impl Order {
    /// Compares two rows.
    pub(super) fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let order = self.compare_by_rule(a, b);
        let order = if self.0.reversed { order.reverse() } else { order };
        order.then_with(|| a.task.guid.cmp(&b.task.guid))
    }

    fn compare_by_rule(self, a: &Entry, b: &Entry) -> Ordering {
        match self.0.rule {
            SortRule::Guid => Ordering::Equal,
            SortRule::Shared(value) => value(&shared(a)).cmp(&value(&shared(b))),
            SortRule::Text(value) => value(&texts(&a.task)).cmp(&value(&texts(&b.task))),
            SortRule::Time(at) => at(&b.task).cmp(&at(&a.task)),
            SortRule::Count(count) => count(&b.task).cmp(&count(&a.task)),
        }
    }

    /// Sorts many rows.
    pub(super) fn sort(self, store: &Store, ids: &mut [RowId]) {
        let facets = store.facets();
        let numbers = Numbers::new(self.0.rule, facets);
        let guid = |id: RowId| facets.guid(id).map_or("", TaskGuid::as_str);
        let number = |id: RowId| if self.0.reversed { !numbers.of(store, id) } else { numbers.of(store, id) };
        prefix_sort::sort(ids, number, guid);
    }

    /// Merges `fresh` into `rows`; both are sorted.
    pub(super) fn merge(self, store: &Store, rows: &mut Vec<RowId>, fresh: &[RowId]) {
        // Searching a place for each new row costs more than sorting all once there are many.
        if fresh.len() > rows.len() / 8 {
            rows.extend_from_slice(fresh);
            return self.sort(store, rows);
        }
        let old = std::mem::take(rows);
        rows.reserve(old.len() + fresh.len());
        let mut rest = old.as_slice();
        for id in fresh {
            let Some(new) = store.entry(*id) else { continue };
            let before = |row: &RowId| store.entry(*row).is_some_and(|row| self.compare(row, new).is_lt());
            let (head, tail) = rest.split_at(rest.partition_point(before));
            rows.extend_from_slice(head);
            rows.push(*id);
            rest = tail;
        }
        rows.extend_from_slice(rest);
    }
}

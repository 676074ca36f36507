//! Sorts rows by a rule and then by guid, so that two refreshes never order equal rows differently.
//!
//! Two rows are compared directly. For many rows each gets a number first, and the numbers are sorted: they fit the
//! cache, the tasks do not. Rows with the same number are sorted by guid (see [`prefix_sort`]). A property test holds
//! both ways to the same order.

use std::cmp::Ordering;

use super::super::store::{Attributes, Entry, RowId, Store};
use super::prefix_sort;
use crate::model::{
    CellId, DefinitionSummary, Life, Shared, Sort, SortRule, SortValue, Task, TaskGuid, Texts, Timestamp,
};

/// The order of the rows: a [`Sort`], applied to entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order(pub(super) Sort);

/// What a rule sorts definitions by.
type DefinitionValue = for<'a> fn(&'a DefinitionSummary<'_>) -> SortValue<'a>;

/// A number for each row that sorts as the rule does. Shared values and texts have theirs computed once.
enum Numbers {
    Equal,
    OfAttributes(Vec<u64>),
    OfTexts(Vec<u64>),
    OfOwners(Vec<u64>),
    Times(fn(&Task) -> Timestamp),
    Counts(fn(&Task) -> u64),
    Courses(for<'a> fn(&Life<'a>) -> Option<u64>),
}

impl Numbers {
    fn new(rule: SortRule, store: &Store) -> Self {
        let facets = store.facets();
        match rule {
            // A definition is compared directly.
            SortRule::Guid | SortRule::Definition(_) => Self::Equal,
            SortRule::Shared(value) => {
                let shared: Vec<_> =
                    facets.attributes().map(|attributes| Some(shared_by(store, attributes?))).collect();
                let values = shared.iter().map(|shared| shared.as_ref().map(value));
                Self::OfAttributes(ranks(values))
            }
            SortRule::Text(value) => {
                let values = facets.texts().map(|texts| texts.map(|texts| value(&texts.texts())));
                Self::OfTexts(ranks(values))
            }
            SortRule::Owner(value) => {
                let values = facets.owners().map(|owner| owner.map(value));
                Self::OfOwners(ranks(values))
            }
            SortRule::Time(at) => Self::Times(at),
            SortRule::Count(count) => Self::Counts(count),
            SortRule::Course(number) => Self::Courses(number),
        }
    }

    fn of(&self, store: &Store, id: RowId) -> u64 {
        let indexes = || store.facets().indexes(id);
        let task = || store.entry(id).map(|entry| &entry.task);
        let number = match self {
            Self::Equal => None,
            Self::OfAttributes(all) => indexes().and_then(|indexes| all.get(indexes.attributes).copied()),
            Self::OfTexts(all) => indexes().and_then(|indexes| all.get(indexes.texts).copied()),
            Self::OfOwners(all) => indexes().and_then(|indexes| all.get(indexes.owner).copied()),
            // The latest and the highest come first.
            Self::Times(at) => task().map(|task| !at(task).to_sortable()),
            Self::Counts(count) => task().map(|task| !count(task)),
            Self::Courses(number) => store.entry(id).map(|entry| number_of(*number, store, entry)),
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

/// Returns what a row without a number has instead: it sorts last.
fn number_of(number: fn(&Life<'_>) -> Option<u64>, store: &Store, entry: &Entry) -> u64 {
    number(&entry.life(store.clocks())).unwrap_or(u64::MAX)
}

fn shared_by<'a>(store: &'a Store, attributes: &'a Attributes) -> Shared<'a> {
    Shared { zone: store.zone(attributes.cell.as_ref()), ..attributes.shared() }
}

fn shared<'a>(store: &'a Store, entry: &'a Entry) -> Shared<'a> {
    Shared {
        domain: entry.task.domain.as_str(),
        cell: entry.last_cell.as_ref().map_or("", CellId::as_str),
        zone: store.zone(entry.last_cell.as_ref()),
        state: entry.task.state,
        failed: entry.task.failed,
        cause: entry.cause(),
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

impl Order {
    /// Compares two rows.
    pub(super) fn compare(self, store: &Store, a: &Entry, b: &Entry) -> Ordering {
        let order = self.compare_by_rule(store, a, b);
        let order = if self.0.reversed { order.reverse() } else { order };
        order.then_with(|| a.task.guid.cmp(&b.task.guid))
    }

    fn compare_by_rule(self, store: &Store, a: &Entry, b: &Entry) -> Ordering {
        match self.0.rule {
            SortRule::Guid => a.task.guid.cmp(&b.task.guid),
            SortRule::Shared(value) => value(&shared(store, a)).cmp(&value(&shared(store, b))),
            SortRule::Text(value) => value(&texts(&a.task)).cmp(&value(&texts(&b.task))),
            SortRule::Owner(value) => value(&a.task.owner).cmp(&value(&b.task.owner)),
            SortRule::Time(at) => at(&b.task).cmp(&at(&a.task)),
            SortRule::Count(count) => count(&b.task).cmp(&count(&a.task)),
            SortRule::Course(number) => number_of(number, store, a).cmp(&number_of(number, store, b)),
            SortRule::Definition(value) => {
                let (a, b) = (store.summary(&a.task), store.summary(&b.task));
                value(&a).cmp(&value(&b))
            }
        }
    }

    /// Returns whether a row takes long to sort: it is looked up twice, and its definition is read.
    pub(super) const fn is_slow(self) -> bool {
        matches!(self.0.rule, SortRule::Definition(_))
    }

    /// Sorts many rows.
    pub(super) fn sort(self, store: &Store, ids: &mut [RowId]) {
        if let SortRule::Definition(value) = self.0.rule {
            return self.sort_by_definition(store, ids, value);
        }
        let facets = store.facets();
        let numbers = Numbers::new(self.0.rule, store);
        let guid = |id: RowId| facets.guid(id).map_or("", TaskGuid::as_str);
        let number = |id: RowId| if self.0.reversed { !numbers.of(store, id) } else { numbers.of(store, id) };
        prefix_sort::sort(ids, number, guid);
        if self.0.reversed && matches!(self.0.rule, SortRule::Guid) {
            ids.reverse();
        }
    }

    /// Reads each definition once.
    fn sort_by_definition(self, store: &Store, ids: &mut [RowId], value: DefinitionValue) {
        let facets = store.facets();
        let summary =
            |id: &RowId| store.entry(*id).map(|entry| store.summary(&entry.task)).unwrap_or_default();
        let summaries: Vec<_> = ids.iter().map(summary).collect();
        let guid = |id: RowId| facets.guid(id).map_or("", TaskGuid::as_str);
        let mut keyed: Vec<_> =
            summaries.iter().zip(&*ids).map(|(summary, id)| (value(summary), guid(*id), *id)).collect();
        keyed.sort_unstable_by(|(a, a_guid, _), (b, b_guid, _)| {
            let order = if self.0.reversed { b.cmp(a) } else { a.cmp(b) };
            order.then_with(|| a_guid.cmp(b_guid))
        });
        let sorted: Vec<_> = keyed.into_iter().map(|(.., id)| id).collect();
        ids.copy_from_slice(&sorted);
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
            let before =
                |row: &RowId| store.entry(*row).is_some_and(|row| self.compare(store, row, new).is_lt());
            let (head, tail) = rest.split_at(rest.partition_point(before));
            rows.extend_from_slice(head);
            rows.push(*id);
            rest = tail;
        }
        rows.extend_from_slice(rest);
    }
}

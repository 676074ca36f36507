//! The order of the rows. Every order ends with the guid, so that no two refreshes differ by chance.
//!
//! Two rows are compared as they are; a hundred thousand are sorted by keys made once, which fit a cache where
//! their tasks do not. Rows whose guids begin alike have one key: they are sorted again by what follows. A test holds
//! the two ways to the same order.

use std::cmp::Ordering;

use super::super::store::{Common, Entry, Facets, RowId, Store};
use super::prefix_sort;
use crate::model::{CellId, State, Task, TaskGuid, Timestamp};

/// What the rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortKey {
    /// The guid.
    Guid,
    /// The domain.
    Domain,
    /// The state, in the order of a task's life, failed ones first.
    State,
    /// The cell.
    Cell,
    /// When it was desired, the newest first.
    #[default]
    Age,
    /// When its state changed, the newest first.
    InState,
    /// The reason.
    Reason,
}

impl SortKey {
    /// In the order in which `s` goes through them: that of the columns.
    pub const ALL: [Self; 7] =
        [Self::Guid, Self::Domain, Self::State, Self::Cell, Self::Age, Self::InState, Self::Reason];

    pub(super) fn next(self) -> Self {
        let at = Self::ALL.iter().position(|key| *key == self).unwrap_or(0);
        Self::ALL.iter().cycle().nth(at + 1).copied().unwrap_or(self)
    }

    fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let (x, y) = (&a.task, &b.task);
        match self {
            Self::Guid => Ordering::Equal,
            Self::State => state_key(x.state, x.failed).cmp(&state_key(y.state, y.failed)),
            Self::Age => y.created_at.cmp(&x.created_at),
            Self::InState => y.updated_at.cmp(&x.updated_at),
            Self::Domain | Self::Cell | Self::Reason => none_last(self.text(a), self.text(b)),
        }
    }

    /// The text that it sorts by; those without one come last.
    fn text(self, entry: &Entry) -> Option<&str> {
        match self {
            Self::Domain => Some(entry.task.domain.as_str()),
            Self::Cell => entry.last_cell.as_ref().map(CellId::as_str),
            Self::Reason => Some(entry.task.reason()).filter(|reason| !reason.is_empty()),
            Self::Guid | Self::State | Self::Age | Self::InState => None,
        }
    }

    /// Numbers that sort as [`Self::compare`] does.
    fn numbers(self, facets: &Facets) -> Numbers {
        let commons = facets.commons();
        match self {
            Self::Guid => Numbers::None,
            Self::State => {
                let key =
                    |common: Option<&Common>| common.map(|common| state_key(common.state, common.failed));
                Numbers::OfCommons(commons.map(key).map(Option::unwrap_or_default).collect())
            }
            Self::Domain => Numbers::OfCommons(ranks(commons.map(|common| Some(common?.domain.as_str())))),
            Self::Cell => {
                Numbers::OfCommons(ranks(commons.map(|common| common?.cell.as_ref().map(CellId::as_str))))
            }
            Self::Reason => {
                let reasons =
                    facets.said().map(|said| Some(said?.reason()).filter(|reason| !reason.is_empty()));
                Numbers::OfTexts(ranks(reasons))
            }
            Self::Age => Numbers::OfTasks(|task| !rising(task.created_at)),
            Self::InState => Numbers::OfTasks(|task| !rising(task.updated_at)),
        }
    }
}

/// Numbers that sort as an order does, for all rows that share something, or for each.
enum Numbers {
    None,
    OfCommons(Vec<u64>),
    OfTexts(Vec<u64>),
    OfTasks(fn(&Task) -> u64),
}

impl Numbers {
    fn of(&self, store: &Store, id: RowId) -> u64 {
        let parts = || store.facets().parts(id);
        let number = match self {
            Self::None => None,
            Self::OfCommons(all) => parts().and_then(|(common, _)| all.get(common).copied()),
            Self::OfTexts(all) => parts().and_then(|(_, said)| all.get(said).copied()),
            Self::OfTasks(of) => store.entry(id).map(|entry| of(&entry.task)),
        };
        number.unwrap_or_default()
    }
}

/// The rank of each text among all of them; beyond every rank for none.
fn ranks<'a>(texts: impl Iterator<Item = Option<&'a str>> + Clone) -> Vec<u64> {
    let mut sorted: Vec<_> = texts.clone().flatten().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let rank = |text: Option<&str>| {
        let at = text.and_then(|text| sorted.binary_search(&text).ok());
        at.and_then(|at| u64::try_from(at).ok()).unwrap_or(u64::MAX)
    };
    texts.map(rank).collect()
}

fn none_last(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn state_key(state: State, failed: bool) -> u64 {
    let state = match state {
        State::Invalid => 0,
        State::Pending => 1,
        State::Running => 2,
        State::Completed => 3,
        State::Resolving => 4,
        State::Other(number) => 5 + u64::from(number.cast_unsigned()),
    };
    state * 2 + u64::from(!failed)
}

/// The time as a number without a sign, in the same order.
const fn rising(at: Timestamp) -> u64 {
    at.as_nanos().cast_unsigned() ^ (1 << 63)
}

/// An order: a key, and whether it is the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Order {
    pub(super) key: SortKey,
    pub(super) reversed: bool,
}

impl Order {
    /// Which of two rows comes first.
    pub(super) fn compare(self, a: &Entry, b: &Entry) -> Ordering {
        let order = self.key.compare(a, b);
        let order = if self.reversed { order.reverse() } else { order };
        order.then_with(|| a.task.guid.cmp(&b.task.guid))
    }

    /// Brings many rows into order.
    pub(super) fn sort(self, store: &Store, ids: &mut [RowId]) {
        let facets = store.facets();
        let numbers = self.key.numbers(facets);
        let guid = |id: RowId| facets.guid(id).map_or("", TaskGuid::as_str);
        let number = |id: RowId| if self.reversed { !numbers.of(store, id) } else { numbers.of(store, id) };
        prefix_sort::sort(ids, number, guid);
    }

    /// Puts `fresh`, in order itself, among `rows`, in order too.
    pub(super) fn merge(self, store: &Store, rows: &mut Vec<RowId>, fresh: &[RowId]) {
        // A search a row is dearer than a look at every row once most are new.
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

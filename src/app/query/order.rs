//! The order of the rows. Every order ends with the guid, so that no two refreshes differ by chance.
//!
//! Two rows are compared as they are; a hundred thousand are sorted by keys made once, which fit a cache where
//! their tasks do not. A test holds the two ways to the same order.

use std::cmp::Ordering;

use super::super::store::{Common, Entry, RowId, Store};
use crate::model::{CellId, State, Task, Timestamp};

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

    /// Numbers that sort as [`Self::compare`] does, one for all rows that have the same in common; none where each row
    /// has its own.
    fn shared(self, commons: &[Common]) -> Option<Vec<u64>> {
        match self {
            Self::Guid => Some(vec![0; commons.len()]),
            Self::State => {
                Some(commons.iter().map(|common| state_key(common.state, common.failed)).collect())
            }
            Self::Domain => Some(ranks(commons.iter().map(|common| Some(common.domain.as_str())))),
            Self::Cell => Some(ranks(commons.iter().map(|common| common.cell.as_ref().map(CellId::as_str)))),
            Self::Age | Self::InState | Self::Reason => None,
        }
    }

    /// The time, as a number that sorts as [`Self::compare`] does.
    fn time(self, task: &Task) -> Option<u64> {
        match self {
            Self::Age => Some(!rising(task.created_at)),
            Self::InState => Some(!rising(task.updated_at)),
            Self::Guid | Self::Domain | Self::State | Self::Cell | Self::Reason => None,
        }
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

/// The first eight bytes of a text, in its order.
fn head(text: &str) -> u64 {
    let mut bytes = [0; 8];
    for (byte, of) in bytes.iter_mut().zip(text.bytes()) {
        *byte = of;
    }
    u64::from_be_bytes(bytes)
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
        let mut keyed = self.keys(store, ids);
        let guid = |id| store.columns().guid(id);
        keyed.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| guid(*x).cmp(&guid(*y))));
        for (id, (_, sorted)) in ids.iter_mut().zip(keyed) {
            *id = sorted;
        }
    }

    /// For every row a number that sorts as it does, but for guids that begin alike: its own key above, the guid's
    /// first bytes below.
    fn keys(self, store: &Store, ids: &[RowId]) -> Vec<(u128, RowId)> {
        let columns = store.columns();
        let by: Vec<u64> = match self.key.shared(columns.commons()) {
            Some(shared) => {
                let of = |id: &RowId| columns.common(*id).and_then(|common| shared.get(common)).copied();
                ids.iter().map(|id| of(id).unwrap_or_default()).collect()
            }
            None => self.own(store, ids),
        };
        let whole = |by: u64, id: RowId| {
            let guid = columns.guid(id).map_or(0, |guid| head(guid.as_str()));
            u128::from(if self.reversed { !by } else { by }) << 64 | u128::from(guid)
        };
        by.into_iter().zip(ids).map(|(by, id)| (whole(by, *id), *id)).collect()
    }

    /// The numbers of rows each of which has its own.
    fn own(self, store: &Store, ids: &[RowId]) -> Vec<u64> {
        let entries = ids.iter().map(|id| store.entry(*id));
        match self.key {
            SortKey::Reason => ranks(entries.map(|entry| self.key.text(entry?))),
            _ => entries
                .map(|entry| entry.and_then(|entry| self.key.time(&entry.task)).unwrap_or_default())
                .collect(),
        }
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

//! The order of the rows. Every order ends with the guid, so that no two refreshes differ by chance.
//!
//! Two rows are compared as they are; a hundred thousand are sorted by keys made once, which fit a cache where
//! their tasks do not. A test holds the two ways to the same order.

use std::cmp::Ordering;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::super::store::{Entry, RowId, Store};
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
            Self::State => state_key(x).cmp(&state_key(y)),
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

    /// A number that sorts as [`Self::compare`] does, where there is one for a row by itself.
    fn number(self, task: &Task) -> Option<u64> {
        match self {
            Self::Guid => Some(0),
            Self::State => Some(state_key(task)),
            Self::Age => Some(!rising(task.created_at)),
            Self::InState => Some(!rising(task.updated_at)),
            Self::Domain | Self::Cell | Self::Reason => None,
        }
    }
}

fn none_last(a: Option<&str>, b: Option<&str>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

fn state_key(task: &Task) -> u64 {
    let state = match task.state {
        State::Invalid => 0,
        State::Pending => 1,
        State::Running => 2,
        State::Completed => 3,
        State::Resolving => 4,
        State::Other(number) => 5 + u64::from(number.cast_unsigned()),
    };
    state * 2 + u64::from(!task.failed)
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
        let guid = |id| store.entry(id).map(|entry| &entry.task.guid);
        keyed.sort_unstable_by(|(a, x), (b, y)| a.cmp(b).then_with(|| guid(*x).cmp(&guid(*y))));
        for (id, (_, sorted)) in ids.iter_mut().zip(keyed) {
            *id = sorted;
        }
    }

    /// For every row a number that sorts as it does, but for guids that begin alike: its own key above, the guid's
    /// first bytes below.
    fn keys(self, store: &Store, ids: &[RowId]) -> Vec<(u128, RowId)> {
        let mut texts = Texts::default();
        let mut keyed: Vec<_> = ids
            .iter()
            .filter_map(|id| {
                let entry = store.entry(*id)?;
                let by = self.key.number(&entry.task).unwrap_or_else(|| texts.place(self.key.text(entry)));
                Some((by, head(entry.task.guid.as_str()), *id))
            })
            .collect();
        if let Some(ranks) = texts.ranks() {
            for (by, ..) in &mut keyed {
                *by =
                    usize::try_from(*by).ok().and_then(|place| ranks.get(place)).copied().unwrap_or(u64::MAX);
            }
        }
        let whole =
            |by: u64, guid: u64| u128::from(if self.reversed { !by } else { by }) << 64 | u128::from(guid);
        keyed.into_iter().map(|(by, guid, id)| (whole(by, guid), id)).collect()
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

/// The texts met, few and shared by many rows, each with its place in the order of meeting.
#[derive(Default)]
struct Texts<'a>(HashMap<&'a str, u64, RandomState>);

impl<'a> Texts<'a> {
    /// The place of a text; beyond every place for none.
    fn place(&mut self, text: Option<&'a str>) -> u64 {
        let Some(text) = text else { return u64::MAX };
        let next = u64::try_from(self.0.len()).unwrap_or(u64::MAX);
        *self.0.entry(text).or_insert(next)
    }

    /// For every place the rank of its text among all of them; none if no text was met.
    fn ranks(self) -> Option<Vec<u64>> {
        let mut sorted: Vec<_> = self.0.into_iter().collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for ((_, place), rank) in sorted.into_iter().zip(0..) {
            if let Some(slot) = usize::try_from(place).ok().and_then(|place| ranks.get_mut(place)) {
                *slot = rank;
            }
        }
        (!ranks.is_empty()).then_some(ranks)
    }
}

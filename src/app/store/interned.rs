//! Interns values that many rows share: each is stored once, with the number of rows that have it.

use hashbrown::HashTable;

/// Identifies an interned value while any row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InternId(u32);

impl InternId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
struct Held<T> {
    value: T,
    hash: u64,
    rows: usize,
}

/// Interned values. A value keeps its id until its last row is gone; then the id is reused.
#[derive(Debug)]
pub(super) struct Interned<T> {
    slots: Vec<Option<Held<T>>>,
    free: Vec<InternId>,
    table: HashTable<(u64, InternId)>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new(), table: HashTable::default() }
    }
}

impl<T> Interned<T> {
    /// Iterates over all values in the order of their ids, with `None` for ids that are free.
    pub(super) fn values(&self) -> impl Iterator<Item = Option<&T>> + Clone {
        self.slots.iter().map(|held| held.as_ref().map(|held| &held.value))
    }

    /// Iterates over the values with the numbers of their rows.
    pub(super) fn with_rows(&self) -> impl Iterator<Item = (&T, usize)> {
        self.slots.iter().flatten().map(|held| (&held.value, held.rows))
    }

    pub(super) fn get(&self, id: InternId) -> Option<&T> {
        self.slots.get(id.index())?.as_ref().map(|held| &held.value)
    }

    /// Iterates over the values with their ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (InternId, &T)> {
        self.slots.iter().zip(0..).filter_map(|(held, at)| Some((InternId(at), &held.as_ref()?.value)))
    }

    pub(super) fn get_mut(&mut self, id: InternId) -> Option<&mut T> {
        self.slots.get_mut(id.index())?.as_mut().map(|held| &mut held.value)
    }

    /// Returns the value with this hash that `is_it` accepts.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let found = self.table.find(hash, |(other, id)| *other == hash && self.get(*id).is_some_and(&is_it));
        self.get(found?.1)
    }

    /// Returns the value if exactly one row has it: it is new, or about to be removed.
    pub(super) fn get_single(&self, id: InternId) -> Option<&T> {
        let held = self.slots.get(id.index())?.as_ref()?;
        (held.rows == 1).then_some(&held.value)
    }

    /// Returns the number of rows of all values.
    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.slots.iter().flatten().map(|held| held.rows).sum()
    }

    /// Counts one more row for the value with this hash that `is_it` accepts; if there is none, stores what `make`
    /// returns.
    pub(super) fn add(
        &mut self,
        hash: u64,
        is_it: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> InternId {
        let found = self.table.find(hash, |(other, id)| *other == hash && self.get(*id).is_some_and(&is_it));
        let Some((_, id)) = found.copied() else { return self.put(hash, make()) };
        if let Some(Some(held)) = self.slots.get_mut(id.index()) {
            held.rows += 1;
        }
        id
    }

    fn put(&mut self, hash: u64, value: T) -> InternId {
        let held = Some(Held { value, hash, rows: 1 });
        let next = InternId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        let id = self.free.pop().unwrap_or(next);
        match self.slots.get_mut(id.index()) {
            Some(free) => *free = held,
            None => self.slots.push(held),
        }
        self.table.insert_unique(hash, (hash, id), |(hash, _)| *hash);
        id
    }

    /// Counts one row less for the value, and removes it with its last row. Returns whether it was removed.
    pub(super) fn remove(&mut self, id: InternId) -> bool {
        let Some(slot) = self.slots.get_mut(id.index()) else { return false };
        let Some(held) = slot else { return false };
        held.rows -= 1;
        if held.rows > 0 {
            return false;
        }
        let hash = held.hash;
        *slot = None;
        if let Ok(found) = self.table.find_entry(hash, |(_, other)| *other == id) {
            found.remove();
            self.free.push(id);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_stored_once_and_removed_with_its_last_row() {
        let mut interned = Interned::default();
        // Two values of one hash, as it may happen.
        let add =
            |interned: &mut Interned<&'static str>, text| interned.add(7, |held| *held == text, || text);
        let (one, other) = (add(&mut interned, "a"), add(&mut interned, "b"));
        assert_eq!(add(&mut interned, "a"), one);
        assert_ne!(one, other);
        assert!(!interned.remove(one));
        assert_eq!(interned.values().collect::<Vec<_>>(), [Some(&"a"), Some(&"b")]);
        assert_eq!(
            (interned.get_single(one), interned.find(7, |held| *held == "b")),
            (Some(&"a"), Some(&"b"))
        );
        assert!(interned.remove(one));
        assert_eq!(interned.values().collect::<Vec<_>>(), [None, Some(&"b")]);
        assert_eq!(add(&mut interned, "c"), one, "a free id is taken first");
        assert_eq!(add(&mut interned, "b"), other);
        assert_eq!(interned.get(one), Some(&"c"));
    }
}

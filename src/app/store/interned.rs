//! Values that many rows share, each held once, with how many rows have it.

use hashbrown::HashTable;

/// Where a value is among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
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

/// The values, at places that stay the same while any row has them.
#[derive(Debug)]
pub(super) struct Interned<T> {
    places: Vec<Option<Held<T>>>,
    free: Vec<Place>,
    table: HashTable<(u64, Place)>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new(), table: HashTable::default() }
    }
}

impl<T> Interned<T> {
    /// All places in their order, with none where one is free.
    pub(super) fn values(&self) -> impl Iterator<Item = Option<&T>> + Clone {
        self.places.iter().map(|held| held.as_ref().map(|held| &held.value))
    }

    pub(super) fn get(&self, place: Place) -> Option<&T> {
        self.places.get(place.index())?.as_ref().map(|held| &held.value)
    }

    /// Returns the values with their places.
    pub(super) fn places(&self) -> impl Iterator<Item = (Place, &T)> {
        self.places.iter().zip(0..).filter_map(|(held, at)| Some((Place(at), &held.as_ref()?.value)))
    }

    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut T> {
        self.places.get_mut(place.index())?.as_mut().map(|held| &mut held.value)
    }

    /// Returns the value of this hash that is as `is_it` says.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let found =
            self.table.find(hash, |(other, place)| *other == hash && self.get(*place).is_some_and(&is_it));
        self.get(found?.1)
    }

    /// Returns the value if a single row has it: it is new, or about to go.
    pub(super) fn get_single(&self, place: Place) -> Option<&T> {
        let held = self.places.get(place.index())?.as_ref()?;
        (held.rows == 1).then_some(&held.value)
    }

    /// How many rows have any of them.
    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.places.iter().flatten().map(|held| held.rows).sum()
    }

    /// One row more has the value of this hash that is as `is_it` says, or else the one that is made.
    pub(super) fn add(&mut self, hash: u64, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Place {
        let found =
            self.table.find(hash, |(other, place)| *other == hash && self.get(*place).is_some_and(&is_it));
        let Some((_, place)) = found.copied() else { return self.put(hash, make()) };
        if let Some(Some(held)) = self.places.get_mut(place.index()) {
            held.rows += 1;
        }
        place
    }

    fn put(&mut self, hash: u64, value: T) -> Place {
        let held = Some(Held { value, hash, rows: 1 });
        let next = Place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        let place = self.free.pop().unwrap_or(next);
        match self.places.get_mut(place.index()) {
            Some(free) => *free = held,
            None => self.places.push(held),
        }
        self.table.insert_unique(hash, (hash, place), |(hash, _)| *hash);
        place
    }

    /// One row less has the value there; with the last one it goes. Returns whether it has gone.
    pub(super) fn remove(&mut self, place: Place) -> bool {
        let Some(slot) = self.places.get_mut(place.index()) else { return false };
        let Some(held) = slot else { return false };
        held.rows -= 1;
        if held.rows > 0 {
            return false;
        }
        let hash = held.hash;
        *slot = None;
        if let Ok(found) = self.table.find_entry(hash, |(_, other)| *other == place) {
            found.remove();
            self.free.push(place);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_held_once_and_goes_with_its_last_row() {
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
        assert_eq!(add(&mut interned, "c"), one, "a free place is taken first");
        assert_eq!(add(&mut interned, "b"), other);
        assert_eq!(interned.get(one), Some(&"c"));
    }
}

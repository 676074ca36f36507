//! Seeded random choices: the same seed gives the same workload.

use fastrand::Rng;

#[derive(Debug)]
pub(super) struct Random(Rng);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(Rng::with_seed(seed))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// Returns a number below `bound`, or 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0.usize(..bound.max(1))
    }

    /// Returns a copy of a random element.
    pub(super) fn choose<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        self.0.choice(from).cloned()
    }

    /// Returns a random index, weighted; none if every weight is 0. `fastrand` has no weighted choice.
    pub(super) fn weighted_index(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        if total == 0 {
            return None;
        }
        let target = self.0.u64(..total);
        let mut sum = 0;
        weights.into_iter().position(|weight| {
            sum += u64::from(weight);
            target < sum
        })
    }

    /// Removes and returns a random element. Does not keep the order.
    pub(super) fn take<T>(&mut self, from: &mut Vec<T>) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        Some(from.swap_remove(self.below(from.len())))
    }

    /// Swaps a random element to the end.
    pub(super) fn swap_to_end<T>(&mut self, items: &mut [T]) {
        if let Some(last) = items.len().checked_sub(1) {
            items.swap(self.below(last + 1), last);
        }
    }

    /// Returns a version 4 UUID, the form of Cloud Controller's guids.
    pub(super) fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 50),
            low & 0xffff_ffff_ffff,
        )
    }
}

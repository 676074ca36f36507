//! The draws that a workload makes: a seeded generator, so that the same seed gives the same story.

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

    /// A number below `bound`; 0 if `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0.usize(..bound.max(1))
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        self.0.choice(from).cloned()
    }

    /// An index, drawn in proportion to its weight; none if every weight is 0. The generator has no weighted choice.
    pub(super) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        if total == 0 {
            return None;
        }
        let drawn = self.0.u64(..total);
        let mut passed = 0;
        weights.into_iter().position(|weight| {
            passed += u64::from(weight);
            drawn < passed
        })
    }

    /// Removes one element.
    pub(super) fn take<T>(&mut self, from: &mut Vec<T>) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        Some(from.swap_remove(self.below(from.len())))
    }

    /// Swaps one element to the end.
    pub(super) fn choose_last<T>(&mut self, among: &mut [T]) {
        if let Some(last) = among.len().checked_sub(1) {
            among.swap(self.below(last + 1), last);
        }
    }

    /// A version 4 UUID, as Cloud Controller uses for guids.
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

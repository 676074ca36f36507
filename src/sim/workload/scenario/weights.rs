//! Weighted random choice between the values of an enum.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error};

use crate::sim::workload::random::Random;

/// Values with their relative weights.
#[derive(Debug, Clone)]
pub(in crate::sim::workload) struct Weights<T>(Vec<(T, u32)>);

impl<T: Copy> Weights<T> {
    /// Returns a random value among those that are allowed; none if all of these have weight 0.
    pub(in crate::sim::workload) fn choose(
        &self,
        random: &mut Random,
        allowed: impl Fn(T) -> bool,
    ) -> Option<T> {
        let candidates: Vec<_> = self.0.iter().filter(|(value, _)| allowed(*value)).collect();
        let index = random.weighted_index(candidates.iter().map(|(_, weight)| *weight))?;
        candidates.get(index).map(|(value, _)| *value)
    }
}

impl<'de, T: Deserialize<'de> + Copy + Ord> Deserialize<'de> for Weights<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Not a hash map: its order differs between runs, and the same seed must give the same workload.
        let weights = BTreeMap::<T, u32>::deserialize(from)?;
        if weights.values().all(|weight| *weight == 0) {
            return Err(Error::custom("at least one weight must be above 0"));
        }
        Ok(Self(weights.into_iter().collect()))
    }
}

//! Things that are drawn, some more often than others.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error};

use crate::sim::workload::random::Random;

/// Things and how often each is drawn, relative to one another.
#[derive(Debug, Clone)]
pub(in crate::sim::workload) struct Weights<T>(Vec<(T, u32)>);

impl<T: Copy> Weights<T> {
    /// One of those that are admitted; none when no such has a weight.
    pub(in crate::sim::workload) fn draw(
        &self,
        random: &mut Random,
        admits: impl Fn(T) -> bool,
    ) -> Option<T> {
        let admitted: Vec<_> = self.0.iter().filter(|(thing, _)| admits(*thing)).collect();
        let drawn = random.weighted(admitted.iter().map(|(_, weight)| *weight))?;
        admitted.get(drawn).map(|(thing, _)| *thing)
    }
}

impl<'de, T: Deserialize<'de> + Copy + Ord> Deserialize<'de> for Weights<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        // Not a hash map, whose order is another in every run: the same seed gives the same story.
        let weights = BTreeMap::<T, u32>::deserialize(from)?;
        if weights.values().all(|weight| *weight == 0) {
            return Err(Error::custom("at least one weight must be above 0"));
        }
        Ok(Self(weights.into_iter().collect()))
    }
}

//! Histograms of durations with fixed buckets.

use std::time::Duration;

/// A histogram of durations.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Histogram {
    /// Upper bounds in seconds, ascending. One more bucket takes what is longer.
    bounds: &'static [f64],
    /// How many durations each bucket has, not those of the buckets before it.
    counts: Vec<u64>,
    sum: Duration,
}

impl Histogram {
    /// Returns an empty histogram with these upper bounds, in seconds.
    pub(super) fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: Duration::ZERO }
    }

    /// Counts a duration.
    pub(super) fn observe(&mut self, span: Duration) {
        let at = self.bounds.partition_point(|bound| *bound < span.as_secs_f64());
        if let Some(count) = self.counts.get_mut(at) {
            *count += 1;
        }
        self.sum = self.sum.saturating_add(span);
    }

    /// Returns the number of durations.
    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Returns the sum of the durations in seconds.
    pub(super) fn sum(&self) -> f64 {
        self.sum.as_secs_f64()
    }

    /// Returns each bucket with its upper bound. The last bound is infinite.
    pub(super) fn buckets(&self) -> Vec<(f64, u64)> {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        bounds.zip(self.counts.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_in_the_first_bucket_that_reaches_it() {
        let mut histogram = Histogram::new(&[0.5, 2.0]);
        for millis in [0, 500, 501, 2_000, 2_001, 60_000] {
            histogram.observe(Duration::from_millis(millis));
        }
        assert_eq!(histogram.buckets(), [(0.5, 2), (2.0, 2), (f64::INFINITY, 2)]);
        assert_eq!((histogram.count(), histogram.sum()), (6, 65.002));
    }

    #[test]
    fn an_endless_duration_does_not_overflow() {
        let mut histogram = Histogram::new(&[1.0]);
        (0..3).for_each(|_| histogram.observe(Duration::MAX));
        assert_eq!(histogram.count(), 3);
    }
}

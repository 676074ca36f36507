//! A distribution of durations, in milliseconds, to five significant bits: the bounds of a bucket differ by at most 1/16.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Longer durations count as this long: about twelve days.
pub(super) const LONGEST: u32 = (1 << 30) - 1;

/// Rounds down to the lowest duration in the same bucket of the histogram.
pub(super) fn rounded(span: Duration) -> u32 {
    let millis = u32::try_from(span.as_millis()).unwrap_or(LONGEST).min(LONGEST);
    let dropped = (u32::BITS - millis.leading_zeros()).saturating_sub(5);
    millis >> dropped << dropped
}

/// A distribution of durations. Takes no memory before the first one.
#[derive(Debug, Clone, Default)]
pub struct Durations(Option<Histogram<u32>>);

impl Durations {
    /// Adds a duration.
    pub fn record(&mut self, span: Duration) {
        self.add(rounded(span), 1);
    }

    pub(super) fn add(&mut self, millis: u32, count: u32) {
        if self.0.is_none() {
            // These bounds are valid.
            self.0 = Histogram::new_with_bounds(1, u64::from(LONGEST), 1).ok();
        }
        if let Some(histogram) = &mut self.0 {
            histogram.saturating_record_n(millis.into(), count);
        }
    }

    /// Returns how many durations there are.
    pub fn count(&self) -> u32 {
        self.0.as_ref().map_or(0, |histogram| u32::try_from(histogram.len()).unwrap_or(u32::MAX))
    }

    /// Returns the duration that this share of them does not exceed, within 1/32 of its length; none without durations.
    pub fn quantile(&self, share: f64) -> Option<Duration> {
        let histogram = self.0.as_ref()?;
        Some(middle(histogram, histogram.value_at_quantile(share)))
    }

    /// Returns the longest one, within 1/32 of its length.
    pub fn longest(&self) -> Option<Duration> {
        self.0.as_ref().map(|histogram| middle(histogram, histogram.max()))
    }

    /// Returns the shortest one, within 1/32 of its length.
    pub fn shortest(&self) -> Option<Duration> {
        self.0.as_ref().map(|histogram| middle(histogram, histogram.min()))
    }

    /// Returns how many are longer than those in the bucket of `limit`.
    pub fn count_above(&self, limit: Duration) -> u32 {
        let Some(histogram) = &self.0 else { return 0 };
        let limit = histogram.highest_equivalent(rounded(limit).into());
        let up_to = histogram.count_between(0, limit);
        u32::try_from(histogram.len().saturating_sub(up_to)).unwrap_or(u32::MAX)
    }
}

fn middle(histogram: &Histogram<u32>, millis: u64) -> Duration {
    Duration::from_millis(histogram.median_equivalent(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_to_the_buckets_of_the_histogram() {
        let histogram = Histogram::<u32>::new_with_bounds(1, LONGEST.into(), 1).unwrap();
        let powers = (0..30).flat_map(|power| [(1_u32 << power) - 1, 1 << power, (1 << power) + 1]);
        for millis in powers.chain(0..5_000).chain([LONGEST]) {
            let rounded = rounded(Duration::from_millis(millis.into()));
            assert_eq!(u64::from(rounded), histogram.lowest_equivalent(millis.into()), "{millis}");
        }
        assert_eq!(rounded(Duration::MAX), rounded(Duration::from_millis(LONGEST.into())));
    }

    #[test]
    fn quantiles_are_within_a_thirty_second_of_the_truth() {
        let mut durations = Durations::default();
        (1..=1_000).for_each(|millis| durations.add(rounded(Duration::from_millis(millis)), 1));
        for (share, millis) in [(0.5, 500), (0.95, 950), (1.0, 1_000)] {
            let found = durations.quantile(share).unwrap();
            let error = found.abs_diff(Duration::from_millis(millis));
            assert!(error <= Duration::from_millis(millis) / 32, "{share}: {found:?}");
        }
        assert_eq!(durations.count(), 1_000);
        assert_eq!(durations.count_above(Duration::from_secs(2)), 0);
        assert!(durations.count_above(Duration::from_millis(500)).abs_diff(500) <= 500 / 16);
    }

    #[test]
    fn without_durations_nothing_is_said() {
        let none = Durations::default();
        assert_eq!((none.count(), none.quantile(0.5), none.longest()), (0, None, None));
        assert_eq!(none.count_above(Duration::ZERO), 0);
    }
}

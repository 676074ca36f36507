//! Computes medians and percentiles, and formats measurements.

use std::time::Duration;

/// Repeated measurements of one time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times(Vec<Duration>);

impl Times {
    /// Returns the time that `percent` of the measurements do not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
        sorted.get(at).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.percentile(50)
    }

    pub(crate) fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        Self(times.into_iter().collect())
    }
}

/// Returns `time` as a multiple of `floor`.
pub(crate) fn ratio(time: Duration, floor: Duration) -> f64 {
    time.as_secs_f64() / floor.as_secs_f64()
}

/// Formats a time in milliseconds, with three significant digits below 10 ms.
pub(crate) fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    if ms < 10.0 { format!("{ms:.2} ms") } else { format!("{ms:.0} ms") }
}

/// Returns the ratio of two numbers.
#[expect(clippy::cast_precision_loss, reason = "only three digits are printed")]
pub(crate) fn share(bytes: u64, of: u64) -> f64 {
    bytes as f64 / of as f64
}

/// Formats a size in decimal megabytes.
pub(crate) fn mb(bytes: u64) -> String {
    format!("{:.1} MB", share(bytes, 1_000_000))
}

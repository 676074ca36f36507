//! Waits for conditions that nothing on a screen tells of.

use std::thread;
use std::time::{Duration, Instant};

use super::TIMEOUT;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(5);

/// Waits until a condition holds.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < TIMEOUT, "never: {what}");
        thread::park_timeout(INTERVAL);
    }
}

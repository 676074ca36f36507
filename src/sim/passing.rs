//! Lets time pass in a simulated foundation without waiting for it, so that tests see an hour of it in a moment.
//!
//! The clock of the machine that runs the tests is left alone: clients take the server's time from its replies.

use std::time::Duration;

use super::server::{SWEEP_INTERVAL, sweep_once};
use super::shared::Shared;
use super::workload::Workload;

/// Time passes in slices of this length, so that each operation has a time of its own.
const SLICE: Duration = Duration::from_millis(10);

/// A workload that acts only while time is passed.
#[derive(Debug)]
pub(super) struct Passing {
    workload: Workload,
    since_sweep: Duration,
}

impl Passing {
    pub(super) const fn new(workload: Workload) -> Self {
        Self { workload, since_sweep: Duration::ZERO }
    }

    /// Moves the server's time ahead, and does meanwhile what clients, cells and sweeps would do.
    pub(super) fn pass(&mut self, shared: &Shared, by: Duration) {
        let mut left = by;
        while !left.is_zero() {
            let slice = left.min(SLICE);
            left -= slice;
            shared.skip(slice);
            self.workload.advance(shared, slice.as_secs_f64(), self.workload.rate());
            self.since_sweep += slice;
            if self.since_sweep >= SWEEP_INTERVAL {
                self.since_sweep = Duration::ZERO;
                sweep_once(shared);
            }
        }
    }
}

//! The state that all connections share: the machine, the subscriptions, the fault switches and the counters.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_util::task::TaskTracker;

use super::counters::CallCounters;
use super::faults::Faults;
use super::hub::Hub;
use super::machine::Machine;
use crate::clock::{Clock as _, SystemClock};
use crate::model::Timestamp;

#[derive(Debug)]
pub(super) struct Shared {
    machine: Mutex<Machine>,
    pub(super) hub: Hub,
    pub(super) faults: Faults,
    pub(super) received: CallCounters,
    pub(super) answered: CallCounters,
    /// The event streams that have not sent their last chunk.
    pub(super) open_streams: TaskTracker,
    clock: SystemClock,
    /// How far the server's time is ahead of the clock, in nanoseconds.
    ahead: AtomicU64,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            machine: Mutex::new(Machine::new()),
            hub: Hub::default(),
            faults: Faults::default(),
            received: CallCounters::default(),
            answered: CallCounters::default(),
            open_streams: TaskTracker::new(),
            clock: SystemClock::start(),
            ahead: AtomicU64::new(0),
        }
    }

    /// Returns the server's time.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now().wall.plus(Duration::from_nanos(self.ahead.load(Ordering::SeqCst)))
    }

    /// Moves the server's time ahead.
    pub(super) fn skip(&self, by: Duration) {
        self.ahead.fetch_add(u64::try_from(by.as_nanos()).unwrap_or(0), Ordering::SeqCst);
    }

    /// Runs `f` on the machine and publishes the events before the lock is released, so that events have the order of
    /// the changes (unless a fault reorders them).
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut Machine, Timestamp) -> T) -> T {
        let mut machine = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
        let result = f(&mut machine, self.now());
        self.hub.publish(&machine.take_events(), self.faults.delivery());
        result
    }
}

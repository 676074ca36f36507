//! What the connections share: the machine, the subscriptions, the switches.

use std::sync::{Mutex, PoisonError};

use super::calls::Calls;
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
    pub(super) received: Calls,
    pub(super) answered: Calls,
    clock: SystemClock,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self {
            machine: Mutex::new(Machine::new()),
            hub: Hub::default(),
            faults: Faults::default(),
            received: Calls::default(),
            answered: Calls::default(),
            clock: SystemClock::start(),
        }
    }

    /// The server's time.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now().wall
    }

    /// Runs `f` on the machine and publishes what it caused, before anybody else sees the machine: so the
    /// events are in the order of the changes, unless a fault has them in another.
    pub(super) fn with<T>(&self, f: impl FnOnce(&mut Machine, Timestamp) -> T) -> T {
        let mut machine = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
        let result = f(&mut machine, self.now());
        self.hub.publish(&machine.take_events(), self.faults.telling());
        result
    }
}

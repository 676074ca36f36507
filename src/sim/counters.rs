//! Counts the requests of each call, for tests that check what was sent and answered.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bbs::routes;
use crate::model::Call;

/// One counter per call.
#[derive(Debug, Default)]
pub(super) struct CallCounters([AtomicUsize; Call::ALL.len()]);

impl CallCounters {
    /// Counts one request to this path. Calls of cells (start, complete, reject) are not counted.
    pub(super) fn count(&self, path: &str) {
        if let Some(counter) = routes::call_of(path).and_then(|call| self.counter(call)) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Returns the number of requests counted for this call.
    pub(super) fn get(&self, call: Call) -> usize {
        self.counter(call).map_or(0, |counter| counter.load(Ordering::SeqCst))
    }

    fn counter(&self, call: Call) -> Option<&AtomicUsize> {
        let at = Call::ALL.iter().position(|other| *other == call);
        at.and_then(|at| self.0.get(at))
    }
}

//! How often each call was made, for tests that must know what was sent, and when it was answered.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::bbs::routes;
use crate::model::Call;

/// A counter a call.
#[derive(Debug, Default)]
pub(super) struct Calls([AtomicUsize; Call::ALL.len()]);

impl Calls {
    /// Counts the call of this path; those of a cell's side are not counted.
    pub(super) fn count(&self, path: &str) {
        if let Some(counter) = routes::call_of(path).and_then(|call| self.counter(call)) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }

    pub(super) fn of(&self, call: Call) -> usize {
        self.counter(call).map_or(0, |counter| counter.load(Ordering::SeqCst))
    }

    fn counter(&self, call: Call) -> Option<&AtomicUsize> {
        let at = Call::ALL.iter().position(|other| *other == call);
        at.and_then(|at| self.0.get(at))
    }
}

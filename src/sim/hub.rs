//! Hands every event to every subscription, and cuts off one that has fallen too far behind.
//!
//! There is no replay: a subscription sees what happens after it was made.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::frame::{self, Frame};
use super::machine::Event;

/// A consumer that has this many events waiting is cut off.
pub(super) const BACKLOG: usize = 1024;

/// The subscriptions.
#[derive(Debug, Default)]
pub(super) struct Hub {
    subscriptions: Mutex<Vec<Sender<Frame>>>,
}

impl Hub {
    /// A new subscription; its end is the receiver's `None`.
    pub(super) fn subscribe(&self) -> Receiver<Frame> {
        let (sender, receiver) = channel(BACKLOG);
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Ends all subscriptions.
    pub(super) fn drop_all(&self) {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Tells every subscription.
    pub(super) fn publish(&self, events: &[Event]) {
        let mut subscriptions = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        if subscriptions.is_empty() {
            return;
        }
        for event in events {
            let frame = frame::encode(event);
            subscriptions.retain(|sender| match sender.try_send(frame.clone()) {
                Ok(()) => true,
                Err(TrySendError::Full(_) | TrySendError::Closed(_)) => false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bbs::wire::Task;

    #[test]
    fn one_that_falls_behind_is_cut_off_after_what_it_had() {
        let hub = Hub::default();
        let mut slow = hub.subscribe();
        let event = Event::Removed(Task::default());
        for _ in 0..=BACKLOG {
            hub.publish(std::slice::from_ref(&event));
        }
        let mut seen = 0;
        while slow.try_recv().is_ok() {
            seen += 1;
        }
        assert_eq!(seen, BACKLOG);
        assert!(slow.is_closed());
    }

    #[test]
    fn there_is_no_replay() {
        let hub = Hub::default();
        hub.publish(&[Event::Removed(Task::default())]);
        assert!(hub.subscribe().try_recv().is_err());
    }
}

//! Publishes events to all subscriptions, and drops subscriptions that fall too far behind.
//!
//! Does not replay: a subscription receives only the events after its start, as with the BBS's hub.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::frame::{self, Frame};
use super::machine::Event;

/// Events that a subscription may have waiting before it is dropped; the BBS's limit.
pub(super) const MAX_PENDING_EVENTS: usize = 1024;

/// How events are delivered. The default is a server's normal delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Delivery {
    /// Pairs of events, counted from the end, are swapped.
    pub(super) reordered: bool,
    /// Removals come without the task.
    pub(super) empty_removals: bool,
}

impl Delivery {
    fn frames(self, events: &[Event]) -> Vec<Frame> {
        let mut frames: Vec<_> = events.iter().map(|event| self.frame(event)).collect();
        if self.reordered {
            for pair in frames.rchunks_exact_mut(2) {
                pair.reverse();
            }
        }
        frames
    }

    fn frame(self, event: &Event) -> Frame {
        match event {
            Event::Removed(_) if self.empty_removals => frame::empty_removal(),
            event => frame::encode(event),
        }
    }
}

/// The open subscriptions.
#[derive(Debug, Default)]
pub(super) struct Hub {
    subscriptions: Mutex<Vec<Sender<Frame>>>,
}

impl Hub {
    /// Opens a subscription. The receiver returns `None` at its end.
    pub(super) fn subscribe(&self) -> Receiver<Frame> {
        let (sender, receiver) = channel(MAX_PENDING_EVENTS);
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Returns the number of open subscriptions.
    pub(super) fn len(&self) -> usize {
        let subscriptions = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        subscriptions.iter().filter(|sender| !sender.is_closed()).count()
    }

    /// Ends all subscriptions.
    pub(super) fn drop_all(&self) {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Sends the events to every subscription.
    pub(super) fn publish(&self, events: &[Event], delivery: Delivery) {
        let mut subscriptions = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        if subscriptions.is_empty() {
            return;
        }
        for frame in delivery.frames(events) {
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
    fn a_slow_subscription_is_dropped_after_its_pending_events() {
        let hub = Hub::default();
        let mut slow = hub.subscribe();
        let event = Event::Removed(Task::default());
        for _ in 0..=MAX_PENDING_EVENTS {
            hub.publish(std::slice::from_ref(&event), Delivery::default());
        }
        let mut received = 0;
        while slow.try_recv().is_ok() {
            received += 1;
        }
        assert_eq!(received, MAX_PENDING_EVENTS);
        assert!(slow.is_closed());
    }

    #[test]
    fn there_is_no_replay() {
        let hub = Hub::default();
        hub.publish(&[Event::Removed(Task::default())], Delivery::default());
        assert!(hub.subscribe().try_recv().is_err());
    }

    /// The frames of a task's completion, resolving and removal, in the order of delivery.
    fn frames_of(delivery: Delivery) -> Vec<String> {
        let hub = Hub::default();
        let mut subscription = hub.subscribe();
        let changed = |state| Event::Changed(Box::new((Task::default(), Task { state, ..Task::default() })));
        hub.publish(&[changed(3), changed(4), Event::Removed(Task::default())], delivery);
        let frames = std::iter::from_fn(|| subscription.try_recv().ok());
        frames.map(|frame| String::from_utf8(frame.chunk(0)).unwrap()).collect()
    }

    #[test]
    fn reordering_delivers_the_removal_before_the_resolving() {
        let (normal, reordered) =
            (frames_of(Delivery::default()), frames_of(Delivery { reordered: true, ..Delivery::default() }));
        assert!(normal[2].contains("task_removed"));
        assert_eq!(reordered, [&normal[0], &normal[2], &normal[1]].map(Clone::clone));
    }

    #[test]
    fn an_empty_removal_has_no_data() {
        let frames = frames_of(Delivery { empty_removals: true, ..Delivery::default() });
        assert!(frames[2].ends_with("event: task_removed\ndata: \n\n\r\n"), "{}", frames[2]);
        assert!(!frames[1].contains("data: \n"), "{}", frames[1]);
    }
}

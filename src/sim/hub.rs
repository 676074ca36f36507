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

/// How events are told; a server's usual way is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Telling {
    /// Two by two from the end in the wrong order.
    pub(super) reordered: bool,
    /// Removals do not say of which task.
    pub(super) empty_removals: bool,
}

impl Telling {
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

    /// How many subscriptions there are.
    pub(super) fn len(&self) -> usize {
        let subscriptions = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        subscriptions.iter().filter(|sender| !sender.is_closed()).count()
    }

    /// Ends all subscriptions.
    pub(super) fn drop_all(&self) {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Tells every subscription.
    pub(super) fn publish(&self, events: &[Event], telling: Telling) {
        let mut subscriptions = self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        if subscriptions.is_empty() {
            return;
        }
        for frame in telling.frames(events) {
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
            hub.publish(std::slice::from_ref(&event), Telling::default());
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
        hub.publish(&[Event::Removed(Task::default())], Telling::default());
        assert!(hub.subscribe().try_recv().is_err());
    }

    /// The names of what is told of a task's completion, resolving and removal, in the order of telling.
    fn told(telling: Telling) -> Vec<String> {
        let hub = Hub::default();
        let mut subscription = hub.subscribe();
        let changed = |state| Event::Changed(Box::new((Task::default(), Task { state, ..Task::default() })));
        hub.publish(&[changed(3), changed(4), Event::Removed(Task::default())], telling);
        let frames = std::iter::from_fn(|| subscription.try_recv().ok());
        frames.map(|frame| String::from_utf8(frame.chunk(0)).unwrap()).collect()
    }

    #[test]
    fn the_wrong_order_tells_the_removal_before_the_resolving() {
        let (right, wrong) =
            (told(Telling::default()), told(Telling { reordered: true, ..Telling::default() }));
        assert!(right[2].contains("task_removed"));
        assert_eq!(wrong, [&right[0], &right[2], &right[1]].map(Clone::clone));
    }

    #[test]
    fn an_empty_removal_says_nothing() {
        let told = told(Telling { empty_removals: true, ..Telling::default() });
        assert!(told[2].ends_with("event: task_removed\ndata: \n\n\r\n"), "{}", told[2]);
        assert!(!told[1].contains("data: \n"), "{}", told[1]);
    }
}

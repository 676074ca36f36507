//! Decides whether and when a client sends a write: only while writes are allowed, and no faster than the target's rate.
//!
//! The dashboard and the commands refuse and pace writes themselves, and tell the operator why. This gate holds even if they
//! are wrong.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use crate::bbs::connection::Connection;
use crate::model::{Access, WriteRate};

/// The gate that every write of a client passes.
#[derive(Debug)]
pub(super) struct WriteGate {
    access: Access,
    /// Until when a locked target is open for writes.
    open_until: ArcSwapOption<Instant>,
    /// Time from one write to the next.
    interval: Duration,
    /// When the next write may be sent. Whoever holds the lock is next; the lock is fair, so writes keep their order.
    next_at: Mutex<Instant>,
}

impl WriteGate {
    pub(super) fn new(connection: &Connection) -> Self {
        Self {
            access: connection.access,
            open_until: ArcSwapOption::empty(),
            interval: connection.writes_per_second.map_or(Duration::ZERO, WriteRate::interval),
            next_at: Mutex::new(Instant::now()),
        }
    }

    /// Returns whether a write may be sent now.
    pub(super) fn is_open(&self) -> bool {
        match self.access {
            Access::ReadWrite => true,
            Access::ReadOnly => false,
            Access::Locked => self.open_until.load().as_deref().is_some_and(|until| Instant::now() < *until),
        }
    }

    /// Opens a locked target for a time, from now on.
    pub(super) fn open_for(&self, time: Duration) {
        self.open_until.store(Instant::now().checked_add(time).map(Arc::new));
    }

    /// Closes a locked target again.
    pub(super) fn close(&self) {
        self.open_until.store(None);
    }

    /// Waits until the next write is due. Writes wait in the order in which they came, and none is dropped.
    pub(super) async fn pass(&self) {
        let mut next_at = self.next_at.lock().await;
        // A timer would cost a write that is due up to a millisecond.
        if Instant::now() < *next_at {
            sleep_until(*next_at).await;
        }
        *next_at = Instant::now() + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    fn gate(access: Access, per_second: u16) -> WriteGate {
        let writes_per_second = WriteRate::per_second(per_second);
        let interval = writes_per_second.map_or(Duration::ZERO, WriteRate::interval);
        WriteGate {
            access,
            open_until: ArcSwapOption::empty(),
            interval,
            next_at: Mutex::new(Instant::now()),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn writes_are_held_back_in_order_and_none_is_dropped() {
        let (gate, start) = (gate(Access::ReadWrite, 10), Instant::now());
        let passed = std::sync::Mutex::new(Vec::new());
        let write = async |nth: u32| {
            gate.pass().await;
            passed.lock().unwrap().push((nth, start.elapsed()));
        };
        join_all((0..30).map(write)).await;
        let due: Vec<_> = (0..30).map(|nth| (nth, Duration::from_millis(100) * nth)).collect();
        assert_eq!(*passed.lock().unwrap(), due);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_saves_no_writes_for_a_burst() {
        let gate = gate(Access::ReadWrite, 10);
        gate.pass().await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        let start = Instant::now();
        for _ in 0..3 {
            gate.pass().await;
        }
        assert_eq!(start.elapsed(), Duration::from_millis(200));
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_is_given_up_while_it_waits_costs_no_turn() {
        let (gate, start) = (gate(Access::ReadWrite, 1), Instant::now());
        gate.pass().await;
        assert!(tokio::time::timeout(Duration::from_millis(500), gate.pass()).await.is_err());
        gate.pass().await;
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_rate_nothing_waits() {
        let (gate, start) = (gate(Access::ReadWrite, 0), Instant::now());
        for _ in 0..1000 {
            gate.pass().await;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_locked_target_is_open_until_its_deadline() {
        let gate = gate(Access::Locked, 10);
        assert!(!gate.is_open());
        gate.open_for(Duration::from_secs(600));
        tokio::time::advance(Duration::from_millis(599_999)).await;
        assert!(gate.is_open());
        tokio::time::advance(Duration::from_millis(1)).await;
        assert!(!gate.is_open(), "the deadline itself is past");
        gate.open_for(Duration::from_secs(600));
        gate.close();
        assert!(!gate.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn no_time_opens_a_target_that_is_read_only_for_good() {
        let read_only = gate(Access::ReadOnly, 10);
        read_only.open_for(Duration::from_secs(600));
        assert!(!read_only.is_open());
        assert!(gate(Access::ReadWrite, 10).is_open());
    }
}

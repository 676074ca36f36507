//! Faults that tests can inject: a server that refuses connections, hangs, cuts replies off or is not a BBS.
//!
//! Holds only the switches. The server reads them at the points where they apply.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::hub::Delivery;

/// List limit that cuts nothing off.
const NO_LIMIT: usize = usize::MAX;

/// The fault switches. All are off at first; each can be changed at any time.
#[derive(Debug)]
pub struct Faults {
    refuse: AtomicBool,
    hang: AtomicBool,
    no_event_route: AtomicBool,
    mute: AtomicBool,
    fail_cells: AtomicBool,
    unanswered_writes: AtomicBool,
    drop_writes: AtomicBool,
    reorder_events: AtomicBool,
    empty_removals: AtomicBool,
    status: AtomicU16,
    cut_list_after: AtomicUsize,
    list_delay_ms: AtomicU64,
    /// Wakes tasks that wait for a change of `refuse` or `hang`.
    changed: Notify,
    drop_streams: Notify,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            refuse: AtomicBool::new(false),
            hang: AtomicBool::new(false),
            no_event_route: AtomicBool::new(false),
            mute: AtomicBool::new(false),
            fail_cells: AtomicBool::new(false),
            unanswered_writes: AtomicBool::new(false),
            drop_writes: AtomicBool::new(false),
            reorder_events: AtomicBool::new(false),
            empty_removals: AtomicBool::new(false),
            status: AtomicU16::new(0),
            cut_list_after: AtomicUsize::new(NO_LIMIT),
            list_delay_ms: AtomicU64::new(0),
            changed: Notify::new(),
            drop_streams: Notify::new(),
        }
    }
}

impl Faults {
    /// Closes every connection at once, including idle ones, and refuses new ones.
    pub fn refuse_connections(&self, on: bool) {
        self.refuse.store(on, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Reads requests but does not answer them until this is switched off.
    pub fn hang(&self, on: bool) {
        self.hang.store(on, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    /// Closes the connection after this many bytes of a list's body. `None` sends lists in full.
    pub fn cut_list_after(&self, bytes: Option<usize>) {
        self.cut_list_after.store(bytes.unwrap_or(NO_LIMIT), Ordering::SeqCst);
    }

    /// Answers every request with this HTTP status and an empty body. `None` answers normally.
    pub fn status(&self, status: Option<u16>) {
        self.status.store(status.unwrap_or(0), Ordering::SeqCst);
    }

    /// Answers the routes of the event stream with 404.
    pub fn no_event_route(&self, on: bool) {
        self.no_event_route.store(on, Ordering::SeqCst);
    }

    /// Keeps event streams open but sends nothing, like a dead host. The events in the meantime are lost.
    pub fn mute_streams(&self, on: bool) {
        self.mute.store(on, Ordering::SeqCst);
    }

    /// Answers requests for cells with the error of a server whose presence service does not respond.
    pub fn fail_cells(&self, on: bool) {
        self.fail_cells.store(on, Ordering::SeqCst);
    }

    /// Executes writes, then closes the connection without a reply.
    pub fn leave_writes_unanswered(&self, on: bool) {
        self.unanswered_writes.store(on, Ordering::SeqCst);
    }

    /// Reads writes, then closes the connection without executing them.
    pub fn drop_writes(&self, on: bool) {
        self.drop_writes.store(on, Ordering::SeqCst);
    }

    /// Swaps pairs of the events that one call causes, counted from the last event: of completed, resolving and removed,
    /// the removal then comes before the resolving. The BBS's independent threads can reorder events in this way.
    pub fn reorder_events(&self, on: bool) {
        self.reorder_events.store(on, Ordering::SeqCst);
    }

    /// Sends `task_removed` events without a task.
    pub fn empty_removals(&self, on: bool) {
        self.empty_removals.store(on, Ordering::SeqCst);
    }

    /// Closes every open event stream without the last chunk.
    pub fn drop_streams(&self) {
        self.drop_streams.notify_waiters();
    }

    /// Delays the first byte of every list, with millisecond resolution, to simulate the time that a real BBS needs.
    pub fn delay_lists(&self, delay: Duration) {
        self.list_delay_ms.store(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
    }

    pub(super) fn list_delay(&self) -> Duration {
        Duration::from_millis(self.list_delay_ms.load(Ordering::SeqCst))
    }

    pub(super) fn refuses(&self) -> bool {
        self.refuse.load(Ordering::SeqCst)
    }

    pub(super) fn mutes_streams(&self) -> bool {
        self.mute.load(Ordering::SeqCst)
    }

    pub(super) fn has_event_route(&self) -> bool {
        !self.no_event_route.load(Ordering::SeqCst)
    }

    pub(super) fn cells_fail(&self) -> bool {
        self.fail_cells.load(Ordering::SeqCst)
    }

    pub(super) fn leaves_writes_unanswered(&self) -> bool {
        self.unanswered_writes.load(Ordering::SeqCst)
    }

    pub(super) fn drops_writes(&self) -> bool {
        self.drop_writes.load(Ordering::SeqCst)
    }

    /// Returns how events are delivered.
    pub(super) fn delivery(&self) -> Delivery {
        Delivery {
            reordered: self.reorder_events.load(Ordering::SeqCst),
            empty_removals: self.empty_removals.load(Ordering::SeqCst),
        }
    }

    pub(super) fn forced_status(&self) -> Option<u16> {
        Some(self.status.load(Ordering::SeqCst)).filter(|status| *status != 0)
    }

    pub(super) fn list_limit(&self) -> usize {
        self.cut_list_after.load(Ordering::SeqCst)
    }

    /// Waits while the server hangs.
    pub(super) async fn hang_ended(&self) {
        self.wait_until(|| !self.hang.load(Ordering::SeqCst)).await;
    }

    /// Waits until connections are refused.
    pub(super) async fn refused(&self) {
        self.wait_until(|| self.refuses()).await;
    }

    /// Returns a future that completes when [`Faults::drop_streams`] is called.
    pub(super) fn streams_dropped(&self) -> Notified<'_> {
        self.drop_streams.notified()
    }

    async fn wait_until(&self, condition: impl Fn() -> bool) {
        loop {
            // Enabled before the check, so that a change in between is not missed.
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if condition() {
                return;
            }
            changed.await;
        }
    }
}

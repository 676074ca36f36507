//! What a test may have go wrong: a server that is away, slow, cut off in the middle, or not a BBS.
//!
//! Only switches; the server asks them at the moments they name.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::hub::Delivery;

/// No limit.
const WHOLE: usize = usize::MAX;

/// Switches of faults; all off at first, and each may be turned at any time.
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
    turned: Notify,
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
            cut_list_after: AtomicUsize::new(WHOLE),
            list_delay_ms: AtomicU64::new(0),
            turned: Notify::new(),
            drop_streams: Notify::new(),
        }
    }
}

impl Faults {
    /// Closes every connection at once, those that wait for a request included.
    pub fn refuse_connections(&self, on: bool) {
        self.refuse.store(on, Ordering::SeqCst);
        self.turned.notify_waiters();
    }

    /// Reads requests and does not answer them until turned off.
    pub fn hang(&self, on: bool) {
        self.hang.store(on, Ordering::SeqCst);
        self.turned.notify_waiters();
    }

    /// Closes the connection after this many bytes of a list's body; `None` sends it whole.
    pub fn cut_list_after(&self, bytes: Option<usize>) {
        self.cut_list_after.store(bytes.unwrap_or(WHOLE), Ordering::SeqCst);
    }

    /// Answers every request with this HTTP status and no body; `None` answers as a BBS does.
    pub fn status(&self, status: Option<u16>) {
        self.status.store(status.unwrap_or(0), Ordering::SeqCst);
    }

    /// Does not know the routes of the event stream.
    pub fn no_event_route(&self, on: bool) {
        self.no_event_route.store(on, Ordering::SeqCst);
    }

    /// Keeps event streams open and tells nothing over them, as a dead host does; what they miss is lost.
    pub fn mute_streams(&self, on: bool) {
        self.mute.store(on, Ordering::SeqCst);
    }

    /// Answers the call for cells as a server does whose own question to another service was not answered.
    pub fn fail_cells(&self, on: bool) {
        self.fail_cells.store(on, Ordering::SeqCst);
    }

    /// Carries out what changes something, and closes the connection without an answer.
    pub fn leave_writes_unanswered(&self, on: bool) {
        self.unanswered_writes.store(on, Ordering::SeqCst);
    }

    /// Reads what would change something, closes the connection, and carries nothing out.
    pub fn drop_writes(&self, on: bool) {
        self.drop_writes.store(on, Ordering::SeqCst);
    }

    /// Tells what one call caused in the wrong order, two by two from the end: of completed, resolving and removed
    /// the removal is told before the resolving, as the server's independent threads may do.
    pub fn reorder_events(&self, on: bool) {
        self.reorder_events.store(on, Ordering::SeqCst);
    }

    /// Tells of removals without saying of which task.
    pub fn empty_removals(&self, on: bool) {
        self.empty_removals.store(on, Ordering::SeqCst);
    }

    /// Breaks every event stream that is open now, without its clean end.
    pub fn drop_streams(&self) {
        self.drop_streams.notify_waiters();
    }

    /// Has every list wait so long before its first byte, to the millisecond, as if it took a real BBS's time.
    pub fn delay_lists(&self, by: Duration) {
        self.list_delay_ms.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::SeqCst);
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

    /// How events are told.
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

    /// Returns when the server may answer.
    pub(super) async fn answers(&self) {
        self.until(|| !self.hang.load(Ordering::SeqCst)).await;
    }

    /// Returns when connections are refused.
    pub(super) async fn refused(&self) {
        self.until(|| self.refuses()).await;
    }

    /// Returns when streams are broken.
    pub(super) fn streams_dropped(&self) -> Notified<'_> {
        self.drop_streams.notified()
    }

    async fn until(&self, holds: impl Fn() -> bool) {
        loop {
            // Listening before looking: a turn in between must not be missed.
            let turned = self.turned.notified();
            tokio::pin!(turned);
            turned.as_mut().enable();
            if holds() {
                return;
            }
            turned.await;
        }
    }
}

//! Updates the feed as lists and streams open, progress, end or fail.

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, FaultKind, Timestamp};

use super::super::msg::StreamId;
use super::super::store::Mark;
use super::{Feed, ListCost, Listing, Stream, UNSUPPORTED_RETRY};

impl Feed {
    fn current_list(&mut self, wanted: Mark) -> Option<&mut Listing> {
        match &self.listing {
            Listing::InFlight { mark, .. } if *mark == wanted => Some(&mut self.listing),
            _ => None,
        }
    }

    /// Returns whether this list is still the one in flight.
    pub(in crate::app) fn expects_list(&self, wanted: Mark) -> bool {
        matches!(self.listing, Listing::InFlight { mark, .. } if mark == wanted)
    }

    /// Returns whether this stream is still the current one.
    pub(in crate::app) fn expects_stream(&self, wanted: StreamId) -> bool {
        matches!(self.stream, Stream::Opening { id, .. } | Stream::Live { id, .. } if id == wanted)
    }

    /// Records the head of a list's reply.
    pub(in crate::app) fn list_opened(
        &mut self,
        wanted: Mark,
        size_hint: Option<u64>,
        server_time: Option<Timestamp>,
        now: Now,
    ) {
        if let Some(Listing::InFlight { expected, .. }) = self.current_list(wanted) {
            *expected = size_hint;
        }
        if let Some(server_time) = server_time {
            self.clock_offset_ns = server_time.as_nanos().saturating_sub(now.wall.as_nanos());
        }
    }

    /// Records that all is known of the recording's place.
    pub(in crate::app) fn found(&mut self, now: Now) {
        self.last_list_at = Some(now.mono);
    }

    /// Records the progress of a list: `total` bytes received so far, and some more tasks.
    pub(in crate::app) fn list_grew(&mut self, wanted: Mark, total: u64, more: usize) {
        if let Some(Listing::InFlight { received, tasks, .. }) = self.current_list(wanted) {
            *received = total;
            *tasks += more as u64;
        }
    }

    /// Records the end of a list. `healed` rows differed from what the events had told.
    pub(in crate::app) fn list_done(&mut self, wanted: Mark, bytes: u64, healed: usize, now: Now) {
        let Listing::InFlight { mark, asked_at, tasks, .. } = self.listing else { return };
        if mark != wanted {
            return;
        }
        let first = self.last_list_at.is_none();
        let cost = ListCost { took: now.mono.saturating_sub(asked_at), bytes };
        self.last_cost = Some(cost);
        self.count_list(cost, tasks, now);
        self.last_list_at = Some(now.mono);
        let had_failed = self.list_fault.take().is_some();
        if had_failed && matches!(self.stream, Stream::Unsupported { .. } | Stream::Closed { .. }) {
            // The server is back, and may run another release. Try the stream at once.
            self.stream = Stream::Closed { retry_at: now.mono };
        }
        self.list_tries = 0;
        self.idle_until(now.mono + self.interval(), now);
        if let Stream::Live { heard, suspect_since, .. } = &mut self.stream {
            // Only the stream itself clears the suspicion, since the next list has nothing left to heal.
            if healed > 0 && !*heard && !first {
                suspect_since.get_or_insert(now.mono);
            }
            *heard = false;
        }
    }

    fn count_list(&mut self, cost: ListCost, tasks: u64, now: Now) {
        let totals = &mut self.totals;
        totals.lists += 1;
        totals.list_time += cost.took;
        totals.list_bytes += cost.bytes;
        totals.list_tasks += tasks;
        totals.listed_at = now.wall;
    }

    /// Records that a list failed. The rows are kept.
    pub(in crate::app) fn list_failed(&mut self, wanted: Mark, fault: Fault, now: Now) {
        if self.current_list(wanted).is_none() {
            return;
        }
        self.list_tries += 1;
        self.totals.failed_lists += 1;
        if fault.is_unanswered()
            && let Stream::Live { heard, suspect_since, .. } = &mut self.stream
        {
            // A hanging server keeps its connections open, so a silent stream is suspect too.
            if !*heard {
                suspect_since.get_or_insert(now.mono);
            }
            *heard = false;
        }
        self.list_fault = Some(fault);
        let wait = self.pace.backoff(self.list_tries).max(self.interval().min(self.pace.poll));
        self.list_requested = false;
        self.listing = Listing::Idle { next_at: now.mono + wait };
    }

    /// Records that the stream is open. It tells of changes from now on, so a list must follow.
    pub(in crate::app) fn stream_opened(&mut self, id: StreamId, now: Now) {
        self.stream_tries = 0;
        self.totals.streams += 1;
        // The list that follows may show older changes. The stream's silence counts from then on.
        self.stream = Stream::Live { id, heard: true, suspect_since: None };
        self.list_now(now);
    }

    /// Records that the stream delivered something.
    pub(in crate::app) fn stream_heard(&mut self) {
        if let Stream::Live { heard, suspect_since, .. } = &mut self.stream {
            *heard = true;
            *suspect_since = None;
        }
    }

    /// Records that the stream ended or could not be opened. Changes are missed until the next list.
    pub(in crate::app) fn stream_ended(&mut self, fault: Option<&Fault>, now: Now) {
        if let Some(Fault { kind: FaultKind::NotBbs { status: 404 | 405, .. }, .. }) = fault {
            self.stream = Stream::Unsupported { retry_at: now.mono + UNSUPPORTED_RETRY };
            self.list_now(now);
            return;
        }
        let was_live = self.is_live();
        self.stream_tries += 1;
        let wait = if was_live { Duration::ZERO } else { self.pace.backoff(self.stream_tries) };
        self.stream = Stream::Closed { retry_at: now.mono + wait };
        if let Listing::Idle { next_at } = &mut self.listing {
            *next_at = (*next_at).min(now.mono + self.pace.poll);
        }
    }
}

//! What the feed makes of its news: lists that open, grow, end or fail, and streams that open, tell and end.

use std::time::Duration;

use crate::clock::Now;
use crate::model::{Fault, FaultKind, Timestamp};

use super::super::msg::StreamId;
use super::super::store::Mark;
use super::{Feed, ListCost, Listing, Stream};

impl Feed {
    fn current_list(&mut self, of: Mark) -> Option<&mut Listing> {
        match &self.listing {
            Listing::InFlight { mark, .. } if *mark == of => Some(&mut self.listing),
            _ => None,
        }
    }

    /// Whether news of the list asked under `mark` is still wanted.
    pub(in crate::app) fn expects_list(&self, of: Mark) -> bool {
        matches!(self.listing, Listing::InFlight { mark, .. } if mark == of)
    }

    /// Whether news of this stream is still wanted.
    pub(in crate::app) fn expects_stream(&self, of: StreamId) -> bool {
        matches!(self.stream, Stream::Opening { id, .. } | Stream::Live { id, .. } if id == of)
    }

    /// The head of a list came.
    pub(in crate::app) fn list_opened(
        &mut self,
        of: Mark,
        expect: Option<u64>,
        server_time: Option<Timestamp>,
        now: Now,
    ) {
        if let Some(Listing::InFlight { expected, .. }) = self.current_list(of) {
            *expected = expect;
        }
        if let Some(server_time) = server_time {
            self.clock_offset_ns = server_time.as_nanos().saturating_sub(now.wall.as_nanos());
        }
    }

    /// More of a list came: `total` bytes by now.
    pub(in crate::app) fn list_grew(&mut self, of: Mark, total: u64) {
        if let Some(Listing::InFlight { received, .. }) = self.current_list(of) {
            *received = total;
        }
    }

    /// A list came whole; `healed` rows were not as the events had told.
    pub(in crate::app) fn list_done(&mut self, of: Mark, bytes: u64, healed: usize, now: Now) {
        let Listing::InFlight { mark, asked_at, .. } = self.listing else { return };
        if mark != of {
            return;
        }
        let first = self.last_list_at.is_none();
        self.last_cost = Some(ListCost { took: now.mono.saturating_sub(asked_at), bytes });
        self.last_list_at = Some(now.mono);
        let was_away = self.list_fault.take().is_some();
        if was_away && matches!(self.stream, Stream::Unsupported | Stream::Closed { .. }) {
            // It is back, and may be another release by now: no more patience is needed.
            self.stream = Stream::Closed { retry_at: now.mono };
        }
        self.list_tries = 0;
        self.rest_until(now.mono + self.interval(), now);
        if let Stream::Live { heard, suspect_since, .. } = &mut self.stream {
            // Only the stream itself clears the suspicion: the next list has nothing left to heal.
            if healed > 0 && !*heard && !first {
                suspect_since.get_or_insert(now.mono);
            }
            *heard = false;
        }
    }

    /// A list failed; the rows are kept.
    pub(in crate::app) fn list_failed(&mut self, of: Mark, fault: Fault, now: Now) {
        if self.current_list(of).is_none() {
            return;
        }
        self.list_tries += 1;
        if fault.is_unanswered()
            && let Stream::Live { heard, suspect_since, .. } = &mut self.stream
        {
            // A server that hangs keeps its connections open: what is silent as well is not taken for live.
            if !*heard {
                suspect_since.get_or_insert(now.mono);
            }
            *heard = false;
        }
        self.list_fault = Some(fault);
        let wait = self.pace.backoff(self.list_tries).max(self.interval().min(self.pace.poll));
        self.list_again = false;
        self.listing = Listing::Idle { next_at: now.mono + wait };
    }

    /// The stream is open: what happens from here on is told. A list must follow.
    pub(in crate::app) fn stream_opened(&mut self, id: StreamId, now: Now) {
        self.stream_tries = 0;
        // The list that follows belongs to this stream: its silence is judged from then on.
        self.stream = Stream::Live { id, heard: true, suspect_since: None };
        self.list_now(now);
    }

    /// Something came over the stream.
    pub(in crate::app) fn stream_heard(&mut self) {
        if let Stream::Live { heard, suspect_since, .. } = &mut self.stream {
            *heard = true;
            *suspect_since = None;
        }
    }

    /// The stream could not be opened, or ended. Whatever happened since is lost until the next list.
    pub(in crate::app) fn stream_ended(&mut self, fault: Option<&Fault>, now: Now) {
        if let Some(Fault { kind: FaultKind::NotBbs { status: 404 | 405, .. }, .. }) = fault {
            self.stream = Stream::Unsupported;
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

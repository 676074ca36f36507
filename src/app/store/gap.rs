//! Tracks the gap in the event stream: when it started, and which list closes it.

use crate::model::{Timestamp, Unseen};

use super::{Change, ChangeReader, Gap, Mark, Store};

/// What is known of the event stream's continuity.
#[derive(Debug, Default)]
pub(super) struct Continuity {
    heard_at: Timestamp,
    /// When the last list of all tasks was complete.
    listed_at: Timestamp,
    gap: Option<OpenGap>,
}

#[derive(Debug)]
struct OpenGap {
    start: Timestamp,
    why: Box<str>,
    /// Set while the stream is open again: a list requested later closes the gap.
    resumed: Option<Mark>,
}

impl Continuity {
    /// Notes that the stream delivered something.
    pub(super) fn heard(&mut self, at: Timestamp) {
        self.heard_at = at;
    }

    /// Returns whether events were lost that no list has made up for yet.
    pub(super) const fn has_gap(&self) -> bool {
        self.gap.is_some()
    }

    /// Returns the stretch in which a task left that a list lacks; none before the first list.
    pub(super) fn unseen(&self) -> Option<Unseen> {
        let (since, is_gap) = match &self.gap {
            Some(gap) => (gap.start, true),
            None => (self.listed_at, false),
        };
        (!since.is_unset()).then_some(Unseen { since, is_gap })
    }

    /// Becomes what it was when this gap was recorded.
    pub(super) fn replay(&mut self, start: Timestamp, why: &str, closed: bool, at: Timestamp) {
        if closed {
            (self.gap, self.listed_at) = (None, at);
        } else {
            self.gap = Some(OpenGap { start, why: why.into(), resumed: None });
        }
    }
}

impl Store {
    /// Notes that the event stream is open, at the wall time `at`. Lists requested from now on can close a gap.
    pub fn resume_stream(&mut self, at: Timestamp) {
        let mark = self.tick();
        self.continuity.heard(at);
        if let Some(gap) = &mut self.continuity.gap {
            gap.resumed = Some(mark);
        }
    }

    /// Reports that events were lost, noticed at the wall time `at`.
    ///
    /// A gap that no list has closed yet continues.
    pub fn open_gap(&mut self, why: &str, at: Timestamp, reader: &mut impl ChangeReader) {
        let start = self.continuity.gap.as_ref().map_or(self.continuity.heard_at, |gap| gap.start);
        reader.read(&Change::Gap(Gap { start, at, closed: false, why }));
        self.continuity.gap = Some(OpenGap { start, why: why.into(), resumed: None });
    }

    /// Closes the gap if a list of all tasks, requested at `mark`, came after the stream had resumed.
    pub(super) fn close_gap(&mut self, mark: Mark, at: Timestamp, reader: &mut impl ChangeReader) {
        self.continuity.listed_at = at;
        let healed = |gap: &mut OpenGap| gap.resumed.is_some_and(|resumed| resumed < mark);
        if let Some(OpenGap { start, why, .. }) = self.continuity.gap.take_if(healed) {
            reader.read(&Change::Gap(Gap { start, at, closed: true, why: &why }));
        }
    }
}

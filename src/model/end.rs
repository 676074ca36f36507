//! How a task left the BBS, as far as is known.

use super::{Cause, RequestId, State, Task, Timestamp};

/// How a task left the BBS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// The BBS called its completion callback, and deleted it.
    CalledBack,
    /// The operator of this program deleted it.
    DeletedByUs,
    /// Another client resolved and deleted it.
    DeletedByOther,
    /// Nobody resolved it in time, so the BBS deleted it.
    Expired,
    /// It was missing when it was looked for: how it left was not seen.
    Vanished,
}

impl End {
    /// Every end.
    pub const ALL: [Self; 5] =
        [Self::CalledBack, Self::DeletedByUs, Self::DeletedByOther, Self::Expired, Self::Vanished];

    /// How a task ended whose removal was told with this version of it.
    ///
    /// Clients can delete only what is Resolving; what is removed as Completed went in a sweep. Source: "Life of a
    /// task" of the API.
    pub fn of_removed(task: &Task) -> Self {
        match task.state {
            State::Completed => Self::Expired,
            _ if task.definition.names_callback() => Self::CalledBack,
            _ => Self::DeletedByOther,
        }
    }
}

/// How and when a task left the BBS, and what is known about that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// How it left.
    pub how: End,
    /// When that was learnt (our wall time).
    pub at: Timestamp,
    /// The stretch in which it left unseen. None if its removal was told, or if it was looked up.
    pub unseen: Option<Unseen>,
    /// The id of the request by which we deleted it, once it is known.
    pub request: Option<RequestId>,
    /// How it left if our delete did not do it. The BBS may still refuse a delete that was sent before the task left.
    pub without_us: End,
}

/// A stretch of time that ended with a list that lacks the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unseen {
    /// When it began (our wall time): with the list before, or when the event stream was lost.
    pub since: Timestamp,
    /// Whether events were lost in it. Otherwise there was no event stream, or the event is late.
    pub is_gap: bool,
}

impl Ended {
    /// Returns the end of a task whose removal was told or that was looked up, at our wall time `at`.
    pub const fn new(how: End, at: Timestamp) -> Self {
        Self { how, at, unseen: None, request: None, without_us: how }
    }

    /// Returns the same end as our doing.
    #[must_use]
    pub const fn by_us(self) -> Self {
        Self { how: End::DeletedByUs, without_us: self.how, ..self }
    }

    /// Returns the same end, now that its removal was told. What our delete ended stays ours.
    #[must_use]
    pub const fn explained_by(self, told: Self) -> Self {
        let how = if matches!(self.how, End::DeletedByUs) { self.how } else { told.how };
        Self { how, at: self.at, request: self.request, ..told }
    }

    /// Returns the cause in one word. `last` is the last known version of the task.
    pub fn cause(&self, last: &Task) -> Cause {
        Cause::of(last, self.how)
    }
}

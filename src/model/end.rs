//! How a task left the BBS, as far as is known.

use super::{State, Task};

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

    /// How a task ended that was asked for and is not there.
    pub fn of_missing(task: &Task) -> Self {
        if task.definition.names_callback() { Self::CalledBack } else { Self::Vanished }
    }
}

//! What a session counts: figures that `app` hands out and metrics export.
//!
//! Figures are read from what the store and the feed hold, so they are right again after every list, whatever was missed.

use std::time::Duration;

use super::{CellId, Domain, State, Stuck, Timestamp};

/// What a session counts, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// The tasks that the BBS holds, in parts without a task in common.
    pub tasks: Vec<TaskCount>,
    /// How many of them are stuck, by the way in which they are. One task can be stuck in several ways.
    pub stuck: Vec<(Stuck, usize)>,
    /// How current they are.
    pub health: FeedHealth,
    /// What the feed has done so far.
    pub feed: FeedTotals,
}

/// The number of tasks that have these attributes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskCount {
    /// The domain.
    pub domain: Domain,
    /// The cell that runs the tasks, or ran them last.
    pub cell: Option<CellId>,
    /// The state.
    pub state: State,
    /// Whether they failed.
    pub failed: bool,
    /// How many there are.
    pub tasks: usize,
}

/// How current the rows are, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeedHealth {
    /// No list has completed yet.
    #[default]
    Connecting,
    /// Events arrive as they happen.
    Live,
    /// Lists are the feed.
    Polling,
    /// The server has been silent for so long that the rows may be out of date.
    Silent,
    /// Lists fail, and the rows are out of date.
    Stale,
}

impl FeedHealth {
    /// Every health.
    pub const ALL: [Self; 5] = [Self::Connecting, Self::Live, Self::Polling, Self::Silent, Self::Stale];

    /// Returns the word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Polling => "polling",
            Self::Silent => "not responding",
            Self::Stale => "stale",
        }
    }
}

/// What a feed has done since the session began. Every number only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedTotals {
    /// Lists that were completed.
    pub lists: u64,
    /// Lists that failed.
    pub failed_lists: u64,
    /// How long the completed lists took, from the request to the last byte.
    pub list_time: Duration,
    /// Size of the completed lists in bytes.
    pub list_bytes: u64,
    /// Tasks in the completed lists.
    pub list_tasks: u64,
    /// When the last list was complete (our wall time); unset before the first one.
    pub listed_at: Timestamp,
    /// How often the event stream was opened.
    pub streams: u64,
    /// Events that could not be read.
    pub skipped_events: u64,
}

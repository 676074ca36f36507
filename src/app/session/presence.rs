//! Which domains are fresh and which cells are present, as far as that is known.
//!
//! A call that failed says nothing about them, so the answer and the failure are separate variants: a failure is never
//! taken for an empty answer.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use crate::clock::Now;
use crate::model::Fault;

/// Signs in the side panes, and what they mean: for help.
pub const SIGNS: &[(&str, &str)] = &[
    ("~ domain", "no client keeps it fresh; normal for cf-app-staging"),
    ("~ cell", "not present: its rep no longer reports to the BBS"),
];

/// The things that are present, by name, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence<K, V = ()> {
    /// No answer has come yet.
    NeverAsked,
    /// The last call was answered.
    Known {
        /// When.
        at: Now,
        /// All that are present.
        all: BTreeMap<K, V>,
    },
    /// The last call failed.
    Unknown {
        /// Since when calls fail.
        since: Now,
        /// The fault of the last one.
        why: Fault,
        /// Those that were present when it was last known.
        last: BTreeMap<K, V>,
    },
}

/// Whether one thing is present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Present,
    /// The server answered, and it was not there.
    Absent,
    /// Not known now.
    Unknown,
}

impl<K: Ord, V> Presence<K, V> {
    /// Takes the answer to a call.
    pub(in crate::app) fn take(&mut self, answer: Result<impl IntoIterator<Item = (K, V)>, Fault>, now: Now) {
        *self = match (answer, std::mem::replace(self, Self::NeverAsked)) {
            (Ok(all), _) => Self::Known { at: now, all: all.into_iter().collect() },
            (Err(why), Self::NeverAsked) => Self::Unknown { since: now, why, last: BTreeMap::new() },
            (Err(why), Self::Known { all, .. }) => Self::Unknown { since: now, why, last: all },
            (Err(why), Self::Unknown { since, last, .. }) => Self::Unknown { since, why, last },
        };
    }

    /// Returns what is known of one thing.
    pub(in crate::app) fn of<Q: Ord + ?Sized>(&self, key: &Q) -> Standing
    where
        K: Borrow<Q>,
    {
        match self {
            Self::Known { all, .. } if all.contains_key(key) => Standing::Present,
            Self::Known { .. } => Standing::Absent,
            Self::NeverAsked | Self::Unknown { .. } => Standing::Unknown,
        }
    }

    /// Returns the names that are present, or were when that was last known.
    pub(in crate::app) fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// Returns the things that are present, or were when that was last known.
    pub(in crate::app) fn iter(&self) -> impl Iterator<Item = (&K, &V)> + Clone {
        let all = match self {
            Self::NeverAsked => None,
            Self::Known { all, .. } | Self::Unknown { last: all, .. } => Some(all),
        };
        all.into_iter().flatten()
    }

    /// Returns since when the answer is unknown, and why.
    pub fn trouble(&self) -> Option<(Now, &Fault)> {
        match self {
            Self::Unknown { since, why, .. } => Some((*since, why)),
            Self::NeverAsked | Self::Known { .. } => None,
        }
    }
}

//! What the server says of the domains and the cells: which are there, and whether we know.
//!
//! A call that failed says nothing about them. So the answer and the failure are two variants, and no failure can be
//! taken for an empty answer.

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
        /// What the last one met.
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
    /// Nobody knows now.
    Unknown,
}

impl<K: Ord, V> Presence<K, V> {
    /// Takes the answer to a call.
    pub(super) fn take(&mut self, answer: Result<impl IntoIterator<Item = (K, V)>, Fault>, now: Now) {
        *self = match (answer, std::mem::replace(self, Self::NeverAsked)) {
            (Ok(all), _) => Self::Known { at: now, all: all.into_iter().collect() },
            (Err(why), Self::NeverAsked) => Self::Unknown { since: now, why, last: BTreeMap::new() },
            (Err(why), Self::Known { all, .. }) => Self::Unknown { since: now, why, last: all },
            (Err(why), Self::Unknown { since, last, .. }) => Self::Unknown { since, why, last },
        };
    }

    /// What is known of one thing.
    pub(super) fn of(&self, key: &K) -> Standing {
        match self {
            Self::Known { all, .. } if all.contains_key(key) => Standing::Present,
            Self::Known { .. } => Standing::Absent,
            Self::NeverAsked | Self::Unknown { .. } => Standing::Unknown,
        }
    }

    /// What was said of one thing last.
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        match self {
            Self::NeverAsked => None,
            Self::Known { all, .. } | Self::Unknown { last: all, .. } => all.get(key),
        }
    }

    /// Those that are present, or were when it was last known.
    pub(super) fn keys(&self) -> impl Iterator<Item = &K> {
        let all = match self {
            Self::NeverAsked => None,
            Self::Known { all, .. } | Self::Unknown { last: all, .. } => Some(all),
        };
        all.into_iter().flat_map(BTreeMap::keys)
    }

    /// Since when it is unknown, and why.
    pub fn trouble(&self) -> Option<(Now, &Fault)> {
        match self {
            Self::Unknown { since, why, .. } => Some((*since, why)),
            Self::NeverAsked | Self::Known { .. } => None,
        }
    }
}

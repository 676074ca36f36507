//! The three names that Diego's tasks carry. Each is a type of its own, so that a cell cannot stand where a
//! domain belongs. All are cheap to clone: a list of 100,000 tasks shares its few domains and cells, and holds its
//! many guids in place.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrayvec::ArrayString;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, held in $held:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($held);

        impl $name {
            /// The name as the server gave it: not made safe for a terminal.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($held::new(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self($held::new(&text))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }
    };
}

/// A name that many tasks carry: one text for all of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Shared(Arc<str>);

impl Shared {
    fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long the guids of Cloud Controller are.
const USUAL: usize = 36;

/// A name that one task carries, in place where it is not longer than usual: to look at a hundred thousand of them,
/// each somewhere else in memory, takes ten times as long.
#[derive(Clone)]
enum Own {
    InPlace(ArrayString<USUAL>),
    Elsewhere(Arc<str>),
}

impl Own {
    fn new(text: &str) -> Self {
        ArrayString::from(text).map_or_else(|_| Self::Elsewhere(Arc::from(text)), Self::InPlace)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::InPlace(text) => text,
            Self::Elsewhere(text) => text,
        }
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Own {}

impl PartialOrd for Own {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Own {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Own {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

identifier! {
    /// A task's guid: its identity, everywhere. A row number never is.
    TaskGuid, held in Own
}

identifier! {
    /// A domain: the part of Diego's work that one client keeps fresh, like `cf-tasks`.
    Domain, held in Shared
}

identifier! {
    /// A cell's id: the machine that runs a task.
    CellId, held in Shared
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_guid_of_any_length_is_found_and_ordered_by_its_text() {
        let texts = ["", "a", "0b1c", &"g".repeat(USUAL), &"g".repeat(USUAL + 1), &"f".repeat(500)];
        let known: HashMap<_, _> = texts.iter().map(|text| (TaskGuid::from(*text), text.len())).collect();
        for text in texts {
            assert_eq!(known.get(text), Some(&text.len()), "found by its text");
            assert_eq!(known.get(&TaskGuid::from(text.to_owned())), Some(&text.len()));
        }
        let mut guids = texts.map(TaskGuid::from);
        guids.sort();
        let mut sorted = texts;
        sorted.sort_unstable();
        assert_eq!(guids.map(|guid| guid.to_string()), sorted.map(str::to_owned));
    }

    #[test]
    fn a_guid_is_as_small_as_its_text_allows() {
        assert!(size_of::<TaskGuid>() <= 48, "{}", size_of::<TaskGuid>());
    }
}

//! Identifier types: task guids, domains and cell ids. Separate types, so that they cannot be mixed up.
//!
//! All are cheap to clone: tasks share the text of their few domains and cells, and store their guids inline.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrayvec::ArrayString;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, stored as $storage:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($storage);

        impl $name {
            /// Returns the text as received; not sanitized for the terminal.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self($storage::new(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self($storage::new(&text))
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

/// Text shared by many tasks, reference counted.
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

/// Length in bytes of Cloud Controller's guids.
const GUID_LENGTH: usize = 36;

/// Text of a single task, stored inline if it is not longer than a usual guid. Scanning 100,000 guids is ten times
/// slower if each is a separate allocation.
#[derive(Clone)]
enum Inline {
    Stack(ArrayString<GUID_LENGTH>),
    Heap(Arc<str>),
}

impl Inline {
    fn new(text: &str) -> Self {
        ArrayString::from(text).map_or_else(|_| Self::Heap(Arc::from(text)), Self::Stack)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Stack(text) => text,
            Self::Heap(text) => text,
        }
    }
}

impl PartialEq for Inline {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Inline {}

impl PartialOrd for Inline {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Inline {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Inline {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

identifier! {
    /// Guid of a task: its identity. Row numbers must never be used as one.
    TaskGuid, stored as Inline
}

identifier! {
    /// A domain: the set of tasks that one client owns, such as `cf-tasks`.
    Domain, stored as Shared
}

identifier! {
    /// Id of a cell, a machine that runs tasks.
    CellId, stored as Shared
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn guids_of_any_length_compare_and_hash_by_text() {
        let texts =
            ["", "a", "0b1c", &"g".repeat(GUID_LENGTH), &"g".repeat(GUID_LENGTH + 1), &"f".repeat(500)];
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
    fn a_guid_has_no_size_overhead() {
        assert!(size_of::<TaskGuid>() <= 48, "{}", size_of::<TaskGuid>());
    }
}

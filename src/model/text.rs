//! A reason or a result: many tasks say the same, and whoever keeps them may let them share it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text of a task. Cheap to clone; an empty one has no memory of its own.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct TaskText(Option<Arc<str>>);

impl Deref for TaskText {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl From<&str> for TaskText {
    fn from(text: &str) -> Self {
        Self((!text.is_empty()).then(|| Arc::from(text)))
    }
}

impl From<String> for TaskText {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Cow<'_, str>> for TaskText {
    fn from(text: Cow<'_, str>) -> Self {
        Self::from(&*text)
    }
}

impl fmt::Display for TaskText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for TaskText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

//! Searches reasons: in their patterns, and in the names of the cells, apps and domains of their failures.

use crate::model::failures::{Dimension, Reason};

/// How many names of each property are searched. More are not seen on the screen either.
const MAX_NAMES: usize = 1_000;

/// Words to search for. Capitals in them must match.
pub(super) struct Search<'a> {
    words: Vec<&'a str>,
    is_exact: bool,
}

impl<'a> Search<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { words: text.split_whitespace().collect(), is_exact: text.contains(char::is_uppercase) }
    }

    /// Returns whether each word is in the pattern or in a name.
    pub(super) fn finds(&self, reason: &Reason<'_>) -> bool {
        self.words.iter().all(|word| {
            let is_in = |text: &str| {
                if self.is_exact { text.contains(word) } else { text.to_lowercase().contains(word) }
            };
            reason.pattern().is_some_and(is_in)
                || Dimension::ALL.iter().any(|of| {
                    reason
                        .values(*of)
                        .take(MAX_NAMES)
                        .any(|(value, _)| value.id().is_some_and(|id| is_in(value.label()) || is_in(id)))
                })
        })
    }
}

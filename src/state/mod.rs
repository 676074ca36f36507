//! State that taskdeck keeps between runs: the filters that were entered, and the hints that were seen.
//!
//! [`SavedState`] is a plain value with its format; only [`StateFile`] reads and writes. The dashboard decides what to
//! save, `runtime` saves it.

mod file;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use file::StateFile;

/// How many filters are kept.
const MAX_FILTERS: usize = 100;

/// The first line of the file.
const HEADING: &str =
    "# Saved by taskdeck: recent filters, and hints that were shown. You can delete this file.\n";

/// What is kept between runs. Unknown keys are ignored, so that an older version can read the file of a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedState {
    /// The filters that were entered, newest first, none twice.
    filters: Vec<String>,
    /// The names of the hints that were shown.
    hints_seen: BTreeSet<String>,
}

impl SavedState {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// What is wrong with the text, and where.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parsed: Self = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            format!("line {}: {}", before.matches('\n').count() + 1, error.message())
        })?;
        Ok(Self { hints_seen: parsed.hints_seen, ..Self::default() }.followed_by(parsed.filters))
    }

    /// Returns the text of a file with this state.
    ///
    /// # Errors
    /// The state cannot be written as TOML.
    pub fn to_text(&self) -> Result<String, toml::ser::Error> {
        Ok([HEADING, &toml::to_string(self)?].concat())
    }

    /// Returns the filters that were entered, newest first.
    pub fn filters(&self) -> &[String] {
        &self.filters
    }

    /// Adds a filter that was entered. One that is there already moves to the front. Returns whether this changed
    /// anything; a blank filter does not.
    pub fn add_filter(&mut self, filter: &str) -> bool {
        let filter = filter.trim();
        if filter.is_empty() || self.filters.first().is_some_and(|newest| newest == filter) {
            return false;
        }
        self.filters.retain(|held| held != filter);
        self.filters.insert(0, filter.to_owned());
        self.filters.truncate(MAX_FILTERS);
        true
    }

    /// Returns whether a hint was shown.
    pub fn has_seen(&self, hint: &str) -> bool {
        self.hints_seen.contains(hint)
    }

    /// Records that a hint was shown. Returns whether it had not been before.
    pub fn see(&mut self, hint: &str) -> bool {
        self.hints_seen.insert(hint.to_owned())
    }

    /// Returns this state with what `other` has in addition: another dashboard may have saved it meanwhile.
    #[must_use]
    pub fn merged_with(&self, other: Self) -> Self {
        let mut merged = self.clone();
        merged.hints_seen.extend(other.hints_seen);
        merged.followed_by(other.filters)
    }

    /// Appends older filters.
    fn followed_by(mut self, older: Vec<String>) -> Self {
        for filter in older {
            if self.filters.len() < MAX_FILTERS
                && !filter.trim().is_empty()
                && !self.filters.contains(&filter)
            {
                self.filters.push(filter);
            }
        }
        self
    }
}

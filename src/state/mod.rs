//! State that taskdeck keeps between runs: the filters and commands that were entered, the last view of each target, and
//! the hints that were seen.
//!
//! [`SavedState`] is a plain value with its format; only [`StateFile`] reads and writes. The dashboard decides what to
//! save, `runtime` saves it.

mod file;
#[cfg(test)]
mod tests;
mod views;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use file::StateFile;
pub use views::{SavedGroup, SavedView};

/// How many filters and how many commands are kept.
const MAX_ENTRIES: usize = 100;

/// The first line of the file.
const HEADING: &str = "# Saved by taskdeck: recent filters and commands, last views of targets, and hints that were shown. You can delete this file.\n";

/// What is kept between runs. Unknown keys are ignored, so that an older version can read the file of a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedState {
    /// The filters that were entered, newest first, none twice.
    filters: Vec<String>,
    /// The commands that were typed, newest first, none twice.
    commands: Vec<String>,
    /// The name of the theme that was chosen.
    theme: Option<String>,
    /// The names of the hints that were shown.
    hints_seen: BTreeSet<String>,
    /// The last views of targets, newest first, one for each.
    views: Vec<SavedView>,
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
        // Drops blank and repeated entries.
        Ok(Self::default().merged_with(parsed))
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
        add(&mut self.filters, filter)
    }

    /// Returns the commands that were typed, newest first.
    pub fn commands(&self) -> &[String] {
        &self.commands
    }

    /// Adds a command that was typed, as [`Self::add_filter`] does.
    pub fn add_command(&mut self, command: &str) -> bool {
        add(&mut self.commands, command)
    }

    /// Returns the name of the theme that was chosen.
    pub fn theme(&self) -> Option<&str> {
        self.theme.as_deref()
    }

    /// Keeps the name of the theme. Returns whether this changed anything.
    pub fn keep_theme(&mut self, name: &str) -> bool {
        let name = Some(name.to_owned());
        std::mem::replace(&mut self.theme, name.clone()) != name
    }

    /// Returns whether a hint was shown.
    pub fn has_seen(&self, hint: &str) -> bool {
        self.hints_seen.contains(hint)
    }

    /// Records that a hint was shown. Returns whether it had not been before.
    pub fn see(&mut self, hint: &str) -> bool {
        self.hints_seen.insert(hint.to_owned())
    }

    /// Adds the last view of a target. Returns whether this changed anything.
    pub fn add_view(&mut self, view: SavedView) -> bool {
        views::add(&mut self.views, view)
    }

    /// Takes the last views out. A dashboard adds those that it changes itself, so that it does not overwrite what another
    /// one saves of other targets.
    pub fn take_views(&mut self) -> Vec<SavedView> {
        std::mem::take(&mut self.views)
    }

    /// Returns this state with what `other` has in addition: another dashboard may have saved it meanwhile.
    #[must_use]
    pub fn merged_with(&self, other: Self) -> Self {
        let mut merged = self.clone();
        append(&mut merged.filters, other.filters);
        append(&mut merged.commands, other.commands);
        merged.theme = merged.theme.or(other.theme);
        merged.hints_seen.extend(other.hints_seen);
        views::append(&mut merged.views, other.views);
        merged
    }
}

/// Puts an entry in front, and takes out an equal one. Returns whether this changed anything.
fn add(entries: &mut Vec<String>, entry: &str) -> bool {
    let entry = entry.trim();
    if entry.is_empty() || entries.first().is_some_and(|newest| newest == entry) {
        return false;
    }
    entries.retain(|held| held != entry);
    entries.insert(0, entry.to_owned());
    entries.truncate(MAX_ENTRIES);
    true
}

/// Appends older entries, as far as there is room for them.
fn append(entries: &mut Vec<String>, older: Vec<String>) {
    for entry in older {
        if entries.len() < MAX_ENTRIES && !entry.trim().is_empty() && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
}

//! Completions of what is being typed: which candidates fit, in which order. Pure.

use std::cmp::Reverse;
use std::ops::Range;

/// How many completions are offered at most.
const MAX_OFFERED: usize = 200;

/// What stands beside a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// How many tasks have this value.
    Count(usize),
    /// What it means.
    Help(String),
    /// Why it is not available now.
    Unavailable(String),
}

/// A text that can be completed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is shown, and compared with what was typed. Not sanitised.
    pub label: String,
    /// What is inserted.
    pub insert: String,
    /// What stands beside it.
    pub note: Note,
}

/// A candidate that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The candidate.
    pub candidate: Candidate,
    /// The bytes of the label that match what was typed.
    pub matched: Range<usize>,
}

/// What is offered at the cursor, and which of it is highlighted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// What is being completed: the heading of the list.
    pub title: String,
    /// What fits, best first.
    pub items: Vec<Completion>,
    /// The index of the highlighted one, which stands in the text.
    pub chosen: Option<usize>,
    /// The bytes of the text that a completion replaces.
    pub(super) at: Range<usize>,
}

impl Completions {
    /// Returns the candidates that contain what was typed, ignoring case: first those that start with it, then the most
    /// frequent, and otherwise in the given order.
    pub(in crate::app) fn of(
        title: impl Into<String>,
        typed: &str,
        at: Range<usize>,
        candidates: impl IntoIterator<Item = Candidate>,
    ) -> Self {
        let fits = |candidate: Candidate| {
            let matched = find_ignoring_case(&candidate.label, typed)?;
            Some(Completion { candidate, matched })
        };
        let mut items: Vec<_> = candidates.into_iter().filter_map(fits).collect();
        // Nothing is left to complete.
        if items.iter().all(|item| item.candidate.insert == typed) {
            items.clear();
        }
        items.sort_by_key(|item| (item.matched.start > 0, Reverse(item.candidate.count())));
        items.truncate(MAX_OFFERED);
        Self { title: title.into(), items, chosen: None, at }
    }

    /// Returns the byte of the text where a completion begins.
    pub fn start(&self) -> usize {
        self.at.start
    }

    /// Returns the highlighted candidate.
    pub(super) fn highlighted(&self) -> Option<&Candidate> {
        self.chosen.and_then(|at| self.items.get(at)).map(|item| &item.candidate)
    }

    /// Highlights the next or the previous one. Past the last one is none: the text as it was typed.
    pub(super) fn step(&mut self, forward: bool) {
        let last = self.items.len().checked_sub(1);
        self.chosen = match (self.chosen, forward) {
            (None, true) => last.map(|_| 0),
            (None, false) => last,
            (Some(at), true) => Some(at + 1).filter(|next| Some(*next) <= last),
            (Some(at), false) => at.checked_sub(1),
        };
    }
}

impl Note {
    /// Returns the note with the name of what it is about.
    pub(in crate::app) fn about(self, name: &str) -> Self {
        match self {
            Self::Unavailable(why) => Self::Unavailable(format!("{name}: {why}")),
            Self::Help(help) => Self::Help(format!("{name}: {help}")),
            Self::Count(count) => Self::Count(count),
        }
    }
}

impl Candidate {
    /// Returns a candidate that is inserted as it is shown.
    pub(in crate::app) fn new(text: impl Into<String>, note: Note) -> Self {
        let label = text.into();
        Self { insert: label.clone(), label, note }
    }

    /// Returns a candidate that is inserted as it is shown, with what it means.
    pub(in crate::app) fn with_help(text: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(text, Note::Help(help.into()))
    }

    const fn count(&self) -> usize {
        match self.note {
            Note::Count(count) => count,
            Note::Help(_) | Note::Unavailable(_) => 0,
        }
    }
}

/// Returns the bytes of the first occurrence.
fn find_ignoring_case(text: &str, wanted: &str) -> Option<Range<usize>> {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.into_iter().find_map(|start| {
        let rest = text.get(start..)?;
        let mut length = 0;
        let mut chars = rest.chars();
        for wanted in wanted.chars() {
            let c = chars.next()?;
            if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
                return None;
            }
            length += c.len_utf8();
        }
        Some(start..start + length)
    })
}

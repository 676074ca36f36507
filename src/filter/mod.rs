//! The filter language: `state:pending age:>10m domain:cf-* !cell:cell-01 reason:~memory`. A filter is parsed once
//! and then applied to up to a hundred thousand tasks at every keystroke.
//!
//! Pure, and depends on `model` alone: no clock (`now` is part of the subject), no terminal, no dashboard state.
//! Fields are records in [`FIELDS`], from which help, docs and error messages are made.

mod cursor;
mod field;
mod lexer;
mod parse;
mod partial;
mod range;
mod required;
mod smart_regex;
mod substring;
mod syntax;
mod syntax_error;
mod term;
#[cfg(test)]
mod tests;
mod wildcard;

use crate::model::{Cause, CellId, StuckSet, Task, TaskFilter, Timestamp};

pub use crate::model::{Shared, Texts};
pub use cursor::{Token, quoted};
pub use field::{FIELDS, Field, Flag, Kind, Text, markdown};
pub use parse::{ANY, GONE};
pub use partial::{Decision, TermResults, TermSet};
pub use required::Required;
pub use syntax::{FORMS, Form, markdown as forms_markdown};
pub use syntax_error::SyntaxError;

use parse::Reader;
use term::Term;

/// What a filter is applied to.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The task as last seen.
    pub task: &'a Task,
    /// The current cell, or the last known one.
    pub cell: Option<&'a CellId>,
    /// Why the task ended; none while the BBS holds it.
    pub cause: Option<Cause>,
    /// How the task is stuck; nothing once it has ended.
    pub stuck: StuckSet,
    /// The server's time, from which ages are computed.
    pub now: Timestamp,
}

impl<'a> Subject<'a> {
    /// Returns the subject for a task that the BBS holds.
    pub fn held(task: &'a Task, now: Timestamp) -> Self {
        Self { task, cell: task.cell.as_ref(), cause: None, stuck: StuckSet::NONE, now }
    }
}

/// A parsed filter: terms that must all hold. The default admits every task.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: Box<str>,
    /// Sorted by cost, cheapest first.
    terms: Vec<Term>,
    all: TermSet,
    /// The terms that may need the guid once shared facts and texts leave them undecided.
    by_guid: TermSet,
}

impl Filter {
    /// Parses a filter; blank text gives the filter that admits every task. The error names the bytes at fault.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Self::parse_for(Reader::Dashboard, text)
    }

    /// Parses a filter for a script. What only the dashboard can tell of a task is an error: the script would silently act
    /// on nothing, or, negated, on everything.
    pub fn parse_for_script(text: &str) -> Result<Self, SyntaxError> {
        Self::parse_for(Reader::Script, text)
    }

    fn parse_for(reader: Reader, text: &str) -> Result<Self, SyntaxError> {
        let mut terms = parse::terms(text, reader)?;
        terms.sort_by_key(Term::cost);
        let (all, by_guid) =
            (TermSet::matching(&terms, |_| true), TermSet::matching(&terms, Term::may_need_guid));
        Ok(Self { text: text.trim().into(), terms, all, by_guid })
    }

    /// Returns the filter as it was typed, trimmed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the filter has no terms, and so admits every task.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Returns whether every term holds.
    pub fn admits(&self, subject: &Subject<'_>) -> bool {
        self.terms.iter().all(|term| term.holds(subject))
    }

    /// Returns the part of the filter that the server can apply: one domain and one cell. A list so restricted has
    /// every task that [`Self::admits`] lets through, as far as the subject's cell is the task's own: the server
    /// clears the cell of a Completed task.
    pub fn for_list(&self) -> TaskFilter {
        TaskFilter {
            domain: self.terms.iter().find_map(Term::only_domain).map(Into::into),
            cell: self.terms.iter().find_map(Term::only_cell).map(Into::into),
        }
    }

    /// Returns whether `other` admits everything that this filter admits. A quick, conservative test: `false` means
    /// unknown.
    pub fn is_narrower_than(&self, other: &Self) -> bool {
        other.terms.iter().all(|wanted| self.terms.iter().any(|term| term.implies(wanted)))
    }

    /// Returns whether the result for an unchanged task may change with time.
    pub fn depends_on_time(&self) -> bool {
        self.terms.iter().any(Term::depends_on_time)
    }
}

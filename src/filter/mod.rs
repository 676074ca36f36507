//! The filter language: `state:pending age:>10m domain:cf-* !cell:cell-01 reason:~memory`. A text is parsed once and
//! then asked of a hundred thousand tasks for every letter that is typed.
//!
//! Pure, and of `model` only: no clock (`now` is part of what is asked about), no terminal, no state of the dashboard.
//! Fields are rows of [`FIELDS`]: help, docs and mistakes are made of them.

mod field;
mod lexer;
mod parse;
mod partial;
mod range;
mod smart_regex;
mod substring;
mod syntax_error;
mod term;
#[cfg(test)]
mod tests;
mod wildcard;

use crate::model::{CellId, Task, TaskFilter, Timestamp};

pub use crate::model::{Shared, Texts};
pub use field::{FIELDS, Field, Kind, markdown};
pub use partial::{Decision, Known, Terms};
pub use syntax_error::SyntaxError;

use term::Term;

/// What a filter is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The task, as last seen.
    pub task: &'a Task,
    /// The cell it is on, or was on last where that is known.
    pub cell: Option<&'a CellId>,
    /// Whether it is no longer in the BBS.
    pub ended: bool,
    /// The server's time, which ages are told by.
    pub now: Timestamp,
}

impl<'a> Subject<'a> {
    /// A task just as the BBS holds it.
    pub fn held(task: &'a Task, now: Timestamp) -> Self {
        Self { task, cell: task.cell.as_ref(), ended: false, now }
    }
}

/// Terms that must all hold. The default one admits everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    text: Box<str>,
    /// The cheap ones first.
    terms: Vec<Term>,
    all: Terms,
    /// Those that the guid decides where what tasks share does not.
    by_guid: Terms,
}

impl Filter {
    /// Reads a filter. A text without a word in it is the filter that admits everything.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut terms = parse::terms(text)?;
        terms.sort_by_key(Term::cost);
        let (all, by_guid) = (Terms::those(&terms, |_| true), Terms::those(&terms, Term::is_told_by_guid));
        Ok(Self { text: text.trim().into(), terms, all, by_guid })
    }

    /// As it was written, without the blanks around it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it admits everything, because it says nothing.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether every term holds.
    pub fn admits(&self, subject: &Subject<'_>) -> bool {
        self.terms.iter().all(|term| term.holds(subject))
    }

    /// What the server can apply of it: one whole domain, one whole cell. All that [`Self::admits`] lets through is
    /// in such a list, as far as the subject's cell is the task's own: the server has forgotten where a Completed
    /// task ran.
    pub fn for_list(&self) -> TaskFilter {
        TaskFilter {
            domain: self.terms.iter().find_map(Term::only_domain).map(Into::into),
            cell: self.terms.iter().find_map(Term::only_cell).map(Into::into),
        }
    }

    /// Whether all that it admits is admitted by `other` at the same time, as far as can be told at a glance:
    /// `false` says nothing.
    pub fn is_narrower_than(&self, other: &Self) -> bool {
        other.terms.iter().all(|wanted| self.terms.iter().any(|term| term.implies(wanted)))
    }

    /// Whether a task that does not change may come or go as time passes.
    pub fn depends_on_time(&self) -> bool {
        self.terms.iter().any(Term::depends_on_time)
    }
}

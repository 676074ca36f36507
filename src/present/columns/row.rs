//! What the cells of a row are made from.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::super::{Tone, format, of_task};
use crate::model::{CellId, Clocks, DefinitionSummary, Ended, Life, Span, Task, Timestamp, started_at};

/// How points in time are shown.
#[derive(Debug, Clone, Copy)]
pub enum Times<'a> {
    /// How long ago.
    Age,
    /// In this zone.
    In(&'a TimeZone),
}

/// The summary of a definition that is not read.
pub static NO_SUMMARY: DefinitionSummary<'static> = DefinitionSummary {
    memory_mb: 0,
    disk_mb: 0,
    log_guid: Cow::Borrowed(""),
    callback_url: Cow::Borrowed(""),
    annotation: Cow::Borrowed(""),
};

/// What a cell's text may depend on.
#[derive(Debug, Clone, Copy)]
pub struct RowFacts<'a> {
    /// The task, as last seen.
    pub task: &'a Task,
    /// The cell that runs the task, or the last one that did: the BBS forgets it on completion.
    pub cell: Option<&'a CellId>,
    /// The availability zone of that cell; empty if it is not known.
    pub zone: &'a str,
    /// What columns show of the definition; empty if no visible column needs it.
    pub summary: &'a DefinitionSummary<'a>,
    /// When the task started; unset if that is not known.
    pub started_at: Timestamp,
    /// How and when the task left; none while the BBS holds it.
    pub end: Option<&'a Ended>,
    /// The clocks of its BBS.
    pub clocks: &'a Clocks,
    /// The server's time.
    pub now: Timestamp,
    /// How points in time are shown.
    pub times: Times<'a>,
}

impl<'a> RowFacts<'a> {
    /// Returns what the task's own record tells, which is all that a list knows.
    pub fn of(task: &'a Task, now: Timestamp) -> Self {
        Self {
            task,
            cell: task.cell.as_ref(),
            zone: "",
            summary: &NO_SUMMARY,
            started_at: started_at(task, Timestamp::UNSET),
            end: None,
            clocks: &Clocks::DEFAULT,
            now,
            times: Times::Age,
        }
    }

    /// Returns the task's course, for its spans of time.
    pub(super) const fn life(&self) -> Life<'a> {
        Life { task: self.task, started_at: self.started_at, ended: self.end.is_some(), clocks: self.clocks }
    }

    /// Returns the tone of the row.
    pub fn tone(&self) -> Tone {
        of_task(self.task, self.end.is_some(), self.clocks, self.now)
    }

    pub(super) fn span(&self, span: Span) -> Cow<'static, str> {
        Cow::Owned(match span {
            Span::Unknown => String::new(),
            Span::Since(at) => format::age(self.now.since(at)),
            Span::Took(took) => format::took(took),
        })
    }

    /// Returns a span in seconds, for programs.
    pub(super) fn seconds(&self, span: Span) -> Cow<'static, str> {
        Cow::Owned(match span {
            Span::Unknown => String::new(),
            Span::Since(at) => format!("{:.3}", self.now.since(at).as_secs_f64()),
            Span::Took(took) => format!("{:.3}", took.as_secs_f64()),
        })
    }

    pub(super) fn point(&self, at: Timestamp) -> Cow<'static, str> {
        Cow::Owned(match self.times {
            _ if at.is_unset() => String::new(),
            Times::Age => format::age(self.now.since(at)),
            Times::In(zone) => format::timestamp(at, zone),
        })
    }
}

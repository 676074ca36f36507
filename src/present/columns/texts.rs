//! The texts and values of columns that take more than a line.

use std::borrow::Cow;

use super::super::{deadline, sign};
use super::RowFacts;
use crate::model::{CellId, Shared, SortValue, State};

pub(super) fn most_first(mebibytes: i32) -> SortValue<'static> {
    SortValue::Number(!u64::try_from(mebibytes).unwrap_or(0))
}

pub(super) fn last_cell<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    let is_present = row.task.state == State::Running && row.end.is_none();
    Cow::Borrowed(row.cell.filter(|_| !is_present).map_or("", CellId::as_str))
}

pub(super) fn dies_in(row: &RowFacts<'_>) -> Cow<'static, str> {
    let deadline = row.life().deadline();
    deadline.map(|at| deadline::left(at, row.clocks, row.now)).unwrap_or_default()
}

pub(super) fn state_text<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    let sign = match (row.end, row.task.state) {
        // The claim on an ended task is over, its success is not.
        (Some(_), State::Resolving) if !row.task.failed => "✓",
        _ => sign(row.task),
    };
    Cow::Owned([sign, " ", &state_word(row)].concat())
}

pub(super) fn state_word<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    match (row.end, row.task.state.name()) {
        (Some(end), _) => Cow::Borrowed(end.cause(row.task).name()),
        (None, Some(name)) => Cow::Borrowed(name),
        (None, None) => Cow::Owned(row.task.state.to_string()),
    }
}

/// Sorts states in the order of a task's life, and failed tasks before the others of the same state.
pub(super) fn life_order<'a>(shared: &Shared<'a>) -> SortValue<'a> {
    let state = match shared.state {
        State::Invalid => 0,
        State::Pending => 1,
        State::Running => 2,
        State::Completed => 3,
        State::Resolving => 4,
        State::Other(number) => 5 + u64::from(number.cast_unsigned()),
    };
    SortValue::Number(state * 2 + u64::from(!shared.failed))
}

//! The records of the columns.

use std::borrow::Cow;

use super::super::{ending, format, sign};
use super::{Align, Column, Emphasis, Plain, RowFacts, Width};
use crate::model::{CellId, Shared, SortRule, SortValue, State};

/// The key of the state's column.
pub const STATE: &str = "state";
/// The key of the reason's column.
pub const REASON: &str = "reason";
/// The key of the column that the table is sorted by at the start: the newest tasks come first.
pub const DEFAULT_SORT: &str = "age";

/// What most columns have: a record gives what differs.
const BASE: Column = Column {
    key: "",
    title: "",
    summary: "",
    text: |_| Cow::Borrowed(""),
    plain: None,
    rule: SortRule::Guid,
    order: "A to Z",
    field: None,
    width: Width::fixed(0),
    is_time: false,
    rank: 0,
    align: Align::Left,
    emphasis: Emphasis::Never,
    shown: true,
};

/// All columns, in the order of the table.
pub const COLUMNS: &[Column] = &[
    Column {
        key: "guid",
        title: "GUID",
        summary: "the guid",
        text: |row| Cow::Borrowed(row.task.guid.as_str()),
        rule: SortRule::Guid,
        field: Some("guid"),
        width: Width { whole: true, ..Width::flexible(18, 36, 48) },
        rank: 10,
        emphasis: Emphasis::Problems,
        ..BASE
    },
    Column {
        key: "domain",
        title: "DOMAIN",
        summary: "the domain",
        text: |row| Cow::Borrowed(row.task.domain.as_str()),
        rule: SortRule::Shared(|shared| SortValue::text(shared.domain)),
        field: Some("domain"),
        width: Width::flexible(8, 14, 32),
        rank: 5,
        ..BASE
    },
    Column {
        key: STATE,
        title: "STATE",
        summary: "the state, or how the task ended",
        text: state_text,
        plain: Some(Plain { name: "state", text: state_word }),
        rule: SortRule::Shared(life_order),
        order: "Pending to Resolving, failed first",
        field: Some("state"),
        width: Width::flexible(11, 11, 24),
        rank: 9,
        emphasis: Emphasis::Always,
        ..BASE
    },
    Column {
        key: "cell",
        title: "CELL",
        summary: "the cell that runs the task, or the last one that did",
        text: |row| Cow::Borrowed(row.cell.map_or("", CellId::as_str)),
        rule: SortRule::Shared(|shared| SortValue::text(shared.cell)),
        order: "A to Z, none last",
        field: Some("cell"),
        width: Width::flexible(8, 14, 36),
        rank: 4,
        ..BASE
    },
    Column {
        key: "age",
        title: "AGE",
        summary: "the time since the task was desired",
        text: |row| row.point(row.task.created_at),
        plain: Some(Plain {
            name: "created_at",
            text: |row| Cow::Owned(format::rfc3339(row.task.created_at)),
        }),
        rule: SortRule::Time(|task| task.created_at),
        order: "newest first",
        field: Some("age"),
        width: Width::fixed(format::AGE_WIDTH),
        is_time: true,
        rank: 8,
        align: Align::Right,
        ..BASE
    },
    Column {
        key: "in-state",
        title: "IN STATE",
        summary: "the time since the state changed",
        text: |row| row.point(row.task.updated_at),
        plain: Some(Plain {
            name: "updated_at",
            text: |row| Cow::Owned(format::rfc3339(row.task.updated_at)),
        }),
        rule: SortRule::Time(|task| task.updated_at),
        order: "latest change first",
        field: Some("in-state"),
        width: Width::fixed(8),
        is_time: true,
        rank: 6,
        align: Align::Right,
        ..BASE
    },
    Column {
        key: REASON,
        title: "REASON",
        summary: "why the task failed, or why it is still Pending",
        text: |row| Cow::Borrowed(row.task.reason()),
        rule: SortRule::Text(|texts| SortValue::text(texts.reason)),
        order: "A to Z, none last",
        field: Some("reason"),
        width: Width { grows: true, ..Width::flexible(12, 24, u16::MAX) },
        rank: 7,
        emphasis: Emphasis::Problems,
        ..BASE
    },
    Column {
        key: "result",
        title: "RESULT",
        summary: "the content of the task's result file",
        text: |row| Cow::Borrowed(&row.task.result),
        rule: SortRule::Text(|texts| SortValue::text(texts.result)),
        order: "A to Z, none last",
        field: Some("result"),
        width: Width::flexible(10, 20, 40),
        rank: 2,
        shown: false,
        ..BASE
    },
    Column {
        key: "rejections",
        title: "REJECTED",
        summary: "how often cells rejected the task",
        text: |row| match row.task.rejection_count {
            0 => Cow::Borrowed(""),
            count => Cow::Owned(count.to_string()),
        },
        plain: Some(Plain {
            name: "rejections",
            text: |row| Cow::Owned(row.task.rejection_count.to_string()),
        }),
        rule: SortRule::Count(|task| u64::try_from(task.rejection_count).unwrap_or(0)),
        order: "most first",
        field: Some("rejections"),
        width: Width::fixed(8),
        rank: 1,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "failed",
        title: "FAILED",
        summary: "whether the task failed",
        text: |row| Cow::Borrowed(if row.task.failed { "failed" } else { "" }),
        plain: Some(Plain { name: "failed", text: |row| Cow::Owned(row.task.failed.to_string()) }),
        rule: SortRule::Shared(|shared| SortValue::Number(u64::from(!shared.failed))),
        order: "failed first",
        field: Some("failed"),
        width: Width::fixed(6),
        rank: 0,
        shown: false,
        ..BASE
    },
];

fn state_text<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    let sign = match (row.end, row.task.state) {
        // The claim on an ended task is over, its success is not.
        (Some(_), State::Resolving) if !row.task.failed => "✓",
        _ => sign(row.task),
    };
    Cow::Owned([sign, " ", &state_word(row)].concat())
}

fn state_word<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    match (row.end, row.task.state.name()) {
        (Some((end, _)), _) => Cow::Borrowed(ending::word(end)),
        (None, Some(name)) => Cow::Borrowed(name),
        (None, None) => Cow::Owned(row.task.state.to_string()),
    }
}

/// Sorts states in the order of a task's life, and failed tasks before the others of the same state.
fn life_order<'a>(shared: &Shared<'a>) -> SortValue<'a> {
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

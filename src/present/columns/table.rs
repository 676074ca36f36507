//! The records of the columns.

use std::borrow::Cow;

use super::super::{deadline, ending, format, sign};
use super::{Align, Column, Cut, Emphasis, Plain, RowFacts, Width};
use crate::model::secret;
use crate::model::{CellId, Life, Shared, SortRule, SortValue, State, Timestamp};

/// The key of the state's column.
pub const STATE: &str = "state";
/// The key of the reason's column.
pub const REASON: &str = "reason";
/// The key of the zone's column.
pub const ZONE: &str = "zone";
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
    cut: Cut::End,
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
        width: Width { whole: true, ..Width::flexible(13, 36, 48) },
        rank: 100,
        cut: Cut::Middle,
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
        rank: 50,
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
        rank: 90,
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
        rank: 40,
        cut: Cut::Middle,
        ..BASE
    },
    Column {
        key: "last-cell",
        title: "LAST CELL",
        summary: "the cell that ran the task, once it no longer runs",
        text: last_cell,
        rule: SortRule::Shared(|shared| match shared.state {
            State::Running if !shared.ended => SortValue::Missing,
            _ => SortValue::text(shared.cell),
        }),
        order: "A to Z, none last",
        width: Width::flexible(9, 14, 36),
        rank: 14,
        cut: Cut::Middle,
        shown: false,
        ..BASE
    },
    Column {
        key: ZONE,
        title: "ZONE",
        summary: "the availability zone of the cell",
        text: |row| Cow::Borrowed(row.zone),
        rule: SortRule::Shared(|shared| SortValue::text(shared.zone)),
        order: "A to Z, none last",
        width: Width::flexible(5, 8, 24),
        rank: 32,
        shown: false,
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
        rank: 80,
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
        rank: 60,
        align: Align::Right,
        ..BASE
    },
    Column {
        key: "waited",
        title: "WAITED",
        summary: "the time from the creation to the start; empty if the start was not seen",
        text: |row| row.span(row.life().waited()),
        plain: Some(Plain { name: "waited_seconds", text: |row| row.seconds(row.life().waited()) }),
        rule: SortRule::Course(|life| life.waited().longest_first()),
        order: "waiting ones first, then the longest; unknown last",
        width: Width::fixed(7),
        rank: 30,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "ran",
        title: "RAN",
        summary: "the time from the start to the completion; empty if the start was not seen",
        text: |row| row.span(row.life().ran()),
        plain: Some(Plain { name: "ran_seconds", text: |row| row.seconds(row.life().ran()) }),
        rule: SortRule::Course(|life| life.ran().longest_first()),
        order: "running ones first, then the longest; unknown last",
        width: Width::fixed(7),
        rank: 28,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "dies-in",
        title: "DIES IN",
        summary: "the time until the BBS fails (Pending), deletes (Completed) or unclaims (Resolving) the task",
        text: dies_in,
        plain: Some(Plain {
            name: "dies_at",
            text: |row| Cow::Owned(deadline_of(&row.life()).map(format::rfc3339).unwrap_or_default()),
        }),
        rule: SortRule::Course(|life| deadline_of(life).map(Timestamp::to_sortable)),
        order: "soonest first, none last",
        width: Width::fixed(8),
        rank: 26,
        align: Align::Right,
        shown: false,
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
        width: Width { grows: true, ..Width::flexible(12, 24, 48) },
        rank: 70,
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
        rank: 24,
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
        width: Width::fixed(9),
        rank: 22,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "memory",
        title: "MEMORY",
        summary: "the memory limit",
        text: |row| Cow::Owned(format::mebibytes(row.summary.memory_mb)),
        plain: Some(Plain { name: "memory_mb", text: |row| Cow::Owned(row.summary.memory_mb.to_string()) }),
        rule: SortRule::Definition(|summary| most_first(summary.memory_mb)),
        order: "most first",
        width: Width::flexible(7, 7, 12),
        rank: 20,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "disk",
        title: "DISK",
        summary: "the disk limit",
        text: |row| Cow::Owned(format::mebibytes(row.summary.disk_mb)),
        plain: Some(Plain { name: "disk_mb", text: |row| Cow::Owned(row.summary.disk_mb.to_string()) }),
        rule: SortRule::Definition(|summary| most_first(summary.disk_mb)),
        order: "most first",
        width: Width::flexible(7, 7, 12),
        rank: 18,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "log-guid",
        title: "LOG GUID",
        summary: "the guid of the task's logs: that of the app, for tasks of Cloud Controller",
        text: |row| Cow::Borrowed(&row.summary.log_guid),
        plain: Some(Plain { name: "log_guid", text: |row| Cow::Borrowed(&row.summary.log_guid) }),
        rule: SortRule::Definition(|summary| SortValue::text(&summary.log_guid)),
        order: "A to Z, none last",
        width: Width { whole: true, ..Width::flexible(13, 36, 48) },
        rank: 12,
        cut: Cut::Middle,
        shown: false,
        ..BASE
    },
    Column {
        key: "callback-host",
        title: "CALLBACK HOST",
        summary: "the host that the BBS notifies when the task ends",
        text: |row| Cow::Borrowed(secret::host(&row.summary.callback_url)),
        plain: Some(Plain {
            name: "callback_host",
            text: |row| Cow::Borrowed(secret::host(&row.summary.callback_url)),
        }),
        rule: SortRule::Definition(|summary| SortValue::text(secret::host(&summary.callback_url))),
        order: "A to Z, none last",
        width: Width::flexible(13, 24, 48),
        rank: 10,
        shown: false,
        ..BASE
    },
    Column {
        key: "annotation",
        title: "ANNOTATION",
        summary: "the annotation of the client that desired the task",
        text: |row| match secret::mask_urls(&row.summary.annotation) {
            Some(masked) => Cow::Owned(masked),
            None => Cow::Borrowed(&row.summary.annotation),
        },
        plain: Some(Plain { name: "annotation", text: |row| Cow::Borrowed(&row.summary.annotation) }),
        rule: SortRule::Definition(|summary| SortValue::text(&summary.annotation)),
        order: "A to Z, none last",
        width: Width::flexible(10, 20, 40),
        rank: 8,
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
        width: Width::fixed(7),
        rank: 0,
        shown: false,
        ..BASE
    },
];

fn most_first(mebibytes: i32) -> SortValue<'static> {
    SortValue::Number(!u64::try_from(mebibytes).unwrap_or(0))
}

fn last_cell<'a>(row: &RowFacts<'a>) -> Cow<'a, str> {
    let is_present = row.task.state == State::Running && row.end.is_none();
    Cow::Borrowed(row.cell.filter(|_| !is_present).map_or("", CellId::as_str))
}

/// Returns when the BBS acts on the task by itself; none for a task that it no longer holds.
fn deadline_of(life: &Life<'_>) -> Option<Timestamp> {
    deadline::at(life.task).filter(|_| !life.ended)
}

fn dies_in(row: &RowFacts<'_>) -> Cow<'static, str> {
    match deadline_of(&row.life()) {
        None => Cow::Borrowed(""),
        // The next sweep comes within half a minute.
        Some(at) if at <= row.now => Cow::Borrowed("now"),
        Some(at) => Cow::Owned(format::wait(at.since(row.now))),
    }
}

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

//! The records of the columns.

use std::borrow::Cow;

use super::super::format;
use super::texts::{dies_in, last_cell, life_order, most_first, state_text, state_word};
use super::{Align, Column, Cut, Direction, Emphasis, Plain, Width};
use crate::model::secret;
use crate::model::{CellId, SortRule, SortValue, State, TaskKind, Timestamp};

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
    direction: Direction::Ascending,
    field: None,
    width: Width::fixed(0),
    is_time: false,
    rank: 0,
    align: Align::Left,
    cut: Cut::End,
    emphasis: Emphasis::Never,
    shown: true,
    if_room: false,
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
        summary: "the state, or why the task ended",
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
            State::Running if !shared.has_ended() => SortValue::Missing,
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
        key: "app",
        title: "APP",
        summary: "the app, by name or, if it has none, by guid",
        text: |row| Cow::Borrowed(row.task.owner.app().label()),
        rule: SortRule::Owner(|owner| SortValue::text(owner.app().label())),
        order: "A to Z, none last",
        field: Some("app"),
        width: Width::flexible(6, 14, 40),
        rank: 36,
        shown: false,
        if_room: true,
        ..BASE
    },
    Column {
        key: "space",
        title: "SPACE",
        summary: "the app's space",
        text: |row| Cow::Borrowed(row.task.owner.space().label()),
        rule: SortRule::Owner(|owner| SortValue::text(owner.space().label())),
        order: "A to Z, none last",
        field: Some("space"),
        width: Width::flexible(6, 12, 40),
        rank: 34,
        shown: false,
        ..BASE
    },
    Column {
        key: "org",
        title: "ORG",
        summary: "the space's organization",
        text: |row| Cow::Borrowed(row.task.owner.org().label()),
        rule: SortRule::Owner(|owner| SortValue::text(owner.org().label())),
        order: "A to Z, none last",
        field: Some("org"),
        width: Width::flexible(6, 12, 40),
        rank: 33,
        shown: false,
        ..BASE
    },
    Column {
        key: "kind",
        title: "KIND",
        summary: "staging or task in Cloud Controller's domains, other elsewhere",
        text: |row| Cow::Borrowed(TaskKind::of_domain(row.task.domain.as_str()).name()),
        rule: SortRule::Shared(|shared| SortValue::Text(TaskKind::of_domain(shared.domain).name())),
        field: Some("kind"),
        width: Width::fixed(7),
        rank: 6,
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
        summary: "how long the task waited for its start, if that was seen",
        text: |row| row.span(row.life().waited()),
        plain: Some(Plain { name: "waited_seconds", text: |row| row.seconds(row.life().waited()) }),
        rule: SortRule::Course(|life| life.waited().longest_first()),
        order: "waiting first, then the longest, unknown last",
        direction: Direction::Descending,
        width: Width::fixed(7),
        rank: 30,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "ran",
        title: "RAN",
        summary: "how long the task ran, if its start was seen",
        text: |row| row.span(row.life().ran()),
        plain: Some(Plain { name: "ran_seconds", text: |row| row.seconds(row.life().ran()) }),
        rule: SortRule::Course(|life| life.ran().longest_first()),
        order: "running first, then the longest, unknown last",
        direction: Direction::Descending,
        width: Width::fixed(7),
        rank: 28,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "dies-in",
        title: "DIES IN",
        summary: "about when the BBS fails, deletes or unclaims the task",
        text: dies_in,
        plain: Some(Plain {
            name: "dies_at",
            text: |row| Cow::Owned(row.life().deadline().map(format::rfc3339).unwrap_or_default()),
        }),
        rule: SortRule::Course(|life| life.deadline().map(Timestamp::to_sortable)),
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
        direction: Direction::Descending,
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
        direction: Direction::Descending,
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
        direction: Direction::Descending,
        width: Width::flexible(7, 7, 12),
        rank: 18,
        align: Align::Right,
        shown: false,
        ..BASE
    },
    Column {
        key: "log-guid",
        title: "LOG GUID",
        summary: "the guid that the task's logs are filed under",
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
        direction: Direction::Descending,
        field: Some("failed"),
        width: Width::fixed(7),
        rank: 0,
        shown: false,
        ..BASE
    },
];

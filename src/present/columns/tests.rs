//! The table of columns, and how a row reads.

use std::collections::HashSet;
use std::time::Duration;

use super::super::task_state::tests::task;
use super::*;
use crate::filter::FIELDS;
use crate::model::{CellId, Clocks, DefinitionSummary, End, Ended, State, Timestamp};

#[test]
fn keys_and_ranks_are_unique() {
    let keys: HashSet<_> = COLUMNS.iter().map(|column| column.key).collect();
    let ranks: HashSet<_> = COLUMNS.iter().map(|column| column.rank).collect();
    assert_eq!((keys.len(), ranks.len()), (COLUMNS.len(), COLUMNS.len()));
}

#[test]
fn the_keys_that_others_name_exist() {
    for key in [DEFAULT_SORT, REASON, STATE, Sort::default().column] {
        assert!(find(key).is_some(), "{key}");
    }
    assert!(matches!(find(Sort::default().column).map(|column| column.rule), Some(SortRule::Guid)));
    for field in COLUMNS.iter().filter_map(|column| column.field) {
        assert!(FIELDS.iter().any(|known| known.name == field), "{field}");
    }
}

#[test]
fn a_row_reads_as_it_should() {
    let mut task = task(State::Completed, Timestamp::from_nanos(1_000_000_000));
    task.failed = true;
    task.failure_reason = "out of memory".into();
    let cell = CellId::from("cell-3");
    let now = Timestamp::from_nanos(73_000_000_000);
    task.first_completed_at = Timestamp::from_nanos(3_500_000_000);
    let summary = DefinitionSummary {
        memory_mb: 512,
        disk_mb: 2_048,
        log_guid: "app-guid".into(),
        callback_url: "https://u:p@cc.internal:9023/done?start=true".into(),
        annotation: "see https://u:p@host".into(),
    };
    let started_at = Timestamp::from_nanos(1_500_000_000);
    let base = RowFacts { zone: "z1", summary: &summary, started_at, ..RowFacts::of(&task, now) };
    let row = RowFacts { cell: Some(&cell), ..base };
    let texts: Vec<_> = shown().map(|column| (column.text)(&row).into_owned()).collect();
    assert_eq!(texts, ["guid-1", "cf-tasks", "✗ Completed", "cell-3", "1m12s", "1m12s", "out of memory"]);
    let end = Ended::new(End::CalledBack, now);
    let ended = RowFacts { end: Some(&end), ..row };
    assert_eq!(find(STATE).map(|c| (c.text)(&ended).into_owned()).as_deref(), Some("✗ callback"));
    let plain = |key: &str| find(key).map(|column| column.plain_text(&row).into_owned()).unwrap_or_default();
    let second = "1970-01-01T00:00:01Z";
    for (key, text) in [
        ("state", "Completed"),
        ("last-cell", "cell-3"),
        ("zone", "z1"),
        ("app", ""),
        ("kind", "task"),
        ("age", second),
        ("in-state", second),
        ("waited", "0.500"),
        ("ran", "2.000"),
        ("dies-in", "1970-01-01T00:02:03.5Z"),
        ("rejections", "0"),
        ("memory", "512"),
        ("disk", "2048"),
        ("log-guid", "app-guid"),
        ("callback-host", "cc.internal"),
        ("annotation", "see https://u:p@host"),
        ("failed", "true"),
    ] {
        assert_eq!(plain(key), text, "{key}");
    }
    let text = |key: &str| find(key).map(|column| (column.text)(&row).into_owned()).unwrap_or_default();
    for (key, shown) in [
        ("waited", "500 ms"),
        ("ran", "2.0 s"),
        ("dies-in", "≈51s"),
        ("memory", "512M"),
        ("disk", "2G"),
        ("annotation", "see https://••••••@host"),
    ] {
        assert_eq!(text(key), shown, "{key}");
    }
}

#[test]
fn what_is_not_known_is_empty() {
    let now = Timestamp::from_nanos(73_000_000_000);
    let task = task(State::Completed, Timestamp::from_nanos(1_000_000_000));
    let row = RowFacts::of(&task, now);
    for key in ["cell", "last-cell", "zone", "waited", "ran", "log-guid", "callback-host", "annotation"] {
        let column = find(key).unwrap();
        assert_eq!(((column.text)(&row), column.plain_text(&row)), ("".into(), "".into()), "{key}");
    }
    let end = Ended::new(End::CalledBack, now);
    let ended = RowFacts { end: Some(&end), ..row };
    let dies_in = find("dies-in").unwrap();
    assert_eq!(((dies_in.text)(&row), (dies_in.text)(&ended)), ("≈48s".into(), "".into()));
    let overdue = RowFacts { now: Timestamp::from_nanos(180_000_000_000), ..row };
    assert_eq!((dies_in.text)(&overdue), "now");
    let clocks = Clocks { sweep: Duration::from_secs(20), ..Clocks::DEFAULT };
    assert_eq!((dies_in.text)(&RowFacts { clocks: &clocks, ..overdue }), "overdue");
}

#[test]
fn the_last_cell_is_the_one_that_a_task_has_left() {
    let now = Timestamp::from_nanos(1);
    let cell = CellId::from("cell-3");
    let last_cell = find("last-cell").unwrap();
    for (state, end, text) in [
        (State::Running, None, ""),
        (State::Running, Some(Ended::new(End::Vanished, now)), "cell-3"),
        (State::Pending, None, "cell-3"),
        (State::Completed, None, "cell-3"),
    ] {
        let task = task(state, now);
        let row = RowFacts { cell: Some(&cell), end: end.as_ref(), ..RowFacts::of(&task, now) };
        assert_eq!((last_cell.text)(&row), text, "{state}");
    }
}

#[test]
fn an_ended_row_is_one_tone_and_a_problem_stands_out_where_it_is_named() {
    let tones = |row| shown().map(|column| column.tone(row)).collect::<Vec<_>>();
    assert!(tones(Tone::Ended).iter().all(|tone| *tone == Tone::Ended));
    let coloured = |row: Tone| {
        shown().filter(|column| column.tone(row) == row).map(|column| column.key).collect::<Vec<_>>()
    };
    assert_eq!(coloured(Tone::Bad), ["guid", "state", "reason"]);
    assert_eq!(coloured(Tone::Good), ["state"]);
}

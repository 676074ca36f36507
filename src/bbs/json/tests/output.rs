//! Tasks, cells and events are encoded as `cfdot` prints them.

use std::collections::VecDeque;

use bytes::Bytes;
use prost::Message as _;
use serde_json::Value;

use super::*;
use crate::bbs::sse;
use crate::bbs::wire::task_definition::MetricTagsEntry;
use crate::model::TaskEvent;

#[test]
fn a_task_is_written_as_cfdot_wrote_it() {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap();
    assert_eq!(without_times(&written(&reply.task.unwrap(), task)), without_times(EVERYTHING.trim_end()));
}

#[test]
fn cells_are_written_as_cfdot_wrote_them() {
    let reply = wire::CellsResponse::decode(reply("cells")).unwrap();
    let lines: Vec<String> = reply.cells.iter().map(|presence| written(presence, cell) + "\n").collect();
    assert_eq!(lines.concat(), CELLS);
}

#[test]
fn events_are_written_as_cfdot_wrote_them() {
    let mut frames = VecDeque::new();
    sse::Decoder::default().push(EVENTS, &mut frames).unwrap();
    let lines: Vec<String> = frames
        .iter()
        .map(|frame| written(frame, |out, frame| event(out, frame).unwrap()))
        .map(|line| without_times(&line))
        .collect();
    // The two recordings share some steps, with every kind of event.
    let recorded_in_both = |line: &&str| lines.contains(&without_times(line));
    let recorded: Vec<Value> = TASK_EVENTS
        .lines()
        .filter(recorded_in_both)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let seen: Vec<(&str, &str)> = recorded
        .iter()
        .map(|event| {
            let data = &event["data"];
            let task = if data["task"].is_null() { &data["after"] } else { &data["task"] };
            (event["type"].as_str().unwrap(), task["task_guid"].as_str().unwrap())
        })
        .collect();
    let both = [
        ("task_created", "everything-1"),
        ("task_created", "small-1"),
        ("task_changed", "small-1"),
        ("task_changed", "everything-1"),
        ("task_removed", "everything-1"),
    ];
    assert_eq!(seen, both);
}

#[test]
fn a_task_without_a_definition_has_its_own_fields_only() {
    let bare = wire::Task { state: 9, created_at: i64::MIN, ..wire::Task::default() };
    let line = written(&bare, task);
    assert!(line.starts_with(r#"{"task_guid":"","domain":"","created_at":-9223372036854775808,"#), "{line}");
    assert!(line.contains(r#""state":"9""#), "{line}");
}

#[test]
fn maps_are_sorted_and_the_last_entry_of_a_key_wins() {
    let tag = |key: &'static [u8], text: &'static str, dynamic: i32| MetricTagsEntry {
        key: Bytes::from_static(key),
        value: Some(wire::MetricTagValue { r#static: text.into(), dynamic }),
    };
    let mut none = tag(b"c", "", 0);
    none.value = None;
    let metric_tags = vec![tag(b"b", "1", 0), none, tag(b"a", "", 2), tag(b"\xff", "", 8), tag(b"b", "2", 0)];
    let line = written(&task_with(wire::TaskDefinition { metric_tags, ..Default::default() }), task);
    let tags = concat!(
        r#""metric_tags":{"a":{"dynamic":"INSTANCE_GUID"},"b":{"static":"2"},"c":null,"#,
        r#""\ufffd":{"dynamic":""}}"#
    );
    assert!(line.contains(tags), "{line}");
}

#[test]
fn a_model_task_is_written_like_the_received_one() {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap().task.unwrap();
    let lazy = wire::LazyTask::decode(Bytes::from(reply.encode_to_vec())).unwrap();
    let model = wire::task_to_model(&lazy, &mut wire::Interner::default());
    assert_eq!(String::from_utf8(task_line(&model, Secrets::Shown)).unwrap(), written(&reply, task) + "\n");
    let event = event_line(&TaskEvent::Removed(model), Secrets::Shown);
    let line = format!("{{\"type\":\"task_removed\",\"data\":{{\"task\":{}}}}}\n", written(&reply, task));
    assert_eq!(String::from_utf8(event).unwrap(), line);
}

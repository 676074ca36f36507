//! The form against what `cfdot` really printed, and against itself.

use std::collections::VecDeque;

use bytes::Bytes;
use proptest::prelude::*;
use prost::Message as _;
use serde_json::Value;

use super::*;
use crate::bbs::sse;
use crate::bbs::wire::{self, action::Kind, task_definition::MetricTagsEntry};
use crate::model::{Task, TaskEvent};

const STORY: &str = include_str!("../../../tests/fixtures/bbs-2026-06/exchanges.jsonl");
const EVENTS: &[u8] = include_bytes!("../../../tests/fixtures/bbs-2026-06/events.raw");
/// What `cfdot` printed of the task in which nearly everything is set.
const EVERYTHING: &str = include_str!("../../../tests/fixtures/cfdot/task.out");
const CELLS: &str = include_str!("../../../tests/fixtures/cfdot/cells.out");
const TASK_EVENTS: &str = include_str!("../../../tests/fixtures/cfdot/task-events.out");

/// The recorded reply of this name.
fn reply(name: &str) -> Bytes {
    let mut exchanges = STORY.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
    let hex = exchange["reply_hex"].as_str().unwrap().as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The text with its times blanked: the recordings were not made at the same moment.
fn timeless(text: &str) -> String {
    let mut parts = text.split("_at\":");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        out.push_str("_at\":T");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}

fn written<T>(of: &T, write: impl Fn(&mut JsonBuffer, &T)) -> String {
    let mut out = JsonBuffer::default();
    write(&mut out, of);
    String::from_utf8(out.into_bytes()).unwrap()
}

fn task_of(definition: wire::TaskDefinition) -> wire::Task {
    wire::Task { task_definition: Some(definition), ..wire::Task::default() }
}

#[test]
fn a_task_is_written_as_cfdot_wrote_it() {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap();
    assert_eq!(timeless(&written(&reply.task.unwrap(), task)), timeless(EVERYTHING.trim_end()));
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
        .map(|line| timeless(&line))
        .collect();
    // The two stories share some steps, of every kind of event.
    let alike = |line: &&str| lines.contains(&timeless(line));
    let recorded: Vec<Value> =
        TASK_EVENTS.lines().filter(alike).map(|line| serde_json::from_str(line).unwrap()).collect();
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
fn what_cfdot_printed_is_read_back_whole() {
    let request = TaskSpec::parse(EVERYTHING).unwrap().into_request();
    assert_eq!(request.task_guid, "everything-1");
    assert_eq!(request.domain, "cf-tasks");
    let read = written(&task_of(request.task_definition.unwrap()), task);
    let definition_of = |text: &str| text.split(r#","task_guid""#).next().unwrap().to_owned();
    assert_eq!(definition_of(&read), definition_of(EVERYTHING));
}

/// A definition of what the recorded ones lack.
fn rare() -> wire::TaskDefinition {
    let run = wire::RunAction {
        path: "/bin/true".into(),
        env: vec![wire::EnvironmentVariable { name: "A".into(), value: "1".into() }],
        resource_limits: Some(wire::ResourceLimits { nofile: Some(0), nproc: Some(9) }),
        volume_mounted_files: vec![wire::File { path: "/f".into(), content: "<x>".into() }],
        ..wire::RunAction::default()
    };
    let run = wire::Action { kind: Some(Kind::RunAction(run)) };
    let download = wire::DownloadAction {
        checksum_algorithm: "md5".into(),
        checksum_value: "00".into(),
        ..wire::DownloadAction::default()
    };
    let download = wire::Action { kind: Some(Kind::DownloadAction(download)) };
    let progress = wire::EmitProgressAction { action: Some(Box::new(download)), ..Default::default() };
    let progress = wire::Action { kind: Some(Kind::EmitProgressAction(Box::new(progress))) };
    let both = wire::ParallelAction { actions: vec![run, progress], log_source: Bytes::new() };
    let both = wire::Action { kind: Some(Kind::ParallelAction(both)) };
    let timeout =
        wire::TimeoutAction { action: Some(Box::new(both)), deprecated_timeout_ns: 5, ..Default::default() };
    let device = wire::DedicatedDevice { mounter_id: "m".into(), ..wire::DedicatedDevice::default() };
    wire::TaskDefinition {
        action: Some(wire::Action { kind: Some(Kind::TimeoutAction(Box::new(timeout))) }),
        completion_callback_url: "https://cc/done?a=1&b=2".into(),
        egress_rules: vec![wire::SecurityGroupRule {
            port_range: Some(wire::PortRange::default()),
            icmp_info: Some(wire::IcmpInfo::default()),
            ..wire::SecurityGroupRule::default()
        }],
        volume_mounts: vec![wire::VolumeMount { dedicated: Some(device), ..wire::VolumeMount::default() }],
        network: Some(wire::Network::default()),
        certificate_properties: Some(wire::CertificateProperties::default()),
        image_layers: vec![wire::ImageLayer { layer_type: 7, ..wire::ImageLayer::default() }],
        log_rate_limit: Some(wire::LogRateLimit::default()),
        volume_mounted_files: vec![wire::File::default()],
        ..wire::TaskDefinition::default()
    }
}

const RARE: &str = concat!(
    r#"{"rootfs":"","action":{"timeout":{"action":{"parallel":{"actions":[{"run":{"path":"/bin/true","#,
    r#""env":[{"name":"A","value":"1"}],"resource_limits":{"nofile":0,"nproc":9},"user":"","#,
    r#""suppress_log_output":false,"volume_mounted_files":[{"path":"/f","content":"\u003cx\u003e"}]}},"#,
    r#"{"emit_progress":{"action":{"download":{"from":"","to":"","cache_key":"","user":"","#,
    r#""checksum_algorithm":"md5","checksum_value":"00"}},"start_message":"","success_message":"","#,
    r#""failure_message_prefix":""}}]}},"timeout":5,"timeout_ms":0}},"disk_mb":0,"memory_mb":0,"cpu_weight":0,"#,
    r#""privileged":false,"log_source":"","log_guid":"","metrics_guid":"","result_file":"","#,
    r#""completion_callback_url":"https://cc/done?a=1\u0026b=2","egress_rules":[{"port_range":{"start":0,"end":0},"#,
    r#""icmp_info":{"type":0,"code":0},"log":false}],"volume_mounts":[{"driver":"","container_dir":"","mode":"","#,
    r#""shared":null,"dedicated":{"mounter_id":"m","mount_config":"","device_config":""}}],"network":{},"#,
    r#""max_pids":0,"certificate_properties":{},"image_username":"","image_password":"","#,
    r#""image_layers":[{"url":"","destination_path":"","layer_type":"7","media_type":"MediaTypeInvalid"}],"#,
    r#""log_rate_limit":{},"volume_mounted_files":[{"path":"","content":""}],"task_guid":"","domain":"","#,
    r#""created_at":0,"updated_at":0,"first_completed_at":0,"state":"Invalid","cell_id":"","result":"","#,
    r#""failed":false,"failure_reason":"","rejection_count":0,"rejection_reason":""}"#,
);

#[test]
fn what_is_rare_is_written_by_the_same_rules_and_read_back() {
    assert_eq!(written(&task_of(rare()), task), RARE);
    assert_eq!(TaskSpec::parse(RARE).unwrap().into_request().task_definition, Some(rare()));
}

#[test]
fn a_task_without_a_definition_has_its_own_fields_only() {
    let bare = wire::Task { state: 9, created_at: i64::MIN, ..wire::Task::default() };
    let line = written(&bare, task);
    assert!(line.starts_with(r#"{"task_guid":"","domain":"","created_at":-9223372036854775808,"#), "{line}");
    assert!(line.contains(r#""state":"9""#), "{line}");
}

#[test]
fn maps_are_sorted_and_the_later_of_two_counts() {
    let tag = |key: &'static [u8], text: &'static str, dynamic: i32| MetricTagsEntry {
        key: Bytes::from_static(key),
        value: Some(wire::MetricTagValue { r#static: text.into(), dynamic }),
    };
    let mut none = tag(b"c", "", 0);
    none.value = None;
    let metric_tags = vec![tag(b"b", "1", 0), none, tag(b"a", "", 2), tag(b"\xff", "", 8), tag(b"b", "2", 0)];
    let line = written(&task_of(wire::TaskDefinition { metric_tags, ..Default::default() }), task);
    let tags = concat!(
        r#""metric_tags":{"a":{"dynamic":"INSTANCE_GUID"},"b":{"static":"2"},"c":null,"#,
        r#""\ufffd":{"dynamic":""}}"#
    );
    assert!(line.contains(tags), "{line}");
}

#[test]
fn a_spec_needs_nothing_and_passes_over_what_it_does_not_know() {
    let request = |text: &str| TaskSpec::parse(text).unwrap().into_request();
    assert_eq!(request("{}"), wire::DesireTaskRequest::default());
    let some = request(r#"{"task_guid":"a","DOMAIN":"d","state":5,"nope":[1],"rootfs":null}"#);
    assert_eq!((&*some.task_guid, &*some.domain), (&b"a"[..], &b"d"[..]));
    assert_eq!(some.task_definition, Some(wire::TaskDefinition::default()));
}

#[test]
fn the_keys_of_a_definition_are_those_that_are_written() {
    for key in serde_json::from_str::<serde_json::Map<String, Value>>(EVERYTHING).unwrap().keys() {
        let definition =
            TaskSpec::parse(&format!("{{{key:?}:null}}")).unwrap().into_request().task_definition;
        let of_the_task = written(&wire::Task::default(), task).contains(&format!("{key:?}:"));
        assert_eq!(definition.is_some(), !of_the_task, "{key}");
    }
}

#[test]
fn a_mistake_in_a_spec_says_where_it_is() {
    for (spec, mistake) in [
        ("{", "unexpected end of JSON input"),
        ("", "unexpected end of JSON input"),
        ("{} x", "trailing characters at line 1 column 4"),
        ("null", "an object is wanted, not null"),
        ("[]", "an object is wanted, not an array"),
        (r#"{"domain":5}"#, "domain: a string is wanted, not 5"),
        (r#"{"disk_mb":1.5}"#, "disk_mb: a whole number is wanted, not 1.5"),
        (r#"{"cpu_weight":-1}"#, "cpu_weight: -1 is out of range"),
        (r#"{"env":[{},{"name":true}]}"#, "env[1].name: a string is wanted, not true or false"),
        (
            r#"{"action":{"try":{"action":{"run":{"args":["a",{}]}}}}}"#,
            "action.try.action.run.args[1]: a string is wanted, not an object",
        ),
        (r#"{"action":{"run":{},"try":{}}}"#, "action: an action has one kind only"),
        (r#"{"network":{"properties":{"a":1}}}"#, "network.properties.a: a string is wanted, not 1"),
        (
            r#"{"image_layers":[{"layer_type":"SHRAED"}]}"#,
            "image_layers[0].layer_type: \"SHRAED\" is none of LayerTypeInvalid, SHARED, EXCLUSIVE",
        ),
    ] {
        assert_eq!(TaskSpec::parse(spec).unwrap_err(), mistake);
    }
}

const SECRET: &str = "hunter2";

/// The recorded task as the model has it, with a secret in each of its texts: in a URL, or as a whole.
fn of_secrets() -> Task {
    let mut spec: Value = serde_json::from_str(EVERYTHING).unwrap();
    put_secrets(&mut spec);
    let request = TaskSpec::parse(&spec.to_string()).unwrap().into_request();
    let text = |of: &str| format!("https://u:{SECRET}@h/{of}").into();
    let task = wire::LazyTask {
        task_definition: request.task_definition.unwrap().encode_to_vec().into(),
        task_guid: "a".into(),
        result: text("result"),
        failure_reason: text("failure"),
        rejection_reason: text("rejection"),
        ..wire::LazyTask::default()
    };
    wire::task_to_model(&task, &mut wire::Interner::default())
}

fn put_secrets(value: &mut Value) {
    match value {
        Value::String(text) if text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) => {}
        Value::String(text) => *text = format!("see https://u:{SECRET}@host/x"),
        Value::Array(elements) => elements.iter_mut().for_each(put_secrets),
        Value::Object(fields) => {
            for (key, value) in fields {
                let whole = ["value", "content", "image_password", "mount_config", "device_config"];
                match value {
                    Value::String(text) if whole.contains(&key.as_str()) => SECRET.clone_into(text),
                    _ => put_secrets(value),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn no_text_of_a_task_lets_a_secret_out_unless_it_is_wanted() {
    let task = of_secrets();
    let shown = String::from_utf8(task_line(&task, Secrets::Shown)).unwrap();
    let masked = String::from_utf8(task_line(&task, Secrets::Masked)).unwrap();
    assert!(shown.matches(SECRET).count() > 50, "{shown}");
    assert!(!masked.contains(SECRET), "{masked}");
    for still_there in [r#"{"name":"see https://••••••@host/x","value":"••••••"}"#, r#""task_guid":"a""#]
    {
        assert!(masked.contains(still_there), "{masked}");
    }
}

#[test]
fn a_task_of_the_model_is_written_as_it_came() {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap().task.unwrap();
    let lazy = wire::LazyTask::decode(Bytes::from(reply.encode_to_vec())).unwrap();
    let model = wire::task_to_model(&lazy, &mut wire::Interner::default());
    assert_eq!(String::from_utf8(task_line(&model, Secrets::Shown)).unwrap(), written(&reply, task) + "\n");
    let event = event_line(&TaskEvent::Removed(model), Secrets::Shown);
    let line = format!("{{\"type\":\"task_removed\",\"data\":{{\"task\":{}}}}}\n", written(&reply, task));
    assert_eq!(String::from_utf8(event).unwrap(), line);
}

#[test]
fn an_event_lets_no_secret_out_of_either_of_its_tasks() {
    let task = of_secrets();
    let changed = TaskEvent::Changed { before: Box::new(task.clone()), after: Box::new(task) };
    let line = String::from_utf8(event_line(&changed, Secrets::Masked)).unwrap();
    assert!(
        line.starts_with(r#"{"type":"task_changed","data":{"before":{"#) && !line.contains(SECRET),
        "{line}"
    );
}

#[test]
fn read_strictly_a_mistake_has_its_line_and_column() {
    for (spec, mistake) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("{\n  \"domain\": 5\n}", "line 2, column 13: domain: a string is wanted, not 5"),
        (
            "{\"action\":\n {\"run\": {\"path\": \"é\", \"pth\": 1}}}",
            "line 2, column 31: action.run.pth: there is no such field; there are path, args, dir, env, \
             resource_limits, user, log_source, suppress_log_output, volume_mounted_files",
        ),
        (
            r#"{"env":[{"name":"A","valeu":""}]}"#,
            "line 1, column 29: env[0].valeu: there is no such field; there are name, value",
        ),
        (
            r#"{"metric_tags":{"a":{"statik":"x"}}}"#,
            "line 1, column 31: metric_tags.a.statik: there is no such field; there are static, dynamic",
        ),
        (
            r#"{"env":[{"name":"A","value":"••••••"}]}"#,
            "line 1, column 29: env[0].value: it was masked when it was printed: the secret itself is wanted",
        ),
        ("null", "an object is wanted, not null"),
    ] {
        assert_eq!(TaskSpec::parse_strictly(spec).unwrap_err(), mistake);
    }
    let unknown = TaskSpec::parse_strictly(r#"{"nope":1}"#).unwrap_err();
    assert!(unknown.starts_with("line 1, column 9: nope: there is no such field; there are "), "{unknown}");
    for known in ["task_guid", "domain", "rootfs", "volume_mounted_files", "state"] {
        assert!(unknown.contains(known), "{unknown}");
    }
}

#[test]
fn what_cfdot_printed_is_read_strictly_too() {
    for text in [EVERYTHING, RARE] {
        assert_eq!(TaskSpec::parse_strictly(text), TaskSpec::parse(text));
    }
}

/// A task in which nearly everything is set, as servers write it.
fn everything() -> Vec<u8> {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap();
    let mut of = reply.task.unwrap();
    let rare = rare();
    let definition = of.task_definition.as_mut().unwrap();
    definition.image_layers.extend(rare.image_layers);
    definition.egress_rules.extend(rare.egress_rules);
    let both = vec![definition.action.take().unwrap(), rare.action.unwrap()];
    let both = wire::SerialAction { actions: both, log_source: Bytes::new() };
    definition.action = Some(wire::Action { kind: Some(Kind::SerialAction(both)) });
    of.encode_to_vec()
}

/// What is written of these bytes, if they are a task; and what is written of the task that prost makes of them.
fn both_ways(bytes: &[u8]) -> [Option<String>; 2] {
    let raw = |out: &mut JsonBuffer| raw_task(out, bytes, 0..bytes.len(), Secrets::Shown).ok();
    let mut out = JsonBuffer::default();
    let straight = raw(&mut out).map(|()| String::from_utf8(out.into_bytes()).unwrap());
    [straight, wire::Task::decode(bytes).ok().map(|of| written(&of, task))]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes_are_read_or_refused_as_prost_does(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = everything();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let [straight, by_prost] = both_ways(&bytes);
        prop_assert_eq!(straight, by_prost);
    }

    #[test]
    fn a_task_in_parts_is_put_together(first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>()) {
        let tasks = [everything(), task_of(rare()).encode_to_vec(), wire::Task::default().encode_to_vec()];
        let bytes = [first.get(&tasks).clone(), second.get(&tasks).clone()].concat();
        let [straight, by_prost] = both_ways(&bytes);
        prop_assert!(straight.is_some());
        prop_assert_eq!(straight, by_prost);
    }
}

#[test]
fn what_no_server_writes_is_put_in_order_first() {
    // A port as a packed list, an action of two kinds, a message that is cut in two.
    let rule: &[u8] = &[0x1a, 2, 80, 81];
    let action: &[u8] = &[0x12, 2, 0x0a, 0, 0x1a, 3, 0x0a, 1, b'p'];
    let definition: Vec<u8> = [&[0x72, 4][..], rule, &[0x1a, 9], action].concat();
    let half = [&[0x0a, u8::try_from(definition.len()).unwrap()][..], &definition].concat();
    let other: &[u8] = &[0x0a, 2, 0x20, 7];
    let [straight, by_prost] = both_ways(&[&half, other].concat());
    let line = straight.unwrap();
    for part in [r#""ports":[80,81]"#, r#""action":{"run":{"path":"p","#, r#""disk_mb":7"#] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!line.contains("upload"), "{line}");
    assert_eq!(Some(line), by_prost);
}

#[test]
fn actions_within_actions_end_somewhere() {
    let nested = |depth: usize| {
        let mut action = Vec::new();
        for _ in 0..depth {
            let of = wire_field(1, &action);
            action = wire_field(6, &of);
        }
        wire_field(1, &wire_field(3, &action))
    };
    for depth in [1, 10, 48, 49, 50, 51, 5_000] {
        let [straight, by_prost] = both_ways(&nested(depth));
        assert_eq!(straight, by_prost, "{depth} deep");
        assert_eq!(straight.is_some(), depth < 50, "{depth} deep");
    }
}

/// A field with a length.
fn wire_field(number: u32, value: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    prost::encoding::bytes::encode(number, &value.to_vec(), &mut field);
    field
}

//! The text of a task: what it says, that it reads back to the same task, and where its faults are.

use insta::assert_snapshot;
use proptest::prelude::*;
use prost::Message as _;

use super::*;
use crate::bbs::json::TaskSpec;
use crate::bbs::json::tables::DEFINITION;
use crate::bbs::wire::{EnvironmentVariable, MetricTagValue, task_definition::MetricTagsEntry};
use crate::model::{DocumentFault, Domain, RawDefinition, State};

/// Output of `cfdot` for a task with nearly all fields set.
const EVERYTHING: &str = include_str!("../../../../tests/fixtures/cfdot/task.out");

fn guid() -> TaskGuid {
    "8d6ae2bf-0000-4000-8000-000000000001".into()
}

fn everything() -> TaskDefinition {
    TaskSpec::parse(EVERYTHING).unwrap().into_request().task_definition.unwrap()
}

fn small() -> TaskDefinition {
    TaskDefinition::decode(read(&template(&guid())).unwrap().definition.as_bytes()).unwrap()
}

fn task(domain: &str, definition: &TaskDefinition) -> Task {
    let definition = RawDefinition::new(&definition.encode_to_vec());
    Task { definition, ..Task::blank("source".into(), domain.into(), State::Running) }
}

fn decoded(new: &NewTask) -> TaskDefinition {
    TaskDefinition::decode(new.definition.as_bytes()).unwrap()
}

fn faults(text: &str) -> Vec<(Option<usize>, String)> {
    read(text).unwrap_err().into_iter().map(|fault| (fault.line, fault.message)).collect()
}

#[test]
fn the_template_is_a_valid_task() {
    let text = template(&guid());
    let new = read(&text).unwrap();
    assert_eq!((new.guid, new.domain), (guid(), Domain::from("operator")));
    assert_snapshot!("template", text);
}

#[test]
fn a_clone_reads_back_as_the_source_without_callback_and_annotation() {
    let source = TaskDefinition { completion_callback_url: "https://cc/done".into(), ..everything() };
    assert!(!source.annotation.is_empty());
    let text = copy_of(&task("cf-tasks", &source), &guid()).unwrap();
    let new = read(&text).unwrap();
    assert_eq!((&new.guid, new.domain.as_str()), (&guid(), "cf-tasks"));
    let expected = TaskDefinition {
        completion_callback_url: bytes::Bytes::new(),
        annotation: bytes::Bytes::new(),
        ..source.clone()
    };
    assert_eq!(decoded(&new), expected);
    assert_snapshot!("clone", text);
    // What is left out can be taken in again.
    let url = "// \"completion_callback_url\"";
    let again =
        text.replace(url, url.trim_start_matches("// ")).replace("// \"annotation\"", "\"annotation\"");
    assert_eq!(decoded(&read(&again).unwrap()), source);
}

#[test]
fn an_annotation_without_a_callback_is_kept() {
    let source = TaskDefinition { annotation: "mine".into(), ..small() };
    let text = copy_of(&task("batch", &source), &guid()).unwrap();
    assert_eq!(decoded(&read(&text).unwrap()), source);
    assert!(!text.contains("Not copied") && !text.contains("will be cancelled"), "{text}");
}

#[test]
fn a_metric_tag_without_a_value_survives_a_clone() {
    let tag = MetricTagsEntry { key: "k".into(), value: None };
    let source = TaskDefinition { metric_tags: vec![tag], ..small() };
    let text = copy_of(&task("batch", &source), &guid()).unwrap();
    assert!(text.contains("\"k\": null"), "{text}");
    assert_eq!(decoded(&read(&text).unwrap()), source);
}

#[test]
fn every_field_has_a_comment_or_is_listed_as_not_set() {
    for text in [template(&guid()), copy_of(&task("batch", &everything()), &guid()).unwrap()] {
        for (key, comment) in comments::COMMENTS {
            let commented = text.contains(&format!("  // {comment}\n  \"{key}\":"));
            let listed = text.split_once("// Not set:").is_some_and(|(_, list)| list.contains(key));
            assert!(commented != listed, "{key}: {text}");
        }
    }
    let fields = comments::COMMENTS.iter().map(|(key, _)| *key);
    let known: Vec<_> = DEFINITION.fields.iter().map(|field| field.key.name()).collect();
    assert_eq!(fields.skip(2).collect::<Vec<_>>(), known, "in the order of the text");
}

#[test]
fn comments_fit_on_eighty_columns() {
    let source = TaskDefinition { completion_callback_url: "https://cc/done".into(), ..small() };
    for text in [template(&guid()), copy_of(&task("cf-tasks", &source), &guid()).unwrap()] {
        for line in text.lines().filter(|line| line.trim_start().starts_with("//")) {
            assert!(line.chars().count() < 80, "{line}");
        }
    }
}

#[test]
fn what_a_terminal_would_not_show_is_escaped() {
    let value = "a\u{1b}[31m\u{9b}2J\u{202e}b\u{200b}\u{e0041}\u{7f}é";
    let variable = EnvironmentVariable { name: "A".into(), value: value.into() };
    let source = TaskDefinition { environment_variables: vec![variable], ..small() };
    let text = copy_of(&Task { guid: "a\n\u{1b}b".into(), ..task("d", &source) }, &guid()).unwrap();
    assert!(text.contains(r#""a\u001b[31m\u009b2J\u202eb\u200b\udb40\udc41\u007fé""#), "{text}");
    assert!(text.contains(r"task a\u000a\u001bb,"), "{text}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    assert_eq!(decoded(&read(&text).unwrap()), source);
}

#[test]
fn faults_have_the_line_that_the_operator_sees() {
    let text = template(&guid());
    let line_of = |text: &str, what: &str| text.lines().position(|line| line.contains(what)).unwrap() + 1;
    let cases = [
        (
            "\"preloaded:cflinuxfs4\"",
            "\"cflinuxfs4\"",
            "rootfs: must be a URL with a scheme, such as preloaded:cflinuxfs4",
        ),
        ("\"vcap\"", "\"\"", "action.run.user: must not be empty"),
        ("128", "-1", "memory_mb: must not be negative"),
        ("128", "\"128\"", "memory_mb: expected a whole number, got a string"),
        ("\"operator\"", "\"\"", "domain: must not be empty"),
        ("\"8d6ae2bf", "\"8d6 ae2bf", "task_guid: must consist of letters, digits, - and _"),
        ("128,", "128 // MiB\n", "expected `,` or `}`"),
    ];
    for (from, to, message) in cases {
        let changed = text.replacen(from, to, 1);
        let at = line_of(&text, from) + usize::from(to.ends_with('\n')) * 3;
        assert_eq!(faults(&changed), [(Some(at), message.to_owned())], "{changed}");
    }
    let unknown = text.replace("\"rootfs\"", "\"root_fs\"");
    let found = faults(&unknown);
    assert!(found[0].1.starts_with("root_fs: unknown field; expected one of "), "{found:?}");
    assert_eq!(found[0].0, Some(line_of(&unknown, "root_fs")));
}

#[test]
fn all_faults_are_said_at_once() {
    let text = r#"{
  "task_guid": "a", "domain": "d", "rootfs": 1,
  "env": [{"nmae": "A"}, {"name": 5}],
  "action": {"run": {"args": ["x", 1], "path": "/x", "pth": "/y"}},
  "disk": 5
}"#;
    let lines: Vec<_> = faults(text).into_iter().map(|(line, _)| line.unwrap()).collect();
    assert_eq!(lines, [2, 3, 3, 4, 4, 5]);
    let text = r#"{
  "domain": "",
  "action": {"serial": {"actions": [
    {"run": {"path": "/x"}},
    {}
  ]}},
  "egress_rules": [{"protocol": "tcp", "destinations": ["10.0.0.1"]}]
}"#;
    let found = faults(text);
    let expected = [
        (None, "task_guid: must consist of letters, digits, - and _"),
        (Some(2), "domain: must not be empty"),
        (None, "rootfs: must be a URL with a scheme, such as preloaded:cflinuxfs4"),
        (Some(4), "action.serial.actions[0].run.user: must not be empty"),
        (
            Some(5),
            "action.serial.actions[1]: has nothing to do; give it a run, download, timeout, serial or another action",
        ),
        (
            Some(7),
            "egress_rules[0]: tcp needs destinations, and either ports or an ascending port_range, from 1 on",
        ),
    ];
    assert_eq!(found, expected.map(|(line, message)| (line, message.to_owned())));
}

#[test]
fn comments_and_last_commas_are_allowed_and_a_second_key_is_a_fault() {
    let text = "/* a\n b */ {\"task_guid\": \"a\", // \"x\n# y\n \"domain\": \"http://d\",\n\
                \"rootfs\": \"preloaded:x\",\n\"action\": {\"run\": {\"path\": \"/x\", \"user\": \"u\",},},\n}\n//";
    assert_eq!(read(text).unwrap().domain.as_str(), "http://d");
    let twice = text.replace("\"rootfs\"", "\"domain\": \"e\",\n\"rootfs\"");
    assert_eq!(faults(&twice), [(Some(5), "field \"domain\" is here a second time".to_owned())]);
    let broken = "/* a\n b */ {\n\"domain\": x}";
    assert_eq!(faults(broken), [(Some(3), "expected value".to_owned())]);
    assert_eq!(faults("{"), [(Some(1), "EOF while parsing an object".to_owned())]);
    assert_eq!(faults("[]"), [(None, "expected an object, got an array".to_owned())]);
    assert_eq!(faults("/* never closed {}").len(), 1);
}

#[test]
fn faults_come_back_at_their_lines_and_do_not_pile_up() {
    let text = "{\n  \"domain\": \"\",\n  \"rootfs\": \"x\"\n}\n";
    let fault = |line, message: &str| DocumentFault { line, message: message.to_owned() };
    let first =
        annotate(text, &[fault(Some(3), "rootfs: bad\n\u{1b}"), fault(None, "whole"), fault(Some(9), "end")]);
    assert_eq!(
        first,
        "//! Nothing was sent: 3 faults, marked with //! below.\n\
         //! Correct the text and save it, or leave it as it is to give up.\n\
         //! whole\n{\n  \"domain\": \"\",\n  //! rootfs: bad\\u000a\\u001b\n  \"rootfs\": \"x\"\n}\n//! end\n"
    );
    let found = read(&first).unwrap_err();
    assert_eq!(found.iter().filter_map(|fault| fault.line).collect::<Vec<_>>(), [5, 7]);
    let second = annotate(&first, &[fault(Some(5), "domain: empty")]);
    assert_eq!(
        second,
        "//! Nothing was sent: 1 fault, marked with //! below.\n\
         //! Correct the text and save it, or leave it as it is to give up.\n\
         {\n  //! domain: empty\n  \"domain\": \"\",\n  \"rootfs\": \"x\"\n}\n"
    );
    let marked = annotate(&format!("\u{feff}{text}"), &[fault(None, "whole")]);
    assert!(!marked.contains('\u{feff}'), "a byte order mark is allowed at the start only: {marked:?}");
}

#[test]
fn lines_mask_secrets_one_for_one() {
    let secret = EnvironmentVariable { name: "A".into(), value: "hunter2\nsecond".into() };
    let source = TaskDefinition {
        environment_variables: vec![secret],
        image_username: "u".into(),
        image_password: "hunter3".into(),
        ..small()
    };
    let new =
        NewTask { guid: guid(), domain: "d".into(), definition: RawDefinition::new(&source.encode_to_vec()) };
    let lines = lines(&new);
    let differing: Vec<_> = lines.iter().filter(|line| line.clear != line.masked).collect();
    assert_eq!(differing.len(), 2);
    assert!(lines.iter().all(|line| !line.masked.contains("hunter")));
    assert_eq!(
        lines.iter().map(|line| line.clear.as_str()).collect::<Vec<_>>().concat().matches("hunter").count(),
        2
    );
    let read = read(&lines.iter().map(|line| line.clear.clone()).collect::<Vec<_>>().join("\n")).unwrap();
    assert_eq!(read, new);
}

#[test]
fn what_a_copy_would_lose_is_said() {
    let source = TaskDefinition {
        log_guid: bytes::Bytes::from_static(b"a\xff"),
        metric_tags: vec![MetricTagsEntry {
            key: "k".into(),
            value: Some(MetricTagValue { dynamic: 9, ..MetricTagValue::default() }),
        }],
        ..everything()
    };
    let mut encoded = source.encode_to_vec();
    prost::encoding::uint64::encode(29, &300, &mut encoded);
    prost::encoding::string::encode(40, &"new".to_owned(), &mut encoded);
    let raw = RawDefinition::new(&encoded);
    let expected = [
        "log_guid: bytes that are not UTF-8, replaced by U+FFFD",
        "metric_tags[0].value.dynamic: value 9, of a newer release",
        "field 29, of a newer release",
        "field 40, of a newer release",
    ];
    assert_eq!(losses(&raw), expected);
    let text = copy_of(&Task { definition: raw, ..task("d", &source) }, &guid()).unwrap();
    assert!(text.contains("// NOT COPIED"), "{text}");
    assert!(text.contains("//   field 40, of a newer release"), "{text}");
    assert_eq!(losses(&task("d", &everything()).definition), [""; 0]);
    assert_eq!(losses(&RawDefinition::new(&[0x0b])).len(), 1);
}

#[test]
fn a_task_without_a_readable_definition_is_not_cloned() {
    let none = Task::blank("source".into(), "d".into(), State::Running);
    assert_eq!(copy_of(&none, &guid()).unwrap_err(), "it has no definition");
    let damaged = Task { definition: RawDefinition::new(&[0xff; 9]), ..none };
    assert!(copy_of(&damaged, &guid()).unwrap_err().starts_with("its definition is damaged: "));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_survives_a_clone(value in any::<String>(), arg in any::<String>(), key in any::<String>()) {
        let variable = EnvironmentVariable { name: arg.into(), value: value.clone().into() };
        let tag = MetricTagValue { r#static: value.into(), ..MetricTagValue::default() };
        let source = TaskDefinition {
            environment_variables: vec![variable],
            metric_tags: vec![MetricTagsEntry { key: key.into(), value: Some(tag) }],
            ..small()
        };
        let text = copy_of(&task("d", &source), &guid()).unwrap();
        prop_assert_eq!(decoded(&read(&text).unwrap()), source);
    }
}

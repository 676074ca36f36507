//! One encoded task: every way to decode it agrees, and its JSON is what a new task is read from.

use bytes::Bytes;
use prost::Message as _;
use taskdeck::bbs::json::{JsonBuffer, Secrets, TaskSpec, document, raw_task, task, task_line};
use taskdeck::bbs::wire::{self, Interner, LazyTask, read_task, task_to_model};
use taskdeck::bbs::{decode_definition, read_summary};
use taskdeck::model::{NewTask, RawDefinition, Task, TaskGuid};

/// Takes an encoded task.
pub fn check(input: &[u8]) {
    let read = read_task(input, &mut Interner::default()).ok();
    let lazy = LazyTask::decode(input).ok().map(|task| task_to_model(&task, &mut Interner::default()));
    assert_eq!(read, lazy, "by hand and by prost");
    if let Some(task) = &read {
        check_model(task);
    }
    let decoded = wire::Task::decode(input).ok();
    let [shown, masked] = [Secrets::Shown, Secrets::Masked].map(|secrets| json(input, secrets));
    assert_eq!(shown, decoded.as_ref().map(json_of), "directly and by prost");
    assert_eq!(masked.is_some(), shown.is_some());
    if let (Some(decoded), Some(shown)) = (decoded, shown) {
        check_spec(&shown, &decoded);
    }
}

/// What the dashboard does with a task never fails, and its definition is damaged for all of it or for none.
fn check_model(task: &Task) {
    let _ = read_summary(&task.definition);
    let is_damaged = decode_definition(&task.definition).is_err();
    for secrets in [Secrets::Shown, Secrets::Masked] {
        assert_is_one_line(&task_line(task, secrets));
    }
    if let Ok(text) = document::copy_of(task, &TaskGuid::from("new")) {
        assert!(!is_damaged);
        check_copy(&text, &task.definition);
    }
}

/// The text of a copy reads back as the source, without its callback, or breaks a rule of the server.
fn check_copy(text: &str, source: &RawDefinition) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    let new = match document::read(text) {
        Ok(new) => new,
        Err(faults) => {
            assert!(faults.iter().all(|fault| fault.message.contains(": ")), "{faults:?} in {text}");
            return;
        }
    };
    if document::losses(source).is_empty() {
        let mut source = wire::TaskDefinition::decode(source.as_bytes()).unwrap();
        if !source.completion_callback_url.is_empty() {
            (source.completion_callback_url, source.annotation) = Default::default();
        }
        assert_eq!(wire::TaskDefinition::decode(new.definition.as_bytes()), Ok(normalised(source)), "{text}");
    }
    check_lines(&new);
}

/// The lines of a new task read back as the task, and secrets are masked one for one.
fn check_lines(new: &NewTask) {
    let lines = document::lines(new);
    let clear: Vec<_> = lines.iter().map(|line| line.clear.as_str()).collect();
    assert_eq!(document::read(&clear.join("\n")).as_ref(), Ok(new));
}

/// cfdot reads what it prints, and so do we; both modes agree.
fn check_spec(json: &str, task: &wire::Task) {
    assert_is_one_line(json.as_bytes());
    let lenient = TaskSpec::parse(json);
    assert_eq!(TaskSpec::parse_strictly(json).ok(), lenient.clone().ok());
    let spec = match lenient {
        Ok(spec) => spec,
        // A value of a later release has no name here, as in Go.
        Err(error) => return assert!(error.contains("unknown value \"\""), "{error}: {json}"),
    };
    assert_eq!(spec.guid().as_str(), wire::text(&task.task_guid));
}

fn json(input: &[u8], secrets: Secrets) -> Option<String> {
    let mut out = JsonBuffer::default();
    raw_task(&mut out, input, 0..input.len(), secrets).ok()?;
    Some(String::from_utf8(out.into_bytes()).expect("JSON is UTF-8"))
}

fn json_of(message: &wire::Task) -> String {
    let mut out = JsonBuffer::default();
    task(&mut out, message);
    String::from_utf8(out.into_bytes()).expect("JSON is UTF-8")
}

/// Returns the definition with the order that JSON gives to maps, and the last value of each key.
fn normalised(mut definition: wire::TaskDefinition) -> wire::TaskDefinition {
    if let Some(network) = &mut definition.network {
        sort(&mut network.properties, |entry| &entry.key);
    }
    sort(&mut definition.metric_tags, |entry| &entry.key);
    definition
}

fn sort<T>(entries: &mut Vec<T>, key: impl Fn(&T) -> &Bytes) {
    // Sorting keeps the order of equal keys, and of those the first stays.
    entries.reverse();
    entries.sort_by(|one, other| key(one).cmp(key(other)));
    entries.dedup_by(|one, other| key(one) == key(other));
}

fn assert_is_one_line(json: &[u8]) {
    let text = std::str::from_utf8(json).expect("JSON is UTF-8");
    let text = text.strip_suffix('\n').unwrap_or(text);
    assert!(!text.contains(['\n', '\r']), "{text}");
    assert!(serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object()), "{text}");
}

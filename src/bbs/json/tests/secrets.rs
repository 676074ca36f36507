//! Secrets are masked in every text.

use prost::Message as _;
use serde_json::Value;

use super::*;
use crate::model::{Task, TaskEvent};

const SECRET: &str = "hunter2";

/// The recorded task as a model type, with a secret in each of its texts.
fn task_with_secrets() -> Task {
    let mut spec: Value = serde_json::from_str(EVERYTHING).unwrap();
    put_secrets(&mut spec);
    let request = TaskSpec::parse(&spec.to_string()).unwrap().into_request();
    let text = |path: &str| format!("https://u:{SECRET}@h/{path}").into();
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
fn masks_secrets_in_all_texts_of_a_task() {
    let task = task_with_secrets();
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
fn masks_secrets_in_both_tasks_of_an_event() {
    let task = task_with_secrets();
    let changed = TaskEvent::Changed { before: Box::new(task.clone()), after: Box::new(task) };
    let line = String::from_utf8(event_line(&changed, Secrets::Masked)).unwrap();
    assert!(
        line.starts_with(r#"{"type":"task_changed","data":{"before":{"#) && !line.contains(SECRET),
        "{line}"
    );
}

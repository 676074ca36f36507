//! Reads the text of a task, and finds its faults: of JSON, of the fields, and by the server's rules.

use prost::Message as _;
use serde_json::Value;

use super::unique_keys::UniqueKeys;
use crate::bbs::json::parse::{ParseError, TaskSpec};
use crate::bbs::json::path::PathSegment;
use crate::bbs::validation::invalid_fields;
use crate::bbs::wire::{DesireTaskRequest, text as text_of};
use crate::model::{DocumentFault, Domain, NewTask, RawDefinition, TaskGuid};

/// The most faults of fields that are said at once.
const MAX_FAULTS: usize = 20;

/// Reads the text of a task.
///
/// # Errors
/// Everything that must be corrected before the server accepts the task, as far as it can be told.
pub fn read(text: &str) -> Result<NewTask, Vec<DocumentFault>> {
    // Windows editors write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json = without_comments(text).map_err(|message| vec![DocumentFault { line: None, message }])?;
    let value = parse(&json).map_err(|fault| vec![fault])?;
    let request = read_fields(&json, value)?;
    let faults = invalid(&json, &request);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(NewTask {
        guid: TaskGuid::from(text_of(&request.task_guid)),
        domain: Domain::from(text_of(&request.domain)),
        definition: RawDefinition::new(&request.task_definition.unwrap_or_default().encode_to_vec()),
    })
}

/// Replaces each byte of a comment by a blank, so that lines and columns stay as they are.
fn without_comments(text: &str) -> Result<String, String> {
    let mut json = text.to_owned();
    json_strip_comments::strip(&mut json).map_err(|_| "a / that starts no comment".to_owned())?;
    // It also replaces the line feeds inside a block comment.
    let bytes = text.bytes().zip(json.bytes());
    let with_lines = bytes.map(|(was, is)| if was == b'\n' { was } else { is }).collect();
    String::from_utf8(with_lines).map_err(|error| error.to_string())
}

fn parse(json: &str) -> Result<Value, DocumentFault> {
    let unique = serde_json::from_str::<UniqueKeys>(json);
    unique.and_then(|_| serde_json::from_str(json)).map_err(|error| {
        let message = error.to_string();
        // The position is that of the comment.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        DocumentFault { line: Some(error.line()), message: message.to_owned() }
    })
}

/// Reads the fields. Takes a wrong one out and reads the rest again, so that all of them are said at once.
fn read_fields(json: &str, mut value: Value) -> Result<DesireTaskRequest, Vec<DocumentFault>> {
    let mut faults = Vec::new();
    loop {
        match TaskSpec::read_strictly(&value) {
            Ok(spec) if faults.is_empty() => return Ok(spec.into_request()),
            Ok(_) => return Err(faults),
            Err(error) => {
                faults
                    .push(DocumentFault { line: error.path.nearest_line(json), message: error.to_string() });
                if faults.len() == MAX_FAULTS || !take_out(&mut value, &error) {
                    return Err(faults);
                }
            }
        }
    }
}

/// Removes the innermost field around the fault. Returns whether there is one.
fn take_out(value: &mut Value, error: &ParseError) -> bool {
    let segments: Vec<_> = error.path.segments().collect();
    let Some(at) = segments.iter().rposition(|segment| matches!(segment, PathSegment::Key(_))) else {
        return false;
    };
    let (outer, inner) = segments.split_at(at);
    let object = outer.iter().try_fold(value, |value, segment| match segment {
        PathSegment::Key(key) => {
            value.as_object_mut()?.iter_mut().find(|(name, _)| is_key(name, key)).map(|(_, value)| value)
        }
        PathSegment::Index(at) => value.get_mut(*at),
    });
    let Some((fields, PathSegment::Key(key))) =
        object.and_then(Value::as_object_mut).zip(inner.first().copied())
    else {
        return false;
    };
    let before = fields.len();
    fields.retain(|name, _| !is_key(name, key));
    fields.len() < before
}

fn is_key(name: &str, key: &str) -> bool {
    name.eq_ignore_ascii_case(key)
}

/// Returns what the server would refuse.
fn invalid(json: &str, request: &DesireTaskRequest) -> Vec<DocumentFault> {
    let definition = request.task_definition.as_ref();
    let fields = invalid_fields(&request.task_guid, &request.domain, definition);
    let mut faults: Vec<_> = fields
        .into_iter()
        .filter_map(|field| {
            let message = format!("{}: {}", field.path, field.rule?);
            Some(DocumentFault { line: field.path.nearest_line(json), message })
        })
        .collect();
    // The server's database refuses it.
    if request.domain.contains(&0) {
        faults.push(DocumentFault { line: None, message: "domain: must not contain NUL".to_owned() });
    }
    faults
}

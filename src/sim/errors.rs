//! Builds the errors that the server puts in its replies, with its exact messages.
//!
//! Source: "Life of a task" and "What desire refuses" of the API.

use crate::bbs::wire::Error;
use crate::model::RefusedType;
use crate::model::lifecycle::Forbidden;

fn error(kind: i32, message: impl Into<String>) -> Error {
    Error { r#type: kind, message: message.into().into_bytes().into() }
}

/// Returns one error for all of a request's validation errors.
pub(super) fn invalid_request(messages: &[String]) -> Error {
    error(RefusedType::INVALID_REQUEST.0, messages.join(", "))
}

/// Returns the error for one invalid field.
pub(super) fn invalid_field(field: &str) -> Error {
    invalid_request(&[format!("Invalid field: {field}")])
}

/// The body does not decode, or a cell rejects a task that has ended.
pub(super) fn bad_request() -> Error {
    error(RefusedType::INVALID_REQUEST.0, "the request received is invalid")
}

/// The task's state does not allow the step.
pub(super) fn invalid_transition(forbidden: &Forbidden) -> Error {
    error(RefusedType::INVALID_STATE_TRANSITION.0, forbidden.to_string())
}

/// A task with this guid exists.
pub(super) fn already_exists() -> Error {
    error(RefusedType::RESOURCE_EXISTS.0, "the requested resource already exists")
}

/// No task has this guid.
pub(super) fn not_found() -> Error {
    error(RefusedType::RESOURCE_NOT_FOUND.0, "the requested resource could not be found")
}

/// The task runs on another cell than the one that reports its completion.
pub(super) fn different_cell(running_on: &[u8], reported_by: &[u8]) -> Error {
    let (running_on, reported_by) =
        (String::from_utf8_lossy(running_on), String::from_utf8_lossy(reported_by));
    let message = format!("Running on cell {running_on} not {reported_by}");
    error(RefusedType::RUNNING_ON_DIFFERENT_CELL.0, message)
}

/// The presence service (Locket) did not answer the server in time.
pub(super) fn deadline_exceeded() -> Error {
    error(RefusedType::UNKNOWN.0, "rpc error: code = DeadlineExceeded desc = context deadline exceeded")
}

/// The database cannot store text with these bytes. The message is that of `PostgreSQL`.
pub(super) fn not_utf8(bytes: &[u8]) -> Error {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:#04x}")).collect();
    let message =
        format!("ERROR: invalid byte sequence for encoding \"UTF8\": {} (SQLSTATE 22021)", bytes.join(" "));
    error(RefusedType::UNKNOWN.0, message)
}

//! The server's errors, in its own words.

use crate::bbs::wire::Error;
use crate::model::RefusedType;
use crate::model::lifecycle::Forbidden;

fn error(kind: i32, message: impl Into<String>) -> Error {
    Error { r#type: kind, message: message.into().into_bytes().into() }
}

/// Faults of a request, all at once.
pub(super) fn invalid_request(faults: &[String]) -> Error {
    error(RefusedType::INVALID_REQUEST.0, faults.join(", "))
}

/// One field is not acceptable.
pub(super) fn invalid(field: &str) -> Error {
    invalid_request(&[format!("Invalid field: {field}")])
}

/// The body is not the message that the route wants, or a cell turns down what has ended.
pub(super) fn bad_request() -> Error {
    error(RefusedType::INVALID_REQUEST.0, "the request received is invalid")
}

/// The state does not allow it.
pub(super) fn transition(no: &Forbidden) -> Error {
    error(RefusedType::INVALID_STATE_TRANSITION.0, no.to_string())
}

/// The guid is in use.
pub(super) fn exists() -> Error {
    error(RefusedType::RESOURCE_EXISTS.0, "the requested resource already exists")
}

/// There is no such task.
pub(super) fn not_found() -> Error {
    error(RefusedType::RESOURCE_NOT_FOUND.0, "the requested resource could not be found")
}

/// Another cell runs it.
pub(super) fn different_cell(runs: &[u8], asks: &[u8]) -> Error {
    let (runs, asks) = (String::from_utf8_lossy(runs), String::from_utf8_lossy(asks));
    error(RefusedType::RUNNING_ON_DIFFERENT_CELL.0, format!("Running on cell {runs} not {asks}"))
}

/// The service that knows the cells did not answer the server in time.
pub(super) fn deadline_exceeded() -> Error {
    error(RefusedType::UNKNOWN.0, "rpc error: code = DeadlineExceeded desc = context deadline exceeded")
}

/// The database does not take text with these bytes in it.
pub(super) fn not_utf8(bytes: &[u8]) -> Error {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:#04x}")).collect();
    let message =
        format!("ERROR: invalid byte sequence for encoding \"UTF8\": {} (SQLSTATE 22021)", bytes.join(" "));
    error(RefusedType::UNKNOWN.0, message)
}

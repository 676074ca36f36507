//! JSON encoding of tasks and cells, from encoded bytes, wire messages or `model` types.

use std::ops::Range;

use super::buffer::JsonBuffer;
use super::buffer::line;
use super::field::Message;
use super::scan::Span;
use super::tables::{CELL, TASK};
use super::write::{Secrets, write};
use crate::bbs::wire;
use crate::model::Task;

/// Appends the encoded task in `buffer[range]`.
///
/// # Errors
/// Says what is wrong with the bytes, and leaves `out` unchanged.
pub fn raw_task(
    out: &mut JsonBuffer,
    buffer: &[u8],
    range: Range<usize>,
    secrets: Secrets,
) -> Result<(), String> {
    raw::<wire::Task>(out, &Span::new(buffer, range), &TASK, secrets)
}

/// Appends a task, with secrets shown, as `cfdot` does.
pub fn task(out: &mut JsonBuffer, task: &wire::Task) {
    encoded(out, task, &TASK, Secrets::Shown);
}

/// Appends the presence of a cell.
pub fn cell(out: &mut JsonBuffer, cell: &wire::CellPresence) {
    encoded(out, cell, &CELL, Secrets::Shown);
}

/// Returns the task as a line of JSON. Leaves out the definition if it cannot be decoded.
pub fn task_line(task: &Task, secrets: Secrets) -> Vec<u8> {
    line(|out| encoded(out, &wire::task_from_model(task), &TASK, secrets))
}

/// Appends an encoded message.
///
/// # Errors
/// Says what is wrong with the bytes, and leaves `out` unchanged.
pub(super) fn raw<M: prost::Message + Default>(
    out: &mut JsonBuffer,
    span: &Span<'_>,
    message: &Message,
    secrets: Secrets,
) -> Result<(), String> {
    if write(out, span, message, secrets).is_err() {
        // Unusual encodings, such as a message in two parts, are normalized by prost; invalid ones are rejected.
        let normalized = M::decode(span.bytes()).map_err(|error| error.to_string())?;
        encoded(out, &normalized, message, secrets);
    }
    Ok(())
}

/// Encodes a message with prost, then appends it.
pub(super) fn encoded(
    out: &mut JsonBuffer,
    value: &impl prost::Message,
    message: &Message,
    secrets: Secrets,
) {
    let written = write(out, &Span::all(&value.encode_to_vec()), message, secrets);
    debug_assert!(written.is_ok(), "prost encodes as servers do and limits the depth when decoding");
}

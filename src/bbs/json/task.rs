//! Tasks, cells and events, of whichever form they are held in.

use std::ops::Range;

use super::buffer::JsonBuffer;
use super::buffer::line;
use super::field::Message;
use super::scan::Span;
use super::tables::{CELL, TASK};
use super::write::{Secrets, write};
use crate::bbs::wire;
use crate::model::Task;

/// Writes the task that is at this place among the bytes. The error is what is wrong with it; nothing is written then.
pub fn raw_task(
    out: &mut JsonBuffer,
    bytes: &[u8],
    place: Range<usize>,
    secrets: Secrets,
) -> Result<(), String> {
    raw::<wire::Task>(out, &Span::within(bytes, place), &TASK, secrets)
}

/// Writes the task as `cfdot` does.
pub fn task(out: &mut JsonBuffer, of: &wire::Task) {
    encoded(out, of, &TASK, Secrets::Shown);
}

/// Writes the presence.
pub fn cell(out: &mut JsonBuffer, of: &wire::CellPresence) {
    encoded(out, of, &CELL, Secrets::Shown);
}

/// The task as a line, in the same form. If its definition cannot be decoded only its own fields are there.
pub fn task_line(of: &Task, secrets: Secrets) -> Vec<u8> {
    line(|out| encoded(out, &wire::task_from_model(of), &TASK, secrets))
}

/// Writes what came as these bytes. The error is what is wrong with them; nothing is written then.
pub(super) fn raw<M: prost::Message + Default>(
    out: &mut JsonBuffer,
    of: &Span<'_>,
    message: &Message,
    secrets: Secrets,
) -> Result<(), String> {
    if write(out, of, message, secrets).is_err() {
        // A message in two parts, and the like, is put in order first; or it is no message.
        let of = M::decode(of.bytes()).map_err(|error| error.to_string())?;
        encoded(out, &of, message, secrets);
    }
    Ok(())
}

/// Writes what was decoded, or made by us.
pub(super) fn encoded(out: &mut JsonBuffer, of: &impl prost::Message, message: &Message, secrets: Secrets) {
    let written = write(out, &Span::all(&of.encode_to_vec()), message, secrets);
    debug_assert!(written.is_ok(), "prost writes as servers do, and reads nothing deeper");
}

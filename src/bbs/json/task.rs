//! A task: its definition's fields, then its own.

use super::definition;
use super::lines::line;
use super::object::{Object, object};
use super::writer::{Secrets, Writer};
use crate::bbs::wire;
use crate::model::Task;

/// `Task.State`, by number.
const STATES: &[&str] = &["Invalid", "Pending", "Running", "Completed", "Resolving"];

/// Writes the task.
pub fn task(out: &mut Vec<u8>, of: &wire::Task) {
    task_with(out, of, Secrets::Shown);
}

/// Writes the task, its secrets masked or not.
pub fn task_with(out: &mut Vec<u8>, of: &wire::Task, secrets: Secrets) {
    Writer::on(out, secrets, |out| write(out, of));
}

/// The task as a line, in the same form. If its definition cannot be decoded only its own fields are there.
pub fn task_line(of: &Task, secrets: Secrets) -> Vec<u8> {
    line(|out| Writer::on(out, secrets, |out| write(out, &wire::task_from_model(of))))
}

pub(super) fn write(out: &mut Writer, of: &wire::Task) {
    object(out, |task| {
        if let Some(of) = &of.task_definition {
            definition::fields(task, of);
        }
        task.text("task_guid", &of.task_guid);
        task.text("domain", &of.domain);
        task.number("created_at", of.created_at);
        task.number("updated_at", of.updated_at);
        task.number("first_completed_at", of.first_completed_at);
        named(task, "state", STATES, of.state);
        task.text("cell_id", &of.cell_id);
        task.text("result", &of.result);
        task.flag("failed", of.failed);
        task.text("failure_reason", &of.failure_reason);
        task.number("rejection_count", of.rejection_count);
        task.text("rejection_reason", &of.rejection_reason);
    });
}

/// An enumeration's value by its name; a number that has none (of a newer release) by its digits.
pub(super) fn named(object: &mut Object<'_>, key: &str, names: &[&str], number: i32) {
    match usize::try_from(number).ok().and_then(|at| names.get(at)) {
        Some(name) => object.text(key, name.as_bytes()),
        None => object.text(key, number.to_string().as_bytes()),
    }
}

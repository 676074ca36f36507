//! The JSON form in which operators know tasks, cells and events: what `cfdot` prints, byte for byte.
//!
//! Written straight from a message's bytes, by one table of its fields (`tables`): a long list is never held, and nothing is
//! lost on the way (strings that are not UTF-8, fields that `model` has no word for). Reads the same form for a new task.
//! Knows no connection. Secrets are written, or masked for a command of our own. Source: "The JSON form" of the API.

mod buffer;
mod calls;
mod event;
mod field;
mod parse;
mod scan;
mod tables;
mod task;
#[cfg(test)]
mod tests;
mod text;
mod write;

pub use buffer::JsonBuffer;
pub use calls::CellLine;
pub use event::{event, event_line};
pub use parse::TaskSpec;
pub use task::{cell, raw_task, task, task_line};
pub use text::text;
pub use write::Secrets;

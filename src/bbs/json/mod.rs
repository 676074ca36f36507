//! The JSON form in which operators know tasks, cells and events: what `cfdot` prints, byte for byte.
//!
//! Written straight from a message's bytes, by one table of its fields (`forms`): a long list is never held, and nothing is
//! lost on the way (strings that are not UTF-8, fields that `model` has no word for). Reads the same form for a new task.
//! Knows no connection. Secrets are written, or masked for a command of our own. Source: "The JSON form" of the API.

mod event;
mod form;
mod forms;
mod lines;
mod read;
mod scan;
mod sheet;
mod task;
#[cfg(test)]
mod tests;
mod text;
mod write;

pub use event::{event, event_line};
pub use lines::CellLine;
pub use read::TaskSpec;
pub use sheet::Sheet;
pub use task::{cell, raw_task, task, task_line};
pub use text::text;
pub use write::Secrets;

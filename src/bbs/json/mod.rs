//! JSON encoding of tasks, cells and events, byte for byte as `cfdot` prints it, and the parser for new tasks.
//!
//! Encodes directly from protobuf bytes by tables of fields (`tables`). This avoids decoding long lists and loses nothing,
//! such as invalid UTF-8 or fields that `model` lacks. Must not do I/O, except for the client calls in `calls`. Source:
//! "The JSON form" of the API.

mod buffer;
mod calls;
pub mod document;
mod event;
mod field;
mod parse;
mod path;
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
pub use path::JsonPath;
pub use task::{cell, raw_task, task, task_line};
pub use text::text;
pub use write::Secrets;

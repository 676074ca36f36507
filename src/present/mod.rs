//! Turns facts into text with a width and a meaning, for panes and commands alike.
//!
//! Depends on `model` alone: no terminal library, no dashboard state, no clock; `now` is a parameter.

pub mod columns;
pub mod csv;
pub mod deadline;
pub mod detail;
pub mod ending;
pub mod failures;
pub mod format;
pub mod json;
pub mod pulse;
pub mod sanitise;
mod task_state;
pub mod text_table;
mod tone;

pub use task_state::{of_task, sign};
pub use tone::Tone;

//! How a fact reads: text, width and meaning, for panes and commands alike.
//!
//! Uses `model` only. Knows no terminal library, no state of the dashboard and no clock; `now` is a parameter.

pub mod columns;
pub mod deadline;
pub mod detail;
pub mod ending;
pub mod format;
pub mod sanitise;
mod tone;

pub use tone::{Tone, of_task, sign};

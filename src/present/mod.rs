//! Turns facts into text with a width and a meaning, for panes and commands alike.
//!
//! Depends on `model` alone: no terminal library, no dashboard state, no clock; `now` is a parameter.

pub mod columns;
pub mod deadline;
pub mod detail;
pub mod ending;
pub mod format;
pub mod sanitise;
mod tone;

pub use tone::{Tone, of_task, sign};

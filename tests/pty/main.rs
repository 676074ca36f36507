//! Runs of the real binary in a pseudo terminal: what it draws, how it ends, and that the terminal is given back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test helpers")]

mod confirm;
mod drawing;
mod jobs;
mod json;
mod leaving;
mod questions;
mod session;
mod simulate;
mod surroundings;
mod without_terminal;

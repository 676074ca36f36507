//! Runs the real binary in a pseudo terminal: what it draws, how it exits, and whether it restores the terminal.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test helpers")]

mod confirm;
mod copying;
mod editing;
mod environment;
mod first_start;
mod foreground;
mod hostile;
mod interruptions;
mod job_control;
mod json;
mod mouse;
mod no_terminal;
mod pty_session;
mod recording;
mod reliability;
mod rendering;
mod restore;
mod secrets;
mod sim;
mod terminals;
mod unsolicited_input;

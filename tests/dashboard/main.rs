//! Runs the whole dashboard against the simulated BBS: the shipped event loop and client, with a screen that tests read and
//! keys that they send. One file for each topic; `story` is their fixture.
#![expect(clippy::unwrap_used, reason = "test helpers")]

mod acting;
mod bulk;
mod copying;
mod deadlines;
mod editing;
mod ended;
mod failures;
mod feeding;
mod looking;
mod looks;
mod marks;
mod own_commands;
mod pulse;
mod recorder_callbacks;
mod recorder_failover;
mod recorder_lost_cell;
mod recorder_storm;
mod recording;
mod replay;
mod saving;
mod story;
mod targets;
mod timeline;
mod views;

//! Conformance suite: tests a BBS from outside against the API. Tests the simulated BBS by default, or an external server
//! that the environment names.
//!
//! Must not touch tasks or domains other than its own. [`targets`] selects the servers; docs/internals/conformance.md has the command.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test helpers")]

mod bbs;
mod cell_calls;
mod domains;
mod environment;
mod events;
mod lifecycle;
mod lists;
mod outages;
mod raw_stream;
mod reporting;
mod revisions;
mod stream;
mod sweeps;
mod targets;
mod tasks;
mod transport;
mod validation;
mod validation_actions;
mod validation_definition;

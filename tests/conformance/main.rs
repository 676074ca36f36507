//! What a BBS does, as the API has it, asked of one from outside: of the simulated BBS always, and of the one that the
//! environment names where that was opted into. See [`targets`] for which, and the README for the command.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test helpers")]

mod away;
mod bbs;
mod cells_side;
mod domains;
mod environment;
mod events;
mod lifecycle;
mod lists;
mod reporting;
mod revisions;
mod socket;
mod stream;
mod sweeps;
mod targets;
mod tasks;
mod transport;
mod validation;
mod validation_within;

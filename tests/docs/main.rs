//! Holds the documentation to the program: generated tables, links, commands, filters and configuration in the pages.
//!
//! `TASKDECK_DRAW=1 cargo test --test docs` regenerates the tables.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test helpers")]

mod book;
mod commands;
mod examples;
mod generated;
mod links;
mod page;
mod readme;
mod sources;
mod troubleshooting;

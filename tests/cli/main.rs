//! Runs the binary as scripts do, and checks standard output, standard error and exit status against a
//! simulated BBS in the test's process.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test helpers")]

mod anywhere;
mod bulk;
mod cases;
mod config;
mod desire;
mod deviations;
mod docs;
mod doctor;
mod generated;
mod history;
mod limits;
mod listing;
mod metrics;
mod metrics_assets;
mod promtool;
mod record;
mod recorded;
mod replay;
mod replaying;
mod report;
mod run;
mod scripted;
mod settings;
mod status;
mod wait;
mod watch;

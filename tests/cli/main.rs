//! The commands as scripts meet them: standard output, standard error and exit status of the real binary, against a
//! simulated BBS in the test's process.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test helpers")]

mod bulk;
mod desire;
mod doctor;
mod generated;
mod listing;
mod replay;
mod run;
mod settings;
mod status;
mod wait;
mod watch;

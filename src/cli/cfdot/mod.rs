//! Drop-in replacement for the task commands of `cfdot`: the same flags, output, errors and exit statuses.
//!
//! Started under the name `cfdot`, the whole program behaves like `cfdot` ([`root`]). A command parses its flags, checks the
//! connection settings, validates its arguments and makes the call, in that order; each step may fail. Standard output
//! gets only data. Reads the configuration file only with `--target` or `--config`, so that it cannot change what a script
//! does. The behaviour is taken from recordings of `cfdot` (`tests/fixtures/cfdot`).

mod arguments;
mod calls;
mod command;
mod describe;
mod exit;
mod flags;
mod go_values;
mod listing;
mod parse;
mod program_name;
mod root;
mod run;
mod settings;
mod unanswered;
mod unsupported;
mod usage;

pub(super) use command::named;
pub(super) use describe::clap_commands;
pub(super) use program_name::{ProgramName, is_cfdot};
pub(super) use root::main;
pub(super) use run::{check, run};
pub(super) use unsupported::explain;

//! The task commands of `cfdot`, for scripts that know it: the same flags, output, errors and exit statuses. Under the
//! name `cfdot` the whole program is `cfdot` ([`root`]).
//!
//! A command goes through four steps, each of which may end it: the values of its flags, the connection's settings,
//! its arguments, and the call. Standard output gets data only. The configuration file is read only where `--target` or
//! `--config` asks for it: a script says all that it means.

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
pub(super) use run::run;
pub(super) use unsupported::explain;

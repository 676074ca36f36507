//! The task commands of `cfdot`, for scripts that know it: the same flags, output, errors and exit statuses. Under the
//! name `cfdot` the whole program is `cfdot` ([`root`]).
//!
//! A command goes through four steps, each of which may end it: the values of its flags, the connection's settings,
//! its arguments, and the call. Standard output gets data only. The configuration file is read only where `--target` or
//! `--config` asks for it: a script says all that it means.

mod arguments;
mod calls;
mod command;
mod create;
mod describe;
mod elsewhere;
mod exit;
mod flags;
mod go_values;
mod listing;
mod name;
mod parse;
mod root;
mod run;
mod settings;
mod unanswered;
mod usage;

pub(super) use command::named;
pub(super) use describe::described;
pub(super) use elsewhere::explain;
pub(super) use name::{Name, is_its_name};
pub(super) use root::main;
pub(super) use run::run;

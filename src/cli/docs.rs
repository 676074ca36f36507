//! Prints the program's tables as Markdown: what keys, commands, columns, filters and the configuration know.
//!
//! The README's tables are the same ones. Nothing here depends on a configuration or a BBS.

use std::io::{self, Write as _};

use clap::{Args, ValueEnum};

use super::failure::{Failure, Status};
use crate::app::{argument_commands_markdown, commands, keymap};
use crate::config::keys as config_keys;
use crate::filter;
use crate::present::columns;

/// Arguments of `docs`.
#[derive(Debug, Args)]
#[command(after_help = "To keep a table: taskdeck docs keys > keys.md")]
pub(super) struct Arguments {
    /// Table to print
    #[arg(value_name = "TABLE", value_enum)]
    table: Table,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Table {
    /// Keys of the dashboard, by group
    Keys,
    /// Columns of the task table and of --columns
    Columns,
    /// Terms and fields of filters
    Filters,
    /// Commands of the dashboard: name, keys, effect, and when each is available
    Commands,
    /// Keys of the configuration file
    Config,
}

impl Table {
    fn markdown(self) -> String {
        match self {
            Self::Keys => keymap::markdown(),
            Self::Columns => columns::markdown(),
            Self::Filters => [filter::forms_markdown(), filter::markdown()].join("\n"),
            Self::Commands => [commands::markdown(), argument_commands_markdown()].join("\n"),
            Self::Config => config_keys::markdown(),
        }
    }
}

/// Prints a table.
pub(super) fn run(arguments: &Arguments) -> Result<Status, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(arguments.table.markdown().as_bytes())?;
    out.flush()?;
    Ok(Status::Done)
}

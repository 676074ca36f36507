//! Prints the program's tables as Markdown: keys, commands, columns, filters, the configuration and so on.
//!
//! The reference of `docs/` is made from them, with the default keys. Nothing here depends on a BBS.

mod cli;
mod environment;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::{self, Failure, Status};
use crate::app::keymap::Keymap;
use crate::app::{aliases_markdown, argument_commands_markdown, commands, keymap, own_commands};
use crate::config::keys as config_keys;
use crate::config::{self, Flags, Paths};
use crate::present::columns;
use crate::record::{metrics, views};
use crate::sim::Scenario;
use crate::{filter, theme};

/// Arguments of `docs`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Table to print
    #[arg(value_name = "TABLE", value_enum)]
    table: Table,
    /// Configuration file with the keys of commands [default: config.toml in the platform's configuration directory]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
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
    /// Metrics that record --metrics serves
    Metrics,
    /// Commands of the command line, each with its help
    Cli,
    /// Exit statuses
    Statuses,
    /// Environment variables
    Environment,
    /// Placeholders of your own commands
    Placeholders,
    /// Roles that a theme styles
    Roles,
    /// Scenarios of the simulated BBS
    Scenarios,
    /// Views of a recording, with their columns
    Recording,
}

impl Table {
    const fn has_keys(self) -> bool {
        matches!(self, Self::Keys | Self::Commands)
    }

    fn markdown(self, keymap: &Keymap) -> String {
        match self {
            Self::Keys => keymap::markdown(keymap),
            Self::Columns => columns::markdown(),
            Self::Filters => [filter::forms_markdown(), filter::markdown()].join("\n"),
            Self::Commands => {
                [commands::markdown(keymap), argument_commands_markdown(), aliases_markdown()].join("\n")
            }
            Self::Config => config_keys::markdown(),
            Self::Metrics => metrics::markdown(),
            Self::Cli => cli::markdown(),
            Self::Statuses => failure::markdown(),
            Self::Environment => environment::markdown(),
            Self::Placeholders => own_commands::markdown(),
            Self::Roles => theme::markdown(),
            Self::Scenarios => scenarios(),
            Self::Recording => views::markdown(),
        }
    }
}

fn scenarios() -> String {
    let head = "| scenario | what it simulates |\n| --- | --- |\n".to_owned();
    let rows = Scenario::BUILT_IN.map(|one| format!("| `{}` | {} |\n", one.name, one.about()));
    std::iter::once(head).chain(rows).collect()
}

/// Prints a table.
pub(super) fn run(arguments: &Arguments, paths: &Paths) -> Result<Status, Failure> {
    let flags = Flags { config: arguments.config.clone(), ..Flags::default() };
    // The other tables are the same for everybody, whatever is wrong with the file.
    let keymap = if arguments.table.has_keys() {
        let loaded = config::load_dashboard(&flags, paths);
        loaded.map_err(|mistake| Failure::configuration(&mistake, paths))?.0.keymap
    } else {
        Keymap::default()
    };
    let mut out = io::stdout().lock();
    out.write_all(arguments.table.markdown(&keymap).as_bytes())?;
    out.flush()?;
    Ok(Status::Done)
}

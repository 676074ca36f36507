//! `config`: writes, shows and checks the configuration. Only `init` connects to a BBS, to test what it wrote.

mod check;
mod init;
mod questions;
mod show;

use clap::{Args, Subcommand};

use super::connect::TargetArgs;
use super::failure::{Failure, Status};
use crate::config::{Flags, Paths};

/// Arguments of `config`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status:
  0  done; see the help of each command for its other statuses")]
pub(super) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Write a commented configuration file and test the connection
    Init(InitArguments),
    /// Print every value and where it comes from
    Show(ShowArguments),
    /// Check the configuration file and what it names, without connecting
    Check(CheckArguments),
}

/// Arguments of `config init`.
#[derive(Debug, Args)]
#[command(after_help = "\
Writes every key with its explanation, commented out, and one target. Values come from the flags,
the environment variables of cfdot, and the cfdot job on a Diego VM. On a terminal, asks for those
that no flag gives. Then tests the connection as `taskdeck doctor` does. Never writes over a file;
only you can read the new one.

Examples:
  taskdeck config init
  taskdeck config init --target lab --bbs-url http://127.0.0.1:8889 --no-test

Exit status:
  0  written; the connection works, or was not tested
  3  not written, or written with settings that are incomplete
  4  written; the BBS refused or did not answer in time, or the answer was not from a BBS
  5  written; a file, the name look-up, TCP or TLS failed")]
struct InitArguments {
    /// Do not test the connection
    #[arg(long)]
    no_test: bool,
    #[command(flatten)]
    target: TargetArgs,
}

/// Arguments of `config show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints the values that hold, each with its source: a line of the file, an environment variable, a
flag, the cfdot job on a Diego VM, or the default. With --target, prints of the targets only this
one. Credentials in URLs are masked.

Examples:
  taskdeck config show
  taskdeck config show --target production --json | jq -c 'select(.source != \"default\")'

Exit status:
  0  printed
  3  the configuration or the environment is wrong")]
struct ShowArguments {
    /// Print a line of JSON for each value
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    target: TargetArgs,
}

/// Arguments of `config check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Reports all errors of the file with line and key, and checks what it names: themes, the programs of
own commands, and for each target the settings and the certificates (readable, current, matching,
private). Connects to nothing; `taskdeck doctor` does.

Examples:
  taskdeck config check
  taskdeck config check --config staging.toml

Exit status:
  0  no error; there may be warnings
  3  at least one error, or the file cannot be read")]
struct CheckArguments {
    /// Use this configuration file instead of the default one
    #[arg(long, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
}

/// Runs one of the commands.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    match arguments.action {
        Action::Init(arguments) => {
            Box::pin(init::run(&arguments.target.flags(), !arguments.no_test, environment, paths)).await
        }
        Action::Show(arguments) => show::run(&arguments.target.flags(), arguments.json, environment, paths),
        Action::Check(arguments) => {
            check::run(&Flags { config: arguments.config, ..Flags::default() }, environment, paths)
        }
    }
}

/// Writes a configuration and tests it, as `config init` does.
pub(super) async fn init(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    init::run(flags, true, environment, paths).await
}

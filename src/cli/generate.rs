//! Generates shell completions and manual pages from the command tree, which the caller passes in.

use std::io::{self, Write as _};

use clap::Args;
use clap_complete::Shell;

use super::failure::{Failure, Status};

/// Arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// Shell to generate completions for
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct Man {
    /// Command to describe [default: the whole program]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Prints the completion script for `command`.
pub(super) fn completions(arguments: &Completions, mut command: clap::Command) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "taskdeck", &mut script);
    print(&script)
}

/// Prints the manual page of `root`, or of one of its subcommands, in roff.
pub(super) fn man(arguments: &Man, mut root: clap::Command) -> Result<Status, Failure> {
    root.build();
    let command = match &arguments.command {
        None => root,
        Some(name) => subcommand(&root, name)?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&page)
}

fn subcommand(root: &clap::Command, name: &str) -> Result<clap::Command, Failure> {
    let command = root.find_subcommand(name).cloned().ok_or_else(|| {
        let names: Vec<_> = root.get_subcommands().map(clap::Command::get_name).collect();
        Failure::usage(format!("unknown command `{name}`; the commands are {}", names.join(", ")))
    })?;
    Ok(command.display_name(format!("taskdeck-{name}")))
}

fn print(text: &[u8]) -> Result<Status, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(Status::Done)
}

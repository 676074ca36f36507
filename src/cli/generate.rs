//! What is made of the table of commands: completions for a shell, and manual pages.

use std::io::{self, Write as _};

use clap::Args;
use clap_complete::Shell;

use super::arguments::Arguments;
use super::{Failure, Status};

/// For which shell.
#[derive(Debug, Args)]
#[command(after_help = "For this session: source <(taskdeck completions bash)")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Of which command.
#[derive(Debug, Args)]
#[command(after_help = "To read one at once: taskdeck man watch | man -l -")]
pub(super) struct Man {
    /// A command [default: the program as a whole]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

/// Prints the completions.
pub(super) fn completions(arguments: &Completions) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::clap_command(), "taskdeck", &mut script);
    print(&script)
}

/// Prints the page, in roff.
pub(super) fn man(arguments: &Man) -> Result<Status, Failure> {
    let mut all = Arguments::clap_command();
    all.build();
    let command = match &arguments.command {
        None => all,
        Some(name) => page_of(&all, name)?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&page)
}

fn page_of(all: &clap::Command, name: &str) -> Result<clap::Command, Failure> {
    let command = all.find_subcommand(name).cloned().ok_or_else(|| {
        let names: Vec<_> = all.get_subcommands().map(clap::Command::get_name).collect();
        Failure::usage(format!("no command is named `{name}`; there are {}", names.join(", ")))
    })?;
    Ok(command.display_name(format!("taskdeck-{name}")))
}

fn print(text: &[u8]) -> Result<Status, Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text)?;
    out.flush()?;
    Ok(Status::Done)
}

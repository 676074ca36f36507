//! The commands as clap describes them: for our own help, completions and manual pages. It never parses them.

use clap::{Arg, ArgAction};

use super::command::{COMMANDS, Command};
use super::flags::{Flag, ValueType};

/// The heading of flags that `cfdot` does not have.
const BEYOND: &str = "Beyond cfdot";

/// Said below the help of each.
const EXIT: &str = "\
Exit status:
  0    done
  3    a faulty argument or setting
  4    the BBS refused or did not answer in time, or something else answered
  5    the BBS could not be reached, or anything else went wrong
  255  an unknown flag";

/// Every command.
pub(in crate::cli) fn clap_commands() -> impl Iterator<Item = clap::Command> {
    COMMANDS.iter().map(describe)
}

/// Prints the help of a command.
pub(super) fn print_help(command: &Command) {
    let whole = clap::Command::new("taskdeck").subcommand(describe(command));
    if let Err(help) = whole.try_get_matches_from(["taskdeck", command.name, "--help"]) {
        // Nobody is left to be told when this fails.
        let _ = help.print();
    }
}

fn describe(command: &Command) -> clap::Command {
    let usage = format!("taskdeck {}{} [flags]", command.name, command.arguments);
    clap::Command::new(command.name)
        .about(command.about)
        .override_usage(usage)
        .after_help(EXIT)
        .args(command.tables().map(arg))
}

fn arg(flag: &Flag) -> Arg {
    let help = match flag.choices {
        Some(choices) => format!("{}: {}", flag.help, choices()),
        None => flag.help.to_owned(),
    };
    let arg = Arg::new(flag.long).long(flag.long).short(flag.short).help(help);
    let arg = match flag.value_type {
        ValueType::Bool if flag.is_extension => arg.action(ArgAction::SetTrue),
        ValueType::Bool => arg.num_args(0..=1).require_equals(true).value_name("bool"),
        value_type => arg.value_name(value_type.name()),
    };
    if flag.is_extension { arg.help_heading(BEYOND) } else { arg }
}

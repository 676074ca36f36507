//! Converts the table of commands to clap, for help, completions and manual pages. Clap does not parse these commands.

use clap::{Arg, ArgAction};

use super::command::{COMMANDS, Command};
use super::flags::{Flag, ValueType};
use crate::cli::arguments::MAX_WIDTH;
use crate::cli::{connect, help};

/// Heading of the flags that `cfdot` does not have.
const EXTENSIONS: &str = "Flags that cfdot does not have";

/// Help below the options of each command.
const EXIT: &str = "\
Exit status:
  0    success
  3    invalid argument or setting
  4    the BBS refused or did not answer in time, or the answer was not from a BBS
  5    the BBS could not be reached, or another error
  255  unknown flag";

/// Returns every command.
pub(in crate::cli) fn clap_commands() -> impl Iterator<Item = clap::Command> {
    COMMANDS.iter().map(describe)
}

/// Prints clap's help for a command.
pub(super) fn print_help(command: &Command) {
    let verb = help::with_headings(describe(command));
    let whole = clap::Command::new("taskdeck").subcommand(verb).max_term_width(MAX_WIDTH);
    if let Err(help) = whole.try_get_matches_from(["taskdeck", command.name, "--help"]) {
        // There is nowhere to report this error.
        let _ = help.print();
    }
}

fn describe(command: &Command) -> clap::Command {
    let usage = format!("taskdeck {}{} [flags]", command.name, command.arguments);
    let verb = clap::Command::new(command.name)
        .about(command.about)
        .override_usage(usage)
        .after_help(EXIT)
        .args(command.own_flags().map(arg));
    help::with_examples(verb)
}

fn arg(flag: &Flag) -> Arg {
    let help = match (flag.choices, flag.kebab) {
        (Some(choices), _) => format!("{}: {}", flag.help, choices()),
        (None, Some(kebab)) => kebab.help.to_owned(),
        (None, None) => flag.help.to_owned(),
    };
    let arg = match flag.kebab {
        Some(kebab) => Arg::new(flag.long).long(kebab.long).visible_alias(flag.long),
        None => Arg::new(flag.long).long(flag.long),
    };
    let arg = arg.short(flag.short).help(help);
    let arg = match flag.value_type {
        ValueType::Bool if flag.is_extension => arg.action(ArgAction::SetTrue),
        ValueType::Bool => arg.num_args(0..=1).require_equals(true).value_name("bool"),
        value_type => arg.value_name(value_type.name()),
    };
    match flag {
        _ if flag.is_extension => arg.help_heading(EXTENSIONS),
        _ if flag.is_of_connection() => arg.help_heading(connect::CONNECTION),
        _ => arg,
    }
}

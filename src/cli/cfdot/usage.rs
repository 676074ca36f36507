//! Usage texts and help in the layout of `cfdot`. They omit everything that `cfdot` does not have.

use std::fmt::Write as _;

use super::command::{COMMANDS, Command};
use super::flags::{Flag, HELP, ValueType};
use super::program_name::ProgramName;

/// Spaces between the widest flag and its help.
const GAP: usize = 3;

/// Minimum width of names in the list of commands.
const MIN_NAME_WIDTH: usize = 11;

/// The description above the list of commands.
const ABOUT: &str = "A command-line tool to interact with a Cloud Foundry Diego deployment";

/// Returns the usage text of a command.
pub(super) fn of(name: ProgramName, command: &Command) -> String {
    usage(name, command, command.flags(name))
}

/// Returns the help of a command. Lists the help flag only if it was used, like `cfdot`.
pub(super) fn help(command: &Command, lists_help_flag: bool) -> String {
    let is_listed = |flag: &Flag| lists_help_flag || flag.long != HELP.long;
    let flags = command.flags(ProgramName::Cfdot).into_iter().filter(is_listed).collect();
    format!("{}\n\n{}", command.long, usage(ProgramName::Cfdot, command, flags))
}

/// Returns the usage text of the program.
pub(super) fn of_program() -> String {
    let listed: Vec<_> = listed().collect();
    let width = listed.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(MIN_NAME_WIDTH);
    let mut commands = String::new();
    for (name, short) in listed {
        // Writing to a String cannot fail.
        let _ = writeln!(commands, "  {name:width$} {short}");
    }
    format!(
        "Usage:\n  cfdot [command]\n\nAvailable Commands:\n{commands}\nFlags:\n{}\nUse \"cfdot [command] --help\" for \
         more information about a command.\n",
        table("cfdot", [HELP])
    )
}

/// Returns the help of the program.
pub(super) fn help_of_program() -> String {
    format!("{ABOUT}\n\n{}", of_program())
}

/// Returns the usage text of `help`.
pub(super) fn of_help() -> String {
    format!("Usage:\n  cfdot help CMD [flags]\n\nFlags:\n{}", table("help", [HELP]))
}

/// Returns the help of `help`.
pub(super) fn help_of_help() -> String {
    format!("Get help on using cfdot commands\n\n{}", of_help())
}

/// Returns the commands sorted by name, with descriptions. `help` is listed twice because cobra adds its own.
pub(super) fn listed() -> impl Iterator<Item = (&'static str, &'static str)> {
    let helps = [("help", "Help about any command"), ("help", "Get help on [command]")];
    let of_cfdot = COMMANDS.iter().filter_map(|command| Some((command.name, command.cfdot_about?)));
    let mut all: Vec<_> = of_cfdot.chain(helps).collect();
    all.sort_by_key(|(name, _)| *name);
    all.into_iter()
}

fn usage(name: ProgramName, command: &Command, flags: Vec<Flag>) -> String {
    let flags = table(command.name, flags);
    format!("Usage:\n  {name} {}{} [flags]\n\nFlags:\n{flags}", command.name, command.arguments)
}

/// Formats the flags with their help, one per line.
fn table(command: &str, flags: impl IntoIterator<Item = Flag>) -> String {
    let of_cfdot = flags.into_iter().filter(|flag| !flag.is_extension);
    let lines: Vec<_> = of_cfdot.map(|flag| (flag_column(&flag), help_column(&flag, command))).collect();
    let width = lines.iter().map(|(flag, _)| flag.len()).max().unwrap_or_default() + GAP;
    let mut text = String::new();
    for (flag, help) in lines {
        let _ = writeln!(text, "{flag:width$}{help}");
    }
    text
}

fn help_column(flag: &Flag, command: &str) -> String {
    if flag.long == HELP.long { format!("help for {command}") } else { flag.help.to_owned() }
}

/// Formats a flag's names and value type.
fn flag_column(flag: &Flag) -> String {
    let short = flag.short.map_or_else(|| "      ".to_owned(), |short| format!("  -{short}, "));
    let value = match flag.value_type {
        ValueType::Bool => String::new(),
        value_type => format!(" {}", value_type.name()),
    };
    format!("{short}--{}{value}", flag.long)
}

//! Usage texts and help, laid out as `cfdot` lays them out. What `cfdot` does not have is left out of them.

use std::fmt::Write as _;

use super::command::{COMMANDS, Command};
use super::flags::{Flag, HELP, ValueType};
use super::program_name::ProgramName;

/// Between the widest flag and its help.
const GAP: usize = 3;

/// The least width of the names in the list of commands.
const NAMES: usize = 11;

/// What the program is, above its list of commands.
const ABOUT: &str = "A command-line tool to interact with a Cloud Foundry Diego deployment";

/// The usage text of a command.
pub(super) fn of(name: ProgramName, command: &Command) -> String {
    usage(name, command, command.flags())
}

/// The help of a command. A flag for help is listed where help was asked for with one.
pub(super) fn help(command: &Command, asked_by_flag: bool) -> String {
    let is_listed = |flag: &Flag| asked_by_flag || flag.long != HELP.long;
    let flags = command.flags().into_iter().filter(is_listed).collect();
    format!("{}\n\n{}", command.long, usage(ProgramName::Cfdot, command, flags))
}

/// The usage text of the program.
pub(super) fn of_program() -> String {
    let listed: Vec<_> = listed().collect();
    let width = listed.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max(NAMES);
    let mut commands = String::new();
    for (name, short) in listed {
        // A String takes every text.
        let _ = writeln!(commands, "  {name:width$} {short}");
    }
    format!(
        "Usage:\n  cfdot [command]\n\nAvailable Commands:\n{commands}\nFlags:\n{}\nUse \"cfdot [command] --help\" for \
         more information about a command.\n",
        table("cfdot", [HELP])
    )
}

/// The help of the program.
pub(super) fn help_of_program() -> String {
    format!("{ABOUT}\n\n{}", of_program())
}

/// The usage text of `help` itself.
pub(super) fn of_help() -> String {
    format!("Usage:\n  cfdot help CMD [flags]\n\nFlags:\n{}", table("help", [HELP]))
}

/// The help of `help` itself.
pub(super) fn help_of_help() -> String {
    format!("Get help on using cfdot commands\n\n{}", of_help())
}

/// The commands by name and what is said of each. `help` stands twice: the library under `cfdot` has one too.
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

/// The flags and their help, a line each.
fn table(command: &str, flags: impl IntoIterator<Item = Flag>) -> String {
    let of_cfdot = flags.into_iter().filter(|flag| !flag.is_extension);
    let lines: Vec<_> = of_cfdot.map(|flag| (left_of(&flag), help_on(&flag, command))).collect();
    let width = lines.iter().map(|(flag, _)| flag.len()).max().unwrap_or_default() + GAP;
    let mut text = String::new();
    for (flag, help) in lines {
        let _ = writeln!(text, "{flag:width$}{help}");
    }
    text
}

fn help_on(flag: &Flag, command: &str) -> String {
    if flag.long == HELP.long { format!("help for {command}") } else { flag.help.to_owned() }
}

/// A flag's short and long name, and what its value is.
fn left_of(flag: &Flag) -> String {
    let short = flag.short.map_or_else(|| "      ".to_owned(), |short| format!("  -{short}, "));
    let value = match flag.value_type {
        ValueType::Bool => String::new(),
        value_type => format!(" {}", value_type.name()),
    };
    format!("{short}--{}{value}", flag.long)
}

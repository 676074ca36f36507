//! What a typed name means: a command, another name of one, or the beginning of its name.

use super::table::{ARGUMENT_COMMANDS, ArgumentCommand};
use crate::app::abbreviation::{NoName, correction, whole};
use crate::app::commands::{COMMANDS, CommandSpec};

/// How many commands a mistake names at most.
const MAX_NAMED: usize = 4;

/// Another name of a command.
pub(super) struct Alias {
    /// What is typed after the colon.
    pub(super) name: &'static str,
    /// The command that it runs.
    command: &'static str,
    /// The argument that it runs it with; empty for the one that is typed.
    argument: &'static str,
}

/// Every other name of a command.
pub(super) const ALIASES: &[Alias] = &[
    alias("q", "quit", ""),
    alias("q!", "quit", ""),
    alias("exit", "quit", ""),
    alias("h", "help", ""),
    alias("held", "view-held", ""),
    alias("failed", "view-failed", ""),
    alias("ended", "view-ended", ""),
    alias("rejections", "view-rejections", ""),
    alias("pulse", "view-pulse", ""),
    alias("domains", "groups", "domain"),
    alias("cells", "groups", "cell"),
    alias("zones", "groups", "zone"),
    alias("states", "groups", "state"),
    alias("apps", "groups", "app"),
    alias("spaces", "groups", "space"),
    alias("orgs", "groups", "org"),
    alias("reasons", "groups", "reason"),
];

const fn alias(name: &'static str, command: &'static str, argument: &'static str) -> Alias {
    Alias { name, command, argument }
}

impl Alias {
    /// Returns what it stands for, as it would be typed.
    pub(super) fn line(&self) -> String {
        [self.command, self.argument].join(" ").trim_end().to_owned()
    }
}

/// Returns the other names of commands as a Markdown table.
pub fn markdown() -> String {
    let head = "| other name | the same as |\n| --- | --- |\n".to_owned();
    let row = |alias: &Alias| format!("| `:{}` | `:{}` |\n", alias.name, alias.line());
    std::iter::once(head).chain(ALIASES.iter().map(row)).collect()
}

/// A command of the tables.
#[derive(Clone, Copy)]
pub(super) enum Named {
    /// It takes an argument.
    Argument(&'static ArgumentCommand),
    /// It takes none.
    Plain(&'static CommandSpec),
}

/// A command and its argument.
pub(super) struct Line<'a> {
    /// The command.
    pub(super) command: Named,
    /// The argument, trimmed; empty without one.
    pub(super) argument: &'a str,
}

impl<'a> Line<'a> {
    /// Finds the command of a typed line that is not blank. The beginning of its name is enough.
    ///
    /// # Errors
    /// There is no such command, or more than one; or it takes no argument.
    pub(super) fn parse(text: &'a str) -> Result<Self, String> {
        let text = text.trim();
        let (typed, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let name = whole_name(typed)?;
        let argument = argument.trim();
        let line = match ALIASES.iter().find(|alias| alias.name == name) {
            None => named(name).map(|command| Self { command, argument }),
            Some(alias) if alias.argument.is_empty() => {
                named(alias.command).map(|command| Self { command, argument })
            }
            Some(_) if !argument.is_empty() => return Err(format!("{name} takes no argument")),
            Some(alias) => named(alias.command).map(|command| Self { command, argument: alias.argument }),
        };
        match line {
            Some(Self { command: Named::Plain(spec), argument }) if !argument.is_empty() => {
                Err(format!("{} takes no argument", spec.name))
            }
            line => line.ok_or_else(|| unknown(typed)),
        }
    }
}

/// Returns the command whose argument is being typed after this name.
pub(super) fn argument_command(typed: &str) -> Option<&'static ArgumentCommand> {
    let name = whole_name(typed).ok()?;
    let alias = ALIASES.iter().find(|alias| alias.name == name && alias.argument.is_empty());
    match named(alias.map_or(name, |alias| alias.command))? {
        Named::Argument(command) => Some(command),
        Named::Plain(_) => None,
    }
}

/// Returns the command with this name. One that takes an argument replaces a plain one.
fn named(name: &str) -> Option<Named> {
    let command = ARGUMENT_COMMANDS.iter().find(|command| command.name == name).map(Named::Argument);
    command.or_else(|| COMMANDS.iter().find(|spec| spec.name == name).map(Named::Plain))
}

/// Returns every name that can be typed, some of them twice.
fn names() -> impl Iterator<Item = &'static str> {
    let commands = ARGUMENT_COMMANDS.iter().map(|command| command.name);
    commands.chain(COMMANDS.iter().map(|spec| spec.name)).chain(ALIASES.iter().map(|alias| alias.name))
}

/// Returns whether taskdeck itself has a command with this name.
pub(in crate::app) fn is_builtin(name: &str) -> bool {
    names().any(|known| known == name)
}

/// Returns whether a command of taskdeck begins with this text.
pub(in crate::app) fn begins_builtin(text: &str) -> bool {
    names().any(|name| name.starts_with(text))
}

fn whole_name(typed: &str) -> Result<&'static str, String> {
    whole(typed, names()).map_err(|no_name| match no_name {
        NoName::Unknown => unknown(typed),
        NoName::Ambiguous(begun) => ambiguous(typed, &begun),
    })
}

fn unknown(typed: &str) -> String {
    format!("Unknown command \"{typed}\".{}", correction(typed, names()))
}

fn ambiguous(typed: &str, begun: &[&str]) -> String {
    let shown = begun.iter().take(MAX_NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = if begun.len() > MAX_NAMED { ", …" } else { "" };
    format!("Several commands begin with \"{typed}\": {shown}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the command and the argument of a line.
    fn parsed(text: &str) -> Result<(&'static str, &str), String> {
        Line::parse(text).map(|line| match line.command {
            Named::Argument(command) => (command.name, line.argument),
            Named::Plain(spec) => (spec.name, line.argument),
        })
    }

    #[test]
    fn a_name_another_name_and_a_beginning_are_the_same_command() {
        for (typed, line) in [
            ("quit", ("quit", "")),
            ("q", ("quit", "")),
            ("q!", ("quit", "")),
            ("qui", ("quit", "")),
            (" domain  cf-tasks ", ("domain", "cf-tasks")),
            ("do cf-tasks", ("domain", "cf-tasks")),
            ("apps", ("groups", "app")),
            ("sort", ("sort", "")),
            ("so age desc", ("sort", "age desc")),
            ("refr", ("refresh", "")),
        ] {
            assert_eq!(parsed(typed), Ok(line), "{typed}");
        }
    }

    #[test]
    fn a_beginning_of_several_commands_names_them() {
        let mistake = parsed("to").unwrap_err();
        assert!(mistake.starts_with("Several commands begin with \"to\": "), "{mistake}");
        assert!(mistake.contains("toggle-wide") && mistake.contains("toggle-pause"), "{mistake}");
        assert!(parsed("f").unwrap_err().ends_with(", …"));
    }

    #[test]
    fn commands_without_an_argument_take_none() {
        assert_eq!(parsed("refresh now").unwrap_err(), "refresh takes no argument");
        assert_eq!(parsed("q now").unwrap_err(), "quit takes no argument");
        assert_eq!(parsed("apps shop").unwrap_err(), "apps takes no argument");
    }

    #[test]
    fn every_other_name_stands_for_a_command_and_is_no_name_of_one() {
        for alias in ALIASES {
            assert!(named(alias.name).is_none(), "{}", alias.name);
            assert!(Line::parse(&alias.line()).is_ok(), "{}", alias.name);
        }
    }

    #[test]
    fn the_argument_is_of_the_command_that_is_meant() {
        assert_eq!(argument_command("do").map(|command| command.name), Some("domain"));
        assert!(argument_command("refresh").is_none() && argument_command("x").is_none());
    }
}

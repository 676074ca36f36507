//! The program under the name `cfdot`: dispatches commands, prints help, and suggests names for unknown commands.

use std::ffi::OsString;
use std::io::{self, Write as _};

use super::command::{self, Command};
use super::exit::Exit;
use super::flags::HELP;
use super::program_name::ProgramName;
use super::run::run;
use super::{parse, unsupported, usage};
use crate::cli::failure::Status;
use crate::cli::verb_position;

/// Maximum edit distance of a suggestion, as in Go's cobra.
const MAX_DISTANCE: usize = 2;

/// Runs the program. `words` are those after its name.
pub(in crate::cli) fn main(words: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Status {
    let found = verb_position::verb(words, command::takes_no_value);
    let words = verb_position::verb_first(words, command::takes_no_value);
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    match words.split_first().filter(|_| found.is_some()) {
        None => finish(without_command(&words), usage::of_program),
        Some((verb, rest)) if verb == "help" => finish(help(rest), usage::of_help),
        Some((verb, rest)) => match cfdot_command(verb) {
            Some(command) => run(ProgramName::Cfdot, command, rest, environment),
            None => finish(Err(unknown_command(verb)), usage::of_program),
        },
    }
}

fn cfdot_command(name: &str) -> Option<&'static Command> {
    command::named(name).filter(|command| command.cfdot_about.is_some())
}

fn finish(result: Result<String, Exit>, usage: impl FnOnce() -> String) -> Status {
    let written = result.and_then(|text| Ok(io::stdout().lock().write_all(text.as_bytes())?));
    match written {
        Ok(()) => Status::Done,
        Err(exit) => exit.report(&mut io::stderr().lock(), usage),
    }
}

/// Returns the help of the program, which has no flag but `--help`.
fn without_command(words: &[String]) -> Result<String, Exit> {
    parse::parse(&[HELP], words).map(|_| usage::help_of_program())
}

fn help(words: &[String]) -> Result<String, Exit> {
    let line = parse::parse(&[HELP], words)?;
    let name = line.arguments.first().map(String::as_str).unwrap_or_default();
    match cfdot_command(name) {
        _ if line.values.help => Ok(usage::help_of_help()),
        Some(command) => Ok(usage::help(command, false)),
        None if ["", "help"].contains(&name) => Ok(usage::help_of_help()),
        None => Err(unsupported::exit(name)
            .unwrap_or_else(|| Exit::usage(format!("'{name}' is not a valid command")))),
    }
}

/// Returns the error for a command that taskdeck does not have, with suggestions.
fn unknown_command(name: &str) -> Exit {
    unsupported::exit(name).unwrap_or_else(|| {
        let near: Vec<_> = suggestions(name).map(|name| ["\t", name, "\n"].concat()).collect();
        let head = if near.is_empty() { "" } else { "\n\nDid you mean this?\n" };
        let near = near.concat();
        Exit::UnknownCommand { message: format!("unknown command {name:?} for \"cfdot\"{head}{near}") }
    })
}

/// Returns the commands that start with the typed name or are close to it.
fn suggestions(typed: &str) -> impl Iterator<Item = &'static str> {
    let typed = typed.to_lowercase();
    usage::listed()
        .map(|(name, _)| name)
        .filter(move |name| name.starts_with(&typed) || strsim::levenshtein(&typed, name) <= MAX_DISTANCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_names_with_the_same_start_or_close() {
        for (typed, near) in [
            ("task-event", vec!["task-events"]),
            ("tas", vec!["task", "task-events", "tasks"]),
            ("task", vec!["task", "task-events", "tasks"]),
            ("TASKZ", vec!["task", "tasks"]),
            ("cel", vec!["cell", "cells", "help", "help"]),
            ("hel", vec!["cell", "help", "help"]),
            ("nope", vec![]),
        ] {
            assert_eq!(suggestions(typed).collect::<Vec<_>>(), near, "{typed}");
        }
    }
}

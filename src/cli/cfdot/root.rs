//! The program under the name `cfdot`: which command is asked for, help, and what is said of a command that is not known.

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

/// How far a name may be from what was typed to be suggested.
const NEAR: usize = 2;

/// Runs the program. `words` are those behind its name.
pub(in crate::cli) fn main(words: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Status {
    let found = verb_position::verb(words, command::takes_no_value);
    let words = verb_position::verb_first(words, command::takes_no_value);
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    match words.split_first().filter(|_| found.is_some()) {
        None => ended(without_command(&words), usage::of_program),
        Some((verb, rest)) if verb == "help" => ended(help(rest), usage::of_help),
        Some((verb, rest)) => match of_cfdot(verb) {
            Some(command) => run(ProgramName::Cfdot, command, rest, environment),
            None => ended(Err(not_here(verb)), usage::of_program),
        },
    }
}

fn of_cfdot(name: &str) -> Option<&'static Command> {
    command::named(name).filter(|command| command.cfdot_about.is_some())
}

fn ended(result: Result<String, Exit>, usage: impl FnOnce() -> String) -> Status {
    let written = result.and_then(|text| Ok(io::stdout().lock().write_all(text.as_bytes())?));
    match written {
        Ok(()) => Status::Done,
        Err(exit) => exit.say(&mut io::stderr().lock(), usage),
    }
}

/// Without a command there is help, unless a flag is wrong: the program itself has but the one for help.
fn without_command(words: &[String]) -> Result<String, Exit> {
    parse::read(&[HELP], words).map(|_| usage::help_of_program())
}

fn help(words: &[String]) -> Result<String, Exit> {
    let line = parse::read(&[HELP], words)?;
    let name = line.arguments.first().map(String::as_str).unwrap_or_default();
    match of_cfdot(name) {
        _ if line.values.help => Ok(usage::help_of_help()),
        Some(command) => Ok(usage::help(command, false)),
        None if ["", "help"].contains(&name) => Ok(usage::help_of_help()),
        None => Err(unsupported::exit(name)
            .unwrap_or_else(|| Exit::usage(format!("'{name}' is not a valid command")))),
    }
}

/// A command that is another's, or nobody's.
fn not_here(name: &str) -> Exit {
    unsupported::exit(name).unwrap_or_else(|| {
        let near: Vec<_> = suggestions(name).map(|name| ["\t", name, "\n"].concat()).collect();
        let head = if near.is_empty() { "" } else { "\n\nDid you mean this?\n" };
        let near = near.concat();
        Exit::UnknownCommand { message: format!("unknown command {name:?} for \"cfdot\"{head}{near}") }
    })
}

/// The commands whose names begin with what was typed, or are near it.
fn suggestions(typed: &str) -> impl Iterator<Item = &'static str> {
    let typed = typed.to_lowercase();
    usage::listed()
        .map(|(name, _)| name)
        .filter(move |name| name.starts_with(&typed) || distance(&typed, name) <= NEAR)
}

/// How many letters must be put in, taken out or replaced to make one word of the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut costs: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.chars().enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        for (cost, other) in costs.iter_mut().skip(1).zip(&to) {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = *cost;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cost = left;
        }
        if let Some(first) = costs.first_mut() {
            *first = row + 1;
        }
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (from, to, is) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("task-event", "task-events", 1),
            ("taks", "task", 2),
            ("kitten", "sitting", 3),
            ("domains", "domains", 0),
        ] {
            assert_eq!(distance(from, to), is, "{from} {to}");
        }
    }

    #[test]
    fn what_begins_alike_or_is_near_is_suggested() {
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

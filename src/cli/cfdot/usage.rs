//! The usage text of a command, laid out as `cfdot` lays it out, and what is wrong with a faulty command line.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command;
use super::ending::Ending;
use super::listing::BEYOND;

/// Between the widest flag and its help.
const GAP: usize = 3;

/// The usage text of the command of this name.
pub(super) fn of(name: &str) -> String {
    let mut commands = command::described();
    let Some(command) = commands.find_subcommand_mut(name) else { return String::new() };
    let usage = command.render_usage().to_string();
    let synopsis = usage.trim_start_matches("Usage:").trim();
    let flags = flags(command);
    let width = flags.iter().map(|(flag, _)| flag.len()).max().unwrap_or_default() + GAP;
    let mut text = format!("Usage:\n  {synopsis}\n\nFlags:\n");
    for (flag, help) in flags {
        // A String takes every text.
        let _ = writeln!(text, "{flag:width$}{help}");
    }
    text
}

/// The flags and their help, sorted by their long names.
fn flags(command: &clap::Command) -> Vec<(String, String)> {
    let mut flags = vec![("help", "  -h, --help".to_owned(), format!("help for {}", command.get_name()))];
    let is_of_cfdot = |flag: &&clap::Arg| flag.get_help_heading() != Some(BEYOND);
    for flag in command.get_arguments().filter(is_of_cfdot) {
        // A command that was built once has a flag for help of clap's own.
        let Some(long) = flag.get_long().filter(|long| *long != "help") else { continue };
        let help = flag.get_help().map(ToString::to_string).unwrap_or_default();
        flags.push((long, left_of(flag, long), help));
    }
    flags.sort_by_key(|(long, ..)| *long);
    flags.into_iter().map(|(_, left, help)| (left, help)).collect()
}

/// A flag's short and long name, and what its value is.
fn left_of(flag: &clap::Arg, long: &str) -> String {
    let short = flag.get_short().map_or_else(|| "      ".to_owned(), |short| format!("  -{short}, "));
    let wants_value = flag.get_num_args().is_none_or(|number| number.min_values() > 0);
    let value = flag.get_value_names().and_then(<[_]>::first).filter(|_| wants_value);
    let value = value.map(|value| format!(" {value}")).unwrap_or_default();
    format!("{short}--{long}{value}")
}

/// What clap found wrong with the line, in the words that scripts know.
pub(super) fn mistake(error: &clap::Error, words: &[OsString]) -> Ending {
    let last = words.last().map(|word| word.to_string_lossy()).unwrap_or_default();
    match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(flag))) => {
            Ending::unknown(unknown_flag(flag, words))
        }
        // A flag takes whatever follows it, so only the last word can lack its value.
        (ErrorKind::InvalidValue, _) => Ending::unknown(match last.strip_prefix("--") {
            Some(_) => format!("flag needs an argument: {last}"),
            None => format!("flag needs an argument: {} in {last}", quoted(last.chars().last())),
        }),
        _ => {
            Ending::usage(error.to_string().lines().next().unwrap_or_default().trim_start_matches("error: "))
        }
    }
}

fn unknown_flag(flag: &str, words: &[OsString]) -> String {
    match flag.strip_prefix('-') {
        Some(short) if !short.starts_with('-') => {
            let has_it = |word: &&OsString| {
                let word = word.to_string_lossy();
                word.starts_with('-') && !word.starts_with("--") && word.contains(short)
            };
            let word = words.iter().find(has_it).map(|word| word.to_string_lossy()).unwrap_or_default();
            format!("unknown shorthand flag: {} in {word}", quoted(short.chars().next()))
        }
        _ => format!("unknown flag: {flag}"),
    }
}

fn quoted(letter: Option<char>) -> String {
    letter.map(|letter| format!("'{letter}'")).unwrap_or_default()
}

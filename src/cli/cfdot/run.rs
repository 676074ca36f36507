//! Runs one command from its words to its exit status.

use std::io::{self, Write as _};

use super::arguments::{self, Request};
use super::command::Command;
use super::exit::Exit;
use super::program_name::ProgramName;
use super::{calls, describe, listing, parse, settings, usage};
use crate::bbs::Client;
use crate::cli::failure::Status;
use crate::cli::threads;

/// Runs the command, reports an error, and returns the exit status. `words` are those after the program's name, without
/// the command's name.
pub(in crate::cli) fn run(
    name: ProgramName,
    command: &'static Command,
    words: &[String],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Status {
    match try_run(name, command, words, environment) {
        Ok(()) => Status::Done,
        Err(exit) => exit.report(&mut io::stderr().lock(), || usage::of(name, command)),
    }
}

/// Checks the words after the name of a command: its flags, and whether it takes an argument. Reads no file.
pub(in crate::cli) fn check(command: &Command, words: &[String]) -> Result<(), String> {
    let parsed = parse::parse(&command.flags(ProgramName::Taskdeck), words);
    let line = parsed.map_err(|exit| exit.message().to_owned())?;
    if line.values.help {
        return Ok(());
    }
    if line.arguments.is_empty() != command.arguments.is_empty() {
        return Err(format!("usage: {}{}", command.name, command.arguments));
    }
    listing::read(&line.values).map(drop).map_err(|exit| exit.message().to_owned())
}

fn try_run(
    name: ProgramName,
    command: &'static Command,
    words: &[String],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Exit> {
    let line = parse::parse(&command.flags(name), words)?;
    if line.values.help {
        return help(name, command);
    }
    let listing = listing::read(&line.values)?;
    let (connection, clocks) = settings::target(command, &line.values, environment)?;
    let request = arguments::request(command.verb, &line, words)?;
    let call = async {
        let client = Client::open(connection).await.map_err(Exit::failed)?;
        match (request, listing) {
            (Request::Tasks(filter), Some(listing)) => listing::list(&client, filter, &listing, clocks).await,
            (request, _) => calls::execute(&client, request).await,
        }
    };
    threads::block_on(call).map_err(Exit::failed)?
}

fn help(name: ProgramName, command: &Command) -> Result<(), Exit> {
    match name {
        ProgramName::Cfdot => Ok(io::stdout().lock().write_all(usage::help(command, true).as_bytes())?),
        ProgramName::Taskdeck => {
            describe::print_help(command);
            Ok(())
        }
    }
}

//! The task commands of `cfdot`, for scripts that know it: the same flags, output, errors and exit statuses.
//!
//! A command goes through four steps, each of which may end it: the values of its flags, the connection's settings,
//! its arguments, and the call. Standard output gets data only. The configuration file is not read here: a script
//! says all that it means.

mod arguments;
mod command;
mod ending;
mod go;
mod listing;
mod settings;
mod usage;
mod verbs;

use std::ffi::OsString;
use std::io;

pub(super) use command::Command;

use super::Status;
use crate::bbs::Client;
use arguments::Request;
use ending::Ending;
use listing::ListingArguments;

/// Runs the command, and says what went wrong with it. `words` is the whole command line.
pub(super) async fn run(
    command: Command,
    words: &[OsString],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Status {
    match attempt(&command, words, environment).await {
        Ok(()) => Status::Done,
        Err(ending) => ending.say(&mut io::stderr().lock(), command::named(words).unwrap_or_default()),
    }
}

async fn attempt(
    command: &Command,
    words: &[OsString],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(), Ending> {
    let flags = settings::Flags::read(command)?;
    let listing = command.listing().map_or(Ok(None), ListingArguments::read)?;
    let connection = settings::connection(&flags, environment)?;
    let request = arguments::request(command, words, flags.ttl)?;
    let client = Client::open(connection).await.map_err(Ending::failed)?;
    match (request, listing) {
        (Request::Tasks(filter), Some(listing)) => listing::list(&client, filter, &listing).await,
        (request, _) => verbs::carry_out(&client, request).await,
    }
}

/// What is wrong with a command line that could not be parsed, if it is one of ours; `None` leaves it to others.
pub(super) fn explain(error: &clap::Error, words: &[OsString]) -> Option<Status> {
    let name = command::named(words)?;
    Some(usage::mistake(error, words).say(&mut io::stderr().lock(), name))
}

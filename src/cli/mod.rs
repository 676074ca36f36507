//! The command line: arguments, one file a verb, exit statuses.
//!
//! Standard output belongs to a command's result; what goes wrong is one sentence on standard error.

mod arguments;
mod backoff;
mod bulk;
mod cfdot;
mod dashboard;
mod desire;
mod doctor;
mod failure;
mod generate;
mod log;
mod output;
mod reach;
mod signals;
mod simulate;
mod unanswered;
mod wait;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::config::Places;
use arguments::{Arguments, Verb};
use failure::Failure;
pub use failure::Status;

/// Runs the program with these arguments (the first is its name) and this environment.
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return exit(explain(&error, &words)),
    };
    match run(arguments, &words, environment) {
        Ok(status) => exit(status),
        Err(failure) => exit(failure.tell()),
    }
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

/// Help and version are results; the rest is a fault of the arguments.
fn explain(error: &clap::Error, words: &[OsString]) -> Status {
    use clap::error::ErrorKind;
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _ = error.print();
        return Status::Done;
    }
    if let Some(status) = cfdot::explain(error, words) {
        return status;
    }
    let _ = error.print();
    match error.kind() {
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => Status::Unknown,
        _ => Status::Usage,
    }
}

fn run(
    arguments: Arguments,
    words: &[OsString],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::other(format!("no thread could be started: {error}")))?;
    let done = |()| Status::Done;
    let ended = match arguments.verb {
        Some(Verb::Sim(options)) => runtime.block_on(simulate::run(options)).map(done),
        Some(Verb::Watch(arguments)) => runtime.block_on(watch::run(arguments, environment)),
        Some(Verb::Wait(arguments)) => runtime.block_on(wait::run(arguments, environment)),
        Some(Verb::Cancel(arguments)) => {
            runtime.block_on(bulk::run(bulk::Verb::Cancel, arguments, environment))
        }
        Some(Verb::Delete(arguments)) => {
            runtime.block_on(bulk::run(bulk::Verb::Delete, arguments, environment))
        }
        Some(Verb::Desire(arguments)) => runtime.block_on(desire::run(arguments, environment)),
        Some(Verb::Doctor(arguments)) => runtime.block_on(doctor::run(arguments, environment)),
        Some(Verb::Completions(arguments)) => generate::completions(&arguments),
        Some(Verb::Man(arguments)) => generate::man(&arguments),
        Some(Verb::Cfdot(command)) => Ok(runtime.block_on(cfdot::run(command, words, environment))),
        None if arguments.demo => runtime.block_on(dashboard::demo(environment)).map(done),
        None => {
            let flags = arguments.flags();
            runtime.block_on(dashboard::run(&flags, environment, &Places::of_this_machine())).map(done)
        }
    };
    // A name lookup that hangs must not keep the shell waiting.
    runtime.shutdown_background();
    ended
}

//! The command line: arguments, one file a verb, exit statuses.
//!
//! Standard output belongs to a command's result; what goes wrong is one sentence on standard error.

mod arguments;
mod dashboard;
mod log;
mod simulate;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::config::Places;
use arguments::{Arguments, Verb};

/// How the program ends. The numbers are those of `cfdot`, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// As asked.
    Done = 0,
    /// The arguments, the configuration or the terminal are not what they should be.
    Usage = 3,
    /// Anything else.
    Failed = 5,
    /// An argument that is not known.
    Unknown = 255,
}

/// What ends a command early: a sentence and the status to end with.
#[derive(Debug)]
pub struct Failure {
    /// How to end.
    pub status: Status,
    /// What to do about it, for a person.
    pub sentence: String,
}

impl Failure {
    fn usage(sentence: impl Into<String>) -> Self {
        Self { status: Status::Usage, sentence: sentence.into() }
    }

    fn other(sentence: impl Into<String>) -> Self {
        Self { status: Status::Failed, sentence: sentence.into() }
    }
}

/// Runs the program with these arguments (the first is its name) and this environment.
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    match run(arguments, environment) {
        Ok(()) => exit(Status::Done),
        Err(failure) => {
            // Nobody is left to be told when this fails.
            let _ = writeln!(io::stderr(), "taskdeck: {}", failure.sentence);
            exit(failure.status)
        }
    }
}

fn exit(status: Status) -> ExitCode {
    ExitCode::from(status as u8)
}

/// Help and version are results; the rest is a fault of the arguments.
fn explain(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    exit(match error.kind() {
        clap::error::ErrorKind::DisplayHelp | clap::error::ErrorKind::DisplayVersion => Status::Done,
        clap::error::ErrorKind::UnknownArgument | clap::error::ErrorKind::InvalidSubcommand => {
            Status::Unknown
        }
        _ => Status::Usage,
    })
}

fn run(arguments: Arguments, environment: &dyn Fn(&str) -> Option<String>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::other(format!("no thread could be started: {error}")))?;
    let done = match arguments.verb {
        Some(Verb::Sim(options)) => runtime.block_on(simulate::run(options)),
        None if arguments.demo => runtime.block_on(dashboard::demo(environment)),
        None => runtime.block_on(dashboard::run(&arguments.flags(), environment, &Places::of_this_machine())),
    };
    // A name lookup that hangs must not keep the shell waiting.
    runtime.shutdown_background();
    done
}

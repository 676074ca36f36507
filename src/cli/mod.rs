//! The command line: arguments, one module per command, exit statuses.
//!
//! Commands write only results to standard output; errors go to standard error, one sentence each.

mod advice;
mod arguments;
mod backoff;
mod bulk;
mod cfdot;
mod config;
mod connect;
mod dashboard;
mod desire;
mod docs;
mod doctor;
mod failure;
mod failures;
mod first_start;
mod generate;
mod help;
mod history;
mod log;
mod metrics;
mod moment;
mod next_step;
mod output;
mod programs;
mod prompt;
mod record;
mod recorded;
mod recording;
mod replay;
mod report;
mod signals;
mod simulate;
mod steps;
mod threads;
mod timeline;
mod unanswered;
mod verb_position;
mod wait;
mod watch;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::config::Paths;
use crate::model::TaskAction;
use arguments::{Arguments, Verb};
use failure::Failure;
pub use failure::Status;

/// Runs the program with these arguments (the first is the program's name) and environment; returns its exit status.
pub fn main(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> ExitCode {
    let mut words = arguments.into_iter();
    let program = words.next().unwrap_or_else(|| "taskdeck".into());
    let words: Vec<OsString> = words.collect();
    let status = if cfdot::is_cfdot(&program) {
        cfdot::main(&words, environment)
    } else {
        taskdeck(program, &words, environment)
    };
    ExitCode::from(status as u8)
}

/// Checks the words after the program's name without running them. Documentation is held to it.
///
/// # Errors
/// The message of the parser.
pub fn check(words: &[OsString]) -> Result<(), String> {
    use clap::error::ErrorKind::{DisplayHelp, DisplayVersion};
    let command = Arguments::clap_command();
    let words = verb_position::verb_first(words, |word| arguments::takes_no_value(&command, word));
    if let Some((verb, rest)) = words.split_first()
        && let Some(command) = cfdot::named(&verb.to_string_lossy())
    {
        let rest: Vec<_> = rest.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        return cfdot::check(command, &rest);
    }
    match Arguments::parse_from(command, ["taskdeck".into()].into_iter().chain(words)) {
        Err(error) if !matches!(error.kind(), DisplayHelp | DisplayVersion) => Err(error.to_string()),
        _ => Ok(()),
    }
}

fn taskdeck(program: OsString, words: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Status {
    let command = Arguments::clap_command();
    let words = verbs_first(&command, words);
    if let Some(status) = cfdot_command(&words, environment) {
        return status;
    }
    match Arguments::parse_from(command, [program].into_iter().chain(words)) {
        Ok(arguments) => run(arguments, environment).unwrap_or_else(|failure| failure.report()),
        Err(error) => print_clap_error(&error),
    }
}

/// Moves the verb before all flags, and also the second one of a verb that has verbs of its own.
fn verbs_first(command: &clap::Command, words: &[OsString]) -> Vec<OsString> {
    let first = |words: &[OsString]| {
        verb_position::verb_first(words, |word| arguments::takes_no_value(command, word))
    };
    let words = first(words);
    match words.split_first() {
        Some((verb, rest)) if command.find_subcommand(verb).is_some_and(clap::Command::has_subcommands) => {
            std::iter::once(verb.clone()).chain(first(rest)).collect()
        }
        _ => words,
    }
}

/// Runs a command of `cfdot` and returns its status; `None` if the verb is not one.
fn cfdot_command(words: &[OsString], environment: &dyn Fn(&str) -> Option<String>) -> Option<Status> {
    let (verb, rest) = words.split_first()?;
    let verb = verb.to_string_lossy();
    let Some(command) = cfdot::named(&verb) else { return cfdot::explain(&verb) };
    let rest: Vec<_> = rest.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    Some(cfdot::run(cfdot::ProgramName::Taskdeck, command, &rest, environment))
}

/// Prints clap's message. Help and version succeed; everything else is an argument error.
fn print_clap_error(error: &clap::Error) -> Status {
    use clap::error::ErrorKind;
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Status::Done,
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => Status::Unknown,
        _ => Status::Usage,
    }
}

fn run(arguments: Arguments, environment: &dyn Fn(&str) -> Option<String>) -> Result<Status, Failure> {
    let done = |()| Status::Done;
    let work = async {
        match arguments.verb {
            Some(Verb::Sim(options)) => simulate::run(options).await.map(done),
            Some(Verb::Watch(arguments)) => watch::run(arguments, environment).await,
            Some(Verb::Record(arguments)) => Box::pin(record::run(arguments, environment)).await,
            Some(Verb::Wait(arguments)) => wait::run(arguments, environment).await,
            Some(Verb::Cancel(arguments)) => bulk::run(TaskAction::Cancel, arguments, environment).await,
            Some(Verb::Delete(arguments)) => bulk::run(TaskAction::Delete, arguments, environment).await,
            Some(Verb::Desire(arguments)) => desire::run(arguments, environment).await,
            Some(Verb::Doctor(arguments)) => doctor::run(arguments, environment).await,
            Some(Verb::Config(arguments)) => {
                Box::pin(config::run(arguments, environment, &Paths::platform())).await
            }
            Some(Verb::Failures(arguments)) => failures::run(&arguments, &Paths::platform()),
            Some(Verb::History(arguments)) => history::run(&arguments, &Paths::platform()),
            Some(Verb::Timeline(arguments)) => timeline::run(&arguments, &Paths::platform()),
            Some(Verb::Replay(arguments)) => {
                Box::pin(replay::run(arguments, environment, &Paths::platform())).await
            }
            Some(Verb::Report(arguments)) => report::run(&arguments, &Paths::platform()),
            Some(Verb::Docs(arguments)) => docs::run(&arguments, &Paths::platform()),
            Some(Verb::Completions(arguments)) => {
                generate::completions(&arguments, Arguments::clap_command())
            }
            Some(Verb::Man(arguments)) => generate::man(&arguments, Arguments::clap_command()),
            None if arguments.demo => {
                let (flags, paths) = (arguments.flags(), Paths::platform());
                Box::pin(dashboard::demo(&flags, environment, &paths)).await.map(done)
            }
            None => {
                let flags = arguments.flags();
                let paths = Paths::platform().with_config(flags.config.as_ref());
                match Box::pin(dashboard::run(&flags, environment, &paths)).await {
                    Err(Failure::NoTarget { config_file }) => {
                        first_start::offer(&flags, config_file.as_deref(), environment, &paths).await
                    }
                    ended => ended.map(done),
                }
            }
        }
    };
    threads::block_on(work).map_err(Failure::other)?
}

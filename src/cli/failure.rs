//! Exit statuses, and the errors that end a command.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use super::{advice, next_step, output};
use crate::config::{self, Paths};
use crate::filter::SyntaxError;
use crate::model::{Fault, FaultKind};

/// The exit status of the program. The numbers match those of `cfdot` where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Success.
    Done = 0,
    /// `wait`: the task can no longer reach the state.
    Missed = 1,
    /// `wait`: the task did not reach the state in time.
    Late = 2,
    /// The arguments, the configuration or the terminal are unusable.
    Usage = 3,
    /// The BBS refused or did not answer in time, or the answer was not from a BBS.
    Refused = 4,
    /// Anything else.
    Failed = 5,
    /// An unknown command or flag.
    Unknown = 255,
}

impl Status {
    /// All statuses, in the order of their numbers.
    const ALL: [Self; 7] =
        [Self::Done, Self::Missed, Self::Late, Self::Usage, Self::Refused, Self::Failed, Self::Unknown];

    /// Says when a command ends with this status.
    const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "Success",
            Self::Missed => "`wait`: the task can no longer reach the state",
            Self::Late => "`wait`: the task did not reach the state in time",
            Self::Usage => {
                "Invalid argument, filter, file or setting; no usable terminal; or you did not confirm"
            }
            Self::Refused => {
                "The BBS refused or did not answer in time, the answer was not from a BBS, or a task of many failed"
            }
            Self::Failed => "The BBS could not be reached, or another error",
            Self::Unknown => "Unknown command or flag",
        }
    }
}

/// Returns the exit statuses as a Markdown table.
pub(super) fn markdown() -> String {
    let head = "| status | when |\n| --- | --- |\n".to_owned();
    let rows = Status::ALL.map(|status| format!("| {} | {} |\n", status as u8, status.meaning()));
    std::iter::once(head).chain(rows).collect()
}

/// An error that ends a command.
#[derive(Debug)]
pub(super) enum Failure {
    /// The reader of standard output closed it. Not an error: `| head` has all it wants.
    ReaderGone,
    /// A message for standard error.
    Message {
        /// The exit status.
        status: Status,
        /// What happened, for a person.
        message: String,
    },
    /// No BBS is configured.
    NoTarget {
        /// Where this machine's configuration file belongs.
        config_file: Option<PathBuf>,
    },
    /// A filter with a syntax error.
    Filter {
        /// What is wrong with it.
        message: String,
        /// The filter, with carets below the error.
        excerpt: String,
    },
}

impl Failure {
    pub(super) fn with(status: Status, message: impl Into<String>) -> Self {
        Self::Message { status, message: message.into() }
    }

    /// Creates the error for a filter with this text.
    pub(super) fn filter(mistake: &SyntaxError, text: &str) -> Self {
        Self::Filter { message: format!("invalid filter: {mistake}"), excerpt: mistake.caret(text) }
    }

    /// Prints the message on standard error and returns the exit status.
    pub(super) fn report(&self) -> Status {
        match self {
            Self::ReaderGone => Status::Done,
            Self::Message { status, message } => {
                output::print_message(message);
                *status
            }
            Self::NoTarget { config_file } => {
                if io::stderr().is_terminal() {
                    output::print_message("no BBS is configured");
                    output::print_indented(&["\n", &advice::page(config_file.as_deref())].concat());
                } else {
                    output::print_message(&config::ConfigError::NoTarget.to_string());
                }
                Status::Usage
            }
            Self::Filter { message, excerpt } => {
                output::print_message(message);
                output::print_indented(excerpt);
                Status::Usage
            }
        }
    }

    /// Creates the error for a configuration that could not be loaded.
    pub(super) fn configuration(mistake: &config::ConfigError, paths: &Paths) -> Self {
        match mistake {
            config::ConfigError::NoTarget => Self::NoTarget { config_file: paths.config_file.clone() },
            config::ConfigError::Wrong(message) => match message.split_once('\n') {
                // A named filter with carets below the error.
                Some((message, excerpt)) => {
                    Self::Filter { message: message.to_owned(), excerpt: excerpt.to_owned() }
                }
                None => Self::usage(message),
            },
        }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::with(Status::Usage, message)
    }

    pub(super) fn other(message: impl Into<String>) -> Self {
        Self::with(Status::Failed, message)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::with(status_of(&fault), format!("{fault}; {}", next_step::after(&fault.kind)))
    }
}

/// An error while writing standard output.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::other(format!("could not write the output: {error}")),
        }
    }
}

/// Returns the exit status for a failed call; the same as in `cfdot`.
pub(super) fn status_of(fault: &Fault) -> Status {
    match fault.kind {
        FaultKind::Refused { .. }
        | FaultKind::TimedOut { .. }
        | FaultKind::NotBbs { .. }
        | FaultKind::Malformed { .. }
        | FaultKind::TooLarge { .. } => Status::Refused,
        FaultKind::Unreachable { .. } | FaultKind::Tls { .. } => Status::Failed,
        FaultKind::ReadOnly => Status::Usage,
    }
}

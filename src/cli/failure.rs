//! How a command ends: its exit status, and a sentence if it is not as asked.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use super::{advice, output};
use crate::config::{self, Paths};
use crate::filter::SyntaxError;
use crate::model::{Fault, FaultKind};

/// How the program ends. The numbers are those of `cfdot`, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// As asked.
    Done = 0,
    /// What was waited for cannot come any more.
    Missed = 1,
    /// What was waited for did not come in time.
    Late = 2,
    /// The arguments, the configuration or the terminal are not what they should be.
    Usage = 3,
    /// The BBS said no, or something answered in its place.
    Refused = 4,
    /// Anything else.
    Failed = 5,
    /// An argument that is not known.
    Unknown = 255,
}

/// What ends a command early.
#[derive(Debug)]
pub(super) enum Failure {
    /// Whoever read standard output has closed it: they have all that they wanted.
    ReaderGone,
    /// A sentence and the status to end with.
    Message {
        /// How to end.
        status: Status,
        /// What to do about it, for a person.
        message: String,
    },
    /// Nothing says which BBS is meant.
    NoTarget {
        /// Where this machine's configuration goes.
        config_file: Option<PathBuf>,
    },
    /// A filter that cannot be read.
    Filter {
        /// What is wrong with it.
        message: String,
        /// The filter, and what points at the fault in it.
        drawing: String,
    },
}

impl Failure {
    pub(super) fn with(status: Status, message: impl Into<String>) -> Self {
        Self::Message { status, message: message.into() }
    }

    /// A mistake in a filter of this text.
    pub(super) fn filter(mistake: &SyntaxError, text: &str) -> Self {
        Self::Filter { message: format!("the filter is faulty: {mistake}"), drawing: mistake.caret(text) }
    }

    /// Says what is to say, and gives the status.
    pub(super) fn tell(&self) -> Status {
        match self {
            Self::ReaderGone => Status::Done,
            Self::Message { status, message } => {
                output::say(message);
                *status
            }
            Self::NoTarget { config_file } => {
                if io::stderr().is_terminal() {
                    output::say("no BBS is configured");
                    output::draw(&["\n", &advice::page(config_file.as_deref())].concat());
                } else {
                    output::say(&config::ConfigError::NoTarget.to_string());
                }
                Status::Usage
            }
            Self::Filter { message, drawing } => {
                output::say(message);
                output::draw(drawing);
                Status::Usage
            }
        }
    }

    /// A mistake in what says which BBS is meant and how it is reached.
    pub(super) fn of_configuration(mistake: &config::ConfigError, paths: &Paths) -> Self {
        match mistake {
            config::ConfigError::NoTarget => Self::NoTarget { config_file: paths.config_file.clone() },
            config::ConfigError::Wrong(message) => Self::usage(message),
        }
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::with(Status::Usage, message)
    }

    pub(super) fn other(message: impl Into<String>) -> Self {
        Self::with(Status::Failed, message)
    }
}

/// A call that went wrong.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::with(status_of(&fault), fault.to_string())
    }
}

/// What standard output could not take.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::other(format!("the output could not be written: {error}")),
        }
    }
}

/// With which status a call that went wrong ends a command, as `cfdot` has it.
pub(super) fn status_of(fault: &Fault) -> Status {
    match fault.kind {
        FaultKind::Refused { .. }
        | FaultKind::TimedOut { .. }
        | FaultKind::NotBbs { .. }
        | FaultKind::Malformed { .. } => Status::Refused,
        FaultKind::Unreachable { .. } | FaultKind::Tls { .. } => Status::Failed,
        FaultKind::ReadOnly => Status::Usage,
    }
}

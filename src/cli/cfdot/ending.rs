//! How a command ends when it does not end well: what is said on standard error, and the exit status.

use std::io::{self, Write};

use super::super::Status;
use super::usage;
use crate::model::{Fault, FaultKind, RefusedType};
use crate::present::sanitise;

/// An early end.
#[derive(Debug)]
pub(super) enum Ending {
    /// Whoever read standard output has closed it: they have all that they wanted.
    ReaderGone,
    /// The command line or the settings are not what they should be: said with the usage text.
    Mistake { status: Status, message: String },
    /// A flag that `cfdot` does not have is not what it should be: said without the usage text, which is about
    /// others.
    WrongValue { message: String },
    /// The BBS said no, or something answered in its place: three lines.
    Refused { kind: RefusedType, message: String },
    /// Anything else.
    Failed { message: String },
    /// A write that nobody answered: how `cfdot` ends then, and what a look at the task found.
    Unanswered { ending: Box<Self>, found: String },
}

impl Ending {
    /// The arguments or settings are wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Mistake { status: Status::Usage, message: message.into() }
    }

    /// What `cfdot` gives no status of its own.
    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self::Mistake { status: Status::Unknown, message: message.into() }
    }

    pub(super) fn wrong_value(message: impl Into<String>) -> Self {
        Self::WrongValue { message: message.into() }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into() }
    }

    /// A call that went wrong.
    pub(super) fn of(fault: Fault) -> Self {
        let sentence = fault.to_string();
        match fault.kind {
            FaultKind::Refused { kind, message } => Self::Refused { kind, message },
            FaultKind::TimedOut { .. } => Self::Refused { kind: RefusedType::TIMEOUT, message: sentence },
            FaultKind::NotBbs { router_error, .. } if !router_error.is_empty() => {
                Self::Refused { kind: RefusedType::ROUTER_ERROR, message: router_error }
            }
            FaultKind::NotBbs { status: 200, .. } => {
                Self::Refused { kind: RefusedType::INVALID_RESPONSE, message: sentence }
            }
            FaultKind::NotBbs { status, .. } => Self::Refused {
                kind: RefusedType::INVALID_RESPONSE,
                message: format!("Invalid Response with status code: {status}"),
            },
            FaultKind::Malformed { problem } => Self::Refused {
                kind: RefusedType::INVALID_PROTOBUF_MESSAGE,
                message: format!("failed to unmarshal proto: {problem}"),
            },
            FaultKind::Unreachable { .. } | FaultKind::Tls { .. } | FaultKind::ReadOnly => {
                Self::failed(sentence)
            }
        }
    }

    /// A reply that broke off after its head.
    pub(super) fn of_reply(fault: Fault) -> Self {
        match fault.kind {
            FaultKind::Unreachable { cause, .. } => Self::Refused {
                kind: RefusedType::INVALID_RESPONSE,
                message: format!("failed to read body: {cause}"),
            },
            _ => Self::of(fault),
        }
    }

    /// Says it, and gives the status.
    pub(super) fn say(&self, err: &mut impl Write, command: &str) -> Status {
        // Nobody is left to be told when this fails.
        let _ = self.write(err, command);
        match self {
            Self::ReaderGone => Status::Done,
            Self::Mistake { status, .. } => *status,
            Self::WrongValue { .. } => Status::Usage,
            Self::Refused { .. } => Status::Refused,
            Self::Failed { .. } => Status::Failed,
            Self::Unanswered { ending, found } => {
                let status = ending.say(err, command);
                let _ = writeln!(err, "Note: {}", sanitise::clean(found));
                status
            }
        }
    }

    fn write(&self, err: &mut impl Write, command: &str) -> io::Result<()> {
        match self {
            Self::ReaderGone | Self::Unanswered { .. } => Ok(()),
            Self::Mistake { message, .. } => write!(err, "Error: {message}\n{}\n", usage::of(command)),
            Self::Refused { kind, message } => {
                let number = kind.0;
                let name = kind.name().map_or_else(|| number.to_string(), str::to_owned);
                write!(err, "Error: BBS error\nType {number}: {name}\nMessage: {message}\n")
            }
            Self::WrongValue { message } | Self::Failed { message } => writeln!(err, "Error: {message}"),
        }
    }
}

/// What standard output could not take.
impl From<io::Error> for Ending {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::failed(format!("the output could not be written: {error}")),
        }
    }
}

//! Errors that end a command: the message on standard error and the exit status.
//!
//! Scripts match the messages of Go's HTTP client, so connection errors use its words.

use std::io::{self, Write};

use crate::bbs::routes;
use crate::cli::failure::Status;
use crate::model::{Call, Fault, FaultKind, RefusedType};
use crate::present::sanitise;

/// Why a command ends early.
#[derive(Debug)]
pub(super) enum Exit {
    /// The reader of standard output closed it. Not an error: `| head` has all it wants.
    ReaderGone,
    /// An invalid command line or setting, printed with the usage text.
    Usage { status: Status, message: String },
    /// An invalid value of a flag that `cfdot` does not have. Printed without the usage text, which omits these flags.
    InvalidValue { message: String },
    /// An unknown command, printed with a pointer to the help.
    UnknownCommand { message: String },
    /// A command of `cfdot` that taskdeck does not have.
    UnsupportedCommand { message: String },
    /// The BBS refused, or the answer was not from a BBS. Printed as three lines.
    Refused { kind: RefusedType, message: String },
    /// Any other error.
    Failed { message: String },
    /// A write whose connection broke before the BBS answered: the error of `cfdot`, and what the look-up found.
    Unanswered { exit: Box<Self>, found: String },
}

impl Exit {
    /// Creates the error for invalid arguments or settings.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { status: Status::Usage, message: message.into() }
    }

    /// Creates a usage error with status 255, `cfdot`'s status for unknown flags and unparsable values.
    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self::Usage { status: Status::Unknown, message: message.into() }
    }

    pub(super) fn invalid_value(message: impl Into<String>) -> Self {
        Self::InvalidValue { message: message.into() }
    }

    pub(super) fn unsupported(message: impl Into<String>) -> Self {
        Self::UnsupportedCommand { message: message.into() }
    }

    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::Failed { message: message.into() }
    }

    /// Converts the fault of a call.
    pub(super) fn of(fault: Fault) -> Self {
        let sentence = fault.to_string();
        let post = post(fault.call, &fault.target);
        match fault.kind {
            FaultKind::Refused { kind, message } => Self::Refused { kind, message },
            FaultKind::TimedOut { .. } => Self::Refused {
                kind: RefusedType::TIMEOUT,
                message: format!("{post}: {DEADLINE} (Client.Timeout exceeded while awaiting headers)"),
            },
            FaultKind::NotBbs { router_error, .. } if !router_error.is_empty() => {
                Self::Refused { kind: RefusedType::ROUTER_ERROR, message: router_error }
            }
            FaultKind::NotBbs { status: 200, .. } | FaultKind::TooLarge { .. } => {
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
            FaultKind::Unreachable { cause, .. } if cause.contains("Connection refused") => {
                let address = address(&fault.target);
                Self::failed(format!("{post}: dial tcp {address}: connect: connection refused"))
            }
            FaultKind::Unreachable { .. } | FaultKind::Tls { .. } => Self::failed(sentence),
            // Only a configured target can be read-only; cfdot has no equivalent.
            FaultKind::ReadOnly => Self::invalid_value(sentence),
        }
    }

    /// Converts a fault while reading the body of a reply.
    pub(super) fn of_reply(fault: Fault) -> Self {
        let problem = match fault.kind {
            FaultKind::Unreachable { cause, .. } => cause,
            FaultKind::TimedOut { .. } => {
                format!("{DEADLINE} (Client.Timeout or context cancellation while reading body)")
            }
            _ => return Self::of(fault),
        };
        let message = format!("failed to read body: {problem}");
        Self::Refused { kind: RefusedType::INVALID_RESPONSE, message }
    }

    /// Returns the message.
    pub(super) fn message(&self) -> &str {
        match self {
            Self::ReaderGone => "",
            Self::Unanswered { exit, .. } => exit.message(),
            Self::Usage { message, .. }
            | Self::InvalidValue { message }
            | Self::UnknownCommand { message }
            | Self::UnsupportedCommand { message }
            | Self::Refused { message, .. }
            | Self::Failed { message } => message,
        }
    }

    /// Prints the error to `err` and returns the exit status. `usage` returns the usage text of the command.
    pub(super) fn report(&self, err: &mut impl Write, usage: impl FnOnce() -> String) -> Status {
        // There is nowhere to report this error.
        let _ = self.write(err, usage);
        self.status()
    }

    const fn status(&self) -> Status {
        match self {
            Self::ReaderGone => Status::Done,
            Self::Usage { status, .. } => *status,
            Self::InvalidValue { .. } => Status::Usage,
            Self::UnknownCommand { .. } | Self::UnsupportedCommand { .. } => Status::Unknown,
            Self::Refused { .. } => Status::Refused,
            Self::Failed { .. } => Status::Failed,
            Self::Unanswered { exit, .. } => exit.status(),
        }
    }

    fn write(&self, err: &mut impl Write, usage: impl FnOnce() -> String) -> io::Result<()> {
        match self {
            Self::ReaderGone => Ok(()),
            Self::Unanswered { exit, found } => {
                exit.write(err, usage)?;
                writeln!(err, "Note: {}", sanitise::clean(found))
            }
            Self::Usage { message, .. } => write!(err, "Error: {message}\n{}\n", usage()),
            Self::Refused { kind, message } => {
                let number = kind.0;
                let name = kind.name().map_or_else(|| number.to_string(), str::to_owned);
                write!(err, "Error: BBS error\nType {number}: {name}\nMessage: {message}\n")
            }
            Self::UnknownCommand { message } => {
                write!(err, "Error: {message}\nRun 'cfdot --help' for usage.\n")
            }
            Self::InvalidValue { message }
            | Self::UnsupportedCommand { message }
            | Self::Failed { message } => {
                writeln!(err, "Error: {message}")
            }
        }
    }
}

const DEADLINE: &str = "context deadline exceeded";

/// Formats the request of a call as Go does.
fn post(call: Call, target: &str) -> String {
    let path = routes::route(call).paths.first().copied().unwrap_or_default();
    format!("Post \"{target}{path}\"")
}

/// Returns host and port of a URL.
fn address(url: &str) -> String {
    let (scheme, host) = url.split_once("://").unwrap_or(("https", url));
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    let default_port = if scheme == "http" { 80 } else { 443 };
    if has_port { host.to_owned() } else { format!("{host}:{default_port}") }
}

/// An error while writing standard output.
impl From<io::Error> for Exit {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::failed(format!("could not write the output: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn fault(target: &str, kind: FaultKind) -> Fault {
        Fault { call: Call::ListTasks, target: target.to_owned(), request: None, kind }
    }

    #[test]
    fn a_timeout_message_depends_on_the_phase() {
        let timed_out = || fault("https://bbs:8889", FaultKind::TimedOut { after: Duration::from_secs(1) });
        let message = Exit::of(timed_out()).message().to_owned();
        assert_eq!(
            message,
            "Post \"https://bbs:8889/v1/tasks/list.r3\": context deadline exceeded (Client.Timeout exceeded while \
             awaiting headers)"
        );
        let message = Exit::of_reply(timed_out()).message().to_owned();
        assert_eq!(
            message,
            "failed to read body: context deadline exceeded (Client.Timeout or context cancellation while reading \
             body)"
        );
    }

    #[test]
    fn a_refused_connection_names_the_address() {
        for (target, address) in [
            ("https://127.0.0.1:1", "127.0.0.1:1"),
            ("https://10.0.0.1", "10.0.0.1:443"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("https://[::1]:5", "[::1]:5"),
            ("https://[::1]", "[::1]:443"),
        ] {
            let cause = "Connection refused (os error 111)".to_owned();
            let exit = Exit::of(fault(target, FaultKind::Unreachable { cause, sent: false }));
            let message = format!(
                "Post \"{target}/v1/tasks/list.r3\": dial tcp {address}: connect: connection refused"
            );
            assert_eq!(exit.message(), message);
        }
    }
}

//! How a command ends when it does not end well: what is said on standard error, and the exit status.
//!
//! What failed on the way to the BBS is said as Go's HTTP client says it, as far as scripts look for its words.

use std::io::{self, Write};

use crate::bbs::routes;
use crate::cli::failure::Status;
use crate::model::{Call, Fault, FaultKind, RefusedType};
use crate::present::sanitise;

/// An early end.
#[derive(Debug)]
pub(super) enum Exit {
    /// Whoever read standard output has closed it: they have all that they wanted.
    ReaderGone,
    /// The command line or the settings are not what they should be: said with the usage text.
    Usage { status: Status, message: String },
    /// A flag that `cfdot` does not have is not what it should be: said without the usage text, which is about
    /// others.
    InvalidValue { message: String },
    /// No command has this name: said with where to look them up.
    UnknownCommand { message: String },
    /// A command of `cfdot` that is not part of this program.
    UnsupportedCommand { message: String },
    /// The BBS said no, or something answered in its place: three lines.
    Refused { kind: RefusedType, message: String },
    /// Anything else.
    Failed { message: String },
    /// A write whose connection broke before the BBS answered: how `cfdot` ends then, and what a look at the task found.
    Unanswered { exit: Box<Self>, found: String },
}

impl Exit {
    /// The arguments or settings are wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { status: Status::Usage, message: message.into() }
    }

    /// What `cfdot` gives no status of its own.
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

    /// A call that went wrong.
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
            FaultKind::Unreachable { cause, .. } if cause.contains("Connection refused") => {
                let address = address(&fault.target);
                Self::failed(format!("{post}: dial tcp {address}: connect: connection refused"))
            }
            FaultKind::Unreachable { .. } | FaultKind::Tls { .. } => Self::failed(sentence),
            // Only a target of the configuration can be so, which cfdot does not know.
            FaultKind::ReadOnly => Self::invalid_value(sentence),
        }
    }

    /// A reply that broke off after its head.
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

    /// What is wrong, in one sentence.
    #[cfg(test)]
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

    /// Says it, and gives the status. `usage` is the usage text of the command.
    pub(super) fn say(&self, err: &mut impl Write, usage: impl FnOnce() -> String) -> Status {
        // Nobody is left to be told when this fails.
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

/// The request of a call, as Go names it.
fn post(call: Call, target: &str) -> String {
    let path = routes::route(call).paths.first().copied().unwrap_or_default();
    format!("Post \"{target}{path}\"")
}

/// The host and the port of a URL.
fn address(url: &str) -> String {
    let (scheme, host) = url.split_once("://").unwrap_or(("https", url));
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| !port.ends_with(']'));
    let usual = if scheme == "http" { 80 } else { 443 };
    if has_port { host.to_owned() } else { format!("{host}:{usual}") }
}

/// What standard output could not take.
impl From<io::Error> for Exit {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::ReaderGone,
            _ => Self::failed(format!("the output could not be written: {error}")),
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
    fn a_timeout_is_said_by_where_it_was_waited() {
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
    fn nobody_there_is_said_with_the_address() {
        for (target, address) in [
            ("https://127.0.0.1:1", "127.0.0.1:1"),
            ("https://10.0.0.1", "10.0.0.1:443"),
            ("http://127.0.0.1", "127.0.0.1:80"),
            ("https://[::1]:5", "[::1]:5"),
            ("https://[::1]", "[::1]:443"),
        ] {
            let cause = "Connection refused (os error 111)".to_owned();
            let exit = Exit::of(fault(target, FaultKind::Unreachable { cause, sent: false }));
            let said = format!(
                "Post \"{target}/v1/tasks/list.r3\": dial tcp {address}: connect: connection refused"
            );
            assert_eq!(exit.message(), said);
        }
    }
}

//! Faults: requests that went wrong, as one-line messages with the request id to find them in the server's log.

use std::fmt;
use std::time::Duration;

/// Request id, sent as `X-Vcap-Request-Id`: 32 hexadecimal digits. The server logs it, so operators can find the request
/// there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u128);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A call of the BBS API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// Check whether the BBS is available.
    Ping,
    /// List tasks, all or filtered.
    ListTasks,
    /// Get one task.
    GetTask,
    /// Create a task.
    Desire,
    /// Cancel a task.
    Cancel,
    /// Claim a task for deletion.
    Resolving,
    /// Delete a claimed task.
    Delete,
    /// Subscribe to task events.
    TaskEvents,
    /// List the fresh domains.
    Domains,
    /// Keep a domain fresh.
    UpsertDomain,
    /// List the cells that are present.
    Cells,
}

impl Call {
    /// All calls that the client makes.
    pub const ALL: [Self; 11] = [
        Self::Ping,
        Self::ListTasks,
        Self::GetTask,
        Self::Desire,
        Self::Cancel,
        Self::Resolving,
        Self::Delete,
        Self::TaskEvents,
        Self::Domains,
        Self::UpsertDomain,
        Self::Cells,
    ];
}

impl fmt::Display for Call {
    /// Formats the call so that it fits after "could not".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ping => "ping",
            Self::ListTasks => "list tasks",
            Self::GetTask => "get the task",
            Self::Desire => "desire the task",
            Self::Cancel => "cancel the task",
            Self::Resolving => "claim the task for deletion",
            Self::Delete => "delete the task",
            Self::TaskEvents => "subscribe to task events",
            Self::Domains => "list domains",
            Self::UpsertDomain => "upsert the domain",
            Self::Cells => "list cells",
        })
    }
}

/// Type of an error returned by the BBS. Kept as a number, so that types of newer releases can be shown. Source: "Error
/// types" of the API.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusedType(pub i32);

impl RefusedType {
    /// An error without a specific type.
    pub const UNKNOWN: Self = Self(0);
    /// The request is invalid.
    pub const INVALID_REQUEST: Self = Self(4);
    /// The reply is invalid.
    pub const INVALID_RESPONSE: Self = Self(5);
    /// The reply is not the expected protobuf message.
    pub const INVALID_PROTOBUF_MESSAGE: Self = Self(6);
    /// The task's state does not allow the step.
    pub const INVALID_STATE_TRANSITION: Self = Self(9);
    /// A task with this guid exists already.
    pub const RESOURCE_EXISTS: Self = Self(12);
    /// There is no such task.
    pub const RESOURCE_NOT_FOUND: Self = Self(13);
    /// A router could not reach the server.
    pub const ROUTER_ERROR: Self = Self(14);
    /// Another cell runs the task.
    pub const RUNNING_ON_DIFFERENT_CELL: Self = Self(24);
    /// The database aborted a deadlock.
    pub const DEADLOCK: Self = Self(28);
    /// The server timed out.
    pub const TIMEOUT: Self = Self(31);

    /// Returns the API's name of the type, or `None` if it is unknown.
    pub const fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            0 => "UnknownError",
            3 => "InvalidRecord",
            4 => "InvalidRequest",
            5 => "InvalidResponse",
            6 => "InvalidProtobufMessage",
            7 => "InvalidJSON",
            8 => "FailedToOpenEnvelope",
            9 => "InvalidStateTransition",
            11 => "ResourceConflict",
            12 => "ResourceExists",
            13 => "ResourceNotFound",
            14 => "RouterError",
            24 => "RunningOnDifferentCell",
            26 => "GUIDGeneration",
            27 => "Deserialize",
            28 => "Deadlock",
            29 => "Unrecoverable",
            30 => "LockCollision",
            31 => "Timeout",
            _ => return None,
        })
    }
}

impl fmt::Display for RefusedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => f.pad(&format!("type {}", self.0)),
        }
    }
}

impl fmt::Debug for RefusedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({self})", self.0)
    }
}

/// A call that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The call.
    pub call: Call,
    /// The server: scheme, host and port.
    pub target: String,
    /// Id of the request in the server's log; `None` if nothing was sent.
    pub request: Option<RequestId>,
    /// What went wrong.
    pub kind: FaultKind,
}

/// The ways in which a call can go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The BBS processed the request and returned an error.
    Refused {
        /// Type of the error.
        kind: RefusedType,
        /// Message of the server.
        message: String,
    },
    /// The connection failed or broke.
    Unreachable {
        /// Error of the operating system or HTTP library.
        cause: String,
        /// Whether the server may have received the complete request; if so, the outcome of a write is unknown.
        sent: bool,
    },
    /// The server did not respond in time; the outcome of a write is unknown.
    TimedOut {
        /// The timeout.
        after: Duration,
    },
    /// The response is not from a BBS, or the BBS is not ready (404 on all revisions, 405, 503, HTML).
    NotBbs {
        /// HTTP status.
        status: u16,
        /// Content type, empty if not set.
        content_type: String,
        /// Error of a router (`X-Cf-Routererror`), empty if not set.
        router_error: String,
        /// What this means for the operator.
        problem: String,
    },
    /// The reply is not the expected protobuf message, or is truncated.
    Malformed {
        /// What is wrong with the reply.
        problem: String,
    },
    /// The reply, or a part of it, is larger than what is read.
    TooLarge {
        /// What is too large, and the limit.
        problem: String,
    },
    /// TLS failed: one side does not trust the other.
    Tls {
        /// What is wrong and what to check.
        problem: String,
    },
    /// The target is read-only, so the client did not send the write call.
    ReadOnly,
}

impl Fault {
    /// Returns whether the failed call still proves that the server responds: it refused the call, or does not support it.
    pub const fn proves_server_up(&self) -> bool {
        matches!(self.kind, FaultKind::Refused { .. } | FaultKind::NotBbs { status: 404 | 405, .. })
    }

    /// Returns whether the server may have executed the request although no success was confirmed.
    pub const fn outcome_unknown(&self) -> bool {
        match self.kind {
            FaultKind::TimedOut { .. }
            | FaultKind::Malformed { .. }
            | FaultKind::TooLarge { .. }
            // The server itself does not know: its database or another service did not respond.
            | FaultKind::Refused { kind: RefusedType::UNKNOWN | RefusedType::TIMEOUT, .. } => true,
            FaultKind::Unreachable { sent, .. } => sent,
            FaultKind::NotBbs { status, .. } => matches!(status, 200..300 | 500..),
            FaultKind::Refused { .. } | FaultKind::Tls { .. } | FaultKind::ReadOnly => false,
        }
    }

    /// Returns whether there was no response at all, neither from the BBS nor from anything else.
    pub const fn is_unanswered(&self) -> bool {
        matches!(self.kind, FaultKind::Unreachable { .. } | FaultKind::TimedOut { .. })
    }

    /// Returns whether the BBS reported that there is no such task.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, FaultKind::Refused { kind: RefusedType::RESOURCE_NOT_FOUND, .. })
    }
}

impl fmt::Display for Fault {
    /// Writes what failed, on which target, why, and the request id.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not {} on {}: {}", self.call, self.target, self.kind)?;
        match self.request {
            Some(request) => write!(f, " (request {request})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { kind, message } => write!(f, "the BBS refused: {message} ({kind})"),
            Self::Unreachable { cause, .. } => write!(f, "unreachable: {cause}"),
            Self::TimedOut { after } => write!(f, "no answer within {:.1} s", after.as_secs_f32()),
            Self::NotBbs { status, content_type, problem, .. } => {
                let content_type = if content_type.is_empty() { "no content type" } else { content_type };
                write!(f, "{problem} (status {status}, {content_type})")
            }
            Self::Malformed { problem } => write!(f, "malformed reply: {problem}"),
            Self::TooLarge { problem } => f.write_str(problem),
            Self::Tls { problem } => write!(f, "TLS: {problem}"),
            Self::ReadOnly => f.write_str("this target is read-only; nothing was sent"),
        }
    }
}

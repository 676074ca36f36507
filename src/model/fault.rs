//! What went wrong after we asked: one sentence for the person who must act, with all there is to look it up.

use std::fmt;
use std::time::Duration;

/// The id that a request carries as `X-Vcap-Request-Id`: 32 hexadecimal digits. The server writes it into its
/// logs, so that an operator finds the very call there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub u128);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A call of the BBS, as we speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// Is anybody there.
    Ping,
    /// The tasks, all or filtered.
    ListTasks,
    /// One task.
    GetTask,
    /// A new task.
    Desire,
    /// End a task.
    Cancel,
    /// Claim a task's deletion.
    Resolving,
    /// Delete a claimed task.
    Delete,
    /// The stream of task events.
    TaskEvents,
    /// The domains that are fresh.
    Domains,
    /// Keep a domain fresh.
    UpsertDomain,
    /// The cells that are present.
    Cells,
}

impl Call {
    /// Every call that a client of the operator's makes.
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
    /// As in "could not …".
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

/// The type of an error that the BBS itself gave. Source: "Error types" of the API. The number survives, so that
/// a type of a newer release is still said.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RefusedType(pub i32);

impl RefusedType {
    /// Something the server has no type for.
    pub const UNKNOWN: Self = Self(0);
    /// The request's content is not acceptable.
    pub const INVALID_REQUEST: Self = Self(4);
    /// The reply is not what a BBS says.
    pub const INVALID_RESPONSE: Self = Self(5);
    /// The reply is not the protobuf message it should be.
    pub const INVALID_PROTOBUF_MESSAGE: Self = Self(6);
    /// The task's state forbids it.
    pub const INVALID_STATE_TRANSITION: Self = Self(9);
    /// The guid is in use.
    pub const RESOURCE_EXISTS: Self = Self(12);
    /// No such task.
    pub const RESOURCE_NOT_FOUND: Self = Self(13);
    /// A router in between could not reach the server.
    pub const ROUTER_ERROR: Self = Self(14);
    /// Another cell runs it.
    pub const RUNNING_ON_DIFFERENT_CELL: Self = Self(24);
    /// The database gave up on a deadlock.
    pub const DEADLOCK: Self = Self(28);
    /// The server ran out of time.
    pub const TIMEOUT: Self = Self(31);

    /// The API's name of it.
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

/// A call that was made and went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was asked.
    pub call: Call,
    /// Of which server: scheme, host and port.
    pub target: String,
    /// The request in the server's log; none when we did not even try to send it.
    pub request: Option<RequestId>,
    /// What happened.
    pub kind: FaultKind,
}

/// The ways in which a call goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// The BBS understood and said no.
    Refused {
        /// Its type.
        kind: RefusedType,
        /// Its words.
        message: String,
    },
    /// No connection, or one that broke.
    Unreachable {
        /// The system's words.
        cause: String,
        /// Whether the whole request may have reached the server before the connection broke: a write is then
        /// of unknown outcome.
        sent: bool,
    },
    /// No answer in time; a write is of unknown outcome.
    TimedOut {
        /// How long we waited.
        after: Duration,
    },
    /// Something answered that is not a BBS, or not one that is serving (404 on every revision, 405, 503, HTML).
    NotBbs {
        /// The HTTP status.
        status: u16,
        /// The reply's content type, empty if it named none.
        content_type: String,
        /// What a router in between said (`X-Cf-Routererror`), empty if none did.
        router_error: String,
        /// Our sentence about it.
        problem: String,
    },
    /// A reply that is not the protobuf message it should be, or is cut short.
    Malformed {
        /// What is wrong with it.
        problem: String,
    },
    /// The two ends do not trust each other.
    Tls {
        /// What is wrong, and what to look at.
        problem: String,
    },
    /// The target is opened read-only, so the client did not send it.
    ReadOnly,
}

impl Fault {
    /// Whether the server may have carried out the request although we do not know.
    pub const fn outcome_unknown(&self) -> bool {
        match self.kind {
            FaultKind::TimedOut { .. }
            | FaultKind::Malformed { .. }
            // The server itself does not know: its database or another service did not answer it.
            | FaultKind::Refused { kind: RefusedType::UNKNOWN | RefusedType::TIMEOUT, .. } => true,
            FaultKind::Unreachable { sent, .. } => sent,
            FaultKind::NotBbs { status, .. } => matches!(status, 200..300 | 500..),
            FaultKind::Refused { .. } | FaultKind::Tls { .. } | FaultKind::ReadOnly => false,
        }
    }

    /// Whether nobody answered: neither the BBS nor anything in its place.
    pub const fn is_unanswered(&self) -> bool {
        matches!(self.kind, FaultKind::Unreachable { .. } | FaultKind::TimedOut { .. })
    }

    /// Whether the BBS said that there is no such task.
    pub fn is_not_found(&self) -> bool {
        matches!(self.kind, FaultKind::Refused { kind: RefusedType::RESOURCE_NOT_FOUND, .. })
    }
}

impl fmt::Display for Fault {
    /// One sentence: what failed, on which target, why, and the request to look for in the server's log.
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
            Self::Malformed { problem } => write!(f, "the reply is not what a BBS sends: {problem}"),
            Self::Tls { problem } => write!(f, "TLS: {problem}"),
            Self::ReadOnly => f.write_str("this target is opened read-only, nothing was sent"),
        }
    }
}

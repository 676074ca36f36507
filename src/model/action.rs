//! The action of a task: what it runs, as a tree.

use super::{EnvironmentVariable, File};

/// An action. Some contain other actions, which makes a tree.
#[derive(Clone, PartialEq)]
pub enum Action {
    /// Downloads a file into the container.
    Download {
        /// Name of the artifact in logs.
        artifact: String,
        /// URL; may contain credentials.
        from: String,
        /// Path in the container.
        to: String,
        /// Key in the cell's cache.
        cache_key: String,
        /// Source name of its log lines.
        log_source: String,
        /// User that owns the file.
        user: String,
        /// Checksum algorithm.
        checksum_algorithm: String,
        /// Expected checksum.
        checksum_value: String,
    },
    /// Uploads a file from the container.
    Upload {
        /// Name of the artifact in logs.
        artifact: String,
        /// Path in the container.
        from: String,
        /// URL; may contain credentials.
        to: String,
        /// Source name of its log lines.
        log_source: String,
        /// User that reads the file.
        user: String,
    },
    /// Runs a process.
    Run {
        /// Path of the program.
        path: String,
        /// Arguments.
        args: Vec<String>,
        /// Working directory.
        dir: String,
        /// Environment variables in addition to the container's; values are secrets.
        env: Vec<EnvironmentVariable>,
        /// Resource limits.
        resource_limits: Option<ResourceLimits>,
        /// User that runs the process.
        user: String,
        /// Source name of its log lines.
        log_source: String,
        /// Whether its output is discarded.
        suppress_log_output: bool,
        /// Files mounted for the process; contents are secrets.
        volume_mounted_files: Vec<File>,
    },
    /// Stops an action after a timeout.
    Timeout {
        /// Action to stop.
        action: Option<Box<Action>>,
        /// Timeout in milliseconds.
        timeout_ms: i64,
        /// Timeout in nanoseconds, from old servers.
        deprecated_timeout_ns: i64,
        /// Source name of its log lines.
        log_source: String,
    },
    /// Logs messages around an action.
    EmitProgress {
        /// Action to report on.
        action: Option<Box<Action>>,
        /// Logged at the start.
        start_message: String,
        /// Logged on success.
        success_message: String,
        /// Prefix of the failure message.
        failure_message_prefix: String,
        /// Source name of its log lines.
        log_source: String,
    },
    /// Ignores the failure of an action.
    Try {
        /// Action that may fail.
        action: Option<Box<Action>>,
        /// Source name of its log lines.
        log_source: String,
    },
    /// Runs actions in parallel and ends when all have ended.
    Parallel {
        /// Actions in the order received.
        actions: Vec<Action>,
        /// Source name of its log lines.
        log_source: String,
    },
    /// Runs actions in sequence and ends at the first failure.
    Serial {
        /// Actions in execution order.
        actions: Vec<Action>,
        /// Source name of its log lines.
        log_source: String,
    },
    /// Runs actions in parallel; when one ends, the others are stopped.
    Codependent {
        /// Actions in the order received.
        actions: Vec<Action>,
        /// Source name of its log lines.
        log_source: String,
    },
    /// An action without a kind, or of an unknown kind from a newer release.
    Unknown,
}

impl Action {
    /// Returns the direct children of this action.
    pub fn children(&self) -> &[Self] {
        match self {
            Self::Timeout { action, .. } | Self::EmitProgress { action, .. } | Self::Try { action, .. } => {
                action.as_deref().map(std::slice::from_ref).unwrap_or_default()
            }
            Self::Parallel { actions, .. }
            | Self::Serial { actions, .. }
            | Self::Codependent { actions, .. } => actions,
            Self::Download { .. } | Self::Upload { .. } | Self::Run { .. } | Self::Unknown => &[],
        }
    }
}

/// Resource limits of a process. An absent limit differs from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResourceLimits {
    /// Number of open files.
    pub nofile: Option<u64>,
    /// Number of processes; deprecated by the server.
    pub nproc: Option<u64>,
}

//! What a task does: a tree of actions.

use super::{EnvironmentVariable, File};

/// One action. Those that hold others make the tree.
#[derive(Clone, PartialEq)]
pub enum Action {
    /// Brings a file in.
    Download {
        /// What it is called in logs.
        artifact: String,
        /// A URL, which may hold credentials.
        from: String,
        /// A path.
        to: String,
        /// What it is cached under.
        cache_key: String,
        /// The name in front of its log lines.
        log_source: String,
        /// Who owns the file.
        user: String,
        /// How it is checked.
        checksum_algorithm: String,
        /// What the check must give.
        checksum_value: String,
    },
    /// Takes a file out.
    Upload {
        /// What it is called in logs.
        artifact: String,
        /// A path.
        from: String,
        /// A URL, which may hold credentials.
        to: String,
        /// The name in front of its log lines.
        log_source: String,
        /// Who reads the file.
        user: String,
    },
    /// Runs a process.
    Run {
        /// The program.
        path: String,
        /// Its arguments.
        args: Vec<String>,
        /// Its working directory.
        dir: String,
        /// Its environment, on top of the container's; values are secrets.
        env: Vec<EnvironmentVariable>,
        /// Its limits.
        resource_limits: Option<ResourceLimits>,
        /// Who runs it.
        user: String,
        /// The name in front of its log lines.
        log_source: String,
        /// Whether its output is dropped.
        suppress_log_output: bool,
        /// Files mounted for it; contents are secrets.
        volume_mounted_files: Vec<File>,
    },
    /// Ends what takes too long.
    Timeout {
        /// What is ended.
        action: Option<Box<Action>>,
        /// Milliseconds.
        timeout_ms: i64,
        /// Old servers' nanoseconds.
        deprecated_timeout_ns: i64,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// Says how it goes.
    EmitProgress {
        /// What it speaks about.
        action: Option<Box<Action>>,
        /// Said first.
        start_message: String,
        /// Said after success.
        success_message: String,
        /// Said in front of the failure.
        failure_message_prefix: String,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// Lets failure pass.
    Try {
        /// What may fail.
        action: Option<Box<Action>>,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// All at once; ends when all have ended.
    Parallel {
        /// In the order given.
        actions: Vec<Action>,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// One after the other; the first failure ends it.
    Serial {
        /// In the order of running.
        actions: Vec<Action>,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// All at once; the first to end ends all.
    Codependent {
        /// In the order given.
        actions: Vec<Action>,
        /// The name in front of its log lines.
        log_source: String,
    },
    /// An action with nothing set, or of a release newer than this program.
    Unknown,
}

impl Action {
    /// The actions directly below this one.
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

/// Limits of a process. That a limit is absent differs from its being 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResourceLimits {
    /// Open files.
    pub nofile: Option<u64>,
    /// Processes; deprecated by the server.
    pub nproc: Option<u64>,
}

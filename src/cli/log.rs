//! The log: a file in the state directory, never the terminal.

use std::path::{Path, PathBuf};

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days of log that are kept.
const KEPT: usize = 5;

/// The log's file in a state directory.
pub(super) fn file(state: &Path) -> PathBuf {
    state.join("taskdeck.log")
}

/// Writes the log to `file`, a new one each day, for as long as what is returned lives. A log that cannot be written
/// keeps nobody from watching: the dashboard runs without one.
pub(super) fn start(
    file: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Option<WorkerGuard> {
    let (directory, name) = (file?.parent()?, file?.file_name()?.to_str()?);
    std::fs::create_dir_all(directory).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .max_log_files(KEPT)
        .build(directory)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let filter = environment("TASKDECK_LOG").unwrap_or_else(|| "taskdeck=info".to_owned());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(writer)
        .with_ansi(false);
    subscriber.try_init().ok().map(|()| guard)
}

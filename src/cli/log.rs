//! The log file in the state directory. Never writes to the terminal.

mod daily;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::EnvFilter;

use daily::DailyFile;

/// Returns the path of the log in a state directory.
pub(super) fn file(state: &Path) -> PathBuf {
    state.join("taskdeck.log")
}

/// Writes the log to `file`, rotated daily, until the returned guard is dropped.
///
/// If the file cannot be written, returns a warning instead of a guard: the dashboard shows it and runs without a log.
pub(super) fn start(
    file: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> (Option<WorkerGuard>, Option<String>) {
    let Some(file) = file else { return (None, None) };
    match open(file) {
        Ok(opened) => (write_to(opened, environment), None),
        Err(problem) => (
            None,
            Some(format!("The log {} cannot be written: {problem}. Running without a log.", file.display())),
        ),
    }
}

fn open(file: &Path) -> Result<DailyFile, String> {
    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty());
    let name = file.file_name().and_then(OsStr::to_str).ok_or("its name is not a file's")?;
    DailyFile::open(directory.unwrap_or(Path::new(".")), name).map_err(|error| error.to_string())
}

fn write_to(file: DailyFile, environment: &dyn Fn(&str) -> Option<String>) -> Option<WorkerGuard> {
    let (writer, guard) = tracing_appender::non_blocking(file);
    let filter = environment("TASKDECK_LOG").unwrap_or_else(|| "taskdeck=info".to_owned());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(writer)
        .with_ansi(false);
    subscriber.try_init().ok().map(|()| guard)
}

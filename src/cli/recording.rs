//! Where and how this machine records.

use std::path::PathBuf;

use crate::config::{Paths, RecordSettings};
use crate::platform;
use crate::record::{Program, Retention, WriterOptions};

/// The name of the recording in the state directory.
const NAME: &str = "recording.db";

/// Returns the file of the recording: the configured one, or that in the state directory. None if there is neither.
pub(super) fn file(settings: &RecordSettings, paths: &Paths) -> Option<PathBuf> {
    settings.file.clone().or_else(|| Some(paths.state_dir.as_ref()?.join(NAME)))
}

/// Returns how to record to this file.
pub(super) fn options(
    path: PathBuf,
    program: Program,
    settings: &RecordSettings,
    environment: &dyn Fn(&str) -> Option<String>,
) -> WriterOptions {
    // What stands under our own name is ours, whatever it contains by now.
    let replace_foreign = path.file_name().is_some_and(|name| name == NAME);
    let RecordSettings { max_bytes, max_age, .. } = settings;
    let user = ["USER", "LOGNAME"].iter().find_map(|name| environment(name)).filter(|user| !user.is_empty());
    WriterOptions {
        path,
        replace_foreign,
        retention: Retention { max_bytes: *max_bytes, max_age: *max_age },
        program,
        user: user.unwrap_or_else(platform::user::unnamed),
        host: platform::user::host(),
    }
}

//! Where and how this machine records.

use std::path::PathBuf;

use crate::config::{Paths, RECORDING, RecordSettings};
use crate::platform;
use crate::record::{Program, Retention, WriterOptions};

/// Returns the file of the recording: the configured one, or that in the state directory. None if there is neither.
pub(super) fn file(settings: &RecordSettings, paths: &Paths) -> Option<PathBuf> {
    settings.file.clone().or_else(|| Some(paths.state_dir.as_ref()?.join(RECORDING)))
}

/// Returns how to record to this file.
pub(super) fn options(
    path: PathBuf,
    program: Program,
    settings: &RecordSettings,
    environment: &dyn Fn(&str) -> Option<String>,
) -> WriterOptions {
    // What stands under our own name is ours, whatever it contains by now.
    let replace_foreign = path.file_name().is_some_and(|name| name == RECORDING);
    let RecordSettings { max_bytes, max_age, .. } = settings;
    WriterOptions {
        path,
        replace_foreign,
        retention: Retention { max_bytes: *max_bytes, max_age: *max_age },
        program,
        user: user(environment),
        host: platform::user::host(),
        interval: WriterOptions::INTERVAL,
    }
}

/// Returns who runs the program. Services and containers often have no variable, and some no name at all.
fn user(environment: &dyn Fn(&str) -> Option<String>) -> String {
    let named = |name: &&str| environment(name).filter(|user| !user.is_empty());
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(named).unwrap_or_else(platform::user::unnamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_names_the_user_and_a_number_is_marked_as_one() {
        let environment = |name: &str| (name == "LOGNAME").then(|| "operator".to_owned());
        assert_eq!(user(&environment), "operator");
        let unnamed = user(&|name| (name == "USER").then(String::new));
        assert!(unnamed.parse::<u32>().is_err(), "{unnamed}");
    }
}

//! Where and how this machine records.

use std::fs;
use std::path::PathBuf;

use crate::config::{Paths, RECORDING, RecordSettings};
use crate::record::{Program, Retention, WriterOptions};

/// Where systems list their users.
const PASSWD: &str = "/etc/passwd";

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
        host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        interval: WriterOptions::INTERVAL,
    }
}

/// Returns who runs the program. Services and containers often have no variable, and some no name at all.
fn user(environment: &dyn Fn(&str) -> Option<String>) -> String {
    let named = |name: &&str| environment(name).filter(|user| !user.is_empty());
    let uid = rustix::process::getuid().as_raw();
    let listed = || name_of(uid, &fs::read_to_string(PASSWD).ok()?);
    ["USER", "LOGNAME"].iter().find_map(named).or_else(listed).unwrap_or_else(|| format!("uid {uid}"))
}

/// Returns the name of a user in a password file: `name:password:uid:…`.
fn name_of(uid: u32, passwd: &str) -> Option<String> {
    let uid = uid.to_string();
    let mut entries = passwd.lines().map(|line| line.split(':'));
    let name = entries.find_map(|mut fields| fields.next().filter(|_| fields.nth(1) == Some(&uid)))?;
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str =
        "root:x:0:0:root:/root:/bin/bash\n# a comment\n\nvcap:x:1000:1000::/home/vcap:/bin/sh\n:x:7::\n";

    #[test]
    fn a_user_without_a_variable_is_named_by_the_password_file() {
        assert_eq!(name_of(0, USERS).as_deref(), Some("root"));
        assert_eq!(name_of(1000, USERS).as_deref(), Some("vcap"));
        for unknown in [1, 7, 100] {
            assert_eq!(name_of(unknown, USERS), None, "{unknown}");
        }
    }

    #[test]
    fn a_variable_names_the_user_and_a_number_is_marked_as_one() {
        let environment = |name: &str| (name == "LOGNAME").then(|| "operator".to_owned());
        assert_eq!(user(&environment), "operator");
        let unnamed = user(&|name| (name == "USER").then(String::new));
        assert!(unnamed.parse::<u32>().is_err(), "{unnamed}");
    }
}

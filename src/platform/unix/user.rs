//! The user and the machine that the program runs for and on.

use std::fs;

/// Where systems list their users.
const PASSWD: &str = "/etc/passwd";

/// Returns the id of the user whose files are ours, or `None` where users have no number.
#[expect(clippy::unnecessary_wraps, reason = "other systems have none")]
pub(crate) fn id() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

/// Returns what to call a user whose environment does not name one.
pub(crate) fn unnamed() -> String {
    let uid = rustix::process::getuid().as_raw();
    let listed = fs::read_to_string(PASSWD).ok().and_then(|passwd| name_of(uid, &passwd));
    listed.unwrap_or_else(|| format!("uid {uid}"))
}

/// Returns the name of a user in a password file: `name:password:uid:…`.
fn name_of(uid: u32, passwd: &str) -> Option<String> {
    let uid = uid.to_string();
    let mut entries = passwd.lines().map(|line| line.split(':'));
    let name = entries.find_map(|mut fields| fields.next().filter(|_| fields.nth(1) == Some(&uid)))?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// Returns the name of the machine.
pub(crate) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
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
}

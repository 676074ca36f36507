//! Runs a test again in namespaces of its own, with a bad network or a small disk, where that is allowed.

use std::path::PathBuf;
use std::process::Command;

/// Set in the namespaces: a directory for the test.
const INSIDE: &str = "TASKDECK_NAMESPACE";
/// The status of namespaces that could not be set up.
const UNAVAILABLE: i32 = 77;

/// What a test needs.
pub(crate) struct Namespace {
    /// The option of `unshare` that makes it.
    option: &'static str,
    /// The shell command that sets it up.
    set_up: &'static str,
}

/// A loopback that delays, loses and reorders packets. A request and its reply pass it four times: the proxy is on the way.
pub(crate) const BAD_LOOPBACK: Namespace = Namespace {
    option: "--net",
    set_up: "ip link set lo up && tc qdisc add dev lo root netem delay 38ms 10ms loss 2% reorder 25%",
};

/// A disk of a megabyte on the test's directory.
pub(crate) const SMALL_DISK: Namespace =
    Namespace { option: "--mount", set_up: "mount -t tmpfs -o size=1m tmpfs \"$TASKDECK_NAMESPACE\"" };

/// Where a test runs.
pub(crate) enum Place {
    /// In the namespace, with this directory.
    Inside(PathBuf),
    /// It has run again in the namespace, and passed there.
    Passed,
    /// There is no such namespace, for this reason.
    Unavailable(String),
}

/// Runs the test with this name again in a namespace, unless it runs there already.
pub(crate) fn enter(test: &str, namespace: &Namespace) -> Place {
    if let Some(directory) = std::env::var_os(INSIDE) {
        return Place::Inside(directory.into());
    }
    let directory = tempfile::tempdir().unwrap();
    let Namespace { option, set_up } = namespace;
    let script = format!("{set_up} || exit {UNAVAILABLE}; exec \"$0\" --exact \"$1\" --nocapture");
    let again = std::env::current_exe().unwrap();
    let ran = Command::new("unshare")
        .args(["--map-root-user", option, "sh", "-c", &script])
        .arg(again)
        .arg(test)
        .env(INSIDE, directory.path())
        .output();
    match ran {
        Err(error) => Place::Unavailable(format!("unshare: {error}")),
        Ok(output) if output.status.success() => {
            assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "no test ran: {test}");
            Place::Passed
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let is_set_up = output.status.code() != Some(UNAVAILABLE) && !said.starts_with("unshare: ");
            assert!(!is_set_up, "{said}\n{}", String::from_utf8_lossy(&output.stdout));
            Place::Unavailable(said.trim().to_owned())
        }
    }
}

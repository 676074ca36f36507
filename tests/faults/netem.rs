//! Runs a test again in a network namespace whose loopback delays, loses and reorders packets, where that is allowed.

use std::process::Command;

/// Set in the namespace.
const INSIDE: &str = "TASKDECK_NETEM";
/// What the loopback does to each packet. A request and its reply pass it four times: the proxy is on the way.
const QDISC: &str = "netem delay 38ms 10ms loss 2% reorder 25%";
/// The status of a namespace that could not be made.
const UNAVAILABLE: i32 = 77;

/// Where a test runs.
pub(crate) enum Place {
    /// In the namespace: the link is bad as it is.
    Inside,
    /// It has run again in the namespace, and passed there.
    Passed,
    /// There is no such namespace, for this reason.
    Unavailable(String),
}

/// Runs the test with this name again in a namespace, unless it runs there already.
pub(crate) fn enter(test: &str) -> Place {
    if std::env::var_os(INSIDE).is_some() {
        return Place::Inside;
    }
    let set_up = format!("ip link set lo up && tc qdisc add dev lo root {QDISC} || exit {UNAVAILABLE}");
    let script = format!("{set_up}; exec \"$0\" --exact \"$1\" --nocapture");
    let again = std::env::current_exe().unwrap();
    let ran = Command::new("unshare")
        .args(["--map-root-user", "--net", "sh", "-c", &script])
        .arg(again)
        .arg(test)
        .env(INSIDE, "1")
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

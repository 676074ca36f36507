//! Runs Prometheus's `promtool`, if it is installed.

use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Feeds `input` to `promtool` and requires that it finds nothing to complain about. Without `promtool` nothing is checked,
/// which is said past the capture of the tests' output.
pub(crate) fn check(arguments: &[&str], input: &str) {
    let mut promtool = Command::new("promtool");
    promtool.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = match promtool.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let _ = writeln!(
                io::stderr(),
                "PROMTOOL: not installed, `promtool {}` was NOT RUN (Debian's package is prometheus)",
                arguments.join(" ")
            );
            return;
        }
        Err(error) => panic!("promtool: {error}"),
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let ran = child.wait_with_output().unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    assert!(ran.status.success(), "promtool {arguments:?}: {}", String::from_utf8_lossy(&said));
}

/// Checks the syntax of rules, and the queries in them.
pub(crate) fn check_rules(file: &Path) {
    check(&["check", "rules", file.to_str().unwrap()], "");
}

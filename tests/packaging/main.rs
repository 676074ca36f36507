//! Checks that the packages agree with the program: versions, files, manual pages, the BOSH job's configuration. Builds none:
//! `packaging/build` does.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers"
)]

mod bosh;
mod files;
mod script;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// The program.
const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

/// Returns the path of a file of the project.
fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).expect("a file of the project")
}

fn manifest() -> toml::Table {
    text("Cargo.toml").parse().expect("TOML")
}

/// Runs a program that may not be installed. If it is not, says past the capture of the tests' output what is not checked.
fn run_if_installed(command: &mut Command, unchecked: &str) -> Option<Output> {
    match command.output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            tell(&format!("{}: not installed, {unchecked} NOT CHECKED", command.get_program().display()));
            None
        }
        Err(error) => panic!("{command:?}: {error}"),
    }
}

/// Writes past the capture of the tests' output.
fn tell(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Returns what a command printed, and requires that it succeeded.
fn printed(command: &mut Command) -> String {
    let output = command.output().expect("a program that starts");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

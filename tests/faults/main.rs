//! Runs the whole dashboard on a bad network, bad servers, bad clocks and bad disks, and checks what the user sees and that
//! the rows are the server's tasks again once all is well.
//!
//! A scenario is a row of a table in `scenarios`; `RELIABILITY.md` is checked against these tables. `soak` runs for as long
//! as `TASKDECK_SOAK_MINUTES` says, or a few seconds without it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers"
)]

use std::io::Write as _;

#[expect(dead_code, reason = "the key monkey uses the rest")]
mod clock;
mod elsewhere;
mod harm;
mod namespace;
mod proxy;
mod reliability;
mod rig;
mod scenario;
mod scenarios;
mod soak;
#[path = "../dashboard/story.rs"]
#[expect(dead_code, reason = "other stories use the rest of the fixture")]
mod story;
mod user;

/// Writes a line to standard error that the test harness does not capture.
fn tell(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

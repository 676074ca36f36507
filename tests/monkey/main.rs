//! The key monkey: random keys, pastes, mouse reports and sizes against the whole dashboard, while servers go on, fail and answer in any
//! order.
//!
//! The fast form has no network. The clock and everything that effects reach are in the test, so that a seed repeats a run. After each
//! frame: nothing on the screen that a terminal could take for a command, each row as wide as the screen, cursors on rows that exist,
//! bounded memory. Always: no write without a yes to a question that named its task, no second request for what one answer tells. In the
//! end: a few keys lead out, and the rows are the servers' tasks. `network` is the form with the shipped event loop and client.
//!
//! `TASKDECK_MONKEY_MINUTES=5 cargo test --test monkey keys` goes on for as long, from a seed that it prints;
//! `TASKDECK_MONKEY_SEED=7` begins with that one.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers"
)]

mod bbs;
mod checks;
#[path = "../faults/clock.rs"]
#[expect(dead_code, reason = "scenarios of faults use the rest")]
mod clock;
mod figures;
mod hand;
#[path = "../faults/harm.rs"]
#[expect(dead_code, reason = "scenarios of faults use the rest")]
mod harm;
mod leaving;
mod ledger;
mod line;
mod network;
mod oracle;
mod player;
#[path = "../faults/proxy/mod.rs"]
#[expect(dead_code, reason = "scenarios of faults use the rest")]
mod proxy;
#[path = "../faults/rig.rs"]
#[expect(dead_code, reason = "scenarios of faults use the rest")]
mod rig;
mod run;
mod screen;
mod stage;
#[path = "../dashboard/story.rs"]
#[expect(dead_code, reason = "other stories use the rest of the fixture")]
mod story;
mod targets;
#[path = "../faults/user.rs"]
#[expect(dead_code, reason = "scenarios of faults use the rest")]
mod user;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use figures::Figures;
use run::{Plan, play};

const MINUTES: &str = "TASKDECK_MONKEY_MINUTES";
const SEED: &str = "TASKDECK_MONKEY_SEED";
/// The runs without a variable, and the steps of a run.
const SHORT: u64 = 6;
const STEPS: usize = 1_200;
/// How many of the places a short monkey may miss.
const MISSED: usize = 8;

/// Writes a line to standard error that the test harness does not capture.
fn tell(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Returns the texts in `tests/fixtures/hostile`, decoded as a reply is, and a long one.
fn hostile() -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "bin"));
    paths.sort();
    let text = |path: &_| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    let long = "\u{1b}[31m\u{202e}\u{6f22}a\u{301}".repeat(200);
    paths.iter().map(text).chain([long]).collect()
}

fn variable<T: std::str::FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}

/// Returns the seed to begin with. A long monkey begins with another one each time.
fn first_seed() -> u64 {
    let is_long = std::env::var_os(MINUTES).is_some();
    let other = || if is_long { SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs() } else { 1 };
    variable(SEED).unwrap_or_else(other)
}

/// Plays a run, and what it has recorded.
fn play_both(seed: u64, hostile: &[String], figures: &mut Figures) {
    let plan = Plan { seed, steps: STEPS, recording: Vec::new() };
    let (done, recording) = play(&plan, hostile);
    *figures += done;
    if !recording.is_empty() {
        let (done, _) = play(&Plan { steps: STEPS / 2, recording, ..plan }, hostile);
        *figures += done;
    }
}

#[test]
fn keys_lead_to_no_harm() {
    let (hostile, mut figures, begun) = (hostile(), Figures::default(), Instant::now());
    let minutes: Option<f64> = variable(MINUTES);
    let first = first_seed();
    let limit = Duration::from_secs_f64(minutes.unwrap_or_default() * 60.0);
    let runs = if minutes.is_some() {
        u64::MAX
    } else if variable::<u64>(SEED).is_some() {
        1
    } else {
        SHORT
    };
    let mut printed = begun;
    for nth in 0..runs {
        if minutes.is_some() && begun.elapsed() > limit {
            break;
        }
        play_both(first + nth, &hostile, &mut figures);
        if minutes.is_some() && printed.elapsed() > Duration::from_secs(60) {
            printed = Instant::now();
            tell(&format!(
                "monkey from seed {first}, {:.1} min: {figures}",
                begun.elapsed().as_secs_f64() / 60.0
            ));
        }
    }
    tell(&format!("monkey from seed {first}, {:.1} min: {figures}", begun.elapsed().as_secs_f64() / 60.0));
    let missed: Vec<_> =
        checks::PLACES.iter().filter(|place| !figures.places.contains_key(**place)).collect();
    assert!(runs == 1 || missed.len() <= MISSED, "the monkey was never at {missed:?}");
    assert!(runs == 1 || figures.writes > 0, "the monkey has written nothing");
}

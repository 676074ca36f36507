//! Which BBS is asked, and who says so.
//!
//! The simulated one, without and with mutual TLS. With `TASKDECK_CONFORMANCE=1` instead the one of `BBS_URL`,
//! `CA_CERT_FILE`, `CLIENT_CERT_FILE` and `CLIENT_KEY_FILE`: nobody who has these for daily work gets tasks of a test by
//! a plain `cargo test`. With `TASKDECK_CONFORMANCE_CELLS=1` too the suite plays a cell there.

use std::env;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;

use futures_util::FutureExt as _;
use taskdeck::bbs::wire::{CellCapacity, CellPresence};
use taskdeck::model::{State, Task};
use taskdeck::sim::{Options, Sim};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::bbs::{Bbs, Files};
use crate::tasks::{CELL, OTHER_CELL};

/// A check that takes as long waits for what will not come.
const LONGEST: Duration = Duration::from_secs(300);

/// What a check needs of its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// What an operator's client may do.
    Operator,
    /// Somebody who starts, completes and rejects tasks as a cell does.
    Cell,
    /// A server whose time and faults are ours.
    Simulation,
}

/// Asks the targets as an operator does.
pub(crate) async fn everywhere(check: impl AsyncFn(&Bbs)) {
    on_targets(Needs::Operator, check).await;
}

/// Asks those where the suite may play a cell.
pub(crate) async fn with_a_cell(check: impl AsyncFn(&Bbs)) {
    on_targets(Needs::Cell, check).await;
}

/// Asks the simulated BBS alone.
pub(crate) async fn simulated(check: impl AsyncFn(&Bbs, &Sim)) {
    on_targets(Needs::Simulation, async |bbs| check(bbs, bbs.sim.as_ref().unwrap()).await).await;
}

/// As [`everywhere`], but of the simulated BBS only without TLS: for what takes long.
pub(crate) async fn once(check: impl AsyncFn(&Bbs)) {
    match named(Needs::Operator).await {
        Named::Nobody => on(simulation(None).await, &check).await,
        Named::Bbs(bbs) => on(*bbs, &check).await,
        Named::NotFit => {}
    }
}

async fn on_targets(needs: Needs, check: impl AsyncFn(&Bbs)) {
    match named(needs).await {
        Named::Nobody => {
            on(simulation(None).await, &check).await;
            on(simulation(Some(TempDir::new().unwrap())).await, &check).await;
        }
        Named::Bbs(bbs) => on(*bbs, &check).await,
        Named::NotFit => {}
    }
}

/// Whom the environment names.
enum Named {
    Nobody,
    Bbs(Box<Bbs>),
    /// Somebody who must not be asked what the check needs.
    NotFit,
}

async fn named(needs: Needs) -> Named {
    static SAID: Once = Once::new();
    let opted = |name| env::var(name).is_ok_and(|value| value == "1");
    if !opted("TASKDECK_CONFORMANCE") {
        SAID.call_once(|| say("CONFORMANCE of the simulated BBS alone, without and with mutual TLS"));
        return Named::Nobody;
    }
    let url = env::var("BBS_URL").expect("TASKDECK_CONFORMANCE=1 goes with a BBS_URL");
    let plays_cell = opted("TASKDECK_CONFORMANCE_CELLS");
    SAID.call_once(|| say(&format!("CONFORMANCE of {url}, playing a cell there: {plays_cell}")));
    let fits = match needs {
        Needs::Operator => true,
        Needs::Cell => plays_cell,
        Needs::Simulation => false,
    };
    if !fits {
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        say(&format!("NOT TESTED of {url}, it needs a {needs:?}: {test}"));
        return Named::NotFit;
    }
    let file = |name| PathBuf::from(env::var_os(name).unwrap_or_else(|| panic!("https goes with {name}")));
    let files = url.starts_with("https:").then(|| Files {
        ca: file("CA_CERT_FILE"),
        cert: file("CLIENT_CERT_FILE"),
        key: file("CLIENT_KEY_FILE"),
    });
    Named::Bbs(Box::new(Bbs::new(url, files).await))
}

/// A simulated BBS, quiet and without tasks.
async fn simulation(tls: Option<TempDir>) -> Bbs {
    let options = Options { tls: tls.as_ref().map(|dir| dir.path().to_owned()), ..Options::default() };
    let sim = Sim::start(options).await.unwrap();
    // What runs on a cell that is not present fails by the next sweep.
    sim.with(|machine, _| [CELL, OTHER_CELL].map(|id| machine.add_cell(cell(id))));
    let url = sim.url();
    let files = sim.tls_files().map(|(ca, cert, key)| Files { ca, cert, key });
    let mut bbs = Bbs::new(url, files).await;
    bbs.sim = Some(sim);
    // The client looks at its files with every call.
    bbs.dir = tls;
    bbs
}

fn cell(id: &'static str) -> CellPresence {
    let capacity = CellCapacity { memory_mb: 1024, disk_mb: 1024, containers: 16 };
    CellPresence { cell_id: id.into(), capacity: Some(capacity), ..CellPresence::default() }
}

/// Runs the check, and asserts that nothing is left of it.
async fn on(bbs: Bbs, check: &impl AsyncFn(&Bbs)) {
    let (checked, left) = run(&bbs, check).await;
    if let Err(panic) = checked {
        say(&format!("failed against {}", bbs.url));
        resume_unwind(panic);
    }
    assert_eq!(left, [], "tasks that cannot be taken away from {}", bbs.url);
}

/// How the check ended, and which of its tasks could not be taken away: that is tried whatever became of it.
async fn run(bbs: &Bbs, check: &impl AsyncFn(&Bbs)) -> (std::thread::Result<()>, Vec<Task>) {
    let checked = timeout(LONGEST, AssertUnwindSafe(check(bbs)).catch_unwind()).await;
    let checked = checked.unwrap_or_else(|_| Err(Box::new(format!("it has not ended in {LONGEST:?}"))));
    (checked, bbs.clean_up().await)
}

/// Not by a macro, whose output the test harness keeps to itself when a test passes.
fn say(text: &str) {
    io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

#[tokio::test]
async fn what_a_failed_check_leaves_is_taken_away() {
    let bbs = simulation(None).await;
    let sim = bbs.sim.as_ref().unwrap();
    let (checked, left) = run(&bbs, &async |bbs| {
        for state in State::ALL {
            bbs.task_in(state, &state.to_string()).await;
        }
        assert_eq!(sim.with(|machine, _| machine.len()), 0, "this is to fail");
    })
    .await;
    assert!(checked.is_err());
    assert_eq!(left, []);
    assert!(sim.with(|machine, _| machine.is_empty()));
}

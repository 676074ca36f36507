//! Which BBS is asked, and who says so.
//!
//! The simulated one, without and with mutual TLS. With `TASKDECK_CONFORMANCE=1` instead the one of `BBS_URL`,
//! `CA_CERT_FILE`, `CLIENT_CERT_FILE` and `CLIENT_KEY_FILE`: nobody who has these for daily work gets tasks of a test by
//! a plain `cargo test`. With `TASKDECK_CONFORMANCE_CELLS=1` too the suite plays a cell there, and with
//! `TASKDECK_CONFORMANCE_SWEEPS=1` it waits for the server's sweeps.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures_util::FutureExt as _;
use taskdeck::bbs::wire::{CellCapacity, CellPresence};
use taskdeck::model::{State, Task};
use taskdeck::sim::{Options, Sim};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::bbs::{Bbs, Files};
use crate::environment::{Named, named, say};
use crate::tasks::{CELL, OTHER_CELL};

/// A check that takes as long waits for what will not come.
const LONGEST: Duration = Duration::from_secs(300);

/// A server's longest time limit, and a good deal more.
const LONGEST_OF_SWEEPS: Duration = Duration::from_secs(40 * 60);

/// What a check needs of its target, beyond what an operator's client may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Somebody who starts, completes and rejects tasks as a cell does.
    Cell,
    /// Waiting for the server's sweeps.
    Sweeps,
    /// A server that can list its cells.
    Presence,
    /// A server whose time and faults are ours.
    Simulation,
}

/// Asks the targets as an operator does.
pub(crate) async fn everywhere(check: impl AsyncFn(&Bbs)) {
    on_targets(&[], check).await;
}

/// Asks those where the suite may play a cell.
pub(crate) async fn with_a_cell(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Needs::Cell], check).await;
}

/// Asks those whose sweeps the suite may wait for.
pub(crate) async fn with_sweeps(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Needs::Sweeps], check).await;
}

/// Asks those where the suite may play a cell and wait for what the sweeps do with its tasks.
pub(crate) async fn with_a_cell_and_sweeps(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Needs::Cell, Needs::Sweeps, Needs::Presence], check).await;
}

/// Asks those that can list their cells.
pub(crate) async fn with_presence(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Needs::Presence], check).await;
}

/// Asks the simulated BBS alone.
pub(crate) async fn simulated(check: impl AsyncFn(&Bbs, &Sim)) {
    on_targets(&[Needs::Simulation], async |bbs| check(bbs, bbs.sim.as_ref().unwrap()).await).await;
}

/// As [`everywhere`], but of the simulated BBS only without TLS: for what takes long.
pub(crate) async fn once(check: impl AsyncFn(&Bbs)) {
    match named().await {
        None => on(simulation(None).await, LONGEST, &check).await,
        Some(named) => on(opened(named).await, LONGEST, &check).await,
    }
}

async fn on_targets(needs: &[Needs], check: impl AsyncFn(&Bbs)) {
    let longest = if needs.contains(&Needs::Sweeps) { LONGEST_OF_SWEEPS } else { LONGEST };
    match named().await {
        None => {
            on(simulation(None).await, LONGEST, &check).await;
            on(simulation(Some(TempDir::new().unwrap())).await, LONGEST, &check).await;
        }
        Some(named) if fits(named, needs) => on(opened(named).await, longest, &check).await,
        Some(_) => {}
    }
}

/// Whether the server has all that the check needs; what it lacks is said.
fn fits(named: &Named, needs: &[Needs]) -> bool {
    let lacks = needs.iter().find(|needs| match needs {
        Needs::Cell => !named.plays_cell,
        Needs::Sweeps => !named.waits,
        Needs::Presence => !named.knows_cells,
        Needs::Simulation => true,
    });
    if let Some(lacks) = lacks {
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        say(&format!("NOT TESTED of {}, it needs {lacks:?}: {test}", named.url));
    }
    lacks.is_none()
}

async fn opened(named: &Named) -> Bbs {
    Bbs::new(named.url.clone(), named.files.clone()).await
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
async fn on(bbs: Bbs, longest: Duration, check: &impl AsyncFn(&Bbs)) {
    let (checked, left) = run(&bbs, longest, check).await;
    if let Err(panic) = checked {
        say(&format!("failed against {}", bbs.url));
        resume_unwind(panic);
    }
    assert_eq!(left, [], "tasks that cannot be taken away from {}", bbs.url);
}

/// How the check ended, and which of its tasks could not be taken away: that is tried whatever became of it.
async fn run(
    bbs: &Bbs,
    longest: Duration,
    check: &impl AsyncFn(&Bbs),
) -> (std::thread::Result<()>, Vec<Task>) {
    let checked = timeout(longest, AssertUnwindSafe(check(bbs)).catch_unwind()).await;
    let checked = checked.unwrap_or_else(|_| Err(Box::new(format!("it has not ended in {longest:?}"))));
    (checked, bbs.clean_up().await)
}

#[tokio::test]
async fn what_a_failed_check_leaves_is_taken_away() {
    let bbs = simulation(None).await;
    let sim = bbs.sim.as_ref().unwrap();
    let (checked, left) = run(&bbs, LONGEST, &async |bbs| {
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

//! Selects the servers for a check, runs the check and cleans up after it.
//!
//! By default a check runs against the simulated BBS, without and with mutual TLS. With `TASKDECK_CONFORMANCE=1` it runs
//! against the server of `BBS_URL`, `CA_CERT_FILE`, `CLIENT_CERT_FILE` and `CLIENT_KEY_FILE` instead. These variables alone
//! are not enough, so that a plain `cargo test` never creates tasks on somebody's foundation.
//! `TASKDECK_CONFORMANCE_CELLS=1` allows the calls of cells; `TASKDECK_CONFORMANCE_SWEEPS=1` allows waiting for sweeps.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures_util::FutureExt as _;
use taskdeck::bbs::wire::{CellCapacity, CellPresence};
use taskdeck::model::{State, Task};
use taskdeck::sim::{Options, Sim};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::bbs::{Bbs, Files};
use crate::environment::{ExternalServer, external_server, report};
use crate::tasks::{CELL, OTHER_CELL};

/// Timeout of a check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(300);

/// Timeout of a check that waits for sweeps: the server's longest limit (30 minutes) and a margin.
const SWEEP_CHECK_TIMEOUT: Duration = Duration::from_secs(40 * 60);

/// What a check requires of its target, beyond the calls of an operator's client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Requirement {
    /// Permission to send the calls of cells.
    CellCalls,
    /// Permission to wait for the server's sweeps.
    Sweeps,
    /// A server that can list its cells.
    Presence,
    /// A simulated server, whose time and faults the check controls.
    Simulation,
}

impl Requirement {
    fn is_met(self, server: &ExternalServer) -> bool {
        match self {
            Self::CellCalls => server.allows_cell_calls,
            Self::Sweeps => server.waits_for_sweeps,
            Self::Presence => server.lists_cells,
            Self::Simulation => false,
        }
    }

    const fn description(self) -> &'static str {
        match self {
            Self::CellCalls => "TASKDECK_CONFORMANCE_CELLS=1",
            Self::Sweeps => "TASKDECK_CONFORMANCE_SWEEPS=1",
            Self::Presence => "a list of cells",
            Self::Simulation => "the simulated BBS",
        }
    }
}

/// Runs the check on every target.
pub(crate) async fn everywhere(check: impl AsyncFn(&Bbs)) {
    on_targets(&[], check).await;
}

/// Runs the check on targets that allow the calls of cells.
pub(crate) async fn with_cell_calls(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Requirement::CellCalls], check).await;
}

/// Runs the check on targets whose sweeps it may wait for.
pub(crate) async fn with_sweeps(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Requirement::Sweeps], check).await;
}

/// Runs the check on targets that allow the calls of cells and whose sweeps it may wait for.
pub(crate) async fn with_cell_calls_and_sweeps(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Requirement::CellCalls, Requirement::Sweeps, Requirement::Presence], check).await;
}

/// Runs the check on targets that can list their cells.
pub(crate) async fn with_presence(check: impl AsyncFn(&Bbs)) {
    on_targets(&[Requirement::Presence], check).await;
}

/// Runs the check on the simulated BBS only.
pub(crate) async fn simulated(check: impl AsyncFn(&Bbs, &Sim)) {
    on_targets(&[Requirement::Simulation], async |bbs| check(bbs, bbs.sim.as_ref().unwrap()).await).await;
}

/// Like [`everywhere`], but runs the check on the simulated BBS only without TLS, because it takes long.
pub(crate) async fn once(check: impl AsyncFn(&Bbs)) {
    match external_server().await {
        None => check_on(simulation(None).await, CHECK_TIMEOUT, &check).await,
        Some(server) => check_on(open(server).await, CHECK_TIMEOUT, &check).await,
    }
}

async fn on_targets(requirements: &[Requirement], check: impl AsyncFn(&Bbs)) {
    let limit = if requirements.contains(&Requirement::Sweeps) { SWEEP_CHECK_TIMEOUT } else { CHECK_TIMEOUT };
    match external_server().await {
        None => {
            check_on(simulation(None).await, CHECK_TIMEOUT, &check).await;
            check_on(simulation(Some(TempDir::new().unwrap())).await, CHECK_TIMEOUT, &check).await;
        }
        Some(server) if meets(server, requirements) => check_on(open(server).await, limit, &check).await,
        Some(_) => {}
    }
}

/// Returns whether the server meets all requirements. Reports the first one that it does not meet.
fn meets(server: &ExternalServer, requirements: &[Requirement]) -> bool {
    let Some(missing) = requirements.iter().find(|requirement| !requirement.is_met(server)) else {
        return true;
    };
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    report(&format!("NOT TESTED: {test} requires {} ({})", missing.description(), server.url));
    false
}

async fn open(server: &ExternalServer) -> Bbs {
    Bbs::new(server.url.clone(), server.files.clone()).await
}

/// Starts a simulated BBS without tasks and workload.
async fn simulation(tls: Option<TempDir>) -> Bbs {
    let options = Options { tls: tls.as_ref().map(|dir| dir.path().to_owned()), ..Options::default() };
    let sim = Sim::start(options).await.unwrap();
    // The next sweep fails tasks on cells that are not present.
    sim.with(|machine, _| [CELL, OTHER_CELL].map(|id| machine.add_cell(cell(id))));
    let url = sim.url();
    let files = sim.tls_files().map(|(ca, cert, key)| Files { ca, cert, key });
    let mut bbs = Bbs::new(url, files).await;
    bbs.sim = Some(sim);
    // The client checks its certificate files on every call.
    bbs.dir = tls;
    bbs
}

fn cell(id: &'static str) -> CellPresence {
    let capacity = CellCapacity { memory_mb: 1024, disk_mb: 1024, containers: 16 };
    CellPresence { cell_id: id.into(), capacity: Some(capacity), ..CellPresence::default() }
}

/// Runs the check and asserts that none of its tasks remain.
async fn check_on(bbs: Bbs, limit: Duration, check: &impl AsyncFn(&Bbs)) {
    let (result, remaining) = run(&bbs, limit, check).await;
    if let Err(panic) = result {
        report(&format!("FAILED on {}", bbs.url));
        resume_unwind(panic);
    }
    assert_eq!(remaining, [], "could not delete these tasks on {}", bbs.url);
}

/// Runs the check and deletes its tasks, even if it fails. Returns its result and the tasks that remain.
async fn run(bbs: &Bbs, limit: Duration, check: &impl AsyncFn(&Bbs)) -> (std::thread::Result<()>, Vec<Task>) {
    let result = timeout(limit, AssertUnwindSafe(check(bbs)).catch_unwind()).await;
    let result = result.unwrap_or_else(|_| Err(Box::new(format!("the check did not end within {limit:?}"))));
    (result, bbs.clean_up().await)
}

#[tokio::test]
async fn the_tasks_of_a_failed_check_are_deleted() {
    let bbs = simulation(None).await;
    let sim = bbs.sim.as_ref().unwrap();
    let (result, remaining) = run(&bbs, CHECK_TIMEOUT, &async |bbs| {
        for state in State::ALL {
            bbs.task_in(state, &state.to_string()).await;
        }
        assert_eq!(sim.with(|machine, _| machine.len()), 0, "the check must fail");
    })
    .await;
    assert!(result.is_err());
    assert_eq!(remaining, []);
    assert!(sim.with(|machine, _| machine.is_empty()));
}

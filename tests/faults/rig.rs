//! The rig: a simulated BBS, the proxy before it, and the whole dashboard.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use taskdeck::app::{App, Pace, Settings, Target};
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::bbs::{Client, Connection, TlsFiles, Verify};
use taskdeck::model::{ReplyLimit, Timestamp};
use taskdeck::record::{Program, Retention, WriterOptions};
use taskdeck::runtime::Connections;
use taskdeck::sim::{Options, Sim};
use taskdeck::state::StateFile;
use tempfile::TempDir;

use crate::clock::RigClock;
use crate::proxy::Proxy;
use crate::story::{self, Files, MAX_WAIT, Operator, definition, play_with};
use crate::user::User;

/// Tasks at the start. All fit on the screen.
pub(crate) const TASKS: usize = 12;
/// How many times as fast the dashboard's clock runs: some of its intervals are fixed.
const RATE: u32 = 4;
/// Longer than any answer of a server that is not harmed.
const TIMEOUT: Duration = Duration::from_millis(1_500);
/// More than any reply of a server that is not harmed.
const REPLY_LIMIT: ReplyLimit = ReplyLimit::mebibytes(4);

/// A server, the network before it, and what the dashboard starts with.
pub(crate) struct Rig {
    pub(crate) sim: Sim,
    pub(crate) proxy: Proxy,
    pub(crate) clock: RigClock,
    pub(crate) settings: Settings,
    /// Where the dashboard keeps its state, if anywhere.
    pub(crate) state: Option<PathBuf>,
    /// The file that is recorded to, if any.
    pub(crate) recording: Option<PathBuf>,
    /// Where rows are saved.
    pub(crate) directory: TempDir,
    /// The client's files, for TLS.
    pub(crate) tls: Option<TlsFiles>,
    changes: AtomicUsize,
}

impl Rig {
    /// Starts a server with some tasks of a kilobyte each, and a proxy before it.
    pub(crate) async fn start() -> Self {
        let sim = Sim::start(Options::default()).await.unwrap();
        populate(&sim, now_of(&sim));
        Self::before(sim).await
    }

    /// Puts a proxy before a server.
    pub(crate) async fn before(sim: Sim) -> Self {
        Self {
            proxy: Proxy::start(address(&sim)).await,
            sim,
            clock: RigClock::running(RATE),
            settings: settings(),
            state: None,
            recording: None,
            directory: tempfile::tempdir().unwrap(),
            tls: None,
            changes: AtomicUsize::new(0),
        }
    }

    /// Makes changes of every kind on the server: a task comes, one starts, one ends.
    pub(crate) fn change(&self) {
        let nth = self.changes.fetch_add(1, Ordering::Relaxed);
        change_all(&[&self.sim], nth);
    }

    /// Lets so many tasks come, run and go: five events each.
    pub(crate) fn churn(&self, tasks: usize) {
        for _ in 0..tasks {
            let guid = format!("brief-{}", self.changes.fetch_add(1, Ordering::Relaxed));
            self.sim.with(|machine, now| {
                machine.desire(&guid, "batch", large_definition(), now).unwrap();
                machine.start(&guid, "cell-01", now).unwrap();
                machine.cancel(&guid, now).unwrap();
                machine.resolving(&guid, now).unwrap();
                machine.delete(&guid).unwrap();
            });
        }
    }

    /// Lets a task come and start: two events.
    pub(crate) fn desire_running(&self, guid: &str) {
        self.sim.with(|machine, now| {
            machine.desire(guid, "live", large_definition(), now).unwrap();
            machine.start(guid, "cell-02", now).unwrap();
        });
    }

    /// Lets a running task end: three events.
    pub(crate) fn end(&self, guid: &str) {
        self.sim.with(|machine, now| {
            machine.cancel(guid, now).unwrap();
            machine.resolving(guid, now).unwrap();
            machine.delete(guid).unwrap();
        });
    }

    pub(crate) fn connection(&self, address: SocketAddr) -> Connection {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        let target = Target { url: format!("{scheme}://{address}"), ..Target::default() };
        Connection {
            tls: self.tls.clone(),
            connect_timeout: TIMEOUT,
            request_timeout: Some(TIMEOUT),
            reply_limit: REPLY_LIMIT,
            ..story::connection(&target)
        }
    }

    /// Runs the dashboard through the proxy until the script has ended.
    pub(crate) async fn play(&self, script: impl AsyncFnOnce(&mut User<'_, '_>)) {
        self.play_for(8 * MAX_WAIT, script).await;
    }

    /// Runs the dashboard through the proxy for at most so long.
    pub(crate) async fn play_for(&self, limit: Duration, script: impl AsyncFnOnce(&mut User<'_, '_>)) {
        let connection = self.connection(self.proxy.address());
        let target = Target { url: connection.url.clone(), ..Target::default() };
        let connections = Connections::only(Client::open(connection).await.unwrap());
        let recording = self.recording.clone().map(recording_to);
        let app = App::new(target, Settings { record: recording.is_some(), ..self.settings.clone() });
        let script = async |operator: &mut Operator<'_>| {
            script(&mut User::new(operator, self)).await;
        };
        let files = Files { state: StateFile::in_directory(self.state.as_deref()), recording };
        let played = Box::pin(play_with(&self.clock, app, connections, files, script));
        tokio::time::timeout(limit, played).await.expect("the dashboard ends in time");
    }

    /// Returns a client that goes past the proxy.
    pub(crate) async fn straight_to(&self, sim: &Sim) -> Client {
        let tls = sim.tls_files().map(|(ca, cert, key)| TlsFiles { verify: Verify::Ca(ca), cert, key });
        let straight = story::connection(&Target { url: sim.url(), ..Target::default() });
        // It takes its time while the machine is busy.
        let connection = Connection { tls, request_timeout: Some(MAX_WAIT), ..straight };
        Client::open(connection).await.unwrap()
    }
}

pub(crate) fn address(sim: &Sim) -> SocketAddr {
    sim.url().split_once("://").unwrap().1.parse().unwrap()
}

/// Settings with short intervals for the faster clock, and no ended tasks among the held ones.
fn settings() -> Settings {
    let pace = Pace {
        reconcile: Duration::from_millis(200) * RATE,
        poll: Duration::from_millis(50) * RATE,
        ping: Duration::from_millis(300) * RATE,
        backoff_ceiling: Duration::from_millis(100) * RATE,
        cost_factor: 0,
        ..Pace::default()
    };
    Settings { pace, ended_shown: Duration::ZERO, ..Settings::default() }
}

fn recording_to(path: PathBuf) -> WriterOptions {
    WriterOptions {
        path,
        replace_foreign: false,
        retention: Retention { max_bytes: 1 << 30, max_age: Duration::MAX },
        program: Program::Dashboard,
        user: "somebody".to_owned(),
        host: "here".to_owned(),
        interval: WriterOptions::INTERVAL / 10,
    }
}

pub(crate) fn now_of(sim: &Sim) -> Timestamp {
    sim.with(|_, now| now)
}

fn large_definition() -> TaskDefinition {
    TaskDefinition { annotation: vec![b'a'; 1_000].into(), ..definition() }
}

/// Creates the first tasks as of `at`, so that several servers can hold the same ones.
pub(crate) fn populate(sim: &Sim, at: Timestamp) {
    sim.with(|machine, _| {
        for nth in 0..TASKS {
            machine.desire(format!("task-{nth:02}"), "cf-tasks", large_definition(), at).unwrap();
        }
    });
}

/// Makes changes on several servers that share their tasks.
pub(crate) fn change_all(sims: &[&Sim], nth: usize) {
    let at = now_of(sims[0]);
    for sim in sims {
        change_at(sim, nth, at);
    }
}

/// Makes the `nth` changes: `new-N` comes, is started, and one of the first tasks ends, from the last on.
fn change_at(sim: &Sim, nth: usize, now: Timestamp) {
    sim.with(|machine, _| {
        let new = format!("new-{nth}");
        machine.desire(&new, "batch", large_definition(), now).unwrap();
        machine.start(&new, "cell-01", now).unwrap();
        let old = format!("task-{:02}", TASKS - 1 - nth);
        machine.cancel(&old, now).unwrap();
        machine.resolving(&old, now).unwrap();
        machine.delete(&old).unwrap();
    });
}

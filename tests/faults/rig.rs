//! The rig: a simulated BBS, the proxy before it, and the whole dashboard with a user who watches and checks.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use taskdeck::app::key::KeyCode;
use taskdeck::app::{App, Pace, Settings, Target};
use taskdeck::bbs::json::{Secrets, task_line};
use taskdeck::bbs::wire::TaskDefinition;
use taskdeck::bbs::{Client, Connection, TlsFiles, Verify};
use taskdeck::model::{ReplyLimit, TaskFilter, Timestamp};
use taskdeck::runtime::Connections;
use taskdeck::sim::{Options, Sim};
use taskdeck::state::StateFile;
use tempfile::TempDir;

use crate::clock::RigClock;
use crate::proxy::Proxy;
use crate::story::{self, MAX_WAIT, Operator, definition, play_on_clock};

/// Tasks at the start. All fit on the screen.
pub(crate) const TASKS: usize = 12;
/// How many times as fast the dashboard's clock runs: some of its intervals are fixed.
const RATE: u32 = 4;
/// Longer than any answer of a server that is not harmed.
const TIMEOUT: Duration = Duration::from_millis(1_500);
/// More than any reply of a server that is not harmed.
const REPLY_LIMIT: ReplyLimit = ReplyLimit::mebibytes(4);
/// How long a file of the rows is waited for before the command is typed again.
const SAVE_WAIT: Duration = Duration::from_secs(3);
const POLL: Duration = Duration::from_millis(5);

/// A server, the network before it, and what the dashboard starts with.
pub(crate) struct Rig {
    pub(crate) sim: Sim,
    pub(crate) proxy: Proxy,
    pub(crate) clock: RigClock,
    pub(crate) settings: Settings,
    /// Where the dashboard keeps its state, if anywhere.
    pub(crate) state: Option<PathBuf>,
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

    fn connection(&self, address: SocketAddr) -> Connection {
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
        self.play_for(4 * MAX_WAIT, script).await;
    }

    /// Runs the dashboard through the proxy for at most so long.
    pub(crate) async fn play_for(&self, limit: Duration, script: impl AsyncFnOnce(&mut User<'_, '_>)) {
        let connection = self.connection(self.proxy.address());
        let target = Target { url: connection.url.clone(), ..Target::default() };
        let connections = Connections::only(Client::open(connection).await.unwrap());
        let app = App::new(target, self.settings.clone());
        let script = async |operator: &mut Operator<'_>| {
            script(&mut User { operator, rig: self, saves: 0 }).await;
        };
        let state = StateFile::in_directory(self.state.as_deref());
        let played = Box::pin(play_on_clock(&self.clock, app, connections, state, script));
        tokio::time::timeout(limit, played).await.expect("the dashboard ends in time");
    }

    /// Returns a client that goes past the proxy.
    pub(crate) async fn straight_to(&self, sim: &Sim) -> Client {
        let tls = sim.tls_files().map(|(ca, cert, key)| TlsFiles { verify: Verify::Ca(ca), cert, key });
        let connection = Connection { tls, url: sim.url(), ..self.connection(address(sim)) };
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

/// The user: looks at the screen, presses keys, and compares the rows with the server.
pub(crate) struct User<'a, 'b> {
    pub(crate) operator: &'a mut Operator<'b>,
    rig: &'a Rig,
    saves: usize,
}

impl User<'_, '_> {
    /// Waits until the screen shows a text, which may be broken into lines.
    pub(crate) async fn sees(&mut self, text: &str) {
        self.operator.until(text, |screen| flat(screen).contains(text)).await;
    }

    /// Waits until the screen shows one text after the other.
    pub(crate) async fn sees_all(&mut self, texts: &[&str]) {
        for text in texts {
            self.sees(text).await;
        }
    }

    /// Waits until the dashboard is live again, without a trace of trouble in its header, and the rows are right.
    pub(crate) async fn is_well(&mut self, sim: &Sim) {
        let is_well = |screen: &str| {
            let troubles = ["STALE", "NOT RESPONDING", "polling", "onnecting"];
            screen.contains("live") && !troubles.iter().any(|trouble| screen.contains(trouble))
        };
        self.operator.until("a header without trouble", is_well).await;
        self.store_equals(sim).await;
    }

    /// Waits until the screen shows none of some words.
    pub(crate) async fn sees_none(&mut self, words: &[&str]) {
        let shows_none = |screen: &str| flat(screen).split(' ').all(|word| !words.contains(&word));
        self.operator.until(&format!("none of {words:?}"), shows_none).await;
    }

    /// Returns the number of events in the heading of the event pane.
    pub(crate) fn events_seen(&self) -> usize {
        let screen = self.operator.screen();
        let heading = screen.split_once("Events ").map(|(_, rest)| rest.trim_start());
        let number = heading.and_then(|rest| rest.split(' ').next()).unwrap_or_default();
        number.replace(',', "").parse().unwrap_or_default()
    }

    /// Checks that the screen shows a row.
    pub(crate) fn has_row(&self, guid: &str) {
        let screen = self.operator.screen();
        assert!(screen.contains(guid), "the row of {guid} is gone\n{screen}");
    }

    /// Waits until the rows are the server's tasks: the same guids, states, versions and definitions.
    pub(crate) async fn store_equals(&mut self, sim: &Sim) {
        let server = self.rig.straight_to(sim).await;
        let deadline = Instant::now() + MAX_WAIT;
        loop {
            let held = lines_of(&server).await;
            let rows = self.rows().await;
            if rows == held {
                return;
            }
            if Instant::now() > deadline {
                let screen = self.operator.screen();
                panic!("rows differ from the server\nrows {rows:#?}\nserver {held:#?}\n{screen}");
            }
        }
    }

    /// Saves the rows with `:save`, and returns them sorted.
    pub(crate) async fn rows(&mut self) -> Vec<String> {
        loop {
            self.saves += 1;
            let path = self.rig.directory.path().join(format!("rows-{}.jsonl", self.saves));
            self.operator.press_code(KeyCode::Esc);
            self.operator.command(&format!("save {}", path.display()));
            if let Some(text) = written(&path).await {
                return sorted(text.lines().map(str::to_owned));
            }
        }
    }
}

/// Waits for a file that is written as a whole.
async fn written(path: &PathBuf) -> Option<String> {
    let deadline = Instant::now() + SAVE_WAIT;
    loop {
        if let Ok(text) = std::fs::read_to_string(path) {
            std::fs::remove_file(path).unwrap();
            return Some(text);
        }
        if Instant::now() > deadline {
            return None;
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn lines_of(server: &Client) -> Vec<String> {
    let tasks = server.list_tasks(&TaskFilter::default()).await.unwrap();
    let line = |task| String::from_utf8(task_line(task, Secrets::Masked)).unwrap().trim_end().to_owned();
    sorted(tasks.iter().map(line))
}

fn sorted(lines: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<_> = lines.collect();
    lines.sort_unstable();
    lines
}

/// Returns the text of a screen without its lines and the space at their ends.
fn flat(screen: &str) -> String {
    let lines = screen.lines().map(|line| line.trim_matches('"').trim());
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

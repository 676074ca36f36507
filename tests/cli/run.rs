//! Runs the binary with an empty environment, to its end or step by step.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use taskdeck::bbs::wire::{self, Action, RunAction, TaskDefinition, action::Kind};
use taskdeck::model::Timestamp;
use taskdeck::sim::{Machine, Options, Sim};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Timeout of every wait; far more than any condition needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The program under test.
pub(crate) const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

/// A simulated BBS with the cells `cell-a` and `cell-b`, no task and no domain.
pub(crate) struct Bbs {
    pub(crate) sim: Sim,
    _dir: Option<TempDir>,
    // The server runs on this runtime.
    runtime: Runtime,
}

/// The result of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) status: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A running command. Dropping it kills it.
pub(crate) struct Running {
    child: Child,
    lines: Receiver<String>,
    errors: Receiver<String>,
    errors_so_far: String,
}

impl Bbs {
    pub(crate) fn start() -> Self {
        Self::of(None)
    }

    /// Starts one that requires mutual TLS.
    pub(crate) fn with_tls() -> Self {
        Self::of(Some(tempfile::tempdir().unwrap()))
    }

    fn of(dir: Option<TempDir>) -> Self {
        let runtime = Runtime::new().unwrap();
        let tls = dir.as_ref().map(|dir| dir.path().to_owned());
        let options = Options { tls, cells: 0, ..Options::default() };
        let sim = runtime.block_on(Sim::start(options)).unwrap();
        sim.with(|machine, now| {
            for domain in machine.domains(now).unwrap() {
                // Expired long ago, so the domain is not fresh.
                machine.upsert_domain(domain, 1, Timestamp::from_nanos(1)).unwrap();
            }
            for cell in ["cell-a", "cell-b"] {
                machine.add_cell(wire::CellPresence { cell_id: cell.into(), ..Default::default() });
            }
        });
        Self { sim, _dir: dir, runtime }
    }

    /// Changes the state of the server.
    pub(crate) fn with<T>(&self, f: impl FnOnce(&mut Machine, Timestamp) -> T) -> T {
        self.sim.with(f)
    }

    /// Desires a small task.
    pub(crate) fn desire(&self, guid: &str, domain: &str) {
        self.with(|machine, now| machine.desire(guid, domain, definition(), now)).unwrap();
    }

    /// Desires a small task and starts it on `cell-a`.
    pub(crate) fn started(&self, guid: &str, domain: &str) {
        self.desire(guid, domain);
        self.with(|machine, now| machine.start(guid, "cell-a", now)).unwrap();
    }

    /// Like [`Self::started`], and completes the task.
    pub(crate) fn completed(&self, guid: &str, domain: &str) {
        self.started(guid, domain);
        self.with(|machine, now| machine.complete(guid, "cell-a", Ok(b""), now)).unwrap();
    }

    /// Waits until this many commands have subscribed to the events.
    pub(crate) fn until_followed_by(&self, streams: usize) {
        self.until("the subscription", || self.sim.streams() == streams);
    }

    /// Waits until the condition holds. `what` names it in the failure.
    pub(crate) fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let held = async {
            while !holds() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        let held = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, held).await });
        held.unwrap_or_else(|_| panic!("timed out waiting for {what}"));
    }

    /// Returns the command, with this BBS in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.with_bbs(command(arguments))
    }

    /// Adds this BBS to the environment of the command.
    pub(crate) fn with_bbs(&self, mut command: Command) -> Command {
        command.env("BBS_URL", self.sim.url());
        if let Some((ca, cert, key)) = self.sim.tls_files() {
            command.env("CA_CERT_FILE", ca).env("CLIENT_CERT_FILE", cert).env("CLIENT_KEY_FILE", key);
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        run(self.command(arguments))
    }

    /// Starts the command.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }
}

/// Returns a valid definition.
pub(crate) fn definition() -> TaskDefinition {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        ..TaskDefinition::default()
    }
}

/// Returns the command without a home directory, a terminal or a BBS.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(TASKDECK);
    command.args(arguments).env_clear().env("HOME", "/nonexistent");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Returns the command under the name `cfdot`.
pub(crate) fn cfdot(arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command.arg0("/usr/local/bin/cfdot");
    command
}

/// Runs the command to its end.
pub(crate) fn run(command: Command) -> Output {
    Running::start(command).finish()
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self { child, lines: lines(out), errors: lines(err), errors_so_far: String::new() }
    }

    /// Waits for the next line of standard output, including its line feed.
    pub(crate) fn line(&mut self) -> String {
        self.lines.recv_timeout(PATIENCE).unwrap_or_else(|why| panic!("no line came: {why}"))
    }

    /// Waits for a line of standard output that contains `text`.
    pub(crate) fn wait_for_line(&mut self, text: &str) -> String {
        loop {
            let line = self.line();
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Waits for a line of standard error that contains `text`, and returns it.
    pub(crate) fn wait_for_error(&mut self, text: &str) -> String {
        loop {
            let line = self.errors.recv_timeout(PATIENCE);
            let line =
                line.unwrap_or_else(|why| panic!("no error contained {text}: {why}: {}", self.errors_so_far));
            self.errors_so_far.push_str(&line);
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap(), signal).unwrap();
    }

    /// Waits for the command to end. Returns the output not read so far.
    pub(crate) fn finish(mut self) -> Output {
        // Standard output closes when the program ends.
        let out = rest(&self.lines);
        self.errors_so_far.push_str(&rest(&self.errors));
        let status = self.child.wait().unwrap().code();
        Output { status, out, err: std::mem::take(&mut self.errors_so_far) }
    }
}

/// Sends lines, including their line feeds, as they arrive.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = channel();
    let mut from = BufReader::new(from);
    thread::spawn(move || {
        let mut line = Vec::new();
        while from.read_until(b'\n', &mut line).unwrap() > 0 {
            if sender.send(String::from_utf8(std::mem::take(&mut line)).unwrap()).is_err() {
                return;
            }
        }
    });
    lines
}

/// Collects the remaining lines.
fn rest(lines: &Receiver<String>) -> String {
    let mut rest = String::new();
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => rest.push_str(&line),
            Err(RecvTimeoutError::Disconnected) => return rest,
            Err(RecvTimeoutError::Timeout) => panic!("the command does not end: {rest}"),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails if the command has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

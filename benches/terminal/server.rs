//! Runs the simulated BBS, and measures the floor of a list with `curl`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use taskdeck::bbs::{Access, Client, Connection, TlsFiles, Verify};
use tempfile::TempDir;

use crate::process;

/// The program under measurement.
pub(crate) const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");

/// The scenario in which the number of tasks stays the same.
const LOAD: &str = include_str!("../../assets/scenarios/load.toml");

/// A simulated BBS over TLS in its own process. Dropping it kills the process.
pub(crate) struct Server {
    child: Child,
    dir: TempDir,
    /// The environment variables for clients, as the server prints them.
    pub(crate) environment: Vec<(String, String)>,
}

impl Server {
    /// Serves `tasks` tasks, with `churn` operations a second.
    pub(crate) fn start(tasks: usize, churn: usize) -> Self {
        Self::with(&["--scenario", "load", "--tasks", &tasks.to_string(), "--churn", &churn.to_string()])
    }

    /// Serves `tasks` tasks with a delay of 1.7 s before the first byte, as a real BBS has for 100,000 tasks.
    pub(crate) fn as_late_as_a_real_one(tasks: usize) -> Self {
        Self::with(&["--scenario", "load", "--tasks", &tasks.to_string(), "--list-delay", "1.7"])
    }

    /// Serves tasks of which many have failed or were rejected, on 200 cells.
    pub(crate) fn mixed(tasks: usize) -> Self {
        Self::with(&[
            "--scenario",
            "foundation",
            "--tasks",
            &tasks.to_string(),
            "--churn",
            "0",
            "--cells",
            "200",
        ])
    }

    /// Serves tasks whose guids begin alike, as those of batch systems do.
    pub(crate) fn numbered(tasks: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let scenario = dir.path().join("numbered.toml");
        std::fs::write(&scenario, format!("guid_prefix = \"load-\"\n{LOAD}")).unwrap();
        let scenario = scenario.to_str().unwrap();
        Self::with(&["--scenario", scenario, "--tasks", &tasks.to_string(), "--churn", "0"])
    }

    fn with(arguments: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new(TASKDECK);
        command.args(["sim", "--listen", "127.0.0.1:0"]);
        command.arg("--tls").arg(dir.path().join("pki"));
        if !arguments.contains(&"--cells") {
            command.args(["--cells", "20"]);
        }
        command.args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(4);
        let environment = lines.map(|line| exported(&line.unwrap())).collect();
        Self { child, dir, environment }
    }

    fn told(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap()
    }

    /// Opens a client that can cause and receive events.
    pub(crate) async fn client(&self) -> Client {
        let file = |name| PathBuf::from(self.told(name));
        let connection = Connection {
            url: self.told("BBS_URL").to_owned(),
            tls: Some(TlsFiles {
                verify: Verify::Ca(file("CA_CERT_FILE")),
                cert: file("CLIENT_CERT_FILE"),
                key: file("CLIENT_KEY_FILE"),
            }),
            connect_timeout: Duration::from_secs(5),
            request_timeout: Some(Duration::from_secs(30)),
            access: Access::ReadWrite,
            writes_per_second: None,
            reply_limit: taskdeck::model::ReplyLimit::default(),
        };
        Client::open(connection).await.unwrap()
    }

    /// Measures the floor of a list: `curl` receives the same reply and discards it. Returns the total time and the
    /// size of the reply in bytes.
    pub(crate) fn download(&self) -> (Duration, u64) {
        let mut command = Command::new("curl");
        command.args(["--silent", "--fail", "--output", "/dev/null", "--write-out", "%{size_download}"]);
        command.args(["--cacert", self.told("CA_CERT_FILE"), "--cert", self.told("CLIENT_CERT_FILE")]);
        command.args(["--key", self.told("CLIENT_KEY_FILE"), "--data-binary", ""]);
        command.args(["--header", "Content-Type: application/x-protobuf"]);
        command.arg(format!("{}/v1/tasks/list.r3", self.told("BBS_URL")));
        let begun = Instant::now();
        let output = command.output().unwrap();
        let took = begun.elapsed();
        assert!(output.status.success(), "curl: {}", String::from_utf8_lossy(&output.stderr));
        (took, String::from_utf8_lossy(&output.stdout).parse().unwrap())
    }

    /// Runs `taskdeck tasks` with its output discarded. Returns the time and the peak memory in bytes.
    pub(crate) fn print_tasks(&self) -> (Duration, u64) {
        let mut command = Command::new(TASKDECK);
        command.arg("tasks").envs(self.environment.iter().cloned()).env("HOME", self.dir.path());
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let (status, took, peak) = process::wait(&mut child, begun);
        assert!(status.success(), "taskdeck tasks: {status}");
        (took, peak)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Parses the name and value of a line like `export BBS_URL=https://…`.
fn exported(line: &str) -> (String, String) {
    let (name, value) = line.trim_start_matches("export ").split_once('=').unwrap();
    (name.to_owned(), value.trim_matches('\'').to_owned())
}

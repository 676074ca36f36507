//! Secrets are planted wherever a BBS, a tenant or an operator has them, everything that writes is run, and all that was
//! written is searched for them.
//!
//! Not searched, because they print secrets by contract: `tasks`, `task` and `task-events` in the format of `cfdot`, and any
//! command with `--reveal`. An editor gets the task in clear text, in a directory that is removed afterwards.

mod panics;
mod planted;
mod written;

use std::fs::{self, DirBuilder, File, Permissions};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use portable_pty::CommandBuilder;
use rustix::process::{Pid, Signal, kill_process};
use taskdeck::sim::{Callbacks, Options, Sim};
use tokio::runtime::Runtime;

use crate::pty_session::{PtySession, TASKDECK, command, until};
use planted::plant;
use written::Written;

/// The keys to the views that are saved, what each shows, and the name of its files.
const VIEWS: [(&str, &str, &str); 4] = [
    ("", "IN STATE", "tasks"),
    ("2", "MOSTLY", "failures"),
    ("4", "done/min", "pulse"),
    ("1v", "v tasks", "groups"),
];
const FORMATS: [&str; 3] = ["csv", "jsonl", "text"];

/// Says that it runs, and waits for a line.
const EDITOR: &str = "#!/bin/sh\necho the editor runs\nread line\n";

/// A BBS with mutual TLS, whose tasks have secrets, and a home in which everything is written.
struct Story {
    sim: Sim,
    secrets: Vec<String>,
    home: tempfile::TempDir,
    _runtime: Runtime,
    _tls: tempfile::TempDir,
}

impl Story {
    fn start() -> Self {
        let (runtime, tls) = (Runtime::new().unwrap(), tempfile::tempdir().unwrap());
        let options = Options { tls: Some(tls.path().to_owned()), cells: 1, ..Options::default() };
        let sim = runtime.block_on(Sim::start(options)).unwrap();
        // Otherwise the callbacks of the tasks would remove them.
        sim.with(|machine, _| machine.set_callbacks(Callbacks::Unanswered));
        let mut secrets = plant(&sim);
        let (_, _, key) = sim.tls_files().unwrap();
        let key = fs::read_to_string(key).unwrap();
        secrets.extend(key.lines().filter(|line| !line.starts_with("-----")).map(str::to_owned));
        let home = tempfile::tempdir().unwrap();
        for directory in ["run", "state"] {
            DirBuilder::new().mode(0o700).create(home.path().join(directory)).unwrap();
        }
        let editor = home.path().join("editor");
        fs::write(&editor, EDITOR).unwrap();
        fs::set_permissions(&editor, Permissions::from_mode(0o700)).unwrap();
        let story = Self { sim, secrets, home, _runtime: runtime, _tls: tls };
        let (ca, cert, key) = story.sim.tls_files().unwrap();
        let [ca, cert, key] = [ca, cert, key].map(|file| file.to_str().unwrap().to_owned());
        let config = format!(
            "target = \"here\"\n[record]\ndashboard = true\n[targets.here]\nurl = {:?}\nca_cert = {ca:?}\n\
             client_cert = {cert:?}\nclient_key = {key:?}\n",
            story.sim.url()
        );
        fs::write(story.path("config.toml"), config).unwrap();
        story
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn text_path(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// The environment of every program, but for what differs between a terminal and a script.
    fn environment(&self) -> [(&'static str, String); 5] {
        [
            ("HOME", self.text_path("home")),
            ("XDG_STATE_HOME", self.text_path("state")),
            ("XDG_RUNTIME_DIR", self.text_path("run")),
            ("EDITOR", self.text_path("editor")),
            // Everything that any library would log.
            ("TASKDECK_LOG", "trace".to_owned()),
        ]
    }

    /// Starts a command, which writes what it prints to files.
    fn begin(&self, name: &str, arguments: &[&str]) -> Child {
        let mut command = Command::new(TASKDECK);
        command.args(arguments).env_clear().envs(self.environment()).stdin(Stdio::null());
        let file = |end: &str| File::create(self.path(&format!("{name}.{end}"))).unwrap();
        command.stdout(file("out")).stderr(file("err")).spawn().unwrap()
    }

    /// Runs a command to its end, which must be a success.
    fn run(&self, name: &str, arguments: &[&str]) {
        let status = self.begin(name, arguments).wait().unwrap();
        let errors = fs::read_to_string(self.path(&format!("{name}.err"))).unwrap();
        assert!(status.success(), "{name}: {errors}");
    }

    /// Waits until a file contains a text.
    fn until_file_has(&self, name: &str, text: &str) -> String {
        let read = || fs::read_to_string(self.path(name)).unwrap_or_default();
        until(&format!("{text} in {name}"), || read().contains(text));
        read()
    }

    fn dashboard(&self) -> CommandBuilder {
        let config = self.text_path("config.toml");
        let mut dashboard = command(TASKDECK, &["--config", &config]);
        for (name, value) in self.environment() {
            dashboard.env(name, value);
        }
        dashboard
    }

    /// Fails if a secret is in one of the files, or in what was copied or drawn.
    fn assert_no_secret(&self, written: &Written) {
        for (name, bytes) in written.all() {
            for secret in &self.secrets {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "{name} has {secret}");
            }
        }
    }
}

/// Asks everything of the dashboard that writes something. Returns what the terminal got.
fn use_dashboard(story: &Story) -> Vec<u8> {
    let mut session = PtySession::start(story.dashboard(), (160, 48));
    session.wait_for_dashboard();
    session.wait_for_text("env-task");
    planted::change(&story.sim);
    session.wait_for_text("failed to fetch");
    session.send_keys("/failed-task\r");
    session.wait_for_text("1/4 held");
    session.send_keys("yr");
    session.wait_for_text("the reason of");
    session.send_keys("x");
    session.wait_for_text("no filter");
    session.send_keys("/env-task\r");
    session.wait_for_text("1/4 held");
    for (keys, says) in [("yt", "the task as JSON of"), ("yw", "the row of"), ("yd", "the cfdot line of")] {
        session.send_keys(keys);
        session.wait_for_text(says);
    }
    session.send_keys("\r");
    session.wait_for_text("PASSWORD");
    session.send_keys("x");
    session.wait_for_text("no filter");
    let save = |session: &mut PtySession, name: &str| {
        let path = story.text_path(name);
        session.send_keys(&format!(":save {path}\r"));
        session.wait_for_text(&format!("to {path}"));
    };
    for (keys, says, name) in VIEWS {
        session.send_keys(keys);
        session.wait_for_text(says);
        for format in FORMATS {
            save(&mut session, &format!("{name}.{format}"));
        }
    }
    session.send_keys("1");
    session.wait_for_text("IN STATE");
    session.send_keys("/failed-task\r");
    session.wait_for_text("1/4 held");
    session.send_keys("l");
    session.wait_for_text("Phases");
    edit(story, &mut session);
    session.send_keys("q");
    let recorded = fs::read_dir(story.path("state/taskdeck")).unwrap().count();
    assert!(recorded >= 2, "a log and a recording are being written");
    // The write-ahead log is removed at the end.
    let meanwhile = Written::below(&story.path("state"));
    story.assert_no_secret(&meanwhile);
    meanwhile.assert_private();
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.bytes
}

/// Opens the task in an editor, which gets it in clear text, and leaves it as it is.
fn edit(story: &Story, session: &mut PtySession) {
    session.send_keys("E");
    session.wait_for_text("the editor runs");
    let files = Written::below(&story.path("run"));
    assert!(files.has("task.jsonc", "planted"), "the editor gets the secrets");
    files.assert_private();
    session.send_keys("\r");
    session.wait_for_text("The text is unchanged");
    assert_eq!(Written::below(&story.path("run")).all().count(), 0, "nothing of it is left");
}

/// Returns the texts that the terminal was told to copy.
fn copied(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let mut copied = Vec::new();
    for rest in text.split("\x1b]52;c;").skip(1) {
        copied.extend(BASE64_STANDARD.decode(rest.split_once("\x1b\\").unwrap().0).unwrap());
    }
    assert!(copied.windows(8).any(|part| part == b"PASSWORD"), "the task was copied");
    copied
}

fn scrape(address: &str) -> Vec<u8> {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut page = Vec::new();
    socket.read_to_end(&mut page).unwrap();
    page
}

fn stop(mut child: Child) {
    kill_process(Pid::from_raw(child.id().try_into().unwrap()).unwrap(), Signal::TERM).unwrap();
    child.wait().unwrap();
}

#[test]
fn nothing_that_is_written_has_a_secret() {
    let story = Story::start();
    let (config, file) = (story.text_path("config.toml"), story.text_path("private/recording.db"));
    let mut written = Written::default();

    let watch = story.begin("watch", &["watch", "--config", &config]);
    let record = story.begin("record", &["record", "--config", &config, "--file", &file, "--metrics", "0"]);
    let said = story.until_file_has("record.err", "/metrics");
    let address = said.split_once("http://").unwrap().1.split_once("/metrics").unwrap().0;
    until("both streams", || story.sim.streams() == 2);

    let drawn = use_dashboard(&story);
    written.add("copied", copied(&drawn));
    written.add("drawn", drawn);
    story.until_file_has("watch.out", "failed-task");
    let failures = || String::from_utf8(scrape(address)).unwrap().contains("taskdeck_task_failures_total{");
    until("the failure in the metrics", failures);
    written.add("metrics", scrape(address));
    written.extend(Written::below(&story.path("private")));
    stop(watch);
    stop(record);

    for verb in [&["history"][..], &["failures"], &["timeline", "failed-task"], &["timeline", "env-task"]] {
        for form in ["table", "json", "csv"] {
            let name = format!("{}-{form}", verb.join("-"));
            story.run(&name, &[verb, &["--file", &file, "--output", form]].concat());
        }
    }
    for form in ["md", "html"] {
        let report = story.text_path(&format!("private/report.{form}"));
        story.run("report", &["report", "--file", &file, "--format", form, "--output", &report]);
    }
    story.run("tasks-masked", &["tasks", "--config", &config, "--output", "json"]);
    story.run("tasks-csv", &["tasks", "--config", &config, "--output", "csv", "--columns", "guid,reason"]);
    story.run("doctor", &["doctor", "--config", &config]);
    for table in ["keys", "columns", "filters", "commands", "config", "metrics"] {
        story.run(&format!("docs-{table}"), &["docs", table]);
    }
    written.extend(Written::below(story.home.path()));

    assert!(written.has("tasks-masked.out", "PASSWORD"), "tasks with secrets were printed");
    assert!(written.has("history-json.out", "failed-task") && written.has("metrics", "failed"));
    story.assert_no_secret(&written);
    for directory in ["state", "private"] {
        Written::below(&story.path(directory)).assert_private();
    }
    for (_, _, name) in VIEWS {
        for format in FORMATS {
            written::assert_mode(&story.path(&format!("{name}.{format}")), 0o600);
        }
    }
}

#[test]
fn what_is_planted_is_found_where_it_is_revealed() {
    let story = Story::start();
    planted::change(&story.sim);
    let config = story.text_path("config.toml");
    story.run("tasks", &["tasks", "--config", &config, "--output", "json", "--reveal"]);
    let printed = fs::read_to_string(story.path("tasks.out")).unwrap();
    let is_of_key = |secret: &&String| !secret.starts_with("planted");
    let missing: Vec<_> =
        story.secrets.iter().filter(|secret| !is_of_key(secret) && !printed.contains(*secret)).collect();
    assert_eq!(missing, Vec::<&String>::new(), "{printed}");
    assert!(story.secrets.iter().any(|secret| is_of_key(&secret)));
    assert!(Path::new(&story.path("tasks.err")).metadata().unwrap().len() == 0);
}

#[test]
fn the_dashboard_warns_of_a_key_that_others_can_read() {
    let story = Story::start();
    let (_, _, key) = story.sim.tls_files().unwrap();
    fs::set_permissions(key, Permissions::from_mode(0o644)).unwrap();
    let session = PtySession::start(story.dashboard(), (160, 48));
    session.wait_for_text("others can use the private key");
}

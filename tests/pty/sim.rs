//! `taskdeck sim`: prints how to connect, serves, and exits on a signal.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use taskdeck::bbs::{Access, Client, Connection, TlsFiles, Verify};
use taskdeck::sim::Scenario;

use crate::pty_session::{TASKDECK, TIMEOUT};

fn sim(arguments: &[&str]) -> Child {
    let mut command = Command::new(TASKDECK);
    command.args(["sim", "--listen", "127.0.0.1:0"]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Returns the variables that a shell would set from the first lines of output.
fn exports(sim: &mut Child, count: usize) -> BTreeMap<String, String> {
    let lines = BufReader::new(sim.stdout.take().unwrap()).lines().take(count).map(Result::unwrap);
    let read = |line: String| {
        let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    lines.map(|line| read(line.clone()).unwrap_or_else(|| panic!("{line}"))).collect()
}

fn ended_by(mut sim: Child, signal: Signal) -> (ExitStatus, String) {
    kill_process(Pid::from_raw(i32::try_from(sim.id()).unwrap()).unwrap(), signal).unwrap();
    let mut stderr = sim.stderr.take().unwrap();
    let (sender, ended) = channel();
    thread::spawn(move || {
        let mut said = String::new();
        let read = stderr.read_to_string(&mut said);
        sender.send((sim.wait().unwrap(), read.map(|_| said).unwrap()))
    });
    ended.recv_timeout(TIMEOUT).unwrap()
}

/// Returns the fresh domains in the BBS.
fn domains(connection: Connection) -> Vec<String> {
    let asked = async {
        let client = Client::open(connection).await.unwrap();
        let domains = tokio::time::timeout(TIMEOUT, client.domains()).await.unwrap().unwrap();
        domains.iter().map(ToString::to_string).collect()
    };
    tokio::runtime::Runtime::new().unwrap().block_on(asked)
}

fn reached(exports: &BTreeMap<String, String>) -> Connection {
    let file = |name: &str| PathBuf::from(exports.get(name).unwrap_or_else(|| panic!("{name}: {exports:?}")));
    let url = exports.get("BBS_URL").unwrap().clone();
    let tls = url.starts_with("https://").then(|| TlsFiles {
        verify: Verify::Ca(file("CA_CERT_FILE")),
        cert: file("CLIENT_CERT_FILE"),
        key: file("CLIENT_KEY_FILE"),
    });
    Connection {
        url,
        tls,
        connect_timeout: Duration::from_secs(10),
        request_timeout: None,
        access: Access::ReadOnly,
        writes_per_second: None,
        reply_limit: taskdeck::model::ReplyLimit::default(),
    }
}

fn serves_until(signal: Signal, tls: Option<&Path>) {
    let arguments: Vec<_> = tls.iter().flat_map(|dir| ["--tls", dir.to_str().unwrap()]).collect();
    let mut sim = sim(&arguments);
    let exports = exports(&mut sim, if tls.is_some() { 4 } else { 1 });
    let connection = reached(&exports);
    assert!(!connection.url.ends_with(":0"), "the port is the true one: {}", connection.url);
    assert!(!domains(connection).is_empty());
    let (status, said) = ended_by(sim, signal);
    assert_eq!((status.code(), said.as_str()), (Some(0), ""), "{signal:?}");
}

#[test]
fn it_serves_until_terminated() {
    serves_until(Signal::TERM, None);
}

#[test]
fn it_serves_with_tls_until_interrupted() {
    let dir = tempfile::tempdir().unwrap();
    serves_until(Signal::INT, Some(dir.path()));
}

#[test]
fn an_address_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let run = Command::new(TASKDECK).args(["sim", "--listen", &address]).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap();
    assert_eq!(run.status.code(), Some(5), "{said}");
    let sentence = format!("taskdeck: could not start the simulated BBS: cannot listen on {address}: ");
    assert!(said.starts_with(&sentence) && said.lines().count() == 1, "{said}");
}

/// Returns the exit status and the message of a simulated BBS that does not start.
fn refused(arguments: &[&str]) -> (Option<i32>, String) {
    let run = Command::new(TASKDECK).arg("sim").args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(run.stdout.is_empty(), "standard output is for results");
    (run.status.code(), String::from_utf8(run.stderr).unwrap())
}

#[test]
fn a_scenario_is_asked_for_by_name_or_by_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    let stuck = include_str!("../../assets/scenarios/stuck.toml");
    std::fs::write(&file, stuck.replace("\"nightly\"", "\"mine\"")).unwrap();
    for (scenario, domain) in [("stuck", "nightly"), (file.to_str().unwrap(), "mine")] {
        let mut sim = sim(&["--scenario", scenario]);
        let exports = exports(&mut sim, 1);
        assert!(domains(reached(&exports)).iter().any(|one| one == domain), "{scenario}");
        ended_by(sim, Signal::TERM);
    }
}

#[test]
fn a_scenario_that_is_wrong_is_said_with_file_line_and_key() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mine.toml");
    std::fs::write(&file, "about = \"mine\"\nabuot = \"mine\"\n").unwrap();
    let (status, said) = refused(&["--scenario", file.to_str().unwrap()]);
    let sentence = format!("taskdeck: {}: line 2, key `abuot`: unknown field `abuot`", file.display());
    assert_eq!(status, Some(3));
    assert!(said.starts_with(&sentence) && said.lines().count() == 1, "{said}");
}

#[test]
fn a_scenario_that_is_not_there_is_told_which_are() {
    let sentence = "taskdeck: unknown scenario `foundatoin`: neither built in (foundation, failures, stuck, storm, lost-cell, callbacks, load) nor a file\n";
    assert_eq!(refused(&["--scenario", "foundatoin"]), (Some(3), sentence.to_owned()));
    let (status, said) = refused(&["--churn", "inf"]);
    assert_eq!(status, Some(3));
    assert!(said.contains("expected a number from 0 to 100000"), "{said}");
}

#[test]
fn help_names_every_scenario() {
    let help = Command::new(TASKDECK).args(["sim", "--help"]).output().unwrap();
    // However the lines are broken.
    let help: Vec<_> = str::from_utf8(&help.stdout).unwrap().split_whitespace().collect();
    let help = help.join(" ");
    for scenario in Scenario::BUILT_IN {
        assert!(help.contains(&format!("- {}: {}", scenario.name, scenario.about())), "{help}");
    }
}

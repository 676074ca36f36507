//! What the suite says of a server that it cannot ask, or not everything: seen on runs of its own.

use std::process::{Command, Output};

use taskdeck::sim::{Options, Sim};
use tokio::net::TcpListener;

use crate::environment::is_elsewhere;

/// A run of this suite against the server of this URL.
async fn run(url: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).env("TASKDECK_CONFORMANCE", "1").env_remove("BBS_URL");
    for name in ["TASKDECK_CONFORMANCE_CELLS", "TASKDECK_CONFORMANCE_SWEEPS"] {
        command.env_remove(name);
    }
    command.envs(url.map(|url| ("BBS_URL", url)));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Asserts that the run ended at once with this sentence, and not with a failure a test.
fn is_stopped(run: &Output, sentence: &str) {
    let (out, errors) = (said(&run.stdout), said(&run.stderr));
    assert_eq!(run.status.code(), Some(1), "{out}{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.starts_with(&format!("CONFORMANCE cannot be tested: {sentence}")), "{errors}");
    assert!(!out.contains("FAILED") && !out.contains("failures:"), "{out}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_once() {
    if is_elsewhere() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let run = run(Some(&url), &[]).await;
    is_stopped(&run, &format!("could not ping on {url}: unreachable: "));
}

#[tokio::test]
async fn a_setting_that_is_missing_is_said_once() {
    if is_elsewhere() {
        return;
    }
    is_stopped(&run(None, &[]).await, "TASKDECK_CONFORMANCE=1 needs BBS_URL");
    is_stopped(&run(Some("nonsense"), &[]).await, "could not ping on nonsense: ");
}

#[tokio::test]
async fn a_presence_service_that_fails_is_named_and_the_tasks_api_is_tested() {
    if is_elsewhere() {
        return;
    }
    let sim = Sim::start(Options::default()).await.unwrap();
    sim.faults().fail_cells(true);
    let run = run(Some(&sim.url()), &["domains::"]).await;
    let (out, errors) = (said(&run.stdout), said(&run.stderr));
    assert!(run.status.success(), "{out}{errors}");
    let named = "fails, which is no difference in the Tasks API: rpc error: code = DeadlineExceeded";
    assert_eq!(errors.matches(&format!("PRESENCE SERVICE of {} {named}", sim.url())).count(), 1, "{errors}");
    let not_tested = "it needs Presence: domains::a_cell_says_what_it_has";
    assert!(errors.contains(not_tested), "{errors}");
    assert!(sim.received(taskdeck::model::Call::UpsertDomain) > 0, "the others were");
}

#[tokio::test]
async fn sweeps_that_are_not_waited_for_are_said() {
    if is_elsewhere() {
        return;
    }
    let sim = Sim::start(Options::default()).await.unwrap();
    let run = run(Some(&sim.url()), &["sweeps::"]).await;
    assert!(run.status.success(), "{}", said(&run.stderr));
    let not_tested = "it needs Sweeps: sweeps::what_nobody_claims_in_2_minutes_is_deleted";
    assert!(said(&run.stderr).contains(not_tested), "{}", said(&run.stderr));
}

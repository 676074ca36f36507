//! Tests the suite's reports about servers that it cannot test, or only in part, by running the suite itself.

use std::process::{Command, Output};

use taskdeck::sim::{Options, Sim};
use tokio::net::TcpListener;

use crate::environment::is_external;

/// Runs this suite against the server at this URL.
async fn run(url: Option<&str>, arguments: &[&str]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).env("TASKDECK_CONFORMANCE", "1").env_remove("BBS_URL");
    for name in ["TASKDECK_CONFORMANCE_CELLS", "TASKDECK_CONFORMANCE_SWEEPS"] {
        command.env_remove(name);
    }
    command.envs(url.map(|url| ("BBS_URL", url)));
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Asserts that the run ended with this one message instead of a failure per test.
fn assert_stopped(run: &Output, message: &str) {
    let (out, errors) = (text(&run.stdout), text(&run.stderr));
    assert_eq!(run.status.code(), Some(1), "{out}{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.starts_with(&format!("CONFORMANCE: cannot run: {message}")), "{errors}");
    assert!(!out.contains("FAILED") && !out.contains("failures:"), "{out}");
}

#[tokio::test]
async fn an_unreachable_server_is_reported_once() {
    if is_external() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let run = run(Some(&url), &[]).await;
    assert_stopped(&run, &format!("could not ping on {url}: unreachable: "));
}

#[tokio::test]
async fn an_invalid_setting_is_reported_once() {
    if is_external() {
        return;
    }
    assert_stopped(&run(None, &[]).await, "TASKDECK_CONFORMANCE=1 requires BBS_URL");
    assert_stopped(&run(Some("nonsense"), &[]).await, "could not ping on nonsense: ");
}

#[tokio::test]
async fn a_failing_presence_service_is_reported_and_the_tasks_api_is_tested() {
    if is_external() {
        return;
    }
    let sim = Sim::start(Options::default()).await.unwrap();
    sim.faults().fail_cells(true);
    let run = run(Some(&sim.url()), &["domains::"]).await;
    let (out, errors) = (text(&run.stdout), text(&run.stderr));
    assert!(run.status.success(), "{out}{errors}");
    let report = format!(
        "PRESENCE SERVICE: {} cannot list its cells, so tests that need cells are skipped",
        sim.url()
    );
    assert_eq!(errors.matches(&report).count(), 1, "{errors}");
    assert!(errors.contains("the others run: rpc error: code = DeadlineExceeded"), "{errors}");
    let skipped = "NOT TESTED: domains::cells_report_their_capacity requires a list of cells";
    assert!(errors.contains(skipped), "{errors}");
    assert!(sim.received(taskdeck::model::Call::UpsertDomain) > 0, "the other tests ran");
}

#[tokio::test]
async fn skipped_sweep_tests_are_reported() {
    if is_external() {
        return;
    }
    let sim = Sim::start(Options::default()).await.unwrap();
    let run = run(Some(&sim.url()), &["sweeps::"]).await;
    assert!(run.status.success(), "{}", text(&run.stderr));
    let skipped = "NOT TESTED: sweeps::completed_tasks_are_deleted_after_2_minutes requires TASKDECK_CONFORMANCE_SWEEPS=1";
    assert!(text(&run.stderr).contains(skipped), "{}", text(&run.stderr));
}

//! `record --metrics`: what a scrape gets while the command records.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::promtool;
use crate::run::{Bbs, Running};

/// A command that records and serves metrics.
struct Recorder {
    running: Running,
    address: String,
    directory: TempDir,
}

impl Recorder {
    fn start(bbs: &Bbs) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("recording.db");
        let mut running = bbs.begin(&["record", "--file", file.to_str().unwrap(), "--metrics", "0"]);
        let said = running.wait_for_error("serving metrics on ");
        let address = said.trim_end().strip_prefix("taskdeck: serving metrics on http://").unwrap();
        let address = address.strip_suffix("/metrics").unwrap().to_owned();
        Self { running, address, directory }
    }

    /// Sends a request and returns the head and the body of the answer.
    fn ask(&self, request: &str) -> (String, String) {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        socket.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn scrape(&self) -> String {
        self.ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n").1
    }

    /// Scrapes until all of these lines are there, and returns the page. The label of the target is left out.
    fn until(&self, bbs: &Bbs, lines: &[&str]) -> String {
        let target = format!("target=\"{}\"", bbs.sim.url());
        let page = || self.scrape().replace(&format!("{target},"), "").replace(&format!("{{{target}}}"), "");
        let missing = || {
            let page = page();
            lines.iter().find(|line| !page.lines().any(|of| of == **line)).copied()
        };
        bbs.until(&format!("{lines:?}"), || missing().is_none());
        page()
    }

    fn stop(self) -> (TempDir, String) {
        self.running.signal(Signal::TERM);
        let ended = self.running.finish();
        assert_eq!(ended.status, Some(0), "{}", ended.err);
        (self.directory, ended.err)
    }
}

fn fail(bbs: &Bbs, guid: &str, reason: &str) {
    bbs.with(|machine, now| machine.complete(guid, "cell-a", Err(reason.as_bytes()), now)).unwrap();
}

fn remove(bbs: &Bbs, guid: &str) {
    bbs.with(|machine, now| machine.resolving(guid, now).and_then(|()| machine.delete(guid))).unwrap();
}

#[test]
fn a_scrape_follows_the_tasks() {
    let bbs = Bbs::start();
    bbs.started("before-1", "cf-tasks");
    bbs.started("before-2", "cf-tasks");
    fail(&bbs, "before-2", "exit status 3");
    let recorder = Recorder::start(&bbs);
    recorder.until(
        &bbs,
        &[
            r#"taskdeck_feed_health{health="live"} 1"#,
            r#"taskdeck_tasks{domain="cf-tasks",state="Running"} 1"#,
            r#"taskdeck_failed_tasks{domain="cf-tasks"} 1"#,
            r#"taskdeck_cell_tasks{cell="cell-a",state="Running"} 1"#,
            "taskdeck_feed_gap_open 0",
        ],
    );
    bbs.started("a", "cf-tasks");
    fail(&bbs, "a", "exit status 4");
    bbs.started("b", "cf-tasks");
    fail(&bbs, "b", "\u{1b}[2Jno\nroom\u{202e}");
    remove(&bbs, "b");
    bbs.desire("c", "staging");
    let page = recorder.until(
        &bbs,
        &[
            r#"taskdeck_task_failures_total{domain="cf-tasks",reason="exit status <n>"} 1"#,
            r#"taskdeck_tasks_ended_total{domain="cf-tasks",cause="removed"} 1"#,
            r#"taskdeck_task_waiting_seconds_count{domain="cf-tasks"} 2"#,
            r#"taskdeck_task_running_seconds_count{domain="cf-tasks"} 2"#,
            r#"taskdeck_tasks{domain="staging",state="Pending"} 1"#,
            r#"taskdeck_tasks{domain="cf-tasks",state="Completed"} 2"#,
        ],
    );
    let hostile: Vec<_> = page.lines().filter(|line| line.contains("room")).collect();
    let sanitised = "taskdeck_task_failures_total{domain=\"cf-tasks\",reason=\"␛[<n>Jno room\u{fffd}\"} 1";
    assert_eq!(hostile, [sanitised]);
    promtool::check(&["check", "metrics"], &recorder.scrape());
    recorder.stop();
}

#[test]
fn the_entries_of_the_recording_are_counted() {
    let bbs = Bbs::start();
    bbs.started("a", "cf-tasks");
    let recorder = Recorder::start(&bbs);
    recorder.until(&bbs, &["taskdeck_recorder_entries_total 1", "taskdeck_recorder_dropped_entries_total 0"]);
    let page = recorder.scrape();
    let size = page.lines().find_map(|line| line.strip_prefix("taskdeck_recorder_file_bytes{")).unwrap();
    let size: u64 = size.rsplit_once(' ').unwrap().1.parse().unwrap();
    let directory = recorder.directory.path();
    assert!(size > 0 && PathBuf::from(directory).join("recording.db").exists(), "{size}");
    recorder.stop();
}

#[test]
fn both_formats_are_served_and_nothing_else() {
    let bbs = Bbs::start();
    let recorder = Recorder::start(&bbs);
    let (head, body) = recorder.ask(
        "GET /metrics HTTP/1.1\r\nHost: a\r\nAccept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n\r\n",
    );
    assert!(
        head.contains("\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"),
        "{head}"
    );
    assert!(
        body.ends_with("# EOF\n") && body.contains("# UNIT taskdeck_task_running_seconds seconds\n"),
        "{body}"
    );
    let (head, body) = recorder.ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    assert!(head.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{head}");
    assert_eq!(body, "");
    assert!(recorder.ask("GET / HTTP/1.1\r\n\r\n").0.starts_with("HTTP/1.1 404 Not Found\r\n"));
    assert!(recorder.ask("DELETE /metrics HTTP/1.1\r\n\r\n").0.starts_with("HTTP/1.1 405 "));
    recorder.stop();
}

#[test]
fn lost_events_are_counted_and_the_gauges_are_right_again() {
    let bbs = Bbs::start();
    bbs.started("a", "cf-tasks");
    let recorder = Recorder::start(&bbs);
    recorder.until(&bbs, &[r#"taskdeck_tasks{domain="cf-tasks",state="Running"} 1"#]);
    bbs.sim.faults().refuse_connections(true);
    recorder.until(&bbs, &["taskdeck_feed_gaps_total 1", "taskdeck_feed_gap_open 1"]);
    // One fails, one is gone and one is new.
    fail(&bbs, "a", "boom");
    remove(&bbs, "a");
    bbs.started("b", "cf-tasks");
    fail(&bbs, "b", "boom");
    bbs.sim.faults().refuse_connections(false);
    let page = recorder.until(
        &bbs,
        &[
            r#"taskdeck_feed_health{health="live"} 1"#,
            r#"taskdeck_tasks{domain="cf-tasks",state="Running"} 0"#,
            r#"taskdeck_tasks{domain="cf-tasks",state="Completed"} 1"#,
            r#"taskdeck_task_failures_total{domain="cf-tasks",reason="boom"} 1"#,
            r#"taskdeck_tasks_ended_total{domain="cf-tasks",cause="vanished"} 1"#,
            "taskdeck_feed_stream_reconnects_total 1",
            "taskdeck_feed_gap_open 0",
        ],
    );
    let lost = page.lines().find_map(|line| line.strip_prefix("taskdeck_feed_gap_seconds_total ")).unwrap();
    assert!(lost.parse::<f64>().unwrap() > 0.0, "{lost}");
    recorder.stop();
}

#[test]
fn a_port_in_use_ends_the_command_before_it_records() {
    let bbs = Bbs::start();
    let recorder = Recorder::start(&bbs);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("recording.db");
    let ran = bbs.run(&["record", "--file", file.to_str().unwrap(), "--metrics", &recorder.address]);
    let says = format!(
        "taskdeck: cannot serve metrics on {}: another program uses the port. Stop it, or pass another port; 0 picks a free one\n",
        recorder.address
    );
    assert_eq!((ran.status, ran.err), (Some(3), says));
    assert!(!file.exists());
    recorder.stop();
}

#[test]
fn an_address_that_others_can_reach_is_said() {
    let bbs = Bbs::start();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("recording.db");
    let mut running = bbs.begin(&["record", "--file", file.to_str().unwrap(), "--metrics", "0.0.0.0:0"]);
    running.wait_for_error("serving metrics on http://0.0.0.0:");
    running.wait_for_error("everyone who can reach this address can read the metrics");
    running.signal(Signal::TERM);
    assert_eq!(running.finish().status, Some(0));
}

#[test]
fn an_address_that_is_none_is_a_usage_error() {
    let bbs = Bbs::start();
    let ran = bbs.run(&["record", "--metrics", "bbs.example.com:9124"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(
        ran.err.contains("expected a port, or an IP address and a port, like 127.0.0.1:9124"),
        "{}",
        ran.err
    );
}

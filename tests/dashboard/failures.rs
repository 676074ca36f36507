//! A story of the failures view: one cell has a full disk among failures that are usual.

use std::fs;

use taskdeck::app::key::KeyCode;
use taskdeck::bbs::Access;
use taskdeck::sim::Sim;

use crate::story::{Operator, desire, quiet_bbs, start, story};

fn fail(sim: &Sim, guid: &str, cell: &str, reason: &str) {
    desire(sim, guid, "cf-tasks");
    start(sim, guid, cell);
    sim.with(|machine, now| machine.complete(guid, cell, Err(reason.as_bytes()), now)).unwrap();
}

fn fail_usually(sim: &Sim, tasks: std::ops::Range<usize>) {
    for nth in tasks {
        fail(
            sim,
            &format!("usual-{nth}"),
            &format!("cell-0{}", nth % 6),
            &format!("Exited with status {nth}"),
        );
    }
}

#[tokio::test]
async fn a_bad_cell_is_seen_at_a_glance_and_its_tasks_are_a_key_away() {
    let sim = quiet_bbs().await;
    let home = tempfile::tempdir().unwrap();
    // These have failed before the dashboard starts: what the list tells has lost the cell.
    fail_usually(&sim, 0..2);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2 Failed 2").await;
        fail_usually(&sim, 2..26);
        for nth in 0..6 {
            fail(&sim, &format!("disk-{nth}"), "cell-02", "no space left on device");
        }
        operator.sees("2 Failed 32").await;
        operator.press("2");
        operator.sees("Failures, last 10m: 32 for 2 reasons").await;
        operator.sees("All of these ran on cell cell-02; ").await;
        operator
            .until("the bad cell before the usual", |screen| {
                screen.find("100 % cell cell-02") < screen.find("Exited with status <n>")
            })
            .await;
        operator.enter();
        operator.sees("6/32 failed reason no space left on device").await;
        operator.sees("disk-3").await;
        operator.press_code(KeyCode::Esc);
        operator.sees("Failures, last 10m: 32 for 2 reasons").await;
        let path = home.path().join("failures.csv");
        operator.command(&format!("save {}", path.display()));
        operator.sees("Saved 8 clusters to").await;
        let saved = fs::read_to_string(path).unwrap();
        for line in [
            r#""reason","cell","app","app_guid","domain","count","of_reason","first_seen","last_seen""#,
            r#""no space left on device","cell-02","","","cf-tasks",6,6,"2"#,
            r#""Exited with status <n>","","","","cf-tasks",2,26,"2"#,
        ] {
            assert!(saved.contains(line), "{saved}");
        }
        operator.press("y");
        operator.sees("Copied the cluster").await;
        operator.press("/status");
        operator.enter();
        operator.press_code(KeyCode::Right);
        operator.sees("(no known cell) · (no app) · cf-tasks").await;
        sim.with(|machine, now| machine.cancel("task-a", now)).unwrap();
        operator.press_code(KeyCode::Esc);
        operator.sees("task was cancelled").await;
        operator.press("2");
        operator.sees("33/33 failed no filter").await;
    })
    .await;
}

#[tokio::test]
async fn rejections_lead_to_the_tasks_that_wait() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2 held").await;
        for nth in 0..3 {
            let guid = format!("waits-{nth}");
            desire(&sim, &guid, "cf-tasks");
            sim.with(|machine, now| machine.reject(&guid, b"insufficient resources: memory", now)).unwrap();
        }
        operator.sees("1 Held 5").await;
        operator.press("f");
        operator.sees("Rejections, last 10m: 3 for 1 reason").await;
        operator.sees("insufficient resources: memory").await;
        operator.enter();
        operator.sees("3/5 held /state:pending, reason insufficient resources: memory").await;
        operator.press("[");
        operator.sees("Rejections, last 10m: 3 for 1 reason").await;
        operator.press("1");
        operator.sees("5/5 held").await;
    })
    .await;
}

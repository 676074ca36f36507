//! Stories of the pulse: statistics of what happens while the dashboard runs.

use taskdeck::bbs::Access;
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, desire, start, story};

/// Completes a task.
fn complete(sim: &Sim, guid: &str, cell: &str, failed: bool) {
    let outcome: Result<&[u8], &[u8]> = if failed { Err(b"out of memory") } else { Ok(b"") };
    sim.with(|machine, now| machine.complete(guid, cell, outcome, now)).unwrap();
}

#[tokio::test]
async fn the_pulse_counts_what_happens_and_filters_the_table() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "early", "cf-tasks");
    start(&sim, "early", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1/1 held").await;
        operator.press("4");
        operator.sees("Domains, last 10 min").await;
        operator.sees("No task has started or completed yet").await;
        for nth in 0..6 {
            let (guid, cell) = (format!("task-{nth}"), if nth % 2 == 0 { "cell-01" } else { "cell-02" });
            desire(&sim, &guid, "batch");
            start(&sim, &guid, cell);
            complete(&sim, &guid, cell, nth % 2 == 1);
        }
        operator
            .until("the failures of the domain", |screen| {
                screen.contains("batch ") && screen.contains("50 %")
            })
            .await;
        operator.press("bb");
        operator.sees("Cells, last 10 min").await;
        operator.until("the failing cell", |screen| screen.contains("100 %")).await;
        operator.press("<");
        operator.sees("Cells, last 1 min").await;
        operator.press("ssss");
        operator.sees("▼failed").await;
        operator.press("j");
        operator.enter();
        operator.sees("held cell cell-02").await;
        operator.press("[");
        operator.sees("Cells, last 1 min").await;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pulse.jsonl");
        operator.command(&format!("save {}", path.display()));
        operator.sees("Saved 3 rows").await;
        let saved = std::fs::read_to_string(&path).unwrap();
        assert_eq!(saved.lines().count(), 3, "{saved}");
        assert!(saved.contains(r#""id":"cell-02""#) && saved.contains(r#""failed":3"#), "{saved}");
        operator.press("1");
        operator.sees("7/7 held").await;
    })
    .await;
}

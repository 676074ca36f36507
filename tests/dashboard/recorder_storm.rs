//! Stories of a storm of short tasks that vanish by their callback before a poller could see them.

use std::collections::BTreeMap;
use std::time::Duration;

use taskdeck::app::{Pace, Settings};
use taskdeck::bbs::Access;
use taskdeck::model::State;
use taskdeck::sim::Sim;

use crate::story::{Operator, foundation, held, settings, story_with};

const TASKS: usize = 1_000;

/// Nothing is listed after the start, so that all is learnt from events.
fn events_only() -> Settings {
    let pace = Pace { reconcile: Duration::from_secs(86_400), ..settings().pace };
    Settings { pace, ..settings() }
}

/// Lets the whole storm pass, in pieces whose events fit into a subscription. Returns the cell on which each task ran.
async fn rage(sim: &Sim, operator: &mut Operator<'_>) -> BTreeMap<String, String> {
    let mut cells = BTreeMap::new();
    loop {
        let live = held(sim);
        for (guid, task) in &live {
            let cell = cells.entry(guid.clone()).or_insert_with(String::new);
            if task.state == State::Running.number() {
                *cell = String::from_utf8(task.cell_id.to_vec()).unwrap();
            }
        }
        operator.sees(&format!("1 Held {} ", live.len())).await;
        if cells.len() == TASKS && live.is_empty() {
            return cells;
        }
        // Each task runs for two seconds, so that it is seen here while it runs.
        sim.pass(Duration::from_millis(400));
    }
}

#[tokio::test]
async fn every_task_of_a_storm_is_kept_with_its_cause_and_its_cell() {
    let sim = foundation("storm").await;
    story_with(events_only(), &sim.url(), Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let cells = rage(&sim, operator).await;
        operator.sees("3 Ended 1,000").await;
        operator.press("3");
        operator.sees("1,000/1,000 ended").await;
        for filter in ["cause:callback", "state:gone"] {
            operator.press(&format!("x/{filter}"));
            operator.enter();
            operator.sees(&format!("1,000/1,000 ended /{filter}")).await;
        }
        for cell in ["cell-01", "cell-02", "cell-03", "cell-04", "cell-05", "cell-06"] {
            let there = cells.values().filter(|ran_on| *ran_on == cell).count();
            assert!(there > 100, "{there} on {cell}");
            operator.press(&format!("x/lastcell:{cell}"));
            operator.enter();
            operator.sees(&format!("{there}/1,000 ended /lastcell:{cell}")).await;
        }
        operator.press("x");
        operator.sees("1,000/1,000 ended").await;
        operator.enter();
        operator.press("l");
        operator.sees("[timeline]").await;
        operator.sees(" 2.0 s").await;
        operator.press("G");
        operator.sees("removed by its callback (event)").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_storm_is_kept_within_the_limits_of_number_and_time() {
    let sim = foundation("storm").await;
    let kept_for = Duration::from_secs(600);
    let settings = Settings { ended_kept: 300, ended_for: kept_for, ..events_only() };
    story_with(settings, &sim.url(), Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let cells = rage(&sim, operator).await;
        operator.sees("3 Ended 300").await;
        operator.press("3");
        operator.sees("300/300 ended").await;
        // The oldest were dropped first.
        let (newest, oldest) = (cells.keys().next_back().unwrap(), cells.keys().next().unwrap());
        assert_ne!(newest, oldest);
        operator.waits(kept_for);
        operator.sees("3 Ended 0").await;
        operator.sees("0/0 ended").await;
    })
    .await;
}

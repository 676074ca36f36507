//! The story of a failover: a minute in which nobody serves, and what the next server's first list brings to light.

use std::time::Duration;

use taskdeck::bbs::Access;
use taskdeck::bbs::wire::Task;

use crate::story::{Operator, foundation, held, story};

/// Whether the BBS has said in a version of a task why it failed it.
fn says_why(task: &Task) -> bool {
    let told = ["task was cancelled", "not started within time limit", "cell disappeared before completion"];
    told.iter().any(|reason| task.failure_reason == reason)
}

#[tokio::test]
async fn what_happened_during_a_failover_is_reconciled_and_no_cause_is_made_up() {
    let sim = foundation("foundation").await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let before = held(&sim);
        operator.sees(&format!("{0}/{0} held", before.len())).await;
        sim.faults().refuse_connections(true);
        operator.sees("STALE").await;
        operator.sees("gap since").await;
        // The database lives on; the other server takes over after a minute.
        sim.pass(Duration::from_secs(60));
        let after = held(&sim);
        let gone: Vec<_> = before.iter().filter(|(guid, _)| !after.contains_key(*guid)).collect();
        let new = after.keys().filter(|guid| !before.contains_key(*guid)).count();
        let kept = after.iter().filter_map(|(guid, now)| Some((guid, before.get(guid)?, now)));
        let changed: Vec<_> = kept.filter(|(_, then, now)| then != now).collect();
        assert!(gone.len() > 3 && new > 3 && !changed.is_empty(), "{} {new} {}", gone.len(), changed.len());
        let total = gone.len() + new + changed.len();
        sim.faults().refuse_connections(false);
        let parts = format!("({new} new, {} gone)", gone.len());
        operator.sees(&format!("reconciled: {total} tasks changed during the gap {parts}")).await;
        operator
            .until("the gap with its end and why", |screen| {
                screen.lines().any(|line| line.contains("gap ") && line.contains('–') && line.contains("): "))
            })
            .await;
        assert!(!operator.screen().contains("gap since"), "{}", operator.screen());
        // What ended unseen has vanished, unless its last version says why.
        let unknown = gone.iter().filter(|(_, last)| !says_why(last)).count();
        operator.press("3/cause:vanished");
        operator.enter();
        operator.sees(&format!("{unknown}/{} ended /cause:vanished", gone.len())).await;
        operator.enter();
        operator.sees("while events were").await;
        operator.press("l");
        operator.sees("vanished (reconciled by a list)").await;
        operator.sees("events lost for").await;
        operator.press("q");
        operator.press(&format!("1x/{}", changed[0].0));
        operator.enter();
        operator.sees("1/").await;
        operator.press("l");
        operator.sees("(reconciled by a list)").await;
        operator.sees("events lost for").await;
        operator.press("q");
    })
    .await;
}

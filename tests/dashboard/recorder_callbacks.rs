//! The story of a callback host that answers 503: the BBS tries again and again until the task expires.

use std::time::Duration;

use taskdeck::bbs::Access;
use taskdeck::model::State;
use taskdeck::sim::Sim;

use crate::story::{Operator, foundation, held, story};

const HOST: &str = "billing.internal";

/// Returns a task of the silent host that the BBS has called for.
fn called(sim: &Sim) -> Option<String> {
    let mut billing = held(sim).into_iter().filter(|(_, task)| task.domain == "billing");
    billing.find(|(_, task)| task.state == State::Resolving.number()).map(|(guid, _)| guid)
}

/// Lets seconds pass, and waits after each until the dashboard has taken in what happened.
async fn pass(sim: &Sim, operator: &mut Operator<'_>, seconds: u32, is_over: impl Fn(&Sim) -> bool) {
    for _ in 0..seconds {
        sim.pass(Duration::from_secs(1));
        operator.sees(&format!("1 Held {} ", held(sim).len())).await;
        if is_over(sim) {
            return;
        }
    }
}

#[tokio::test]
async fn a_callback_host_that_answers_503_is_named_until_its_tasks_expire() {
    let sim = foundation("callbacks").await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        pass(&sim, operator, 120, |sim| called(sim).is_some()).await;
        let guid = called(&sim).unwrap();
        operator.press(&format!("/{guid}"));
        operator.enter();
        operator.sees("1/").await;
        operator.press("l");
        operator.sees("claimed (event)").await;
        assert!(!operator.screen().contains("unanswered by"), "{}", operator.screen());
        // Resolving for more than half a minute, a sweep makes it Completed, and the BBS calls again at once.
        let silent = |screen: &str| screen.contains(&format!("unanswered by {HOST}"));
        pass(&sim, operator, 70, |_| false).await;
        operator.until("the silent host", silent).await;
        operator.sees("demoted to Completed").await;
        operator.sees("callback tried again").await;
        operator.sees("made it Completed").await;
        // Two minutes after it first completed it is deleted, unresolved.
        pass(&sim, operator, 120, |sim| !held(sim).contains_key(&guid)).await;
        assert!(!held(&sim).contains_key(&guid));
        operator.press("G");
        operator.sees("expired unresolved (event)").await;
        operator.press("q3");
        operator.sees("1/").await;
        operator.sees("expired").await;
        operator.press("x/domain:billing !cause:expired");
        operator.enter();
        operator.sees("0/").await;
        operator.press("x/cause:callback domain:billing");
        operator.enter();
        operator.sees("0/").await;
        operator.press("x/cause:callback");
        operator.enter();
        operator
            .until("the other hosts' callbacks", |screen| {
                screen.contains("/cause:callback") && !screen.contains(" 0/")
            })
            .await;
    })
    .await;
}

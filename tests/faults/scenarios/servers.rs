//! Servers that restart, fail over, fall behind or lose the reply to a write.

use taskdeck::model::Call;
use taskdeck::sim::{Options, Sim};

use crate::harm::{Door, EVENTS, Harm, Scope};
use crate::rig::{Rig, address, change_all, now_of, populate};
use crate::scenario::{Play, Scenario, scenarios};
use crate::user::User;

scenarios! {
    server_restarts_again_and_again {
        "The server restarts five times in a row, with its tasks",
        sees ["STALE", "Live again after"],
        keeps "All rows; what changed in between is in them",
        Play::Story(|scenario| Box::pin(restart(scenario)))
    }
    server_fails_over {
        "The active server dies, and another one takes over its tasks",
        sees ["The event stream broke", "reconciled: 2 tasks changed during the gap", "Live again after"],
        keeps "All rows; the rows are those of the other server",
        Play::Story(|scenario| Box::pin(fail_over(scenario)))
    }
    old_server_keeps_its_stream {
        "Another server takes over, and the old one keeps its event stream open without a word",
        sees ["The event stream was open but silent while tasks changed; subscribed again."],
        keeps "All rows; the rows are those of the other server",
        Play::Story(|scenario| Box::pin(split_brain(scenario)))
    }
    older_server_takes_over {
        "A server of an older release takes over, which has no event stream, and later one that has it",
        sees ["polling"],
        keeps "All rows; lists are the feed until the stream is back",
        Play::Story(|scenario| Box::pin(older_release(scenario)))
    }
    client_falls_behind {
        "The link stalls during a burst of 8,000 events, so that the server drops the slow subscription",
        sees ["The server ended the event stream", "Live again after"],
        keeps "All rows; a list makes up for the lost events",
        Play::Story(|scenario| Box::pin(burst(scenario)))
    }
    reply_to_a_write_is_cut {
        "The connection closes before the reply to a cancel",
        sees ["task-00 is cancelled"],
        keeps "The cancel, sent once; a look-up tells its outcome",
        Play::Story(|scenario| Box::pin(lost_reply(scenario, Harm::Replaced(b""))))
    }
    reply_to_a_write_vanishes {
        "The reply to a cancel never comes",
        sees ["task-00 is cancelled"],
        keeps "The cancel, sent once; a look-up tells its outcome",
        Play::Story(|scenario| Box::pin(lost_reply(scenario, Harm::StallAt(0))))
    }
}

/// Starts another server with the same tasks.
async fn with_twin() -> (Rig, Sim) {
    let (first, other) =
        (Sim::start(Options::default()).await.unwrap(), Sim::start(Options::default()).await.unwrap());
    let at = now_of(&first);
    populate(&first, at);
    populate(&other, at);
    (Rig::before(first).await, other)
}

async fn restart(scenario: &Scenario) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        for _ in 0..5 {
            rig.proxy.door(Door::Closed);
            rig.change();
            user.sees_all(&scenario.sees[..1]).await;
            user.has_row("task-01");
            rig.proxy.door(Door::Open);
            user.sees_all(&scenario.sees[1..]).await;
        }
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn fail_over(scenario: &Scenario) {
    let (rig, other) = with_twin().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        change_all(&[&rig.sim, &other], 0);
        user.sees("new-0").await;
        rig.proxy.lead_to(address(&other));
        change_all(&[&other], 1);
        rig.proxy.break_all();
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        user.is_well(&other).await;
    })
    .await;
}

async fn split_brain(scenario: &Scenario) {
    let (rig, other) = with_twin().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.lead_to(address(&other));
        rig.proxy.break_all_but_streams();
        change_all(&[&other], 0);
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        change_all(&[&other], 1);
        user.is_well(&other).await;
        assert_eq!(other.streams(), 1);
    })
    .await;
}

async fn older_release(scenario: &Scenario) {
    let (rig, other) = with_twin().await;
    other.faults().no_event_route(true);
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.lead_to(address(&other));
        rig.proxy.break_all();
        user.sees_all(scenario.sees).await;
        change_all(&[&rig.sim, &other], 0);
        user.sees("new-0").await;
        user.store_equals(&other).await;
        rig.proxy.lead_to(address(&rig.sim));
        rig.proxy.door(Door::Closed);
        user.sees("STALE").await;
        rig.proxy.mend();
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn burst(scenario: &Scenario) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.harm(EVENTS, Harm::StallAt(0));
        for _ in 0..8 {
            rig.churn(200);
        }
        rig.proxy.mend();
        user.sees_all(scenario.sees).await;
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn lost_reply(scenario: &Scenario, harm: Harm) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.harm(Scope::Only(Call::Cancel), harm);
        user.operator.press("C");
        user.operator.answers("Cancel task task-00?", "y").await;
        user.sees_all(scenario.sees).await;
        rig.proxy.mend();
        user.is_well(&rig.sim).await;
        assert_eq!((rig.proxy.passed(Call::Cancel), rig.sim.received(Call::Cancel)), (1, 1));
    })
    .await;
}

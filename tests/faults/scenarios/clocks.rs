//! Clocks that are wrong or jump, and machines that sleep.

use crate::harm::{EVENTS, Harm};
use crate::rig::Rig;
use crate::scenario::{Play, Scenario, scenarios};
use crate::user::User;

scenarios! {
    our_clock_is_hours_behind {
        "Our clock is five hours behind the server's",
        sees ["live"],
        keeps "All rows; ages are by the server's clock",
        Play::Story(|scenario| Box::pin(skewed(scenario, -5)))
    }
    our_clock_is_hours_ahead {
        "Our clock is three hours ahead of the server's",
        sees ["live"],
        keeps "All rows; ages are by the server's clock",
        Play::Story(|scenario| Box::pin(skewed(scenario, 3)))
    }
    our_clock_is_set_back {
        "Our clock is set back by an hour while the dashboard runs",
        sees ["live"],
        keeps "All rows; ages are by the server's clock from the next list on",
        Play::Story(|scenario| Box::pin(stepped(scenario, -1)))
    }
    our_clock_is_set_ahead {
        "Our clock is set ahead by a day while the dashboard runs",
        sees ["live"],
        keeps "All rows; ages are by the server's clock from the next list on",
        Play::Story(|scenario| Box::pin(stepped(scenario, 24)))
    }
    laptop_sleeps_and_its_connections_break {
        "The laptop sleeps for eight hours, and its connections are closed",
        sees ["The event stream broke", "Live again after"],
        keeps "All rows; a list shows what changed meanwhile",
        Play::Story(|scenario| Box::pin(asleep(scenario, Sleep::Closed)))
    }
    laptop_sleeps_and_its_connections_are_dead {
        "The laptop sleeps for eight hours, and its event stream is dead without a word",
        sees ["The event stream was open but silent while tasks changed; subscribed again."],
        keeps "All rows; a list shows what changed meanwhile",
        Play::Story(|scenario| Box::pin(asleep(scenario, Sleep::Dead)))
    }
}

/// Texts that would be on the screen if ages were by the wrong clock.
const WRONG_AGES: [&str; 6] = ["1h", "2h", "3h", "4h", "5h", "23h"];

async fn skewed(scenario: &Scenario, hours: i64) {
    let rig = Rig::start().await;
    rig.clock.step_wall(hours);
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees_all(scenario.sees).await;
        rig.change();
        user.sees("new-0").await;
        user.is_well(&rig.sim).await;
        user.sees_none(&WRONG_AGES).await;
    })
    .await;
}

async fn stepped(scenario: &Scenario, hours: i64) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.clock.step_wall(hours);
        user.operator.press("r");
        user.sees_all(scenario.sees).await;
        rig.change();
        user.sees("new-0").await;
        user.is_well(&rig.sim).await;
        user.sees_none(&WRONG_AGES).await;
    })
    .await;
}

/// What is left of the connections after a sleep.
#[derive(Clone, Copy)]
enum Sleep {
    Closed,
    Dead,
}

async fn asleep(scenario: &Scenario, sleep: Sleep) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        match sleep {
            Sleep::Closed => {
                rig.clock.sleep_hours(8);
                rig.proxy.break_all();
                rig.change();
            }
            Sleep::Dead => {
                rig.proxy.harm(EVENTS, Harm::Vanishes);
                rig.change();
                // A list shows it, so the event is lost by now.
                user.sees("new-0").await;
                rig.clock.sleep_hours(8);
                rig.proxy.mend();
            }
        }
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        user.is_well(&rig.sim).await;
    })
    .await;
}

//! A scenario: one kind of fault, what the user must see of it, and what must be kept. How those of the network are played.

use std::pin::Pin;

use taskdeck::model::Call;

use crate::harm::{Door, Harm, Scope};
use crate::rig::Rig;
use crate::user::User;

/// A kind of fault, as a row of a table.
pub(crate) struct Scenario {
    /// The test's name.
    pub(crate) name: &'static str,
    /// What goes wrong.
    pub(crate) fault: &'static str,
    /// The texts that the screen must show meanwhile, in this order.
    pub(crate) sees: &'static [&'static str],
    /// What must be kept, and what must be so once all is well.
    pub(crate) keeps: &'static str,
    /// How it is played.
    pub(crate) play: Play,
}

/// How a scenario is played.
pub(crate) enum Play {
    /// Replies are harmed while tasks change, until the user has seen it.
    Replies(Scope, Harm),
    /// New connections fail while tasks change, until the user has seen it.
    Door(Door),
    /// In a way of its own.
    Story(fn(&'static Scenario) -> Story),
}

pub(crate) type Story = Pin<Box<dyn Future<Output = ()>>>;

/// The tests of a table, one for each scenario.
macro_rules! scenarios {
    ($($name:ident { $fault:expr, sees $sees:expr, keeps $keeps:expr, $play:expr })*) => {
        pub(crate) const TABLE: &[$crate::scenario::Scenario] = &[$($crate::scenario::Scenario {
            name: stringify!($name),
            fault: $fault,
            sees: &$sees,
            keeps: $keeps,
            play: $play,
        }),*];

        $(#[tokio::test]
        async fn $name() {
            let scenario = TABLE.iter().find(|scenario| scenario.name == stringify!($name)).unwrap();
            $crate::scenario::play(scenario).await;
        })*
    };
}
pub(crate) use scenarios;

/// Plays a scenario.
pub(crate) async fn play(scenario: &'static Scenario) {
    match scenario.play {
        Play::Replies(scope, harm) => play_harm(scenario, scope, harm).await,
        Play::Door(door) => play_door(scenario, door).await,
        Play::Story(story) => story(scenario).await,
    }
}

async fn play_harm(scenario: &Scenario, scope: Scope, harm: Harm) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.harm(scope, harm);
        rig.change();
        user.operator.press("r");
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        rig.change();
        rig.proxy.mend();
        user.is_well(&rig.sim).await;
    })
    .await;
}

async fn play_door(scenario: &Scenario, door: Door) {
    let rig = Rig::start().await;
    rig.play(async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        rig.proxy.door(door);
        rig.change();
        user.sees_all(scenario.sees).await;
        user.has_row("task-01");
        rig.change();
        rig.proxy.mend();
        user.is_well(&rig.sim).await;
        assert!(rig.proxy.passed(Call::ListTasks) > 1);
    })
    .await;
}

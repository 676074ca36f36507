//! The soak: faults of all kinds in turn while many tasks come and go, with the rows compared with the server after each.
//!
//! `TASKDECK_SOAK_MINUTES=30 cargo test --release --test faults soak` runs for as long, with a million
//! events at least. Without the variable it runs for a few rounds. Prints figures each minute, with the memory of the whole
//! process: dashboard, proxy and simulated BBS.

mod memory;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use taskdeck::model::Call;

use crate::harm::{Door, EVENTS, Harm, LISTS, Scope};
use crate::rig::Rig;
use crate::tell;
use crate::user::User;
use memory::{Memory, Sample, resident_mb};

const MINUTES: &str = "TASKDECK_SOAK_MINUTES";
/// How long a long soak is, and the fewest events of it.
const LONG: Duration = Duration::from_secs(30 * 60);
const EVENTS_OF_LONG: usize = 1_000_000;
/// The rounds of a short soak.
const SHORT: usize = 5;
/// Tasks that live at the same time.
const LIVE: usize = 500;
/// Ended tasks that the dashboard keeps: few, so that the memory does not grow for long.
const ENDED_KEPT: usize = 2_000;
/// Seed of the order of faults.
const SEED: u64 = 15;

/// One kind of trouble.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    Replies(Scope, Harm),
    Door(Door),
    Break,
    EndStreams,
    DropStreams,
    Migration,
}

const TROUBLES: [Trouble; 20] = [
    Trouble::None,
    Trouble::Replies(LISTS, Harm::CutAt(3_000)),
    Trouble::Replies(LISTS, Harm::ResetAt(3_000)),
    Trouble::Replies(LISTS, Harm::StallAt(3_000)),
    Trouble::Replies(LISTS, Harm::Truncate(5)),
    Trouble::Replies(LISTS, Harm::Corrupt { at: 0, to: 0xff }),
    Trouble::Replies(Scope::EverySecond(Call::ListTasks), Harm::CutAt(3_000)),
    Trouble::Replies(EVENTS, Harm::CutAt(20)),
    Trouble::Replies(EVENTS, Harm::ResetAt(20)),
    Trouble::Replies(EVENTS, Harm::StallAt(20)),
    Trouble::Replies(EVENTS, Harm::Twice),
    Trouble::Replies(EVENTS, Harm::Swapped),
    Trouble::Replies(EVENTS, Harm::Corrupt { at: 100, to: b'%' }),
    Trouble::Replies(Scope::All, Harm::Vanishes),
    Trouble::Door(Door::Closed),
    Trouble::Door(Door::Resets),
    Trouble::Break,
    Trouble::EndStreams,
    Trouble::DropStreams,
    Trouble::Migration,
];

/// What has happened so far.
struct Soak {
    begun: Instant,
    random: fastrand::Rng,
    live: VecDeque<String>,
    desired: usize,
    rounds: usize,
    /// Events that the server has sent, whether a stream was open or not.
    events: usize,
    printed: Instant,
    memory: Memory,
}

/// On several threads, as the program is: proxy and server must not wait for the dashboard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn soak() {
    let long =
        std::env::var(MINUTES).ok().map(|minutes| minutes.parse::<f64>().expect("a number of minutes"));
    let limit = Duration::from_secs_f64(long.unwrap_or_default() * 60.0);
    let mut rig = Rig::start().await;
    rig.settings.ended_kept = ENDED_KEPT;
    let now = Instant::now();
    let mut soak = Soak {
        begun: now,
        random: fastrand::Rng::with_seed(SEED),
        live: VecDeque::new(),
        desired: 0,
        rounds: 0,
        events: 0,
        printed: now,
        memory: Memory::default(),
    };
    rig.play_for(2 * limit + Duration::from_secs(600), async |user: &mut User<'_, '_>| {
        user.sees("live").await;
        while match long {
            Some(_) => soak.begun.elapsed() < limit,
            None => soak.rounds < SHORT,
        } {
            soak.round(&rig, user).await;
            if long.is_some() && soak.printed.elapsed() > Duration::from_secs(60) {
                soak.print(user);
            }
        }
        soak.print(user);
    })
    .await;
    assert!(rig.proxy.passed(Call::TaskEvents) > 1, "it has reconnected");
    assert!(limit < LONG || soak.events >= EVENTS_OF_LONG, "{} events", soak.events);
    let growth = soak.memory.growth();
    assert!(
        limit < LONG || growth.is_some() || resident_mb().is_none(),
        "too few rounds to judge the memory"
    );
    if let Some(growth) = growth {
        tell(&format!("soak: {growth}"));
        assert!(growth.is_flat(), "the memory grows: {growth}");
    }
}

impl Soak {
    /// Lets tasks come and go before, during and after a trouble, and compares the rows.
    async fn round(&mut self, rig: &Rig, user: &mut User<'_, '_>) {
        self.churn(rig).await;
        let trouble = TROUBLES[self.random.usize(..TROUBLES.len())];
        begin(trouble, rig);
        for _ in 0..self.random.usize(4..16) {
            self.churn(rig).await;
        }
        rig.sim.faults().status(None);
        rig.proxy.mend();
        self.churn(rig).await;
        user.is_well(&rig.sim).await;
        self.rounds += 1;
        self.memory.note(resident_mb().map(|megabytes| Sample {
            hours: self.begun.elapsed().as_secs_f64() / 3_600.0,
            events: user.events_seen(),
            megabytes,
        }));
    }

    /// Lets 100 tasks come and go, and replaces some of those that live for longer. Then lets the dashboard draw.
    async fn churn(&mut self, rig: &Rig) {
        rig.churn(100);
        self.events += 500;
        for _ in 0..self.random.usize(1..40) {
            let guid = format!("live-{}", self.desired);
            self.desired += 1;
            rig.desire_running(&guid);
            self.live.push_back(guid);
            self.events += 2;
        }
        while self.live.len() > LIVE {
            rig.end(&self.live.pop_front().unwrap());
            self.events += 3;
        }
        tokio::time::sleep(Duration::from_millis(self.random.u64(1..60))).await;
    }

    fn print(&mut self, user: &User<'_, '_>) {
        self.printed = Instant::now();
        let Self { begun, rounds, events, .. } = self;
        let (minutes, seen) = (begun.elapsed().as_secs_f64() / 60.0, user.events_seen());
        let resident = resident_mb().unwrap_or_default();
        tell(&format!(
            "soak: {minutes:5.1} min, {rounds:5} faults, {events:8} events sent, {seen:8} seen, rows equal \
             {rounds:5} times, {resident:6.1} MB"
        ));
    }
}

fn begin(trouble: Trouble, rig: &Rig) {
    match trouble {
        Trouble::None => {}
        Trouble::Replies(scope, harm) => rig.proxy.harm(scope, harm),
        Trouble::Door(door) => rig.proxy.door(door),
        Trouble::Break => rig.proxy.break_all(),
        Trouble::EndStreams => rig.sim.end_streams(),
        Trouble::DropStreams => rig.sim.faults().drop_streams(),
        Trouble::Migration => rig.sim.faults().status(Some(503)),
    }
}

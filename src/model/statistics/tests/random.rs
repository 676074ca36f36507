//! Random histories: whatever happened, the statistics equal a recount.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// How long the tests watch, in seconds.
const LENGTH: u64 = 9_000;

/// A life, in milliseconds since the start.
#[derive(Debug, Clone)]
struct Life {
    created: u64,
    waits: u64,
    runs: u64,
    failed: bool,
    domain: usize,
    cell: usize,
}

fn life() -> impl Strategy<Value = Life> {
    let span = || prop_oneof![0..50_u64, 50..5_000_u64, 5_000..900_000_u64];
    (0..LENGTH * 1_000, span(), span(), any::<bool>(), 0..3_usize, 0..4_usize).prop_map(
        |(created, waits, runs, failed, domain, cell)| Life { created, waits, runs, failed, domain, cell },
    )
}

fn moment(millis: u64) -> Timestamp {
    Timestamp::from(Duration::from_millis(START * 1_000 + millis))
}

impl Life {
    fn versions(&self) -> [Task; 3] {
        let domain = Domain::from(format!("domain-{}", self.domain));
        let pending = Task { domain, created_at: moment(self.created), ..pending(0) };
        let cell = Some(CellId::from(format!("cell-{}", self.cell)));
        let started = moment(self.created + self.waits);
        let running = Task { state: State::Running, cell, updated_at: started, ..pending.clone() };
        let done = moment(self.created + self.waits + self.runs);
        let completed = Task {
            state: State::Completed,
            updated_at: done,
            first_completed_at: done,
            failed: self.failed,
            ..pending.clone()
        };
        [pending, running, completed]
    }

    const fn started(&self) -> u64 {
        self.created + self.waits
    }

    const fn done(&self) -> u64 {
        self.created + self.waits + self.runs
    }
}

/// Tells all that happened until a moment, in order of time.
fn told(lives: &[Life], until: u64) -> Statistics {
    let mut statistics = watching();
    let starts = lives.iter().map(|life| (life.started(), life, false));
    let ends = lives.iter().map(|life| (life.done(), life, true));
    let mut events: Vec<_> = starts.chain(ends).filter(|(millis, ..)| *millis <= until).collect();
    events.sort_by_key(|(millis, _, is_end)| (*millis, *is_end));
    for (millis, life, is_end) in events {
        let [pending, running, completed] = life.versions();
        let (before, after) = if is_end { (running, completed) } else { (pending, running) };
        let (before, told) = (Some(&before), Some(&before));
        let at = moment(millis);
        statistics.observe(&Observed { at, offset_ns: 0, before, told, after: &after });
    }
    statistics.pass_time(moment(until));
    statistics
}

/// The share of a sorted list that a quantile stands for.
fn quantile(sorted: &[u64], share: f64) -> Option<u64> {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "few and not negative"
    )]
    let at = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(at.saturating_sub(1)).copied()
}

fn assert_times(found: &Durations, mut truth: Vec<u64>) -> Result<(), TestCaseError> {
    truth.sort_unstable();
    prop_assert_eq!(found.count() as usize, truth.len());
    let longest = (found.longest(), truth.last().copied());
    let quantiles = [0.5, 0.95].map(|share| (found.quantile(share), quantile(&truth, share)));
    for (found, truth) in quantiles.into_iter().chain([longest]) {
        let is_near = |found: Duration, truth: u64| {
            found.abs_diff(Duration::from_millis(truth)) <= Duration::from_millis(truth) / 32
        };
        let holds = match (found, truth) {
            (None, None) => true,
            (Some(found), Some(truth)) => is_near(found, truth),
            _ => false,
        };
        prop_assert!(holds, "{:?} for {:?}", found, truth);
    }
    Ok(())
}

fn assert_tally(found: &Tally, lives: &[&Life], within: &std::ops::Range<u64>) -> Result<(), TestCaseError> {
    let started = lives.iter().filter(|life| within.contains(&life.started()));
    let done: Vec<_> = lives.iter().filter(|life| within.contains(&life.done())).collect();
    assert_times(&found.waiting, started.map(|life| life.waits).collect())?;
    assert_times(&found.running, done.iter().map(|life| life.runs).collect())?;
    prop_assert_eq!(found.completed as usize, done.len());
    prop_assert_eq!(found.failed as usize, done.iter().filter(|life| life.failed).count());
    Ok(())
}

/// Returns the milliseconds of a window and of its past: slots are whole from the start.
fn stretches(window: Window, until: u64) -> [std::ops::Range<u64>; 2] {
    let slot = [5_000, 50_000, 300_000][window as usize];
    let floor = |millis: u64, slot: u64| millis / slot * slot;
    let start = floor(until, slot).saturating_sub(11 * slot);
    [start..until + 1, floor(start, 300_000).saturating_sub(3_600_000)..floor(start, 50_000)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn statistics_equal_a_recount(
        lives in vec(life(), 0..120),
        until in 0..(LENGTH + 8_000) * 1_000,
    ) {
        let (statistics, now) = (told(&lives, until), moment(until));
        let seen: Vec<_> = lives.iter().collect();
        for window in Window::ALL {
            let [of_window, past] = stretches(window, until);
            let check = |series: &Series, lives: &[&Life]| {
                let figures = statistics.figures(series, window, now);
                assert_tally(&figures.now, lives, &of_window)?;
                assert_tally(&figures.before, lives, &past)
            };
            check(&statistics.whole, &seen)?;
            for nth in 0..4 {
                let empty = Series::default();
                let series = |dimension, id: String| {
                    statistics.subject(dimension, &id).map_or(&empty, Subject::series)
                };
                let of_domain: Vec<_> = lives.iter().filter(|life| life.domain == nth).collect();
                check(series(Dimension::Domain, format!("domain-{nth}")), &of_domain)?;
                let of_cell: Vec<_> = lives.iter().filter(|life| life.cell == nth).collect();
                check(series(Dimension::Cell, format!("cell-{nth}")), &of_cell)?;
            }
        }
        if until > (LENGTH + 2_000 + 7_500) * 1_000 {
            prop_assert_eq!(statistics.whole.bytes(), 0, "all is forgotten");
        }
    }

    #[test]
    fn the_course_of_a_window_adds_up_to_it(lives in vec(life(), 0..120), until in 0..LENGTH * 1_000) {
        let (statistics, now) = (told(&lives, until), moment(until));
        for window in Window::ALL {
            let course = statistics.course(&statistics.whole, window, now);
            let tally = statistics.figures(&statistics.whole, window, now).now;
            prop_assert_eq!(course.iter().map(|slot| slot.completed).sum::<u32>(), tally.completed);
            prop_assert_eq!(course.iter().map(|slot| slot.failed).sum::<u32>(), tally.failed);
        }
    }
}

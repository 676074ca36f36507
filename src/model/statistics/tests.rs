//! Statistics of histories, compared with a recount of all that happened.

mod random;

use std::time::Duration;

use super::*;
use crate::model::{Domain, Entity, Ownership, State, TaskGuid};

/// When the tests begin, by our clock. A slot of every length begins then.
const START: u64 = 1_780_315_200;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from(Duration::from_secs(START + seconds))
}

fn pending(created: u64) -> Task {
    Task {
        created_at: at(created),
        updated_at: at(created),
        ..Task::blank(TaskGuid::from("task"), Domain::from("cf-tasks"), State::Pending)
    }
}

fn running(created: u64, started: u64) -> Task {
    let cell = Some(CellId::from("cell-1"));
    Task { state: State::Running, updated_at: at(started), cell, ..pending(created) }
}

fn completed(created: u64, done: u64, failed: bool) -> Task {
    Task {
        state: State::Completed,
        updated_at: at(done),
        first_completed_at: at(done),
        failed,
        ..pending(created)
    }
}

fn resolving(created: u64, done: u64) -> Task {
    Task { state: State::Resolving, ..completed(created, done, false) }
}

/// Statistics that have been kept since the start.
fn watching() -> Statistics {
    let mut statistics = Statistics::default();
    statistics.pass_time(at(0));
    statistics
}

impl Statistics {
    /// An event of a change that was known until now.
    fn hear(&mut self, seconds: u64, before: &Task, after: &Task) {
        let (before, told) = (Some(before), Some(before));
        self.observe(&Observed { at: at(seconds), offset_ns: 0, before, told, after });
    }

    /// A list that reveals a change.
    fn list(&mut self, seconds: u64, before: Option<&Task>, after: &Task) {
        self.observe(&Observed { at: at(seconds), offset_ns: 0, before, told: None, after });
    }

    fn of_all(&self, window: Window, seconds: u64) -> Figures {
        self.figures(&self.whole, window, at(seconds))
    }

    /// Returns how many tasks started, completed and failed, and how many running times are known.
    fn counts(&self, window: Window, seconds: u64) -> [u32; 4] {
        let now = self.of_all(window, seconds).now;
        [now.waiting.count(), now.completed, now.failed, now.running.count()]
    }
}

#[test]
fn there_is_no_rate_until_half_a_minute_was_watched() {
    let mut statistics = watching();
    for created in 0..12 {
        statistics.hear(3, &running(created, 2), &completed(created, 3, false));
    }
    let rate = |seconds| statistics.of_all(Window::TenMinutes, seconds).per_minute();
    assert_eq!(statistics.of_all(Window::TenMinutes, 3).now.completed, 12, "the count is known at once");
    assert_eq!([rate(3), rate(29), rate(30)], [None, None, Some(24.0)], "not 240 a minute");
    assert_eq!(rate(120), Some(6.0));
}

#[test]
fn a_life_gives_a_waiting_and_a_running_time() {
    let mut statistics = watching();
    statistics.hear(4, &pending(0), &running(0, 4));
    statistics.hear(24, &running(0, 4), &completed(0, 24, true));
    statistics.hear(25, &completed(0, 24, true), &resolving(0, 24));
    assert_eq!(statistics.counts(Window::Minute, 30), [1, 1, 1, 1]);
    let now = statistics.of_all(Window::Minute, 30).now;
    let near = |span: Option<Duration>, seconds: u64| {
        let truth = Duration::from_secs(seconds);
        span.is_some_and(|span| span.abs_diff(truth) <= truth / 32)
    };
    assert!(near(now.waiting.quantile(0.5), 4) && near(now.running.longest(), 20), "{now:?}");
    assert_eq!(statistics.counts(Window::Minute, 90), [0; 4], "a minute later");
    assert_eq!(statistics.counts(Window::Hour, 90), [1, 1, 1, 1]);
    let cell = statistics.subject(Dimension::Cell, "cell-1").unwrap();
    assert_eq!(statistics.figures(cell.series(), Window::Hour, at(90)).now.completed, 1, "the cell it left");
}

#[test]
fn nothing_counts_twice() {
    let mut statistics = watching();
    statistics.list(5, Some(&pending(0)), &running(0, 4));
    statistics.list(9, Some(&running(0, 4)), &running(0, 4));
    statistics.hear(10, &running(0, 4), &resolving(0, 10));
    let returned = completed(0, 10, false);
    statistics.list(50, Some(&resolving(0, 10)), &returned);
    statistics.list(51, Some(&returned), &resolving(0, 10));
    assert_eq!(statistics.counts(Window::Hour, 60), [1, 1, 0, 1]);
}

#[test]
fn a_rejected_task_waits_until_its_next_start() {
    let mut statistics = watching();
    statistics.hear(4, &pending(0), &running(0, 4));
    statistics.hear(6, &running(0, 4), &Task { rejection_count: 1, updated_at: at(6), ..pending(0) });
    statistics.hear(9, &pending(0), &running(0, 9));
    assert_eq!(statistics.counts(Window::Minute, 10), [2, 0, 0, 0]);
    assert!(statistics.of_all(Window::Minute, 10).now.waiting.longest() > Some(Duration::from_secs(8)));
}

#[test]
fn what_happened_before_the_first_list_does_not_count() {
    let mut statistics = Statistics::default();
    statistics.pass_time(at(100));
    statistics.list(100, None, &running(0, 40));
    statistics.list(100, None, &completed(0, 60, true));
    assert_eq!(statistics.counts(Window::Hour, 101), [0; 4]);
    statistics.hear(130, &running(0, 40), &completed(0, 130, false));
    assert_eq!(statistics.counts(Window::Hour, 131), [0, 1, 0, 1], "its start is known from the list");
}

#[test]
fn what_a_list_reveals_counts_when_it_happened_by_the_clock_of_the_server() {
    let mut statistics = watching();
    // The server's clock is 1,000 s ahead.
    let offset_ns = 1_000_000_000_000;
    let task = running(1_000, 1_010);
    let observed = Observed { at: at(200), offset_ns, before: None, told: None, after: &task };
    statistics.observe(&observed);
    assert_eq!(statistics.counts(Window::Minute, 201), [0; 4], "it started 190 s ago");
    assert_eq!(statistics.counts(Window::TenMinutes, 201), [1, 0, 0, 0]);
}

#[test]
fn a_start_that_was_not_seen_gives_no_times() {
    let mut statistics = watching();
    statistics.list(30, Some(&pending(0)), &completed(0, 20, false));
    assert_eq!(statistics.counts(Window::Minute, 31), [0, 1, 0, 0]);
    statistics.hear(40, &running(0, 4), &completed(0, 20, false));
    let mut told = watching();
    let (before, after) = (running(0, 4), completed(0, 20, false));
    told.observe(&Observed { at: at(20), offset_ns: 0, before: None, told: Some(&before), after: &after });
    assert_eq!(told.counts(Window::Minute, 31), [1, 1, 0, 1], "the event tells the start");
}

#[test]
fn another_life_of_the_guid_is_another_task() {
    let mut statistics = watching();
    statistics.list(30, Some(&completed(0, 20, false)), &completed(25, 29, true));
    assert_eq!(statistics.counts(Window::Minute, 31), [0, 1, 1, 0]);
}

#[test]
fn a_task_without_an_app_or_a_cell_counts_where_it_belongs() {
    let mut statistics = watching();
    statistics.hear(4, &pending(0), &completed(0, 4, true));
    assert_eq!(statistics.subjects(Dimension::App).len() + statistics.subjects(Dimension::Cell).len(), 0);
    assert_eq!(statistics.subjects(Dimension::Domain).len(), 1);
    let app = Entity { guid: "guid".to_owned(), name: "shop".to_owned() };
    let owner = Owner::new(Ownership { app, ..Ownership::default() });
    let of_app = |task| Task { owner: owner.clone(), ..task };
    statistics.hear(6, &of_app(pending(0)), &of_app(running(0, 6)));
    let app = statistics.subject(Dimension::App, "guid").unwrap();
    assert_eq!(app.owner().app().label(), "shop");
}

#[test]
fn lost_events_are_known_and_say_nothing_about_throughput() {
    let mut statistics = watching();
    let mut life = |second: u64| {
        let task = running(second, second);
        statistics.hear(second, &task, &completed(second, second, false));
    };
    (0..4_000).for_each(&mut life);
    let stalled = |statistics: &Statistics| {
        let found = statistics.of_all(Window::TenMinutes, 4_600).deviations;
        found.iter().any(|deviation| matches!(deviation.shift, Shift::Throughput(..)))
    };
    assert!(stalled(&statistics));
    assert_eq!(statistics.lost_in(Window::TenMinutes, at(4_600)), Duration::ZERO);
    statistics.lose_events(at(4_100));
    statistics.regain_events(at(4_112));
    assert_eq!(statistics.lost_in(Window::TenMinutes, at(4_600)), Duration::from_secs(12));
    assert_eq!(statistics.lost_in(Window::Minute, at(4_600)), Duration::ZERO);
    assert!(!stalled(&statistics));
}

#[test]
fn two_hours_later_all_is_forgotten() {
    let mut statistics = watching();
    statistics.hear(4, &pending(0), &running(0, 4));
    statistics.pass_time(at(7_100));
    assert!(statistics.subject(Dimension::Cell, "cell-1").is_some(), "the past of an hour");
    statistics.pass_time(at(7_600));
    assert!(statistics.subject(Dimension::Cell, "cell-1").is_none());
    assert_eq!(statistics.whole.bytes(), 0);
}

#[test]
fn a_clock_that_is_set_back_does_not_leave_samples_ahead() {
    let mut statistics = watching();
    statistics.hear(90_000, &pending(0), &running(0, 90_000));
    statistics.pass_time(at(500));
    assert_eq!(statistics.whole.bytes(), 0);
    statistics.hear(510, &pending(500), &running(500, 510));
    assert_eq!(statistics.counts(Window::Minute, 511), [1, 0, 0, 0]);
}

#[test]
fn subjects_beyond_the_limit_count_together_and_memory_is_bounded() {
    let mut statistics = watching();
    for nth in 0..20_000_u64 {
        let second = nth % 7_200;
        let named = |task| Task { cell: Some(CellId::from(format!("cell-{nth}"))), ..task };
        let start = named(running(second, second + nth % 100));
        statistics.hear(second, &pending(second), &start);
        statistics.hear(second, &start, &completed(second, second + nth % 1_000, false));
    }
    assert_eq!(statistics.subjects(Dimension::Cell).len(), MOST_SUBJECTS);
    let now = at(7_199);
    let other = statistics.figures(statistics.other(Dimension::Cell), Window::Hour, now).now;
    let own = statistics.subjects(Dimension::Cell);
    let own: u32 = own.map(|cell| statistics.figures(&cell.series, Window::Hour, now).now.completed).sum();
    assert_eq!(own + other.completed, statistics.figures(&statistics.whole, Window::Hour, now).now.completed);
    assert!(other.completed > 0);
    let series = statistics.cells.by_id.values().map(|cell| &cell.series);
    let bytes: usize = series.chain([&statistics.cells.other]).map(Series::bytes).sum();
    assert!(bytes < 4 << 20, "{bytes}");
}

//! The pulse: what it counts, in which order its rows stand, and what keys do in it.

use super::*;
use crate::model::statistics::{Dimension, Shift, Window};

/// A stream on which lives are told as they happen.
struct Foundation {
    harness: Harness,
    stream: StreamId,
    next: u32,
}

impl Foundation {
    fn new() -> Self {
        let mut harness = Harness::new();
        let stream = harness.go_live(Vec::new());
        Self { harness, stream, next: 0 }
    }

    /// A task waits, runs on a cell and completes, and its callback deletes it.
    fn life(&mut self, domain: &str, cell: &str, failed: bool) {
        self.next += 1;
        let now = self.harness.now.wall;
        let ago = |seconds: i64| now.shifted(-seconds * 1_000_000_000);
        let guid = format!("task-{}", self.next);
        let pending = Task {
            created_at: ago(12),
            updated_at: ago(12),
            ..Task::blank(TaskGuid::from(guid), Domain::from(domain), State::Pending)
        };
        let running = Task {
            state: State::Running,
            cell: Some(CellId::from(cell)),
            updated_at: ago(10),
            ..pending.clone()
        };
        let completed = Task {
            state: State::Completed,
            failed,
            updated_at: now,
            first_completed_at: now,
            ..pending.clone()
        };
        let resolving = Task { state: State::Resolving, ..completed.clone() };
        let items = vec![
            StreamItem::Event(TaskEvent::Created(pending.clone())),
            changed(pending, running.clone()),
            changed(running, completed.clone()),
            changed(completed, resolving.clone()),
            StreamItem::Event(TaskEvent::Removed(resolving)),
        ];
        self.harness.send(SessionMsg::StreamItems(self.stream, items));
    }

    /// An hour of few failures on three cells, and then ten minutes in which most tasks of the second one fail.
    fn incident() -> Self {
        let mut foundation = Self::new();
        for nth in 0..4_800 / 15 {
            foundation.harness.now = foundation.harness.now.plus(Duration::from_secs(15));
            for cell in ["cell-1", "cell-2", "cell-3"] {
                let domain = if nth % 3 == 0 { "cf-app-staging" } else { "cf-tasks" };
                let failed = if cell == "cell-2" && nth > 280 { nth % 5 > 0 } else { nth % 20 == 0 };
                foundation.life(domain, cell, failed);
            }
        }
        foundation
    }

    fn press(&mut self, keys: &str) {
        self.harness.press(keys);
    }

    fn names(&self) -> Vec<String> {
        let rows = (0..).map_while(|at| self.harness.app.pulse_facts(at));
        rows.map(|facts| facts.name.as_ref().map_or("", |name| name.label()).to_owned()).collect()
    }

    fn pulse(&self) -> &PulsePane {
        self.harness.app.pulse()
    }

    fn facts(&self, at: usize) -> &PulseFacts {
        self.harness.app.pulse_facts(at).unwrap()
    }
}

#[test]
fn what_deviates_from_its_past_stands_first_and_the_whole_before_it() {
    let mut foundation = Foundation::incident();
    foundation.press("4bb");
    assert_eq!(foundation.pulse().dimension(), Dimension::Cell);
    assert_eq!(foundation.names(), ["", "cell-2", "cell-1", "cell-3"]);
    let deviations = &foundation.facts(1).figures.deviations;
    let [Shift::Failures(before, now)] = deviations.iter().map(|of| of.shift).collect::<Vec<_>>()[..] else {
        panic!("{deviations:?}")
    };
    assert!(before < 0.07 && now > 0.7, "{before} {now}");
    assert!(foundation.facts(2).figures.deviations.is_empty(), "calm");
    assert_eq!(foundation.pulse().deviating(), 1);
    let figures = &foundation.facts(0).figures;
    assert_eq!(figures.now.completed, figures.now.waiting.count());
    let rate = figures.per_minute().unwrap();
    assert!((11.0..13.0).contains(&rate), "three in 15 s: {rate}");
    let wait = figures.now.waiting.quantile(0.95).unwrap();
    assert!(wait.abs_diff(Duration::from_secs(2)) < Duration::from_millis(100), "{wait:?}");
}

#[test]
fn a_row_filters_the_table_and_the_history_leads_back() {
    let mut foundation = Foundation::incident();
    foundation.press("4bbj");
    assert_eq!(foundation.harness.app.focus(), Pane::Pulse);
    foundation.press("\n");
    let cell = |foundation: &Foundation| {
        foundation.harness.app.filter().groups.get(GroupKey::Cell).map(|name| name.id().to_owned())
    };
    assert_eq!(cell(&foundation).as_deref(), Some("cell-2"));
    assert_eq!(foundation.harness.app.main_pane(), MainPane::Tasks);
    foundation.press("[");
    assert_eq!((cell(&foundation), foundation.harness.app.main_pane()), (None, MainPane::Pulse));
    foundation.press("]");
    assert_eq!(foundation.harness.app.main_pane(), MainPane::Tasks);
    foundation.press("4g\n");
    assert_eq!(cell(&foundation), None, "the row of all tasks takes the filter off");
}

#[test]
fn keys_change_the_dimension_the_window_and_the_order() {
    let mut foundation = Foundation::incident();
    foundation.press("4");
    assert_eq!(
        (foundation.pulse().dimension(), foundation.pulse().window()),
        (Dimension::Domain, Window::TenMinutes)
    );
    assert_eq!(foundation.names().len(), 3);
    foundation.press("<<");
    assert_eq!(foundation.pulse().window(), Window::Minute);
    foundation.press(">>>");
    assert_eq!(foundation.pulse().window(), Window::Hour);
    foundation.press("B");
    assert_eq!(foundation.pulse().dimension(), Dimension::Cell);
    foundation.press("bS");
    assert_eq!(foundation.names(), ["", "cf-app-staging", "cf-tasks"], "the least busy first");
    foundation.press("s");
    assert_eq!(foundation.pulse().sort(), (PulseSort::Waiting, false));
    foundation.press("sss");
    assert_eq!(foundation.pulse().sort(), (PulseSort::Failures, false));
    foundation.press("bbs");
    assert_eq!(foundation.names(), ["", "cell-1", "cell-2", "cell-3"], "by name");
    foundation.press("S");
    assert_eq!(foundation.names(), ["", "cell-3", "cell-2", "cell-1"]);
    foundation.press("q");
    assert_eq!(foundation.harness.app.main_pane(), MainPane::Tasks);
}

#[test]
fn the_cursor_stays_on_its_row_when_the_order_changes() {
    let mut foundation = Foundation::incident();
    foundation.press("4bbj");
    assert_eq!(foundation.pulse().cursor_at(), 1);
    foundation.press("sssss");
    assert_eq!((foundation.pulse().sort().0, foundation.pulse().cursor_at()), (PulseSort::Name, 2));
}

#[test]
fn rows_are_listed_at_most_once_a_second_and_only_while_the_view_is_open() {
    let mut foundation = Foundation::new();
    foundation.life("cf-tasks", "cell-1", false);
    assert_eq!(foundation.pulse().rows().len(), 1, "it is closed");
    foundation.press("4");
    assert_eq!(foundation.names(), ["", "cf-tasks"]);
    foundation.life("batch", "cell-1", false);
    assert_eq!(foundation.names(), ["", "cf-tasks"]);
    assert_eq!(foundation.facts(0).figures.now.completed, 1, "what a row says does not change either");
    foundation.harness.wait(Duration::from_secs(1));
    assert_eq!(foundation.names(), ["", "batch", "cf-tasks"]);
    assert_eq!(foundation.facts(0).figures.now.completed, 2);
}

#[test]
fn lost_events_are_said_as_long_as_they_lie_in_the_window() {
    let mut foundation = Foundation::new();
    foundation.life("cf-tasks", "cell-1", false);
    foundation.press("4");
    assert_eq!(foundation.pulse().lost(), Duration::ZERO);
    foundation.harness.now = foundation.harness.now.plus(Duration::from_secs(2));
    let stream =
        stream_of(&foundation.harness.send(SessionMsg::StreamEnded(foundation.stream, None))).unwrap();
    foundation.harness.now = foundation.harness.now.plus(Duration::from_secs(10));
    let effects = foundation.harness.send(SessionMsg::StreamOpened(stream));
    foundation.harness.list(mark_of(&effects).unwrap(), Vec::new());
    foundation.harness.wait(Duration::from_secs(1));
    assert_eq!(foundation.pulse().lost(), Duration::from_secs(12));
    foundation.press("<");
    assert_eq!(foundation.pulse().lost(), Duration::from_secs(12));
    foundation.harness.wait(Duration::from_secs(65));
    assert_eq!(foundation.pulse().lost(), Duration::ZERO, "the minute is over");
}

#[test]
fn without_a_stream_what_lists_show_counts() {
    let mut harness = Harness::polling(Vec::new());
    let (waited, effect) = harness.until(is_list).unwrap();
    assert!(waited > Duration::ZERO);
    let started = harness.now.wall;
    let running = Task {
        created_at: started.shifted(-3_000_000_000),
        updated_at: started,
        ..task("a", State::Running)
    };
    let long_ago = task("b", State::Running);
    harness.list(mark_of(&[effect]).unwrap(), vec![running, long_ago]);
    harness.press("4");
    let now = &harness.app.pulse_facts(0).unwrap().figures.now;
    assert_eq!(now.waiting.count(), 1, "the other one started before taskdeck did");
    assert!(now.waiting.longest().unwrap().abs_diff(Duration::from_secs(3)) < Duration::from_millis(100));
}

#[test]
fn each_target_has_statistics_of_its_own() {
    let mut foundation = Foundation::new();
    foundation.life("cf-tasks", "cell-1", false);
    foundation.press("4");
    let other = foundation.harness.open_session(Target { name: Some("other".into()), ..Target::default() });
    let now = foundation.harness.now;
    foundation.harness.app.show_session(other, now);
    foundation.press("4");
    assert_eq!(foundation.names(), [""]);
    foundation.harness.app.show_session(FIRST, now);
    foundation.harness.send(Msg::Tick);
    assert_eq!((foundation.harness.app.main_pane(), foundation.names().len()), (MainPane::Pulse, 2));
}

#[test]
fn a_click_selects_a_row_and_another_one_filters() {
    let mut foundation = Foundation::incident();
    foundation.press("4bb");
    foundation.harness.app.mouse = true;
    let mut click = |pointed| {
        let harness = &mut foundation.harness;
        harness.send(Msg::Mouse(MouseAction::Click, Some(pointed), harness.now.mono));
        (harness.app.pulse().cursor_at(), harness.app.main_pane())
    };
    assert_eq!(click(Pointed::PulseRow(1)), (1, MainPane::Pulse));
    assert_eq!(click(Pointed::Pane(Pane::Pulse)), (1, MainPane::Pulse));
    assert_eq!(click(Pointed::PulseRow(1)), (1, MainPane::Tasks));
}

#[test]
fn subjects_beyond_the_limit_are_one_row_that_filters_nothing() {
    let mut foundation = Foundation::new();
    for nth in 0..=crate::model::statistics::MOST_SUBJECTS {
        foundation.life(&format!("domain-{nth}"), "cell-1", false);
    }
    foundation.press("4G");
    let last = foundation.pulse().rows().len() - 1;
    assert_eq!(foundation.pulse().rows()[last].name, RowName::Other);
    assert_eq!(foundation.facts(last).figures.now.completed, 1);
    foundation.press("\n");
    assert!(
        foundation.harness.notice().contains("beyond the first 4,000"),
        "{}",
        foundation.harness.notice()
    );
    assert_eq!(foundation.harness.app.main_pane(), MainPane::Pulse);
}

#[test]
fn the_pulse_comes_back_with_the_last_view() {
    let mut foundation = Foundation::new();
    let target = Target { name: Some("prod".into()), ..Target::default() };
    foundation.harness = Harness::with(target.clone());
    foundation.harness.press("4");
    let effects = foundation.harness.wait(Duration::from_secs(3));
    let saved = effects.into_iter().find_map(|effect| match effect {
        Effect::SaveState(saved) => Some(saved),
        _ => None,
    });
    let settings = Settings { saved: saved.unwrap(), ..Settings::default() };
    let app = App::new(target, settings);
    assert_eq!(app.main_pane(), MainPane::Pulse);
}

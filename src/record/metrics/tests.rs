//! What entries and figures become in the text that a scrape gets.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::model::recording::{GapEntry, Recorded, TaskEntry};
use crate::model::{Cause, End, Evidence, FeedHealth, FeedTotals, Stuck, Task, Timestamp};

const CREATED: i64 = 1_780_315_000_000_000_000;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_nanos(CREATED).plus(Duration::from_secs(seconds))
}

/// A task that was created at 0, in this state since `updated`.
fn task(guid: &str, state: State, updated: u64) -> Task {
    Task {
        created_at: at(0),
        updated_at: at(updated),
        first_completed_at: match state {
            State::Completed | State::Resolving => at(updated),
            _ => Timestamp::UNSET,
        },
        ..Task::blank(guid.into(), "cf-tasks".into(), state)
    }
}

fn failed(guid: &str, reason: &str) -> Task {
    Task { failed: true, failure_reason: reason.into(), ..task(guid, State::Completed, 9) }
}

fn change(evidence: Evidence, before: Option<&Task>, after: &Task, end: Option<End>) -> Entry {
    let (before, task) = (before.cloned(), after.clone());
    let what = TaskEntry { evidence, before, task, limits: None, end };
    Entry { at: at(100), what: Recorded::Task(Box::new(what)) }
}

fn event(before: Option<&Task>, after: &Task) -> Entry {
    change(Evidence::Event, before, after, None)
}

fn gap(reported: u64, start: u64, closed: bool) -> Entry {
    Entry {
        at: at(reported),
        what: Recorded::Gap(GapEntry { start: at(start), closed, why: "broke".into() }),
    }
}

/// After the first list, which had no task.
fn listed() -> Figures {
    let feed = FeedTotals { lists: 1, ..FeedTotals::default() };
    Figures { health: FeedHealth::Live, feed, ..Figures::default() }
}

/// Metrics of a session that is live since its first list.
fn live() -> Metrics {
    let mut metrics = Metrics::new("prod");
    metrics.page(&listed(), WriterStatus::default());
    metrics
}

/// Reads entries and returns what is exported then.
fn exported(metrics: &mut Metrics, entries: &[Entry]) -> BTreeMap<String, String> {
    metrics.read(entries);
    scrape(metrics, &listed())
}

fn scrape(metrics: &mut Metrics, figures: &Figures) -> BTreeMap<String, String> {
    let page = Arc::new(metrics.page(figures, WriterStatus::default()));
    let texts = [Format::Prometheus, Format::OpenMetrics].map(|format| samples(&page.text(format)));
    assert!(texts[0] == texts[1], "both formats have the same series");
    texts.into_iter().next().unwrap()
}

/// Parses series and their values. None may come twice.
fn samples(text: &str) -> BTreeMap<String, String> {
    let mut samples = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let twice = samples.insert(in_one_form(series), value.trim_end_matches(".0").to_owned());
        assert_eq!(twice, None, "{series}");
    }
    samples
}

/// Leaves out the target, and puts the bound of a bucket last and as `OpenMetrics` writes it.
fn in_one_form(series: &str) -> String {
    let series = series.replace(r#"target="prod","#, "").replace(r#"{target="prod"}"#, "");
    let Some((before, (bound, after))) =
        series.split_once(r#"le=""#).and_then(|(before, rest)| Some((before, rest.split_once('"')?)))
    else {
        return series;
    };
    let bound = if bound == "+Inf" || bound.contains('.') { bound.to_owned() } else { format!("{bound}.0") };
    let others = [before.trim_end_matches([',']), after.trim_start_matches(',')].concat();
    format!("{},le=\"{bound}\"}}", others.trim_end_matches('}'))
}

fn value<'a>(samples: &'a BTreeMap<String, String>, series: &str) -> &'a str {
    samples.get(series).unwrap_or_else(|| panic!("no {series} in {samples:#?}"))
}

/// Returns the series of a metric that are not zero.
fn of<'a>(samples: &'a BTreeMap<String, String>, name: &str) -> Vec<(&'a str, &'a str)> {
    let of = samples.iter().filter_map(|(series, value)| Some((series.strip_prefix(name)?, value.as_str())));
    of.filter(|(_, value)| *value != "0").collect()
}

fn ended(samples: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    of(samples, r#"taskdeck_tasks_ended_total{domain="cf-tasks",cause="#)
}

fn failures(samples: &BTreeMap<String, String>) -> Vec<(&str, &str)> {
    of(samples, r#"taskdeck_task_failures_total{domain="cf-tasks",reason="#)
}

#[test]
fn names_follow_the_conventions() {
    for Metric { name, kind, labels, help, .. } in &METRICS {
        assert!(name.starts_with("taskdeck_"), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        assert_eq!(name.ends_with("_total"), *kind == Kind::Counter, "{name}");
        assert_eq!(name.ends_with("_info"), *kind == Kind::Info, "{name}");
        assert!(*kind != Kind::Histogram || name.ends_with("_seconds"), "{name}");
        assert!(help.starts_with(|c: char| c.is_ascii_uppercase()) && !help.ends_with('.'), "{help}");
        assert!(!help.contains(['|', '\n', '\\']), "{help}");
        assert!(!labels.contains(&"target"), "{name}");
    }
    let mut names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), METRICS.len());
}

#[test]
fn every_metric_is_exported_from_the_start_with_its_type() {
    let mut metrics = Metrics::new("prod");
    let running = TaskCount {
        domain: "cf-tasks".into(),
        cell: Some("cell-1".into()),
        state: State::Running,
        failed: false,
        tasks: 3,
    };
    let figures = Figures { tasks: vec![running], stuck: vec![(Stuck::Cell, 0)], ..Figures::default() };
    let page = Arc::new(metrics.page(&figures, WriterStatus::default()));
    let (text, open) = (page.text(Format::Prometheus), page.text(Format::OpenMetrics));
    for metric in &METRICS {
        let series = match metric.kind {
            Kind::Histogram => format!("{}_count", metric.name),
            _ => metric.name.to_owned(),
        };
        let has = |text: &str| text.lines().any(|line| line.starts_with(&format!("{series}{{")));
        assert!(has(&text) && has(&open), "{series}: {text}");
        assert!(text.contains(&format!("# HELP {} {}\n", metric.name, metric.help)), "{}", metric.name);
    }
    assert!(open.ends_with("\n# EOF\n") && !text.contains("# EOF"), "{open}");
    assert!(open.contains("# UNIT taskdeck_task_waiting_seconds seconds\n"), "{open}");
    assert!(open.contains("# TYPE taskdeck_build info\n"), "{open}");
    assert!(text.contains(concat!("taskdeck_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1\n")));
}

#[test]
fn tasks_are_counted_by_domain_and_state_and_by_cell() {
    let count = |domain: &str, cell: Option<&str>, state, failed, tasks| TaskCount {
        domain: domain.into(),
        cell: cell.map(Into::into),
        state,
        failed,
        tasks,
    };
    let tasks = vec![
        count("cf-tasks", Some("a"), State::Running, false, 3),
        count("cf-tasks", Some("b"), State::Running, false, 4),
        count("cf-tasks", Some("b"), State::Completed, true, 2),
        count("cf-tasks", None, State::Completed, true, 1),
        count("staging", None, State::Other(7), false, 1),
    ];
    let mut metrics = Metrics::new("prod");
    let held = scrape(&mut metrics, &Figures { tasks, ..listed() });
    assert_eq!(value(&held, r#"taskdeck_tasks{domain="cf-tasks",state="Running"}"#), "7");
    assert_eq!(value(&held, r#"taskdeck_tasks{domain="cf-tasks",state="Completed"}"#), "3");
    assert_eq!(value(&held, r#"taskdeck_tasks{domain="cf-tasks",state="Pending"}"#), "0");
    assert_eq!(value(&held, r#"taskdeck_tasks{domain="staging",state="State 7"}"#), "1");
    assert_eq!(value(&held, r#"taskdeck_failed_tasks{domain="cf-tasks"}"#), "3");
    assert_eq!(value(&held, r#"taskdeck_cell_tasks{cell="b",state="Completed"}"#), "2");
    // Then all of them are gone: the domains stay with zeros, and the cells go.
    let empty = scrape(&mut metrics, &listed());
    assert_eq!(value(&empty, r#"taskdeck_tasks{domain="staging",state="Running"}"#), "0");
    assert_eq!(of(&empty, "taskdeck_tasks{"), []);
    assert!(!empty.keys().any(|series| series.starts_with("taskdeck_cell_tasks")), "{empty:?}");
}

#[test]
fn one_health_is_1() {
    let mut metrics = live();
    for health in FeedHealth::ALL {
        let samples = scrape(&mut metrics, &Figures { health, ..listed() });
        let name = format!("{{health=\"{}\"}}", health.name());
        assert_eq!(of(&samples, "taskdeck_feed_health"), [(name.as_str(), "1")]);
    }
}

#[test]
fn a_life_is_counted_once_at_each_step() {
    let (pending, running) = (task("a", State::Pending, 0), task("a", State::Running, 3));
    let done = Task { first_completed_at: at(63), ..failed("a", "exit status 137") };
    let resolving = Task { state: State::Resolving, ..done.clone() };
    let entries = [
        event(None, &pending),
        event(Some(&pending), &running),
        event(Some(&running), &done),
        event(Some(&done), &resolving),
        change(Evidence::Event, Some(&resolving), &resolving, Some(End::CalledBack)),
    ];
    let samples = exported(&mut live(), &entries);
    assert_eq!(ended(&samples), [(r#""callback"}"#, "1")]);
    assert_eq!(failures(&samples), [(r#""exit status <n>"}"#, "1")]);
    let of = |part: &str| value(&samples, &format!("taskdeck_task_{part}"));
    assert_eq!(of(r#"waiting_seconds_sum{domain="cf-tasks"}"#), "3");
    assert_eq!(of(r#"waiting_seconds_bucket{domain="cf-tasks",le="2.5"}"#), "0");
    assert_eq!(of(r#"waiting_seconds_bucket{domain="cf-tasks",le="5.0"}"#), "1");
    assert_eq!(of(r#"waiting_seconds_bucket{domain="cf-tasks",le="+Inf"}"#), "1");
    assert_eq!(of(r#"running_seconds_sum{domain="cf-tasks"}"#), "60");
    assert_eq!(of(r#"running_seconds_count{domain="cf-tasks"}"#), "1");
}

#[test]
fn what_the_first_list_finds_is_not_news() {
    let mut metrics = Metrics::new("prod");
    let (running, old) = (task("a", State::Running, 3), failed("b", "boom"));
    let found = |task| change(Evidence::List, None, task, None);
    metrics.read(&[found(&running), found(&old)]);
    // What events tell meanwhile is.
    metrics.read(&[event(Some(&task("c", State::Running, 1)), &failed("c", "bang"))]);
    let samples = scrape(&mut metrics, &listed());
    assert_eq!(failures(&samples), [(r#""bang"}"#, "1")]);
    assert_eq!(value(&samples, r#"taskdeck_task_waiting_seconds_count{domain="cf-tasks"}"#), "0");
    // And what a later list finds, with events or without.
    let samples = exported(
        &mut metrics,
        &[found(&failed("d", "boom")), change(Evidence::Reconciled, None, &failed("e", "boom"), None)],
    );
    assert_eq!(failures(&samples), [(r#""bang"}"#, "1"), (r#""boom"}"#, "2")]);
}

/// As after the disk was full for a while.
#[test]
fn a_recording_that_begins_anew_counts_nothing_again() {
    let mut metrics = live();
    let done = failed("a", "boom");
    metrics.read(&[event(None, &done)]);
    metrics.begin();
    metrics.read(&[change(Evidence::List, None, &done, None)]);
    // The page that follows has no list more than the last one.
    metrics.page(&listed(), WriterStatus::default());
    let samples = exported(&mut metrics, &[change(Evidence::List, None, &done, None)]);
    assert_eq!(failures(&samples), [(r#""boom"}"#, "1")]);
    let mut figures = listed();
    figures.feed.lists += 1;
    metrics.page(&figures, WriterStatus::default());
    let samples = exported(&mut metrics, &[change(Evidence::List, None, &failed("b", "boom"), None)]);
    assert_eq!(failures(&samples), [(r#""boom"}"#, "2")]);
}

#[test]
fn an_end_that_is_explained_later_is_counted_once() {
    let running = task("a", State::Running, 3);
    let resolving = task("a", State::Resolving, 9);
    let vanished = change(Evidence::List, Some(&running), &running, Some(End::Vanished));
    let explained = change(Evidence::Event, Some(&running), &resolving, Some(End::DeletedByOther));
    let mut metrics = live();
    let samples = exported(&mut metrics, &[vanished, explained]);
    assert_eq!(ended(&samples), [(r#""vanished"}"#, "1")]);
    // The guid is used again.
    let again = Task { created_at: at(50), ..resolving };
    let samples = exported(&mut metrics, &[change(Evidence::Event, None, &again, Some(End::CalledBack))]);
    assert_eq!(ended(&samples), [(r#""callback"}"#, "1"), (r#""vanished"}"#, "1")]);
}

#[test]
fn late_events_and_our_own_replies_count_nothing() {
    let (running, done) = (task("a", State::Running, 3), failed("a", "boom"));
    let samples = exported(
        &mut live(),
        &[
            change(Evidence::LateEvent, Some(&running), &done, None),
            change(Evidence::OurAction, Some(&done), &done, Some(End::DeletedByUs)),
        ],
    );
    assert_eq!((failures(&samples), ended(&samples)), (vec![], vec![]));
}

#[test]
fn a_task_that_starts_again_waited_twice() {
    let (first, second) = (task("a", State::Running, 3), task("a", State::Running, 40));
    let pending = Task { rejection_count: 1, ..task("a", State::Pending, 5) };
    let seen = exported(
        &mut live(),
        &[event(None, &first), event(Some(&first), &pending), event(Some(&pending), &second)],
    );
    let unseen = exported(&mut live(), &[event(None, &first), event(Some(&first), &second)]);
    for samples in [seen, unseen] {
        assert_eq!(value(&samples, r#"taskdeck_task_waiting_seconds_count{domain="cf-tasks"}"#), "2");
        assert_eq!(value(&samples, r#"taskdeck_task_waiting_seconds_sum{domain="cf-tasks"}"#), "43");
    }
}

#[test]
fn a_duration_whose_start_was_not_seen_is_not_measured() {
    let (pending, done) = (task("a", State::Pending, 0), task("a", State::Completed, 9));
    let other_life = Task { created_at: at(1), ..task("b", State::Running, 5) };
    let samples = exported(
        &mut live(),
        &[event(Some(&pending), &done), event(Some(&other_life), &task("b", State::Completed, 9))],
    );
    assert_eq!(value(&samples, r#"taskdeck_task_running_seconds_count{domain="cf-tasks"}"#), "0");
}

#[test]
fn losses_in_an_open_gap_extend_it() {
    let mut metrics = live();
    let of = |samples: &BTreeMap<String, String>| {
        ["gaps_total", "gap_seconds_total", "gap_open"]
            .map(|name| value(samples, &format!("taskdeck_feed_{name}")).to_owned())
    };
    assert_eq!(of(&exported(&mut metrics, &[])), ["0", "0", "0"]);
    assert_eq!(of(&exported(&mut metrics, &[gap(10, 8, false), gap(12, 8, false)])), ["1", "0", "1"]);
    assert_eq!(of(&exported(&mut metrics, &[gap(20, 8, true)])), ["1", "12", "0"]);
    assert_eq!(of(&exported(&mut metrics, &[gap(31, 30, false), gap(32, 30, true)])), ["2", "14", "0"]);
}

#[test]
fn reasons_and_domains_are_bounded() {
    let words = |nth: usize| -> String {
        // Letters alone: a number would be a pattern.
        nth.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
    };
    let mut entries: Vec<_> =
        (0..1_000).map(|nth| event(None, &failed(&format!("a-{nth}"), &words(nth)))).collect();
    entries.push(event(None, &failed("b", Cause::FAILURE_REASONS[1])));
    let samples = exported(&mut live(), &entries);
    assert_eq!(failures(&samples).len(), 52, "fifty, the rest, and one of Diego's");
    assert_eq!(value(&samples, r#"taskdeck_task_failures_total{domain="cf-tasks",reason="other"}"#), "950");
    let diego =
        r#"taskdeck_task_failures_total{domain="cf-tasks",reason="cell disappeared before completion"}"#;
    assert_eq!(value(&samples, diego), "1");

    let domains = (0..1_000).map(|nth| {
        let domain = format!("domain-{nth}").as_str().into();
        let (cell, state) = (Some(format!("cell-{nth}").as_str().into()), State::Running);
        TaskCount { domain, cell, state, failed: false, tasks: 1 }
    });
    let samples = scrape(&mut live(), &Figures { tasks: domains.collect(), ..listed() });
    assert_eq!(value(&samples, r#"taskdeck_tasks{domain="other",state="Running"}"#), "980");
    assert_eq!(of(&samples, "taskdeck_tasks{").len(), 21);
    assert_eq!(of(&samples, "taskdeck_cell_tasks{").len(), 1_000);
}

#[test]
fn cells_beyond_the_bound_are_summed_up() {
    let cell = |nth: usize| TaskCount {
        domain: "d".into(),
        cell: Some(format!("cell-{nth:05}").as_str().into()),
        state: State::Running,
        failed: false,
        tasks: 1,
    };
    let figures = Figures { tasks: (0..MOST_CELLS + 5).map(cell).collect(), ..listed() };
    let samples = scrape(&mut live(), &figures);
    assert_eq!(of(&samples, "taskdeck_cell_tasks{").len(), MOST_CELLS + 1);
    assert_eq!(value(&samples, r#"taskdeck_cell_tasks{cell="other",state="Running"}"#), "5");
}

/// Whatever tenants write, a line stays a line and a series comes once.
#[test]
fn hostile_texts_stay_inside_their_labels() {
    let domains =
        ["a\n# EOF", "a\"} 1\ntaskdeck_tasks{x=\"", "\\", "\\\"", "a\u{1b}[2J", "a\u{9b}2J", "a\u{202e}"];
    let count = |domain: &str| TaskCount {
        domain: domain.into(),
        cell: Some(domain.into()),
        state: State::Running,
        failed: true,
        tasks: 1,
    };
    // Two texts become the same value.
    let twins = ["b\u{200b}", "b\u{200c}"];
    let tasks = domains.into_iter().chain(twins).map(count).collect();
    let mut metrics = Metrics::new("prod");
    metrics.read(&[gap(1, 1, true)]);
    metrics.page(&listed(), WriterStatus::default());
    metrics.read(&domains.map(|reason| event(None, &failed("a", reason))));
    let page = Arc::new(metrics.page(&Figures { tasks, ..listed() }, WriterStatus::default()));
    let text = page.text(Format::Prometheus);
    assert!(!text.contains(|c: char| c != '\n' && crate::present::sanitise::is_invisible(c)), "{text:?}");
    let series = samples(&text);
    assert_eq!(value(&series, "taskdeck_tasks{domain=\"b\u{fffd}\",state=\"Running\"}"), "2");
    assert_eq!(value(&series, r#"taskdeck_tasks{domain="\\\"",state="Running"}"#), "1");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    assert!(lines.into_iter().all(|line| line.starts_with("taskdeck_")), "{text}");
}

#[test]
fn each_text_of_the_corpus_is_one_label() {
    for (name, text) in crate::present::sanitise::corpus::hostile() {
        let domain = text.as_str().into();
        let count = TaskCount {
            domain,
            cell: Some(text.as_str().into()),
            state: State::Running,
            failed: true,
            tasks: 1,
        };
        let mut metrics = Metrics::new(&text);
        metrics.read(&[gap(1, 1, true)]);
        metrics.page(&listed(), WriterStatus::default());
        metrics.read(&[event(None, &failed("a", &text))]);
        let figures = Figures { tasks: vec![count], ..listed() };
        let page = Arc::new(metrics.page(&figures, WriterStatus::default())).text(Format::Prometheus);
        assert!(!page.contains(|c: char| c != '\n' && crate::present::sanitise::is_invisible(c)), "{name}");
        let mut lines = page.lines().filter(|line| !line.starts_with("# "));
        assert!(lines.all(|line| line.starts_with("taskdeck_") && line.len() < 10_000), "{name}");
    }
}

#[test]
fn a_failure_without_a_reason_says_so() {
    let samples = exported(&mut live(), &[event(None, &failed("a", ""))]);
    assert_eq!(failures(&samples), [(r#""no reason"}"#, "1")]);
}

#[test]
fn the_table_has_a_row_for_each_metric() {
    let table = markdown();
    assert_eq!(table.lines().count(), METRICS.len() + 2);
    assert!(
        table.contains(
            "| `taskdeck_tasks` | gauge | `target` `domain` `state` | Tasks that the BBS holds |\n"
        )
    );
    assert!(table.contains("| `taskdeck_build_info` | info | `version` | Version of taskdeck |\n"));
}

//! Whatever fails and however time passes, the clusters are what a recount of all failures says.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::place::UNKNOWN;
use super::tally::bar;
use super::*;
use crate::model::{CellId, Domain, Entity, Owner, Ownership};

const START: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);
const REASONS: [&str; 4] =
    ["no space left on device", "exit status 1", "dial tcp 10.0.0.7:22: connection refused", ""];

/// What is done to the clusters.
#[derive(Debug, Clone)]
enum Do {
    /// A task fails so many seconds before now, which may be after it.
    Fail { task: u8, ago: i64, reason: usize, cell: u8, app: u8, domain: u8 },
    /// So many seconds pass. The clock may be set back.
    Pass(i64),
    /// Another window.
    Set(Window),
}

fn anything() -> impl Strategy<Value = Do> {
    let ago = prop_oneof![8 => 0..900_i64, 2 => 0..8_000_i64, 1 => 80_000..90_000_i64, 1 => -100..0_i64];
    let fail = (any::<u8>(), ago, 0..REASONS.len(), 0..4_u8, 0..4_u8, 0..2_u8);
    let pass = prop_oneof![6 => 0..90_i64, 2 => 0..5_000_i64, 1 => 60_000..100_000_i64, 1 => -4_000..0_i64];
    prop_oneof![
        12 => fail.prop_map(|(task, ago, reason, cell, app, domain)| Do::Fail { task, ago, reason, cell, app, domain }),
        4 => pass.prop_map(Do::Pass),
        1 => proptest::sample::select(&Window::ALL[..]).prop_map(Do::Set),
    ]
}

fn seconds(seconds: i64) -> i64 {
    seconds * 1_000_000_000
}

fn owner(app: &str) -> Owner {
    let app = Entity { guid: app.to_owned(), name: format!("name of {app}") };
    Owner::new(Ownership { app, ..Ownership::default() })
}

/// The place of a failure by the names of its cell, app and domain; an empty one is not known.
type Names = [String; 3];

fn names(cell: u8, app: u8, domain: u8) -> Names {
    let named = |what: &str, nth: u8| if nth == 0 { String::new() } else { format!("{what}-{nth}") };
    [named("cell", cell), named("app", app), format!("domain-{domain}")]
}

fn fail(clusters: &mut Clusters, task: &str, at: Timestamp, reason: &str, [cell, app, domain]: &Names) {
    let cell = (!cell.is_empty()).then(|| CellId::from(cell.as_str()));
    let owner = if app.is_empty() { Owner::default() } else { owner(app) };
    let place = Place { cell: cell.as_ref(), owner: &owner, domain: &Domain::from(domain.as_str()) };
    clusters.add(&Failure { guid: &TaskGuid::from(task), at, reason, place });
}

/// Keeps every failure, and counts all of them each time.
struct Recount {
    kept: BTreeMap<(Timestamp, u8), (String, Names)>,
    /// First and last of what is kept of a reason, or of a part of it.
    seen: BTreeMap<(String, Option<Names>), (Timestamp, Timestamp)>,
    window: Window,
    now: Timestamp,
}

impl Recount {
    fn apply(&mut self, what: &Do) {
        match *what {
            Do::Fail { task, ago, reason, cell, app, domain } => {
                let at = self.now.shifted(-seconds(ago));
                let bar = self.now.shifted(Window::TenMinutes.bar_nanos());
                let at = if at > bar { self.now } else { at };
                if at < Window::LONGEST.start(self.now) || self.kept.contains_key(&(at, task)) {
                    return;
                }
                let (reason, names) = (reason_pattern(REASONS[reason]), names(cell, app, domain));
                for part in [None, Some(names.clone())] {
                    let (first, last) = self.seen.entry((reason.clone(), part)).or_insert((at, at));
                    (*first, *last) = ((*first).min(at), (*last).max(at));
                }
                self.kept.insert((at, task), (reason, names));
            }
            Do::Pass(by) if by < 0 && -by < 5 => {}
            Do::Pass(by) => {
                self.now = self.now.shifted(seconds(by));
                if by < 0 {
                    self.pull_back();
                } else {
                    let oldest = Window::LONGEST.start(self.now);
                    self.kept.retain(|(at, _), _| *at >= oldest);
                }
                let kept = &self.kept;
                self.seen.retain(|(reason, part), _| {
                    kept.values()
                        .any(|(of, names)| of == reason && part.as_ref().is_none_or(|part| part == names))
                });
            }
            Do::Set(window) => self.window = window,
        }
    }

    /// What is ahead of a clock that was set back counts as of now.
    fn pull_back(&mut self) {
        let limit = self.now.shifted(Window::TenMinutes.bar_nanos());
        let not_ahead = |at: Timestamp| if at > limit { self.now } else { at };
        let kept = std::mem::take(&mut self.kept);
        self.kept = kept.into_iter().map(|((at, task), of)| ((not_ahead(at), task), of)).collect();
        for (first, last) in self.seen.values_mut() {
            (*first, *last) = (not_ahead(*first), not_ahead(*last));
        }
    }

    fn within(&self) -> impl Iterator<Item = (Timestamp, &String, &Names)> {
        let start = self.window.start(self.now);
        self.kept
            .iter()
            .filter(move |((at, _), _)| *at >= start)
            .map(|((at, _), (of, names))| (*at, of, names))
    }

    fn trend(&self, of: impl Fn(&str, &Names) -> bool) -> [u32; BARS] {
        let mut trend = [0; BARS];
        let newest = bar(self.now, self.window);
        for (at, ..) in self.within().filter(|(_, reason, names)| of(reason, names)) {
            let back = (newest - bar(at, self.window)).max(0);
            if let Some(count) = usize::try_from(back).ok().and_then(|back| trend.iter_mut().rev().nth(back))
            {
                *count += 1;
            }
        }
        trend
    }

    fn assert_is(&self, clusters: &Clusters) {
        assert_eq!(clusters.total() as usize, self.within().count());
        assert_eq!(clusters.trend(), self.trend(|_, _| true));
        let mut reasons: BTreeMap<&str, Vec<&Names>> = BTreeMap::new();
        self.within().for_each(|(_, reason, names)| reasons.entry(reason).or_default().push(names));
        let mut found: Vec<_> = clusters.reasons().map(|reason| reason.pattern().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, reasons.keys().copied().collect::<Vec<_>>());
        for reason in clusters.reasons() {
            let pattern = reason.pattern().unwrap();
            let members = &reasons[pattern];
            assert_eq!(reason.count() as usize, members.len());
            assert_eq!(reason.seen(), self.seen[&(pattern.to_owned(), None)]);
            assert_eq!(reason.trend(), self.trend(|of, _| of == pattern));
            let kept = self.kept.values().filter(|(of, _)| of == pattern).count();
            assert_eq!(reason.is_older(), kept > members.len());
            for (nth, dimension) in Dimension::ALL.into_iter().enumerate() {
                self.assert_values(&reason, dimension, members, nth);
            }
            let mut parts: BTreeMap<&Names, u32> = BTreeMap::new();
            for names in members {
                *parts.entry(names).or_default() += 1;
            }
            assert_eq!(reason.part_count(), parts.len());
            let counts: Vec<_> = reason.parts().map(|part| part.count()).collect();
            assert!(counts.is_sorted_by(|one, other| one >= other));
            for part in reason.parts() {
                let names = Dimension::ALL.map(|of| part.value(of).id().unwrap_or_default().to_owned());
                assert_eq!(Some(&part.count()), parts.get(&names));
                assert_eq!(part.seen(), self.seen[&(pattern.to_owned(), Some(names.clone()))]);
                assert_eq!(part.trend(), self.trend(|of, at| of == pattern && *at == names));
            }
        }
    }

    fn assert_values(&self, reason: &Reason<'_>, dimension: Dimension, members: &[&Names], nth: usize) {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        for names in members {
            *counts.entry(&names[nth]).or_default() += 1;
        }
        let values: Vec<_> = reason.values(dimension).collect();
        assert!(values.is_sorted_by(|(_, one), (_, other)| one >= other));
        let found: BTreeMap<_, _> =
            values.iter().map(|(value, count)| (value.id().unwrap_or_default(), *count)).collect();
        assert_eq!(found, counts);
        assert_eq!(reason.known(dimension), counts.keys().filter(|name| !name.is_empty()).count());
        let top = counts.iter().filter(|(name, _)| !name.is_empty()).map(|(_, count)| *count).max();
        let dominance = reason.dominance(dimension);
        let half = top.filter(|count| 2 * *count as usize >= members.len());
        assert_eq!(dominance.map(|of| (of.count, of.of as usize)), half.map(|count| (count, members.len())));
        if let Some(of) = dominance {
            let pattern = reason.pattern().unwrap();
            let others: Vec<_> = self.within().filter(|(_, other, _)| *other != pattern).collect();
            let same = others.iter().filter(|(.., names)| names[nth] == of.value.id().unwrap());
            assert_eq!((of.others.0 as usize, of.others.1 as usize), (same.count(), others.len()));
        }
    }
}

fn apply(clusters: &mut Clusters, what: &Do, now: Timestamp) {
    match *what {
        Do::Fail { task, ago, reason, cell, app, domain } => {
            let names = names(cell, app, domain);
            fail(clusters, &format!("task-{task}"), now.shifted(-seconds(ago)), REASONS[reason], &names);
        }
        Do::Pass(by) => clusters.pass_time(now.shifted(seconds(by))),
        Do::Set(window) => clusters.set_window(window),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn clusters_are_what_a_recount_says(history in proptest::collection::vec(anything(), 0..120)) {
        let mut clusters = Clusters::new(Window::default());
        clusters.pass_time(START);
        let mut recount =
            Recount { kept: BTreeMap::new(), seen: BTreeMap::new(), window: Window::default(), now: START };
        for what in &history {
            apply(&mut clusters, what, recount.now);
            recount.apply(what);
            prop_assert_eq!(clusters.now(), recount.now);
            recount.assert_is(&clusters);
        }
    }

    #[test]
    fn nothing_exceeds_its_limit_and_everything_is_forgotten(
        history in proptest::collection::vec(anything(), 0..200),
    ) {
        const TIGHT: Limits = Limits { failures: 40, reasons: 2, values: 2, parts: 5 };
        let mut clusters = Clusters::within(TIGHT, Window::default());
        let mut now = START;
        clusters.pass_time(now);
        for what in &history {
            apply(&mut clusters, what, now);
            now = clusters.now();
            assert_consistent(&clusters, TIGHT);
        }
        clusters.pass_time(now.plus(Window::LONGEST.length() + Duration::from_secs(60)));
        prop_assert_eq!(held(&clusters), [0; 8]);
    }
}

fn assert_consistent(clusters: &Clusters, limits: Limits) {
    assert!(clusters.log.len() <= limits.failures);
    assert!(clusters.patterns.len() <= limits.reasons && clusters.reasons.len() <= limits.reasons + 1);
    assert!(clusters.parts.len() <= limits.parts + limits.reasons + 1);
    let reasons: u32 = clusters.reasons().map(|reason| reason.count()).sum();
    assert_eq!(reasons, clusters.total());
    for reason in clusters.reasons() {
        assert_eq!(reason.parts().map(|part| part.count()).sum::<u32>(), reason.count());
        for of in Dimension::ALL {
            assert_eq!(reason.values(of).map(|(_, count)| count).sum::<u32>(), reason.count());
        }
    }
}

/// How many of everything are held.
fn held(clusters: &Clusters) -> [usize; 8] {
    let names = Dimension::ALL.map(|of| clusters.names.get(of).len());
    let counted = Dimension::ALL.map(|of| clusters.values.get(of).distinct()).iter().sum();
    let [cells, apps, domains] = names;
    let (reasons, parts) = (clusters.reasons.len() + clusters.patterns.len(), clusters.parts.len());
    [clusters.log.len(), reasons, parts, clusters.part_of.len(), counted, cells, apps, domains]
}

#[test]
fn a_failure_counts_once() {
    let mut clusters = Clusters::new(Window::Hour);
    clusters.pass_time(START);
    for _ in 0..3 {
        fail(&mut clusters, "a", START, "x", &names(1, 1, 1));
    }
    fail(&mut clusters, "a", START.shifted(-1), "x", &names(1, 1, 1));
    assert_eq!(clusters.total(), 2, "the guid was used again");
}

#[test]
fn one_bad_cell_is_news_and_the_usual_is_not() {
    let mut clusters = Clusters::new(Window::Hour);
    clusters.pass_time(START);
    for nth in 0..200_u16 {
        let cell = u8::try_from(nth % 10 + 1).unwrap();
        fail(&mut clusters, &format!("usual-{nth}"), START, "exit status 1", &names(cell, 1, 1));
    }
    for nth in 0..11_u8 {
        let cell = if nth < 9 { 3 } else { nth };
        fail(&mut clusters, &format!("bad-{nth}"), START, "no space left on device", &names(cell, 1, 1));
    }
    let reason = |pattern: &str| clusters.reasons().find(|reason| reason.pattern() == Some(pattern)).unwrap();
    let bad = reason("no space left on device").dominances();
    let told: Vec<_> = bad.iter().map(|of| (of.dimension, of.value.label(), of.is_notable())).collect();
    let expected = [
        (Dimension::Cell, "cell-3", true),
        (Dimension::App, "name of app-1", false),
        (Dimension::Domain, "domain-1", false),
    ];
    assert_eq!(told, expected);
    assert_eq!((bad[0].count, bad[0].of, bad[0].others), (9, 11, (20, 200)));
    assert!(reason("exit status <n>").dominance(Dimension::Cell).is_none());
    assert!(!reason("exit status <n>").dominances().iter().any(Dominance::is_notable));
}

#[test]
fn with_too_few_failures_or_one_cell_nothing_is_news() {
    for (failures, cells) in [(4, 9), (40, 1), (8, 2)] {
        let mut clusters = Clusters::new(Window::Hour);
        clusters.pass_time(START);
        for nth in 0..failures {
            fail(&mut clusters, &format!("a-{nth}"), START, "x", &names(1, 1, 1));
        }
        for cell in 2..=cells {
            fail(&mut clusters, &format!("b-{cell}"), START, "y", &names(cell, 1, 1));
        }
        let reason = clusters.reasons().find(|reason| reason.pattern() == Some("x")).unwrap();
        let dominance = reason.dominance(Dimension::Cell).unwrap();
        assert!(!dominance.is_notable(), "{failures} on one of {cells}");
    }
}

#[test]
fn beyond_the_limits_failures_count_as_other() {
    let limits = Limits { failures: 100, reasons: 2, values: 2, parts: 100 };
    let mut clusters = Clusters::within(limits, Window::Hour);
    clusters.pass_time(START);
    for nth in 0..5_u8 {
        let reason = "abcde".get(usize::from(nth)..=usize::from(nth)).unwrap();
        fail(&mut clusters, &format!("task-{nth}"), START, reason, &names(nth + 1, 0, 1));
    }
    let other = clusters.reasons().find(|reason| reason.pattern().is_none()).unwrap();
    assert_eq!((other.count(), other.part_count()), (3, 1));
    let part = other.parts().next().unwrap();
    assert_eq!((part.value(Dimension::Cell), part.value(Dimension::App)), (&Value::Other, &Value::Unknown));
    assert!(other.dominance(Dimension::Cell).is_none(), "others are not one cell");
    assert_eq!(clusters.names.get(Dimension::App).get(UNKNOWN), &Value::Unknown);
    for nth in 0..200 {
        fail(&mut clusters, &format!("more-{nth}"), START.shifted(-i64::from(nth)), "a", &names(1, 0, 1));
    }
    assert_eq!((clusters.total(), clusters.cut_at().is_some()), (100, true), "the oldest are forgotten");
    clusters.pass_time(START.plus(Duration::from_secs(7_200)));
    assert_eq!((clusters.total(), clusters.cut_at()), (0, None), "by now, that no longer matters");
}

#[test]
fn clusters_without_end_count_failures_of_any_time_and_keep_no_list_of_them() {
    let mut clusters = Clusters::without_end();
    for day in 0..1_000 {
        let reason = if day % 4 == 0 { "exit status 2" } else { "no space left on device" };
        fail(&mut clusters, "task", START.shifted(seconds(86_400 * day)), reason, &names(1, 1, 1));
    }
    assert_eq!((clusters.total(), clusters.log.len()), (1_000, 0));
    let mut counts: Vec<_> = clusters.reasons().map(|reason| (reason.count(), reason.seen())).collect();
    counts.sort_unstable();
    let [few, many] = [[0, 996], [1, 999]].map(|days| days.map(|day| START.shifted(seconds(86_400 * day))));
    assert_eq!(counts, [(250, (few[0], few[1])), (750, (many[0], many[1]))]);
}

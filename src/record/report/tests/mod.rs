//! Reports of made-up recordings.

pub(in crate::record) mod history;
mod hostile;

use std::collections::HashSet;
use std::time::Duration;

use html5gum::{Token, Tokenizer};
use jiff::tz::TimeZone;

use super::*;
use history::{History, LENGTH, RUN, START, afternoon};

/// The example in the repository.
const EXAMPLE: &str = include_str!("../../../../assets/report.html");
const EXAMPLE_PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/report.html");
/// The most bytes of the example.
const MAX_EXAMPLE: usize = 60_000;

fn scope() -> Scope {
    Scope {
        span: START..START.plus(LENGTH),
        filter: Filter::default(),
        zone: TimeZone::UTC,
        name: "incident.db".to_owned(),
    }
}

fn report_of(history: &History, scope: Scope) -> Report {
    let Ok(report) = Report::read(history, &history.runs, scope);
    report
}

fn report(history: &History) -> Report {
    report_of(history, scope())
}

/// Returns the part of a Markdown report under a heading.
fn part<'a>(markdown: &'a str, heading: &str) -> &'a str {
    let (_, rest) = markdown.split_once(&format!("## {heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    rest.split("\n## ").next().unwrap()
}

#[test]
fn the_afternoon_in_markdown() {
    insta::assert_snapshot!(report(&afternoon()).markdown());
}

/// `TASKDECK_DRAW=1 cargo test --lib record::report` regenerates the example.
#[test]
fn the_example_is_the_afternoon_in_html() {
    let html = report(&afternoon()).html();
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        std::fs::write(EXAMPLE_PATH, html).unwrap();
        return;
    }
    assert!(html == EXAMPLE, "regenerate with TASKDECK_DRAW=1 cargo test --lib record::report");
    assert!(html.len() <= MAX_EXAMPLE, "{}", html.len());
}

/// Elements without an end.
const VOID: [&[u8]; 2] = [b"meta", b"link"];

#[test]
fn the_html_is_well_formed_and_complete_in_itself() {
    let html = report(&afternoon()).html();
    let (mut open, mut ids, mut level) = (Vec::new(), HashSet::new(), 0);
    let mut counts = std::collections::HashMap::<Vec<u8>, usize>::new();
    for Ok(token) in Tokenizer::new(&html) {
        match token {
            Token::Error(error) => panic!("{error:?}"),
            Token::StartTag(tag) => {
                let name = tag.name.to_vec();
                *counts.entry(name.clone()).or_default() += 1;
                for (attribute, value) in &tag.attributes {
                    assert!(
                        !attribute.starts_with(b"on")
                            && ![b"src".as_slice(), b"href"].contains(&attribute.as_slice())
                    );
                    assert!(*attribute.as_slice() != *b"id" || ids.insert(value.to_vec()), "{value:?} twice");
                }
                if let [b'h', digit @ b'1'..=b'6'] = name.as_slice() {
                    assert!(*digit <= level + 1 || level == 0, "a heading skips a level");
                    level = *digit;
                }
                if !VOID.contains(&name.as_slice()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop(), Some(tag.name.to_vec())),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    let count = |name: &str| counts.get(name.as_bytes()).copied().unwrap_or(0);
    assert_eq!((count("h1"), count("main"), count("script"), count("img")), (1, 1, 0, 0));
    assert_eq!(count("table"), count("caption"), "every table has a caption");
    assert!(count("svg") >= 4 && html.matches("<svg").count() == count("svg"));
    let untitled = html.split("<svg").skip(1).filter(|svg| {
        let svg = svg.split("</svg>").next().unwrap();
        !svg.contains("<title>") && !svg.contains("aria-hidden")
    });
    assert_eq!(untitled.count(), 0, "every chart has a title");
    assert!(html.contains("prefers-color-scheme: dark") && html.contains("@media print"));
}

#[test]
fn the_same_recording_gives_the_same_report() {
    let history = afternoon();
    assert_eq!(report(&history).html(), report(&history).html());
    assert_eq!(afternoon().entries, history.entries);
}

#[test]
fn a_second_run_changes_no_count() {
    let mut history = afternoon();
    let alone = report(&history).markdown();
    let second = RunId(2);
    let again: Vec<_> = history
        .entries
        .iter()
        .filter(|(_, entry)| !matches!(entry.what, Recorded::Action(_)))
        .map(|(_, entry)| (second, Entry { at: entry.at.shifted(1_000_000), ..entry.clone() }))
        .collect();
    history.entries.extend(again);
    history.entries.sort_by_key(|(_, entry)| entry.at);
    history.runs.push(history::run(second));
    let both = report(&history).markdown();
    for heading in ["Counts over time", "Failures", "Rejections", "Waiting and running", "How tasks ended"] {
        assert_eq!(part(&both, heading), part(&alone, heading), "{heading}");
    }
    assert_eq!(both.lines().next(), alone.lines().next());
}

#[test]
fn a_filter_limits_what_is_counted() {
    let history = afternoon();
    let filter = Filter::parse("app:billing").unwrap();
    let markdown = report_of(&history, Scope { filter, ..scope() }).markdown();
    assert!(markdown.contains("only tasks that match `app:billing`"), "{markdown}");
    let apps = part(&markdown, "Cells and apps affected");
    assert!(apps.contains("| `billing` |") && !apps.contains("`thumbnails`"), "{apps}");
    assert!(part(&markdown, "What we did").starts_with("\nAll actions of the recording"), "{markdown}");
}

#[test]
fn times_are_in_the_zone_that_was_asked_for() {
    let zone = TimeZone::fixed(jiff::tz::offset(2));
    let markdown = report_of(&afternoon(), Scope { zone, ..scope() }).markdown();
    assert!(markdown.contains("between 16:02 and 16:"), "{markdown}");
    assert!(markdown.contains("Recorded from 2026-06-01 14:30:00 +02 to"), "{markdown}");
}

#[test]
fn without_a_clear_incident_the_whole_recording_is_described() {
    let history = afternoon();
    let quiet = START..START.plus(Duration::from_secs(80 * 60));
    let markdown = report_of(&history, Scope { span: quiet, ..scope() }).markdown();
    assert!(markdown.starts_with("# No clear incident: "), "{markdown}");
    assert!(markdown.contains("this report describes the whole recording"), "{markdown}");
    assert!(markdown.contains("| Whole recording | 12:30 | 80 |"), "{markdown}");
    assert!(!markdown.contains("in the incident"), "{markdown}");
    let trouble = START.plus(Duration::from_secs(95 * 60));
    let short = trouble..trouble.plus(Duration::from_secs(5 * 60));
    let markdown = report_of(&history, Scope { span: short, ..scope() }).markdown();
    assert!(markdown.contains("The recording is too short to tell what is usual"), "{markdown}");
}

#[test]
fn a_recording_without_entries_says_so() {
    let history = History { runs: vec![history::run(RUN)], entries: Vec::new() };
    let report = report(&history);
    let markdown = report.markdown();
    assert!(markdown.starts_with("# No task failed and none was rejected\n"), "{markdown}");
    assert!(part(&markdown, "What is unknown").starts_with("\nNothing: "), "{markdown}");
    assert!(part(&markdown, "What we did").starts_with("\nNothing: "), "{markdown}");
    assert!(!report.html().is_empty());
}

#[test]
fn bars_are_few_and_of_round_lengths() {
    for (hours, length) in [(1, 1), (2, 2), (3, 2), (8, 5), (24, 15), (7 * 24, 120), (365 * 24, 10_080)] {
        let span = START..START.plus(Duration::from_secs(hours * 3_600));
        assert_eq!(bar_minutes(&minutes(&span)), length, "{hours} h");
    }
    let century = START..START.plus(Duration::from_secs(100 * 365 * 24 * 3_600));
    let minutes = minutes(&century);
    assert!(Series::default().stretches(minutes.clone(), bar_minutes(&minutes)).count() <= 122);
}

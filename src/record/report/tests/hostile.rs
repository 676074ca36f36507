//! Text of tenants never leaves its place: whatever it is, the document has the same structure, and shows nothing that
//! could move or hide what is around it.
//!
//! The judges are parsers of HTML and of Markdown that are not ours.

use std::sync::LazyLock;
use std::time::Duration;

use html5gum::{Token, Tokenizer};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use super::history::{History, RUN, START, at, blank, run};
use super::{Scope, report_of, scope};
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall,
};
use crate::model::{Entity, Evidence, Owner, Ownership, State, Task};
use crate::present::sanitise::is_invisible;

/// What breaks careless reports.
const ATTACKS: [&str; 18] = [
    "<script>alert(1)</script>",
    "</code></td></tr></table><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "--><!-- ]]></style><style>*{display:none}",
    "&lt;b&gt; &#60;script&#62; &amp;",
    "`code` ``more`` ```fence",
    "| a | b |\n| --- | --- |\n",
    "\\| \\\\| \\`",
    "\n\n# Heading\n\n- point\n\n---\n",
    "[link](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example>",
    "**bold** _emphasis_ ~~gone~~ $math$ :tada: @all #1",
    "line\r\nfeed\u{b}\u{c}\u{85}\u{2028}\u{2029}",
    "\u{202E}reversed\u{202C} \u{2066}isolated\u{2069} \u{200F}mark",
    "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\0\u{7f}",
    "zero\u{200B}width\u{FEFF}joined\u{AD} tag\u{E0041}",
    "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30A}",
    "שלום عالم <b>",
    "`",
];

/// Returns a recording in which every text that is not ours is this one.
fn recording(text: &str) -> History {
    // An empty text is said to be empty, which is another structure.
    let text = &["x", text].concat();
    let entity = |number: u8| Entity { guid: format!("{number}{text}"), name: text.clone() };
    let owner = Ownership { app: entity(1), space: entity(2), org: entity(3) };
    let pending = Task {
        domain: text.as_str().into(),
        owner: Owner::new(owner),
        rejection_reason: text.as_str().into(),
        ..blank(text.as_str().into(), 0, 60.0)
    };
    let rejected = Task { rejection_count: 1, ..pending.clone() };
    let running = Task {
        state: State::Running,
        cell: Some(text.as_str().into()),
        updated_at: at(70.0),
        ..rejected.clone()
    };
    let failed = Task {
        state: State::Completed,
        cell: None,
        failed: true,
        failure_reason: text.as_str().into(),
        updated_at: at(80.0),
        first_completed_at: at(80.0),
        ..running.clone()
    };
    let change = |seconds: f64, before: Option<&Task>, task: &Task| {
        let before = before.cloned();
        let entry =
            TaskEntry { evidence: Evidence::Event, before, task: task.clone(), limits: None, end: None };
        Entry { at: at(seconds), what: Recorded::Task(Box::new(entry)) }
    };
    let gap = |seconds: f64, closed: bool| Entry {
        at: at(seconds),
        what: Recorded::Gap(GapEntry { start: at(100.0), closed, why: text.as_str().into() }),
    };
    let action = |progress: Progress| {
        let entry = ActionEntry { guid: text.as_str().into(), intent: Intent::Desire, progress };
        Entry { at: at(200.0), what: Recorded::Action(entry) }
    };
    let reply =
        Progress::Answered { call: WriteCall::Desire, reply: Reply::Refused, message: text.as_str().into() };
    let entries = vec![
        change(60.0, None, &pending),
        change(65.0, Some(&pending), &rejected),
        change(70.0, Some(&rejected), &running),
        change(80.0, Some(&running), &failed),
        gap(110.0, false),
        gap(120.0, true),
        action(reply),
        action(Progress::Ended { outcome: Outcome::NotDone, found: text.as_str().into() }),
    ];
    let mut run = run(RUN);
    for name in [&mut run.target, &mut run.user, &mut run.host, &mut run.program, &mut run.version] {
        name.clone_from(text);
    }
    History { runs: vec![run], entries: entries.into_iter().map(|entry| (RUN, entry)).collect() }
}

fn written(text: &str) -> (String, String) {
    let history = recording(text);
    let span = START..START.plus(Duration::from_secs(300));
    let scope = Scope { span, name: ["x", text].concat(), ..scope() };
    let report = report_of(&history, scope);
    (report.html(), report.markdown())
}

/// Returns the tags of a document with their attributes, and the texts in them. Those of `code` and of the window's title are
/// left out.
fn html_structure(html: &str) -> Vec<String> {
    let mut structure = Vec::new();
    let (mut in_code, mut in_title) = (false, false);
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::Error(error) => panic!("{error:?}"),
            Token::StartTag(tag) if *tag.name == b"title" && tag.attributes.is_empty() => in_title = true,
            Token::EndTag(tag) if *tag.name == b"title" => in_title = false,
            Token::String(_) if in_title => {}
            Token::StartTag(tag) if *tag.name == b"code" => {
                // Short texts have a class.
                assert!(tag.attributes.len() <= 2, "{tag:?}");
                in_code = true;
                structure.push("code".to_owned());
            }
            Token::EndTag(tag) if *tag.name == b"code" => in_code = false,
            Token::String(_) if in_code => {}
            token => {
                assert!(!in_code && !in_title, "{token:?} in a text of a tenant");
                structure.push(format!("{token:?}"));
            }
        }
    }
    structure
}

/// Returns the events of a document; the texts in code spans are left out.
fn markdown_structure(markdown: &str) -> Vec<String> {
    let event = |event: Event<'_>| match event {
        Event::Code(_) => "code".to_owned(),
        Event::Html(_) | Event::InlineHtml(_) => panic!("{event:?}"),
        event => format!("{event:?}"),
    };
    Parser::new_ext(markdown, Options::all()).map(event).collect()
}

/// Compares two structures, and shows where they differ.
fn assert_same(found: &[String], expected: &[String], text: &str) {
    let differing = found.iter().zip(expected).find(|(found, expected)| found != expected);
    assert_eq!(differing, None, "{text:?}");
    assert_eq!(found.len(), expected.len(), "{text:?}");
}

/// The structures that every text must lead to.
static PLAIN: LazyLock<(Vec<String>, Vec<String>)> = LazyLock::new(|| {
    let (html, markdown) = written("plain");
    (html_structure(&html), markdown_structure(&markdown))
});

fn check(text: &str) {
    let (html, markdown) = written(text);
    assert_same(&html_structure(&html), &PLAIN.0, text);
    assert_same(&markdown_structure(&markdown), &PLAIN.1, text);
    for written in [html, markdown] {
        let hidden = written.chars().find(|c| *c != '\n' && is_invisible(*c));
        assert_eq!(hidden, None, "{text:?}");
    }
}

#[test]
fn known_attacks_stay_in_their_place() {
    ATTACKS.into_iter().for_each(check);
    check(&ATTACKS.concat());
    check(&"x".repeat(5_000));
    check(&"|`<".repeat(400));
}

#[test]
fn the_corpus_stays_in_its_place() {
    for (_, text) in crate::present::sanitise::corpus::hostile() {
        check(&text);
    }
}

#[test]
fn a_plain_recording_has_every_kind_of_text() {
    let (html, markdown) = written("plain");
    // Target, user, host, program, version, reason, guid, cell, app, space, organization, domain, gap, message, name.
    assert!(html.matches("xplain").count() > 20, "{html}");
    assert!(markdown.matches("`xplain`").count() > 20, "{markdown}");
    assert!(html_structure(&html).len() > 300);
    assert!(markdown_structure(&markdown).len() > 300);
}

#[test]
fn credentials_are_masked() {
    let (html, markdown) = written(" https://me:hunter2@registry.example/v2?sig=hunter2 failed");
    for written in [html, markdown] {
        assert!(!written.contains("hunter2") && written.contains("registry.example"), "{written}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_stays_in_its_place(text in "\\PC{0,40}|.{0,60}|[`|<>&\\\\\"'\\n#*_\\[\\]()!~$-]{0,30}") {
        check(&text);
    }
}

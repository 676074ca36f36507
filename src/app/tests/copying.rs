//! The menu of what can be copied.

use super::*;
use crate::model::{Entity, Owner, Ownership};

/// A failed task of an app, on a cell, with a reason that no terminal and no clipboard should get.
fn hostile() -> Task {
    let app = Entity { guid: "app/../$(id)".to_owned(), name: "shop".to_owned() };
    Task {
        cell: Some(CellId::from("cell-1")),
        failed: true,
        failure_reason: "GET http://user:pw@host/x\u{1b}[2J\nfailed".into(),
        owner: Owner::new(Ownership { app, ..Ownership::default() }),
        ..task("it's;id", State::Completed)
    }
}

fn text_of(effects: &[Effect]) -> (&str, &str) {
    let [Effect::Copy(ToCopy { what, content: CopyContent::Text(text) })] = effects else {
        panic!("no text: {effects:?}")
    };
    (what, text)
}

fn menu_is_open(harness: &Harness) -> bool {
    matches!(harness.app.overlay(), Overlay::Copy(_))
}

#[test]
fn the_key_twice_copies_the_guid() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press("y"), []);
    assert!(menu_is_open(&harness));
    assert_eq!(harness.press("y"), [copied("a")]);
    assert!(!menu_is_open(&harness));
    assert_eq!(harness.notice(), "", "the answer tells which way it went");
    let report = CopyReport { what: "a".to_owned(), terminal: TerminalCopy::Sent, program: None };
    harness.send(Msg::Copied(report));
    assert_eq!(harness.notice(), "Copied a (OSC 52).");
}

#[test]
fn every_letter_copies_its_item() {
    let mut harness = Harness::live(vec![hostile()]);
    let cases = [
        ("y", "it's;id", "it's;id"),
        ("c", "the cell of it's;id", "cell-1"),
        ("r", "the reason of it's;id", "GET http://••••••@host/x␛[2J␊failed"),
        ("d", "the cfdot line of it's;id", r"cfdot task 'it'\''s;id'"),
        ("f", "the cf line of it's;id", "cf curl /v3/apps/app%2F%2E%2E%2F%24%28id%29/tasks"),
    ];
    for (letter, what, text) in cases {
        harness.press("y");
        assert_eq!(text_of(&harness.press(letter)), (what, text));
    }
    harness.press("y");
    let effects = harness.press("t");
    let [Effect::Copy(ToCopy { what, content: CopyContent::Json(task) })] = effects.as_slice() else {
        panic!("no JSON: {effects:?}")
    };
    assert_eq!((what.as_str(), task.guid.as_str()), ("the task as JSON of it's;id", "it's;id"));
    harness.press("y");
    let effects = harness.press("w");
    assert!(matches!(effects.as_slice(), [Effect::Copy(ToCopy { content: CopyContent::Row(entry), .. })]
            if entry.task.guid.as_str() == "it's;id"));
}

#[test]
fn what_is_not_there_is_said_and_the_menu_stays() {
    let mut harness = Harness::live(vec![task("a\u{3}id", State::Pending)]);
    harness.press("y");
    let cases = [
        ("c", "Cannot copy the cell: Task has not been seen on a cell."),
        ("r", "Cannot copy the reason: Task has no reason."),
        ("f", "Cannot copy the cf line: Task does not name an app."),
        ("d", "Cannot copy the cfdot line: Guid has control characters."),
    ];
    for (letter, notice) in cases {
        assert_eq!(harness.press(letter), []);
        assert_eq!(harness.notice(), notice);
        assert!(menu_is_open(&harness));
    }
    // The identity is copied as it is.
    assert_eq!(harness.press("y"), [copied("a\u{3}id")]);
}

#[test]
fn the_highlighted_item_is_copied_and_the_menu_can_be_left() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(text_of(&harness.press("yj\n")), ("the cell of a", "cell-1"));
    assert_eq!(text_of(&harness.press("yjjkGzg\n")), ("a", "a"), "an unknown key does nothing");
    for leaves in ["\u{1b}", "q"] {
        harness.press("y");
        assert_eq!(harness.press(leaves), []);
        assert!(!menu_is_open(&harness));
    }
}

#[test]
fn the_menu_stays_with_its_task_when_rows_move() {
    let mut harness = Harness::new();
    let stream = harness.go_live(vec![task("b", State::Running)]);
    harness.press("y");
    let newer = Task { created_at: harness.now.wall, ..task("a", State::Running) };
    harness.send(SessionMsg::StreamItems(stream, vec![StreamItem::Event(TaskEvent::Created(newer))]));
    assert_eq!(harness.guids(), ["a", "b"]);
    assert_eq!(harness.press("y"), [copied("b")]);
}

#[test]
fn no_letter_of_the_menu_moves_or_leaves() {
    let mut letters: Vec<_> = COPY_ITEMS.iter().map(|item| item.key).collect();
    assert!(letters.iter().all(|letter| letter.len() == 1 && !"jkgGq".contains(letter)));
    letters.sort_unstable();
    letters.dedup();
    assert_eq!(letters.len(), COPY_ITEMS.len());
}

#[test]
fn the_guid_alone_is_copied_by_its_command() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press(":copy-guid\n").first(), Some(&copied("a")));
}

#[test]
fn marked_guids_are_copied_one_per_line_also_those_without_a_row() {
    let tasks = ["a", "b", "c"].map(|guid| task(guid, State::Running));
    let mut harness = Harness::live(tasks.to_vec());
    harness.press("ym");
    assert_eq!(harness.notice(), "Cannot copy the marked guids: No task is marked.");
    harness.press("\u{1b}jj j");
    harness.press("kk ");
    harness.press("/guid:b|c\n");
    let effects = harness.press("y\n");
    let (what, text) = text_of(&effects);
    let marked: Vec<_> = text.lines().collect();
    assert_eq!(what, format!("{} guids, one per line", marked.len()));
    assert!(text.ends_with('\n') && marked.len() == 2 && marked.contains(&"a"), "{text}");
    assert_eq!(marked.last(), Some(&"a"), "those in the table come first");
}

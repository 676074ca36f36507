//! The question before a task is created.

use insta::assert_snapshot;
use ratatui::style::Color;

use super::scenes::{live, noon};
use super::*;
use crate::app::key::{Key, KeyCode};
use crate::app::{DocumentText, EditorEnd, Effect, TaskDocuments};
use crate::bbs::json::document;
use crate::bbs::read_summary;
use crate::model::{State, Task};

const DOCUMENTS: TaskDocuments = TaskDocuments {
    template: document::template,
    copy_of: document::copy_of,
    read: document::read,
    annotate: document::annotate,
    lines: document::lines,
    losses: document::losses,
};

/// Returns an app with a task that has secrets, and a domain that its controller reconciles.
fn app() -> App {
    let text = document::template(&"b0c57f3e-5e1f-4d3c-8a6b-000000000001".into())
        .replace("\"rootfs\"", "\"env\": [{\"name\": \"PASSWORD\", \"value\": \"hunter2\"}], \"rootfs\"")
        .replace("\"rootfs\"", "\"completion_callback_url\": \"https://cc.internal/done\", \"rootfs\"");
    let new = document::read(&text).unwrap();
    let task =
        Task { definition: new.definition, ..Task::blank(new.guid, "cf-tasks".into(), State::Running) };
    let (mut app, _) = live(vec![task]);
    app.read_summaries_with(read_summary);
    app.edit_tasks_with(DOCUMENTS);
    app
}

/// Presses the key, and closes the editor with what `edit` makes of its text.
fn edit(app: &mut App, key: char, edit: impl FnOnce(&str) -> String) {
    let effects = app.update(Msg::Key(Key::char(key), noon().mono), noon());
    let [Effect::Edit(text)] = effects.as_slice() else { panic!("{effects:?}") };
    let end = EditorEnd::Closed(DocumentText::new(edit(text.as_str())));
    app.update(Msg::Edited(end), noon());
}

#[test]
fn a_clone_is_shown_by_its_difference_with_secrets_masked() {
    let mut app = app();
    edit(&mut app, 'E', |text| text.replace("hunter2", "hunter3").replace("128", "256"));
    for (name, size) in [("small", SMALL), ("usual", USUAL), ("large", LARGE)] {
        let drawn = drawn(&app, noon(), size);
        assert!(drawn.contains(" No    Yes ") && !drawn.contains("hunter"), "{drawn}");
        assert_snapshot!(format!("desire_clone_{name}"), drawn);
    }
}

#[test]
fn a_new_task_is_shown_as_it_will_be_sent() {
    let mut app = app();
    edit(&mut app, 'N', |text| text.replace("echo hello", "echo \\u001b[31mred"));
    assert_snapshot!("desire_new_usual", drawn(&app, noon(), USUAL));
    let mut scroll = |key, times| {
        (0..times).for_each(|_| drop(app.update(Msg::Key(Key::plain(key), noon().mono), noon())));
        drawn(&app, noon(), USUAL)
    };
    let scrolled = scroll(KeyCode::Down, 2);
    assert!(scrolled.contains("lines 3-"), "{scrolled}");
    let end = scroll(KeyCode::PageDown, 20);
    assert!(end.contains("\"volume_mounted_files\": null") && end.contains("│ }"), "{end}");
}

#[test]
fn added_and_removed_lines_differ_by_sign_and_colour() {
    let mut app = app();
    edit(&mut app, 'E', |text| text.replace("128", "256"));
    let styles = |colours| {
        let buf = frame(&app, &mut UiState::new(colours), noon(), LARGE);
        let style = |sign: &str| {
            let drawn = text(&buf);
            let (y, line) = drawn.lines().enumerate().find(|(_, line)| line.contains(sign)).unwrap();
            let x = line.split_once(sign).unwrap().0.chars().count();
            buf[(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())].fg
        };
        [style("-   \"memory_mb\": 128"), style("+   \"memory_mb\": 256")]
    };
    let [removed, added] = styles(Colours::Full);
    assert_ne!(removed, added);
    assert_eq!(styles(Colours::None), [Color::Reset; 2]);
}

//! Files that are saved: what is said about them.

use super::*;
use crate::app::{FileFormat, IfExists, SaveFault, SaveFaultCause, SaveReport, SavedFile, ViewToSave};

fn notice(result: Result<SavedFile, SaveFault>) -> (Severity, String) {
    let mut harness = Harness::live(Vec::new());
    let report = SaveReport { what: "12 rows".to_owned(), result };
    assert_eq!(harness.send(Msg::FileSaved(report)), []);
    let notice = harness.app.notices().current(harness.now).unwrap();
    (notice.severity, notice.text.clone())
}

#[test]
fn a_saved_file_is_told_with_its_place_and_size() {
    let saved = SavedFile { path: "/tmp/tasks.csv".into(), bytes: 98_304, replaced: false };
    let text = "Saved 12 rows to /tmp/tasks.csv (98 kB, mode 0600).";
    assert_eq!(notice(Ok(saved.clone())), (Severity::Good, text.to_owned()));
    let text = "Saved 12 rows to /tmp/tasks.csv (98 kB, mode 0600); it replaces the old file.";
    assert_eq!(notice(Ok(SavedFile { replaced: true, ..saved })), (Severity::Good, text.to_owned()));
}

#[test]
fn a_file_that_is_not_saved_is_told_with_the_cause() {
    let cases = [
        (
            SaveFaultCause::Exists { remedy: "Replace it with :save! FILE".to_owned() },
            "/tmp/tasks.csv exists and is unchanged. Replace it with :save! FILE.",
        ),
        (SaveFaultCause::NoDirectory("/tmp".into()), "/tmp does not exist. Create the directory first."),
        (SaveFaultCause::NoHome, "/tmp/tasks.csv names an unknown home directory. Type the full path."),
        (
            SaveFaultCause::Failed("Read-only file system".to_owned()),
            "/tmp/tasks.csv: Read-only file system. Nothing was written; try another directory.",
        ),
    ];
    for (cause, text) in cases {
        let fault = SaveFault { path: "/tmp/tasks.csv".into(), cause };
        assert_eq!(notice(Err(fault)), (Severity::Bad, format!("Could not save 12 rows: {text}")));
    }
}

fn view_of(effects: &[Effect]) -> (String, FileFormat, &IfExists) {
    let view = effects.iter().find_map(|effect| match effect {
        Effect::SaveView(view) => Some(view),
        _ => None,
    });
    let Some(ViewToSave { path, if_exists, format }) = view else { panic!("no file: {effects:?}") };
    (path.display().to_string(), *format, if_exists)
}

#[test]
fn the_name_and_the_format_are_read_from_the_argument() {
    let target = Target { name: Some("prod/eu 1".into()), ..Target::default() };
    let mut harness = Harness::with(target);
    harness.go_live(vec![task("a", State::Running)]);
    let cases = [
        ("", "taskdeck-prod-eu-1-20260601T120000Z.csv", FileFormat::Csv),
        ("jsonl", "taskdeck-prod-eu-1-20260601T120000Z.jsonl", FileFormat::JsonLines),
        ("text", "taskdeck-prod-eu-1-20260601T120000Z.txt", FileFormat::Text),
        ("a.csv", "a.csv", FileFormat::Csv),
        ("a.JSON", "a.JSON", FileFormat::JsonLines),
        ("my tasks.txt", "my tasks.txt", FileFormat::Text),
        ("a.csv text", "a.csv", FileFormat::Text),
        ("./csv csv", "./csv", FileFormat::Csv),
    ];
    for (argument, path, format) in cases {
        let effects = harness.press(&format!(":save {argument}\n"));
        let (named, read, if_exists) = view_of(&effects);
        assert_eq!(harness.notice(), "Saving 1 row…");
        assert_eq!((named.as_str(), read), (path, format), "{argument}");
        let typed = if argument.is_empty() { path } else { argument };
        let remedy = format!("Replace it with :save! {typed}");
        assert_eq!(*if_exists, IfExists::Refuse { remedy });
    }
    let effects = harness.press(":save! a.csv\n");
    assert_eq!(view_of(&effects), ("a.csv".to_owned(), FileFormat::Csv, &IfExists::Replace));
}

#[test]
fn what_cannot_be_saved_is_said_in_the_prompt() {
    let mistake = |harness: &Harness| match harness.app.overlay() {
        Overlay::Command(prompt) => prompt.mistake.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let mut harness = Harness::live(Vec::new());
    assert_eq!(harness.press(":save\n"), []);
    assert_eq!(mistake(&harness), "There are no rows to save");
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    assert_eq!(harness.press(":save a.cvs\n"), []);
    let expected = "Unknown file extension. Did you mean \"csv\"? Add one of csv, jsonl, text after the file";
    assert_eq!(mistake(&harness), expected);
}

//! Files that are saved: what is said about them.

use super::*;
use crate::app::{SaveFault, SaveFaultCause, SaveReport, SavedFile};

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
        (
            SaveFaultCause::NoHome,
            "/tmp/tasks.csv names a home directory that is not known. Type the whole path.",
        ),
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

//! What tenants wrote into a recording, on a terminal: no command prints a control character, in any form.

use taskdeck::model::recording::{Entry, Recorded, TaskEntry};
use taskdeck::model::{Evidence, State, Task, Timestamp};
use taskdeck::record::{Appender, Program, Recording, RunInfo};

use crate::pty_session::{PtySession, TASKDECK, command};

const HOSTILE: &str = "\u{1b}[2J\u{9b}2J\u{202e}\u{7}é";

#[test]
fn a_terminal_gets_no_control_character_of_a_tenant() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("recording.db");
    let mut appender = Appender::new(Recording::create(&file).unwrap());
    let at = Timestamp::from_nanos(1_780_315_200_000_000_000);
    let info = RunInfo {
        target: format!("target{HOSTILE}"),
        program: Program::Record,
        user: HOSTILE.to_owned(),
        host: HOSTILE.to_owned(),
        pid: 1,
        started: at,
    };
    let run = appender.recording().begin_run(&info).unwrap();
    let task = Task {
        created_at: at,
        failed: true,
        failure_reason: HOSTILE.into(),
        cell: Some(HOSTILE.into()),
        ..Task::blank("hostile".into(), format!("domain{HOSTILE}").into(), State::Completed)
    };
    let change = TaskEntry { evidence: Evidence::Event, before: None, task, limits: None, end: None };
    appender.append(run, &[Entry { at, what: Recorded::Task(Box::new(change)) }]).unwrap();
    let file = file.to_str().unwrap();
    for verb in [&["history"][..], &["failures"], &["timeline", "hostile"]] {
        for form in ["table", "json", "csv"] {
            let arguments = [verb, &["--file", file, "--output", form]].concat();
            let ended = PtySession::start(command(TASKDECK, &arguments), (300, 40)).wait_for_exit();
            ended.assert_status(0);
            let said = String::from_utf8(ended.bytes).unwrap();
            assert!(said.contains('é'), "{arguments:?}: {said}");
            let obeyed = said.chars().find(|c| HOSTILE.contains(*c) && !matches!(c, 'é' | '[' | '2' | 'J'));
            assert_eq!(obeyed, None, "{arguments:?}: {said:?}");
        }
    }
}

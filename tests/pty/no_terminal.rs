//! Without a terminal, the dashboard exits with a message.

use std::process::{Command, Stdio};

use crate::pty_session::{PtySession, TASKDECK, command};

const SENTENCE: &str = "taskdeck: the dashboard needs a terminal, but standard input or output is not one";

#[test]
fn neither_end_is_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let run = Command::new(TASKDECK)
        .arg("--demo")
        .env("HOME", home.path())
        .env_remove("XDG_STATE_HOME")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(String::from_utf8(run.stderr).unwrap(), format!("{SENTENCE}\n"));
    assert!(run.stdout.is_empty(), "standard output is for results");
}

#[test]
fn one_end_is_a_terminal() {
    for redirected in ["< /dev/null", "> /dev/null", "<&-", ">&-"] {
        let line = format!("{TASKDECK} --demo {redirected}");
        let ended = PtySession::start(command("/bin/sh", &["-c", &line]), (100, 10)).wait_for_exit();
        ended.assert_status(3);
        assert_eq!(ended.screen.contents().trim_end(), SENTENCE, "{redirected}");
        assert!(!String::from_utf8_lossy(&ended.bytes).contains('\x1b'), "nothing is drawn");
    }
}

#[test]
fn a_closed_standard_error_does_no_harm() {
    let line = format!("exec {TASKDECK} --demo 2>&-");
    let mut session = PtySession::start(command("/bin/sh", &["-c", &line]), (100, 30));
    session.wait_for_dashboard();
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

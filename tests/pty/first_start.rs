//! Without a target, a start on a terminal says what can be done, and does it.

use std::process::{Command, Stdio};

use crate::pty_session::{PtySession, TASKDECK, command};

const SIZE: (u16, u16) = (80, 40);
const QUESTION: &str = "Type d (demo), i (write a configuration) or q (quit) [q]:";

fn start() -> PtySession {
    let session = PtySession::start(command(TASKDECK, &[]), SIZE);
    session.wait_for_text(QUESTION);
    session
}

#[test]
fn the_page_names_the_next_commands_and_the_file() {
    let mut session = start();
    for text in [
        "no BBS is configured",
        "taskdeck --demo",
        "taskdeck config init",
        "taskdeck doctor",
        "taskdeck/config.toml",
        "which does not exist yet",
        "BBS_URL, CA_CERT_FILE",
    ] {
        assert!(session.shows(text), "{text}: {}", session.output());
    }
    session.send_keys("x\n");
    session.wait_for_text("There is no such choice");
    session.send_keys("q\n");
    let ended = session.wait_for_exit();
    ended.assert_status(3);
    assert!(!String::from_utf8_lossy(&ended.bytes).contains('\x1b'), "nothing is drawn");
}

#[test]
fn the_end_of_the_input_quits() {
    let mut session = start();
    session.send_keys("\x04");
    session.wait_for_exit().assert_status(3);
}

#[test]
fn d_starts_the_demo() {
    let mut session = start();
    session.send_keys("d\n");
    session.wait_for_dashboard();
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

#[test]
fn i_asks_for_the_target_writes_it_and_tests_it() {
    let mut session = start();
    session.send_keys("i\n");
    session.wait_for_text("Name of the target [default]:");
    session.send_keys("lab\n");
    session.wait_for_text("URL of the BBS");
    session.send_keys("lab:1\n");
    session.wait_for_text("Type a URL that begins with https://");
    session.send_keys("http://127.0.0.1:1\n");
    let ended = session.wait_for_exit();
    ended.assert_status(5);
    let screen = ended.screen.contents();
    for text in ["Wrote /", "target lab", "This BBS is not usable: TCP failed.", "-> check the port"] {
        assert!(screen.contains(text), "{text}: {screen}");
    }
    // Lines are wrapped under the column of texts, not by the terminal.
    let hint = screen.lines().find(|line| line.trim_start().starts_with("-> ")).unwrap();
    assert!(hint.starts_with(&" ".repeat(29)), "{screen}");
}

#[test]
fn a_script_gets_the_sentence_and_the_same_status() {
    let home = tempfile::tempdir().unwrap();
    let mut script = Command::new(TASKDECK);
    script.env_clear().env("HOME", home.path()).stdin(Stdio::null());
    let run = script.output().unwrap();
    assert_eq!((run.status.code(), run.stdout.as_slice()), (Some(3), &b""[..]));
    let said = String::from_utf8(run.stderr).unwrap();
    assert!(
        said.starts_with("taskdeck: no BBS is configured: pass --bbs-url, set BBS_URL, or run "),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

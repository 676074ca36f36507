//! The mouse: off until it is wanted, and given back to the terminal on every way out.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use rustix::process::Signal;
use vt100::{MouseProtocolEncoding, MouseProtocolMode};

use crate::pty_session::{PtySession, TASKDECK, command, demo};

const SIZE: (u16, u16) = (100, 30);

/// Starts the dashboard, with the mouse on.
fn with_mouse() -> PtySession {
    let mut session = PtySession::start(demo(), SIZE);
    session.wait_for_dashboard();
    session.send_keys(":mouse\r");
    wait_for_mouse(&session);
    session
}

fn wait_for_mouse(session: &PtySession) {
    session.wait_until("the mouse is reported", |screen| {
        screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease
            && screen.mouse_protocol_encoding() == MouseProtocolEncoding::Sgr
    });
}

#[test]
fn it_is_the_terminals_again_however_the_dashboard_ends() {
    let ways: [fn(&mut PtySession); 4] = [
        |session| session.send_keys("q"),
        |session| session.send_keys("\x03"),
        |session| session.signal(Signal::TERM),
        |session| session.signal(Signal::HUP),
    ];
    for end in ways {
        let mut session = with_mouse();
        end(&mut session);
        let ended = session.wait_for_exit();
        ended.assert_status(0);
        ended.assert_terminal_restored();
    }
}

#[test]
fn it_is_the_terminals_while_it_is_off() {
    let mut session = with_mouse();
    session.send_keys(":mouse\r");
    session.wait_until("it is off", |screen| screen.mouse_protocol_mode() == MouseProtocolMode::None);
    session.send_keys("q");
    session.wait_for_exit().assert_terminal_restored();
}

#[test]
fn clicks_on_a_title_sort_by_it() {
    let mut session = with_mouse();
    session.wait_until("sorted by age", |screen| screen.contents().contains("AGE▼"));
    // The guid is the leftmost column, whatever the widths of the others.
    let click = "\x1b[<0;2;3M\x1b[<0;2;3m";
    session.send_keys(click);
    session.wait_for_text("GUID▼");
    session.send_keys(click);
    session.wait_for_text("GUID▲");
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}

/// An editor that takes the terminal until it reads a line.
const EDITOR: &str = "#!/bin/sh\necho in the editor\nread line\n";

#[test]
fn a_program_in_the_foreground_gets_it_and_the_dashboard_takes_it_back() {
    let directory = tempfile::tempdir().unwrap();
    let editor = directory.path().join("editor");
    fs::write(&editor, EDITOR).unwrap();
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
    let mut dashboard = command(TASKDECK, &["--demo"]);
    dashboard.env("EDITOR", &editor);
    dashboard.env("XDG_RUNTIME_DIR", directory.path());
    let mut session = PtySession::start(dashboard, SIZE);
    session.wait_for_dashboard();
    session.send_keys(":mouse\r");
    wait_for_mouse(&session);
    session.send_keys("N");
    session.wait_until("the editor, without the mouse", |screen| {
        screen.contents().contains("in the editor") && screen.mouse_protocol_mode() == MouseProtocolMode::None
    });
    session.send_keys("done\r");
    wait_for_mouse(&session);
    session.send_keys("\x03");
    session.wait_for_exit().assert_terminal_restored();
}

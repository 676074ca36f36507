//! What the dashboard draws: at every size, with the colours of the terminal, and without waiting for the BBS.

use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

use vt100::Screen;

use crate::pty_session::{PtySession, TASKDECK, TIMEOUT, command, demo};

#[test]
fn a_resized_terminal_is_redrawn_in_its_new_size() {
    let mut session = PtySession::start(demo(), (160, 48));
    session.wait_for_dashboard();
    for size in [(80, 24), (40, 10), (160, 48)] {
        session.resize(size);
        session.wait_for_dashboard();
    }
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}

#[test]
fn a_tiny_terminal_is_accepted() {
    for size in [(1, 1), (200, 1), (1, 60)] {
        let mut session = PtySession::start(demo(), size);
        session.wait_until("the alternate screen", Screen::alternate_screen);
        session.resize((80, 24));
        session.wait_for_dashboard();
        session.resize(size);
        session.send_keys("q");
        session.wait_for_exit().assert_status(0);
    }
}

#[test]
fn ctrl_l_redraws_every_cell() {
    let mut session = PtySession::start(demo(), (80, 24));
    session.wait_for_dashboard();
    session.clear_screen((80, 24));
    session.send_keys("\x0c");
    session.wait_for_dashboard();
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
}

#[test]
fn the_dashboard_quits_while_the_bbs_hangs() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (connected, connections) = channel();
    thread::spawn(move || {
        // Held open, and never answered.
        listener.incoming().map_while(Result::ok).try_for_each(|connection| connected.send(connection))
    });
    // Without a timeout, only the key can end it.
    let mut session = PtySession::start(command(TASKDECK, &["--bbsURL", &url, "--timeout", "0"]), (80, 24));
    session.wait_for_dashboard();
    session.wait_for_text("connecting");
    let asked = connections.recv_timeout(TIMEOUT);
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
    assert!(asked.is_ok(), "the BBS was asked");
}

//! What the dashboard draws: at every size, with the colours of the terminal, and without waiting for the BBS.

use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

use vt100::Screen;

use crate::pty_session::{PtySession, TASKDECK, TIMEOUT, command, demo};

/// The parameters of every SGR sequence.
fn sgr(bytes: &[u8]) -> Vec<Vec<u16>> {
    let text = String::from_utf8_lossy(bytes);
    let sequences = text.split("\x1b[").skip(1).filter_map(|after| {
        let end = after.find(|c: char| ('\x40'..='\x7e').contains(&c))?;
        after.get(end..)?.starts_with('m').then(|| after.get(..end)).flatten()
    });
    sequences.map(|all| all.split([';', ':']).map(|one| one.parse().unwrap_or(0)).collect()).collect()
}

/// Returns the SGR sequences of a run of the demo in a terminal of this type.
fn demo_sgr(term: &str, others: &[(&str, &str)]) -> Vec<Vec<u16>> {
    let mut command = demo();
    command.env("TERM", term);
    command.env_remove("COLORTERM");
    for (name, value) in others {
        command.env(name, value);
    }
    let mut session = PtySession::start(command, (160, 48));
    session.wait_for_dashboard();
    session.wait_for_text("Running");
    session.send_keys("q");
    sgr(&session.wait_for_exit().bytes)
}

fn is_colour(parameter: u16) -> bool {
    matches!(parameter, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

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
fn a_truecolor_terminal_gets_rgb_colours() {
    let said = demo_sgr("xterm-256color", &[("COLORTERM", "truecolor")]);
    assert!(said.iter().any(|sequence| sequence.starts_with(&[38, 2])), "{said:?}");
}

#[test]
fn no_color_disables_colours() {
    // By convention, any value counts.
    for value in ["1", "0"] {
        let said = demo_sgr("xterm-256color", &[("COLORTERM", "truecolor"), ("NO_COLOR", value)]);
        assert!(said.iter().flatten().any(|parameter| *parameter == 1), "bold stands in for colours");
        let coloured: Vec<_> = said.iter().filter(|all| all.iter().any(|one| is_colour(*one))).collect();
        assert!(coloured.is_empty(), "NO_COLOR={value}: {coloured:?}");
        // crossterm writes this in place of a dropped colour; it would reset bold and underline too.
        assert!(!said.contains(&vec![0, 0]), "NO_COLOR={value}: colours were drawn and dropped");
    }
}

#[test]
fn a_sixteen_colour_terminal_gets_no_extended_colours() {
    let said = demo_sgr("xterm", &[]);
    assert!(said.iter().flatten().any(|parameter| matches!(parameter, 30..=37)), "{said:?}");
    let extended: Vec<_> =
        said.iter().filter(|all| all.iter().any(|one| matches!(one, 38 | 48 | 58))).collect();
    assert!(extended.is_empty(), "{extended:?}");
}

#[test]
fn a_256_colour_terminal_gets_no_rgb_colours() {
    let said = demo_sgr("xterm-256color", &[]);
    assert!(said.iter().any(|all| all.starts_with(&[38, 5])), "{said:?}");
    assert!(!said.iter().any(|all| all.windows(2).any(|two| matches!(two, [38 | 48, 2]))), "{said:?}");
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

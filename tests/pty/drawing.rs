//! What is drawn: the first frame, every size, no more colours than there are, and no waiting for the BBS.

use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

use vt100::Screen;

use crate::session::{PATIENCE, Session, TASKDECK, command, demo};

/// The parameters of every SGR sequence.
fn sgr(bytes: &[u8]) -> Vec<Vec<u16>> {
    let text = String::from_utf8_lossy(bytes);
    let sequences = text.split("\x1b[").skip(1).filter_map(|after| {
        let end = after.find(|c: char| ('\x40'..='\x7e').contains(&c))?;
        after.get(end..)?.starts_with('m').then(|| after.get(..end)).flatten()
    });
    sequences.map(|all| all.split([';', ':']).map(|one| one.parse().unwrap_or(0)).collect()).collect()
}

/// Everything that the demonstration says with this terminal, up to its end.
fn said(term: &str, others: &[(&str, &str)]) -> Vec<Vec<u16>> {
    let mut command = demo();
    command.env("TERM", term);
    command.env_remove("COLORTERM");
    for (name, value) in others {
        command.env(name, value);
    }
    let mut session = Session::start(command, (160, 48));
    session.sees_dashboard();
    session.sees("Running");
    session.types("q");
    sgr(&session.ends().bytes)
}

fn is_colour(parameter: u16) -> bool {
    matches!(parameter, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

#[test]
fn a_resized_terminal_is_drawn_anew_in_its_size() {
    let mut session = Session::start(demo(), (160, 48));
    session.sees_dashboard();
    for size in [(80, 24), (40, 10), (160, 48)] {
        session.resize(size);
        session.sees_dashboard();
    }
    session.types("q");
    session.ends().with_status(0);
}

#[test]
fn a_terminal_without_room_is_no_reason_to_fail() {
    for size in [(1, 1), (200, 1), (1, 60)] {
        let mut session = Session::start(demo(), size);
        session.until("the alternate screen", Screen::alternate_screen);
        session.resize((80, 24));
        session.sees_dashboard();
        session.resize(size);
        session.types("q");
        session.ends().with_status(0);
    }
}

#[test]
fn a_repaint_that_is_asked_for_draws_every_cell() {
    let mut session = Session::start(demo(), (80, 24));
    session.sees_dashboard();
    session.blank((80, 24));
    session.types("\x0c");
    session.sees_dashboard();
    session.types("q");
    session.ends().with_status(0);
}

#[test]
fn a_terminal_of_all_colours_gets_them() {
    let said = said("xterm-256color", &[("COLORTERM", "truecolor")]);
    assert!(said.iter().any(|sequence| sequence.starts_with(&[38, 2])), "{said:?}");
}

#[test]
fn no_colour_is_used_where_none_is_wanted() {
    // Whatever it is set to: the convention is that it is set.
    for value in ["1", "0"] {
        let said = said("xterm-256color", &[("COLORTERM", "truecolor"), ("NO_COLOR", value)]);
        assert!(said.iter().flatten().any(|parameter| *parameter == 1), "bold stands in for colours");
        let coloured: Vec<_> = said.iter().filter(|all| all.iter().any(|one| is_colour(*one))).collect();
        assert!(coloured.is_empty(), "NO_COLOR={value}: {coloured:?}");
        // What is left of colours that crossterm drops; it ends bold and underline too.
        assert!(!said.contains(&vec![0, 0]), "NO_COLOR={value}: colours were drawn and dropped");
    }
}

#[test]
fn a_terminal_of_sixteen_colours_gets_no_others() {
    let said = said("xterm", &[]);
    assert!(said.iter().flatten().any(|parameter| matches!(parameter, 30..=37)), "{said:?}");
    let extended: Vec<_> =
        said.iter().filter(|all| all.iter().any(|one| matches!(one, 38 | 48 | 58))).collect();
    assert!(extended.is_empty(), "{extended:?}");
}

#[test]
fn a_terminal_of_256_colours_gets_none_that_are_mixed() {
    let said = said("xterm-256color", &[]);
    assert!(said.iter().any(|all| all.starts_with(&[38, 5])), "{said:?}");
    assert!(!said.iter().any(|all| all.windows(2).any(|two| matches!(two, [38 | 48, 2]))), "{said:?}");
}

#[test]
fn a_bbs_that_hangs_keeps_nobody_from_leaving() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (connected, connections) = channel();
    thread::spawn(move || {
        // Held open, and never answered.
        listener.incoming().map_while(Result::ok).try_for_each(|connection| connected.send(connection))
    });
    // Nothing but the key can end it: a call may take for ever.
    let mut session = Session::start(command(TASKDECK, &["--bbsURL", &url, "--timeout", "0"]), (80, 24));
    session.sees_dashboard();
    session.sees("connecting");
    let asked = connections.recv_timeout(PATIENCE);
    session.types("q");
    let ended = session.ends();
    ended.with_status(0);
    ended.gave_the_terminal_back();
    assert!(asked.is_ok(), "the BBS was asked");
}

//! Terminals that freeze, close, stop, and change their size and modes at the worst moment.

use portable_pty::CommandBuilder;
use rustix::process::Signal;
use rustix::termios::{LocalModes, OutputModes};
use taskdeck::model::Call;
use vt100::{MouseProtocolMode, Screen};

use crate::confirm::three_tasks;
use crate::pty_session::{PtySession, TASKDECK, command, demo, until};

const SIZE: (u16, u16) = (160, 48);

fn started(command: CommandBuilder, size: (u16, u16)) -> PtySession {
    let session = PtySession::start(command, size);
    session.wait_for_dashboard();
    session
}

fn quits_well(mut session: PtySession) {
    session.send_keys("q");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
}

/// Returns the words of the screen that have no digit: ages go on.
fn words(screen: &Screen) -> Vec<String> {
    let contents = screen.contents();
    contents
        .split_whitespace()
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_frozen_terminal_holds_nothing_up_and_shows_the_latest_afterwards() {
    let (_runtime, sim) = three_tasks();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rows.csv");
    let mut dashboard = command(TASKDECK, &[]);
    dashboard.env("BBS_URL", sim.url());
    let mut session = started(dashboard, SIZE);
    session.wait_for_text("3/3 held");
    session.freeze();
    session.send_keys("\x0c");
    session.send_keys(&format!(":save {}\r", file.display()));
    until("the rows are saved", || file.exists());
    sim.with(|machine, now| machine.start("t-2", "cell-of-thaw", now)).unwrap();
    session.thaw();
    session.wait_for_text("Saved 3 rows");
    session.wait_for_text("cell-of-thaw");
    session.wait_for_dashboard();
    session.wait_for_end_of_frame();
    let shown = words(&session.screen());
    session.clear_screen(SIZE);
    session.send_keys("\x0c");
    session.wait_for_dashboard();
    session.wait_until("the same screen", |screen| words(screen) == shown);
    quits_well(session);
}

/// A key that was pressed before the question could be read is no answer.
#[test]
fn a_question_that_a_frozen_terminal_hides_is_not_answered() {
    let (_runtime, sim) = three_tasks();
    let mut dashboard = command(TASKDECK, &[]);
    dashboard.env("BBS_URL", sim.url());
    let mut session = started(dashboard, SIZE);
    session.wait_for_text("3/3 held");
    session.freeze();
    session.send_keys("C");
    // Longer than a question ignores keys once it is shown.
    session.wait_briefly_until(|_| false);
    session.send_keys("y");
    session.thaw();
    session.wait_for_text("Cancel task");
    session.wait_for_text("Too soon: key ignored");
    assert_eq!(sim.received(Call::Cancel), 0);
    while session.shows("Cancel task") {
        session.send_keys("n");
        session.wait_briefly_until(|screen| !screen.contents().contains("Cancel task"));
    }
    quits_well(session);
    assert_eq!(sim.received(Call::Cancel), 0);
}

#[test]
fn a_signal_ends_it_while_the_terminal_is_frozen() {
    // No core dump: it would stay behind after the test.
    let line = format!("ulimit -c 0; exec {TASKDECK} --demo");
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let mut session = started(command("/bin/sh", &["-c", &line]), SIZE);
        session.freeze_within_a_frame();
        session.signal(signal);
        let ended = session.wait_for_exit();
        match signal {
            Signal::QUIT => assert!(ended.status.signal().is_some_and(|signal| signal.starts_with("Quit"))),
            _ => ended.assert_status(0),
        }
        ended.assert_terminal_restored();
    }
}

#[test]
fn a_terminal_that_closes_within_a_frame_ends_it() {
    let mut session = started(demo(), SIZE);
    session.freeze_within_a_frame();
    let status = session.hang_up();
    assert_eq!(status.signal(), None, "it ends by itself");
    // By SIGHUP, or by a write error if it was drawing at that moment.
    assert!([0, 5].contains(&status.exit_code()), "{status:?}");
}

#[test]
fn modes_and_size_that_change_while_it_is_stopped_are_set_and_drawn_again() {
    let mut session = started(demo(), SIZE);
    session.send_keys(":mouse\r");
    session.wait_until("the mouse", |screen| screen.mouse_protocol_mode() != MouseProtocolMode::None);
    session.signal(Signal::STOP);
    let mut modes = session.termios();
    modes.local_modes |= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
    modes.output_modes |= OutputModes::OPOST;
    session.set_termios(&modes);
    session.use_new_terminal((90, 25));
    session.signal(Signal::CONT);
    session.wait_for_dashboard();
    session.wait_until("pastes in brackets", Screen::bracketed_paste);
    session.wait_until("the mouse", |screen| screen.mouse_protocol_mode() != MouseProtocolMode::None);
    let modes = session.termios();
    assert!(!modes.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG));
    quits_well(session);
}

#[test]
fn sizes_that_follow_each_other_at_once_end_with_the_last() {
    let session = started(demo(), SIZE);
    for (others, last) in [(&[(40, 10), (200, 60)][..], (80, 24)), (&[(1, 1), (0, 0), (300, 9)], (120, 30))] {
        session.clear_screen(last);
        for size in others {
            session.tell_size(*size);
        }
        session.resize(last);
        session.wait_for_dashboard();
    }
    quits_well(session);
}

#[test]
fn a_size_of_nothing_is_drawn_as_80_by_24_and_one_of_one_cell_is_accepted() {
    let session = started(demo(), SIZE);
    session.clear_screen((80, 24));
    session.tell_size((0, 0));
    session.wait_for_dashboard();
    session.resize((1, 1));
    session.wait_until("one cell", |screen| !screen.contents().is_empty());
    session.resize((100, 30));
    session.wait_for_dashboard();
    quits_well(session);
}

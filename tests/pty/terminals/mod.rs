//! Each kind of terminal gets the characters, colours and control sequences that it can show, and is left as it was.

mod table;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::thread;

use crate::pty_session::{Exit, PtySession, TASKDECK, command, demo, replay, without_alternate_screen};
pub(crate) use table::{Charset, Colours, Gets, TERMINALS, Terminal};

const SIZE: (u16, u16) = (100, 30);
/// How many dashboards run at the same time.
const AT_ONCE: usize = 6;

/// The test that runs the table, for `RELIABILITY.md`.
pub(crate) const TEST: &str = "each_terminal_gets_what_it_can_show";

/// Runs the check for each row, some at a time, and fails with all that failed.
fn check_all(check: impl Fn(&Terminal) + Sync) {
    let (rows, failed) = (Mutex::new(TERMINALS.iter()), Mutex::new(Vec::new()));
    let next = || rows.lock().unwrap().next();
    let work = || {
        while let Some(terminal) = next() {
            if catch_unwind(AssertUnwindSafe(|| check(terminal))).is_err() {
                failed.lock().unwrap().push(terminal.is);
            }
        }
    };
    thread::scope(|scope| (0..AT_ONCE).for_each(|_| drop(scope.spawn(work))));
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "see above: {failed:#?}");
}

/// Starts the demo in a terminal.
fn start(terminal: &Terminal) -> PtySession {
    let words = || terminal.is.split_whitespace();
    let flags: Vec<_> = words().filter(|word| word.starts_with("--")).collect();
    let mut demo = command(TASKDECK, &[&["--demo"][..], &flags].concat());
    for name in ["TERM", "COLORTERM", "LANG"] {
        demo.env_remove(name);
    }
    for (name, value) in words().filter_map(|word| word.split_once('=')) {
        demo.env(name, value);
    }
    PtySession::start(demo, SIZE)
}

#[test]
fn each_terminal_gets_what_it_can_show() {
    check_all(|terminal| match terminal.gets {
        Gets::Dashboard(charset, colours) => shows_the_dashboard(terminal, charset, colours),
        Gets::Sentence(sentence) => {
            let ended = start(terminal).wait_for_exit();
            ended.assert_status(3);
            let said = ended.screen.contents();
            assert!(said.starts_with(sentence) && said.contains("taskdeck tasks"), "{}: {said}", terminal.is);
            assert!(!ended.bytes.contains(&0x1b), "{}: nothing is drawn", terminal.is);
        }
    });
}

fn shows_the_dashboard(terminal: &Terminal, charset: Charset, colours: Colours) {
    let mut session = start(terminal);
    session.wait_for_dashboard();
    // A task is opened below: the list must be there.
    session.wait_for_text("Running");
    session.send_keys("?");
    session.wait_for_text("Esc close");
    session.send_keys("?\r");
    session.wait_for_text("created_at");
    session.send_keys("C");
    session.wait_until("what C leads to", |screen| {
        let said = screen.contents();
        said.contains("Cancel task") || said.contains("refused")
    });
    session.send_keys("\x03");
    let ended = session.wait_for_exit();
    ended.assert_status(0);
    ended.assert_terminal_restored();
    ended.assert_mouse_untouched();
    assert_eq!((used_charset(&ended), used_colours(&ended)), (charset, colours), "{}", terminal.is);
    if terminal.is.contains("TERM=vt100") {
        assert_vt100(&ended);
    }
}

fn used_charset(ended: &Exit) -> Charset {
    if ended.bytes.is_ascii() { Charset::Ascii } else { Charset::Unicode }
}

/// Returns the most colours that any sequence asks for.
fn used_colours(ended: &Exit) -> Colours {
    let all = sgr(&ended.output());
    let colours = all.iter().map(|sequence| match sequence.as_slice() {
        all if all.windows(2).any(|two| matches!(two, [38 | 48 | 58, 2])) => Colours::TrueColour,
        all if all.windows(2).any(|two| matches!(two, [38 | 48 | 58, 5])) => Colours::Palette256,
        all if all.iter().any(|one| matches!(one, 30..=37 | 40..=47 | 90..=97 | 100..=107)) => {
            Colours::Sixteen
        }
        _ => Colours::None,
    });
    let used = colours.max().unwrap_or(Colours::None);
    if used == Colours::None {
        assert!(all.iter().flatten().any(|parameter| *parameter == 1), "bold stands in for colours");
        // crossterm writes this in place of a dropped colour; it would reset bold and underline too.
        assert!(!all.contains(&vec![0, 0]), "colours were drawn and dropped");
    }
    used
}

/// Returns the parameters of every SGR sequence.
fn sgr(output: &str) -> Vec<Vec<u16>> {
    let sequences = output.split("\x1b[").skip(1).filter_map(|after| {
        let end = after.find(|c: char| ('\x40'..='\x7e').contains(&c))?;
        after.get(end..)?.starts_with('m').then(|| after.get(..end)).flatten()
    });
    sequences.map(|all| all.split([';', ':']).map(|one| one.parse().unwrap_or(0)).collect()).collect()
}

/// Asserts that a VT100 knows every sequence. It ignores private modes that it does not have.
fn assert_vt100(ended: &Exit) {
    let output = ended.output();
    for after in output.split('\x1b').skip(1) {
        let known = match after.strip_prefix('[') {
            Some(csi) => {
                let end = csi.find(|c: char| ('\x40'..='\x7e').contains(&c));
                end.and_then(|end| csi.get(end..)).is_some_and(|end| end.starts_with(KNOWN_TO_VT100))
            }
            // Reverse index.
            None => after.starts_with('M'),
        };
        assert!(known, "a VT100 does not know {:?}", after.chars().take(12).collect::<String>());
    }
}

/// The control sequences of a VT100 by their last letters: cursor movements, erasing, modes, styles, scrolling region.
const KNOWN_TO_VT100: [char; 11] = ['A', 'B', 'C', 'D', 'H', 'J', 'K', 'h', 'l', 'm', 'r'];

/// tmux can tell about the terminal around it, but a program that hangs must not hang the dashboard.
#[test]
fn no_program_is_asked_about_the_terminal() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().unwrap();
    let tmux = dir.path().join("tmux");
    std::fs::write(&tmux, "#!/bin/sh\n: > \"$0.ran\"\n").unwrap();
    std::fs::set_permissions(&tmux, std::fs::Permissions::from_mode(0o700)).unwrap();
    let mut demo = command(TASKDECK, &["--demo"]);
    demo.env("PATH", dir.path());
    demo.env("TERM", "tmux-256color");
    let mut session = PtySession::start(demo, SIZE);
    session.wait_for_dashboard();
    session.send_keys("q");
    session.wait_for_exit().assert_status(0);
    assert!(!dir.path().join("tmux.ran").exists());
}

/// The Linux console has none, and GNU screen has none by default.
#[test]
fn without_an_alternate_screen_the_dashboard_begins_and_ends_on_an_empty_one() {
    let before = "0123456789".repeat(usize::from(SIZE.0) * usize::from(SIZE.1) / 10);
    let mut session = PtySession::start(demo(), SIZE);
    session.wait_for_dashboard();
    session.wait_for_text("Running");
    let shown = replay(&before, &without_alternate_screen(&session.output()), SIZE);
    assert!(shown.contains("Running") && !shown.contains("3456789012"), "{shown}");
    session.send_keys("q");
    let ended = session.wait_for_exit();
    assert_eq!(replay(&before, &without_alternate_screen(&ended.output()), SIZE), "");
    assert!(
        replay(&before, &ended.output(), SIZE).contains("3456789012"),
        "on others, what was there comes back"
    );
}

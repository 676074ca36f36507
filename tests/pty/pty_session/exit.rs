//! How a program exited, and whether it left the terminal as it was.

use std::collections::BTreeMap;

use portable_pty::ExitStatus;
use vt100::{MouseProtocolMode, Parser, Screen};

use super::output::parser;

/// Sequences that enable reports of the mouse; only `:mouse` makes the dashboard send them.
const MOUSE_MODES: [&str; 2] = ["\x1b[?1000h", "\x1b[?1006h"];
/// Sequences that enable reports of its motion, or in other forms. The dashboard must not send them.
const OTHER_MOUSE_MODES: [&str; 3] = ["\x1b[?1002h", "\x1b[?1003h", "\x1b[?1015h"];
/// Modes that are on in a terminal that nobody has changed: lines wrap, and the cursor is seen.
const MODES_ON: [&str; 2] = ["7", "25"];
/// Switches to the alternate screen and back. Terminals without one ignore it.
const ALTERNATE_SCREEN: [&str; 2] = ["\x1b[?1049h", "\x1b[?1049l"];

/// How a program exited, and its output.
pub(crate) struct Exit {
    pub(crate) status: ExitStatus,
    pub(crate) screen: Screen,
    pub(crate) bytes: Vec<u8>,
    pub(super) cooked: bool,
    pub(super) parser: Parser,
}

impl Exit {
    /// Asserts the exit status.
    pub(crate) fn assert_status(&self, status: u32) {
        let ended = (self.status.exit_code(), self.status.signal());
        assert_eq!(ended, (status, None), "{}", self.screen.contents());
    }

    /// Returns whether the terminal's modes are those from before the program.
    pub(crate) const fn is_cooked(&self) -> bool {
        self.cooked
    }

    /// Returns all output, with escape sequences.
    pub(crate) fn output(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// Asserts that the terminal is as before, and that the mouse was left to it.
    pub(crate) fn assert_terminal_restored(&self) {
        let said = self.output();
        assert!(said.contains("\x1b[?1049h"), "it was taken over at all");
        assert!(!self.screen.alternate_screen(), "the alternate screen is left");
        assert!(!self.screen.hide_cursor(), "the cursor is seen");
        assert!(!self.screen.bracketed_paste(), "a paste is plain again");
        assert!(self.cooked, "the terminal reads lines again");
        assert_eq!(self.screen.mouse_protocol_mode(), MouseProtocolMode::None, "the mouse is the terminal's");
        for mode in OTHER_MOUSE_MODES {
            assert!(!said.contains(mode), "too much is reported");
        }
        let changed: Vec<_> =
            modes(&said).into_iter().filter(|(mode, on)| *on != MODES_ON.contains(mode)).collect();
        assert!(changed.is_empty(), "modes are left behind: {changed:?}");
        assert_nothing_else_is_changed(&said);
        self.assert_draws_like_a_new_terminal();
    }

    /// Asserts that what is written next looks as on a terminal that nobody has used.
    fn assert_draws_like_a_new_terminal(&self) {
        let (rows, cols) = self.screen.size();
        let size = (cols.get(), rows.get());
        let (mut used, mut new) = (parser(size), parser(size));
        used.process(self.parser.screen().state_formatted().as_bytes());
        // A formatted state has no scrolling region, so the output itself decides that.
        used.process(&regions(&self.bytes));
        for terminal in [&mut used, &mut new] {
            terminal.process(&probe(size));
        }
        assert_eq!(used.screen().state_formatted(), new.screen().state_formatted(), "a trace is left");
    }

    /// Asserts that the mouse was left to the terminal all the time.
    pub(crate) fn assert_mouse_untouched(&self) {
        let said = self.output();
        for mode in MOUSE_MODES {
            assert!(!said.contains(mode), "the mouse is left to the terminal");
        }
    }
}

/// Returns what a terminal shows that showed `before` and then got this output.
pub(crate) fn replay(before: &str, output: &str, size: (u16, u16)) -> String {
    let mut terminal = parser(size);
    terminal.process(before.as_bytes());
    terminal.process(output.as_bytes());
    terminal.screen().contents()
}

/// Returns the part of the output that a terminal without an alternate screen does not ignore.
pub(crate) fn without_alternate_screen(output: &str) -> String {
    ALTERNATE_SCREEN.iter().fold(output.to_owned(), |output, switch| output.replace(switch, ""))
}

/// Text that fills, wraps and scrolls the whole screen.
fn probe((cols, rows): (u16, u16)) -> Vec<u8> {
    let lines = (0..rows + 3).map(|row| format!("{row} {}\r\n", "wraps".repeat(usize::from(cols) / 4)));
    format!("\x1b[H\x1b[J{}", lines.collect::<String>()).into_bytes()
}

/// Returns the last sequence that set a scrolling region.
fn regions(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    let is_region = |parameters: &&str| parameters.chars().all(|c| c.is_ascii_digit() || c == ';');
    let all = text.split("\x1b[").filter_map(|after| after.split_once('r').map(|(parameters, _)| parameters));
    all.filter(is_region).last().map(|region| format!("\x1b[{region}r").into_bytes()).unwrap_or_default()
}

/// Returns each private mode that was changed, and whether it is on at the end.
fn modes(said: &str) -> BTreeMap<&str, bool> {
    let mut modes = BTreeMap::new();
    for after in said.split("\x1b[?").skip(1) {
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(after.len());
        let (changed, rest) = after.split_at(end);
        if rest.starts_with(['h', 'l']) {
            modes.extend(changed.split(';').map(|mode| (mode, rest.starts_with('h'))));
        }
    }
    modes
}

/// Asserts that nothing was sent that changes a terminal for good: its title, palette, cursor's shape, keyboard or character
/// sets. Only the clipboard may be set.
fn assert_nothing_else_is_changed(said: &str) {
    let other = said.split("\x1b]").skip(1).find(|after| !after.starts_with("52;"));
    assert_eq!(other, None, "a title or a colour is changed");
    for changes in ["\x1bP", "\x1b_", "\x1b^", "\x1bX", "\x1bc", "\x1b=", " q", "\x1b[>", "\x1b[<"] {
        let is_sent = match changes {
            // A shape of the cursor ends in this, and so may text.
            " q" => (0..=6).any(|shape| said.contains(&format!("\x1b[{shape} q"))),
            sequence => said.contains(sequence),
        };
        assert!(!is_sent, "{changes:?} changes the terminal");
    }
}

//! What a terminal shows after the bytes of some frames is what the frames say, scrolled or not.

use std::io::{self, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier, Style};
use termprofile::TermProfile;

use super::Renderer;
use crate::ui::ScrollHint;

const WIDTH: u16 = 24;
const HEIGHT: u16 = 10;

/// What was written, write by write.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A renderer, and the terminal that it writes to.
struct Pair {
    terminal: Terminal<Renderer<Written>>,
    written: Written,
    screen: vt100::Parser,
}

impl Pair {
    fn new() -> Self {
        let written = Written::default();
        let size = || Ok(Size { width: WIDTH, height: HEIGHT });
        let terminal = Terminal::new(Renderer::new(written.clone(), TermProfile::TrueColor, size)).unwrap();
        let cells = |number| NonZeroU16::new(number).unwrap();
        Self { terminal, written, screen: vt100::Parser::new(cells(HEIGHT), cells(WIDTH), 0) }
    }

    /// Shows these lines, the one at `bold` in bold, and gives the writes that it took.
    fn show(
        &mut self,
        lines: &[String],
        bold: usize,
        cursor: Option<Position>,
        moved: &[ScrollHint],
    ) -> Vec<Vec<u8>> {
        self.terminal
            .draw(|frame| {
                for (y, line) in (0..HEIGHT).zip(lines) {
                    let style = if usize::from(y) == bold {
                        Style::new().add_modifier(Modifier::BOLD)
                    } else {
                        Style::new()
                    };
                    let buffer = frame.buffer_mut();
                    buffer.set_stringn(0, y, line, WIDTH.into(), style);
                    buffer.set_style(Rect::new(0, y, WIDTH, 1), ground(line));
                    buffer.set_style(Rect::new(4, y, 9, 1), tint(line));
                }
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            })
            .unwrap();
        self.terminal.backend_mut().show(moved).unwrap();
        let writes = std::mem::take(&mut *self.written.0.lock().unwrap());
        for bytes in &writes {
            self.screen.process(bytes);
        }
        writes
    }

    /// Every cell as it looks.
    fn looks(&self) -> Vec<(String, vt100::Color, vt100::Color, [bool; 4])> {
        let screen = self.screen.screen();
        let cells = (0..HEIGHT).flat_map(|y| (0..WIDTH).filter_map(move |x| screen.cell(y, x)));
        let look = |cell: &vt100::Cell| {
            // A blank that was written is one that was never written.
            let text = cell.contents().trim_end().to_owned();
            let flags = [cell.bold(), cell.underline(), cell.inverse(), cell.dim()];
            (text, cell.fgcolor(), cell.bgcolor(), flags)
        };
        cells.map(look).collect()
    }

    fn seen(&self) -> Vec<String> {
        // A blank that was written is one that was never written.
        self.screen.screen().rows(0, WIDTH).map(|row| row.trim_end().to_owned()).collect()
    }
}

/// Some lines have a ground of their own.
fn ground(line: &str) -> Style {
    match line.bytes().next() {
        Some(b'a') => Style::new().bg(Color::Blue),
        Some(b'b' | b'w') => Style::new().reversed(),
        _ => Style::new(),
    }
}

/// Part of a line looks as its last character says.
fn tint(line: &str) -> Style {
    match line.bytes().last() {
        Some(b'a') => Style::new().fg(Color::Rgb(1, 2, 3)).underlined(),
        Some(b'b' | 0xa9) => Style::new().fg(Color::Indexed(99)).dim(),
        Some(b'c') => Style::new().fg(Color::Red).bold().dim(),
        _ => Style::new(),
    }
}

fn lines(of: impl IntoIterator<Item = usize>) -> Vec<String> {
    of.into_iter().map(|number| format!("line {number} of the table")).collect()
}

fn whole(by: i16) -> [ScrollHint; 1] {
    [ScrollHint { rows: 0..HEIGHT, by }]
}

#[test]
fn a_frame_that_changes_nothing_writes_nothing() {
    let mut pair = Pair::new();
    assert_eq!(pair.show(&lines(0..10), 3, None, &[]).len(), 1, "a frame is one write");
    assert!(pair.screen.screen().hide_cursor());
    for _ in 0..3 {
        assert!(pair.show(&lines(0..10), 3, None, &[]).is_empty());
    }
}

#[test]
fn the_terminal_scrolls_what_only_moved() {
    let (mut scrolling, mut writing) = (Pair::new(), Pair::new());
    for pair in [&mut scrolling, &mut writing] {
        pair.show(&lines(0..10), 99, None, &[]);
    }
    for (first, by) in [(1, 1), (2, 1), (0, -2)] {
        let scrolled = scrolling.show(&lines(first..first + 10), 99, None, &whole(by)).concat();
        writing.show(&lines(first..first + 10), 99, None, &[]);
        assert_eq!(scrolling.seen(), writing.seen());
        let text = String::from_utf8(scrolled).unwrap();
        let written = text.matches("of the table").count();
        assert_eq!(written, usize::from(by.unsigned_abs()), "only the new lines: {text:?}");
    }
}

#[test]
fn a_hint_that_is_wrong_costs_nothing_but_a_look() {
    let mut pair = Pair::new();
    pair.show(&lines(0..10), 99, None, &[]);
    let written = pair.show(&lines(0..10), 99, None, &whole(3)).concat();
    assert!(written.is_empty(), "{written:?}");
    let beyond = [
        ScrollHint { rows: 4..HEIGHT + 1, by: 1 },
        ScrollHint { rows: 2..4, by: 2 },
        ScrollHint { rows: 0..0, by: 0 },
    ];
    assert!(pair.show(&lines(0..10), 99, None, &beyond).is_empty());
}

#[test]
fn a_cleared_screen_is_drawn_whole_in_one_write() {
    let mut pair = Pair::new();
    pair.show(&lines(0..10), 2, None, &[]);
    pair.screen.process(b"\x1b[3;3Hgarbage of another program");
    pair.terminal.resize(Rect::new(0, 0, WIDTH, HEIGHT)).unwrap();
    assert_eq!(pair.show(&lines(0..10), 2, None, &[]).len(), 1);
    assert_eq!(pair.seen()[2], "line 2 of the table");
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0_usize..30).prop_map(|number| format!("line {number} of the table")),
        1 => "[a-c ]{0,24}",
        1 => Just("wide 漢字 and é".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_hinted_the_terminal_shows_the_frame(
        frames in prop::collection::vec(
            (
                prop::collection::vec(line(), 10),
                0_usize..12,
                prop::option::of((0..WIDTH, 0..HEIGHT)),
                // How much of the last frame comes along, and how it moved.
                (-9_i16..=9, 0_u16..10, 0_u16..=10),
            ),
            1..8,
        )
    ) {
        let mut pair = Pair::new();
        let mut shown = vec![String::new(); HEIGHT.into()];
        for (new, bold, cursor, (by, top, bottom)) in frames {
            let mut next = shown.clone();
            for at in usize::from(top)..usize::from(bottom) {
                let from = at.checked_add_signed(by.into()).filter(|from| *from < usize::from(bottom));
                next[at] = from.and_then(|from| shown.get(from)).unwrap_or(&new[at]).clone();
            }
            let cursor = cursor.map(Position::from);
            pair.show(&next, bold, cursor, &[ScrollHint { rows: top..bottom, by }]);
            let mut reference = Pair::new();
            reference.show(&next, bold, cursor, &[]);
            prop_assert_eq!(pair.seen(), reference.seen());
            prop_assert_eq!(pair.looks(), reference.looks());
            // And both are what was drawn, not only alike.
            for ((y, line), seen) in (0..HEIGHT).zip(&next).zip(pair.seen()) {
                prop_assert_eq!(seen.trim_end(), line.trim_end(), "line {}", y);
            }
            prop_assert_eq!(pair.screen.screen().hide_cursor(), cursor.is_none());
            if let Some(Position { x, y }) = cursor {
                prop_assert_eq!(pair.screen.screen().cursor_position(), (y, x));
            }
            shown = next;
        }
    }
}

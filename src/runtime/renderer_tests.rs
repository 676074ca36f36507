//! Compares frames with what a terminal emulator shows after the renderer's output, with and without scrolling.

use std::cell::Cell;
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

/// Records each write.
#[derive(Clone, Default)]
struct Writes(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A renderer and the emulated terminal that it writes to.
struct Emulator {
    terminal: Terminal<Renderer<Writes>>,
    writes: Writes,
    parser: vt100::Parser,
}

impl Emulator {
    fn new() -> Self {
        let writes = Writes::default();
        let size = || Ok(Size { width: WIDTH, height: HEIGHT });
        let terminal = Terminal::new(Renderer::new(writes.clone(), TermProfile::TrueColor, size)).unwrap();
        let cells = |number| NonZeroU16::new(number).unwrap();
        Self { terminal, writes, parser: vt100::Parser::new(cells(HEIGHT), cells(WIDTH), 0) }
    }

    /// Draws lines, the one at `bold` in bold, and returns the writes.
    fn show(
        &mut self,
        lines: &[String],
        bold: usize,
        cursor: Option<Position>,
        hints: &[ScrollHint],
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
                    buffer.set_style(Rect::new(0, y, WIDTH, 1), line_style(line));
                    buffer.set_style(Rect::new(4, y, 9, 1), part_style(line));
                }
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            })
            .unwrap();
        self.terminal.backend_mut().show(hints).unwrap();
        let writes = std::mem::take(&mut *self.writes.0.lock().unwrap());
        for bytes in &writes {
            self.parser.process(bytes);
        }
        writes
    }

    /// Returns the text and style of every cell.
    fn styled_cells(&self) -> Vec<(String, vt100::Color, vt100::Color, [bool; 3])> {
        let screen = self.parser.screen();
        let cells = (0..HEIGHT).flat_map(|y| (0..WIDTH).filter_map(move |x| screen.cell(y, x)));
        let styled = |cell: &vt100::Cell| {
            // A written blank equals a cell that was never written.
            let text = cell.contents().trim_end().to_owned();
            // The emulator holds one of bold and dim: of both, the one that was set last.
            let flags = [cell.bold() || cell.dim(), cell.underline(), cell.inverse()];
            (text, cell.fgcolor(), cell.bgcolor(), flags)
        };
        cells.map(styled).collect()
    }

    fn lines(&self) -> Vec<String> {
        // A written blank equals a cell that was never written.
        self.parser.screen().rows(0, WIDTH).map(|row| row.trim_end().to_owned()).collect()
    }
}

/// Returns the style of a whole line, chosen by its first character.
fn line_style(line: &str) -> Style {
    match line.bytes().next() {
        Some(b'a') => Style::new().bg(Color::Blue),
        Some(b'b' | b'w') => Style::new().reversed(),
        _ => Style::new(),
    }
}

/// Returns the style of a part of a line, chosen by its last character.
fn part_style(line: &str) -> Style {
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

fn all_moved(by: i16) -> [ScrollHint; 1] {
    [ScrollHint { rows: 0..HEIGHT, by }]
}

#[test]
fn an_unchanged_frame_writes_nothing() {
    let mut emulator = Emulator::new();
    assert_eq!(emulator.show(&lines(0..10), 3, None, &[]).len(), 1, "a frame is one write");
    assert!(emulator.parser.screen().hide_cursor());
    for _ in 0..3 {
        assert!(emulator.show(&lines(0..10), 3, None, &[]).is_empty());
    }
}

#[test]
fn the_terminal_scrolls_lines_that_only_moved() {
    let (mut scrolling, mut writing) = (Emulator::new(), Emulator::new());
    for emulator in [&mut scrolling, &mut writing] {
        emulator.show(&lines(0..10), 99, None, &[]);
    }
    for (first, by) in [(1, 1), (2, 1), (0, -2)] {
        let scrolled = scrolling.show(&lines(first..first + 10), 99, None, &all_moved(by)).concat();
        writing.show(&lines(first..first + 10), 99, None, &[]);
        assert_eq!(scrolling.lines(), writing.lines());
        let text = String::from_utf8(scrolled).unwrap();
        let written = text.matches("of the table").count();
        assert_eq!(written, usize::from(by.unsigned_abs()), "only the new lines: {text:?}");
    }
}

#[test]
fn a_wrong_hint_writes_nothing() {
    let mut emulator = Emulator::new();
    emulator.show(&lines(0..10), 99, None, &[]);
    let written = emulator.show(&lines(0..10), 99, None, &all_moved(3)).concat();
    assert!(written.is_empty(), "{written:?}");
    let beyond = [
        ScrollHint { rows: 4..HEIGHT + 1, by: 1 },
        ScrollHint { rows: 2..4, by: 2 },
        ScrollHint { rows: 0..0, by: 0 },
    ];
    assert!(emulator.show(&lines(0..10), 99, None, &beyond).is_empty());
}

#[test]
fn a_terminal_that_is_resized_while_a_frame_is_painted_gets_that_frame_and_then_the_next() {
    thread_local!(static SIZE: Cell<Size> = const { Cell::new(Size { width: WIDTH, height: HEIGHT }) });
    let renderer = Renderer::new(Writes::default(), TermProfile::NoColor, || Ok(SIZE.get()));
    let mut terminal = Terminal::new(renderer).unwrap();
    for next in [(3, 2), (WIDTH, HEIGHT), (1, 1), (90, 40), (WIDTH, HEIGHT)] {
        let painted = terminal.draw(|frame| {
            let Size { width, height } = frame.area().as_size();
            for (y, line) in (0..height).zip(lines(0..40)) {
                frame.buffer_mut().set_stringn(0, y, line, width.into(), Style::new());
            }
            SIZE.set(next.into());
        });
        painted.unwrap();
        terminal.backend_mut().show(&[]).unwrap();
    }
    terminal.draw(|_| {}).unwrap();
    assert_eq!(terminal.backend().shown.area, Rect::new(0, 0, WIDTH, HEIGHT));
}

/// ratatui counts one cell more for a halfwidth sound mark than this terminal takes.
#[test]
fn nothing_is_left_beside_a_character_that_the_terminal_takes_for_narrow() {
    let mut emulator = Emulator::new();
    let draw = |emulator: &mut Emulator, line: &str| emulator.show(&[line.to_owned()], 99, None, &[]);
    draw(&mut emulator, "abcdefghij");
    draw(&mut emulator, "a\u{ff8a}\u{ff9e}defghij");
    assert_eq!(emulator.lines()[0], "a\u{ff8a}\u{ff9e} defghij");
    draw(&mut emulator, "abcdefghij");
    assert_eq!(emulator.lines()[0], "abcdefghij");
}

#[test]
fn a_cleared_screen_is_redrawn_in_one_write() {
    let mut emulator = Emulator::new();
    emulator.show(&lines(0..10), 2, None, &[]);
    emulator.parser.process(b"\x1b[3;3Hgarbage of another program");
    emulator.terminal.resize(Rect::new(0, 0, WIDTH, HEIGHT)).unwrap();
    assert_eq!(emulator.show(&lines(0..10), 2, None, &[]).len(), 1);
    assert_eq!(emulator.lines()[2], "line 2 of the table");
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
    fn the_terminal_shows_the_frame_whatever_the_hints(
        frames in prop::collection::vec(
            (
                prop::collection::vec(line(), 10),
                0_usize..12,
                prop::option::of((0..WIDTH, 0..HEIGHT)),
                // Which lines of the last frame are kept, and how far they moved.
                (-9_i16..=9, 0_u16..10, 0_u16..=10),
            ),
            1..8,
        )
    ) {
        let mut emulator = Emulator::new();
        let mut shown = vec![String::new(); HEIGHT.into()];
        for (new, bold, cursor, (by, top, bottom)) in frames {
            let mut next = shown.clone();
            for at in usize::from(top)..usize::from(bottom) {
                let from = at.checked_add_signed(by.into()).filter(|from| *from < usize::from(bottom));
                next[at] = from.and_then(|from| shown.get(from)).unwrap_or(&new[at]).clone();
            }
            let cursor = cursor.map(Position::from);
            emulator.show(&next, bold, cursor, &[ScrollHint { rows: top..bottom, by }]);
            let mut reference = Emulator::new();
            reference.show(&next, bold, cursor, &[]);
            prop_assert_eq!(emulator.lines(), reference.lines());
            prop_assert_eq!(emulator.styled_cells(), reference.styled_cells());
            // Both must show the frame, not merely agree.
            for ((y, line), seen) in (0..HEIGHT).zip(&next).zip(emulator.lines()) {
                prop_assert_eq!(seen.trim_end(), line.trim_end(), "line {}", y);
            }
            prop_assert_eq!(emulator.parser.screen().hide_cursor(), cursor.is_none());
            if let Some(Position { x, y }) = cursor {
                prop_assert_eq!(emulator.parser.screen().cursor_position(), (y, x));
            }
            shown = next;
        }
    }
}

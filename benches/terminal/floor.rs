//! The floor of the keys: a minimal ratatui program with as many rows, which this bench runs in a terminal.
//!
//! It builds only the rows in view, writes each frame at once, and draws after every key.

use std::io::{BufWriter, Stdout, stdout};
use std::ops::ControlFlow;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers, read};
use crossterm::execute;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::{Terminal, TerminalOptions, Viewport};

/// The argument that makes this bench run the floor.
pub(crate) const WORD: &str = "floor";

/// Buffer size; larger than a frame, so that each frame is one write.
const FRAME_BYTES: usize = 256 * 1_024;
const STATES: [&str; 4] = ["Pending", "Running", "Completed", "Resolving"];

struct Line {
    guid: String,
    domain: String,
    state: &'static str,
    age: u64,
    /// The text that a filter searches.
    text: String,
}

impl Line {
    fn new(nth: u64) -> Self {
        // The last step of SplitMix64 gives unordered numbers.
        let mixed = (nth ^ (nth >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let guid = format!("{mixed:016x}-5e1f-4d3c-8a6b-{nth:08x}");
        let domain = if mixed.is_multiple_of(3) { "cf-apps-staging" } else { "cf-tasks" }.to_owned();
        let state =
            STATES.into_iter().cycle().nth(usize::from(mixed.to_le_bytes()[3] % 4)).unwrap_or_default();
        let text = format!("{guid} {domain} {state}");
        Self { guid, domain, state, age: mixed % 86_400, text }
    }
}

#[derive(Default)]
struct Rows {
    lines: Vec<Line>,
    shown: Vec<usize>,
    cursor: usize,
    top: usize,
    height: usize,
    column: usize,
    typed: Option<String>,
}

/// Shows `count` rows until `q` is pressed.
pub(crate) fn run(count: usize) {
    enable_raw_mode().unwrap();
    execute!(stdout(), EnterAlternateScreen).unwrap();
    let lines: Vec<_> = (1..).take(count).map(Line::new).collect();
    let mut rows = Rows { shown: (0..count).collect(), lines, ..Rows::default() };
    let mut terminal = terminal();
    loop {
        terminal.draw(|frame| rows.draw(frame.area(), frame.buffer_mut())).unwrap();
        if let Event::Key(key) = read().unwrap()
            && rows.press(key).is_break()
        {
            break;
        }
    }
    execute!(stdout(), LeaveAlternateScreen).unwrap();
    disable_raw_mode().unwrap();
}

fn terminal() -> Terminal<CrosstermBackend<BufWriter<Stdout>>> {
    let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, stdout()));
    Terminal::with_options(backend, TerminalOptions { viewport: Viewport::Fullscreen }).unwrap()
}

impl Rows {
    fn press(&mut self, key: KeyEvent) -> ControlFlow<()> {
        let last = self.shown.len().saturating_sub(1);
        match (key.code, self.typed.is_some()) {
            (KeyCode::Esc, _) => self.drop_filter(),
            (KeyCode::Char(letter), true) => self.narrow(letter),
            (KeyCode::Char('f'), _) if key.modifiers == KeyModifiers::CONTROL => {
                self.cursor = (self.cursor + self.height).min(last);
            }
            (KeyCode::Down, _) => self.cursor = (self.cursor + 1).min(last),
            (KeyCode::Char('g'), _) => self.cursor = 0,
            (KeyCode::Char('G'), _) => self.cursor = last,
            (KeyCode::Char('/'), _) => self.typed = Some(String::new()),
            (KeyCode::Char('>'), _) => self.sort(),
            (KeyCode::Char('q'), _) => return ControlFlow::Break(()),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn narrow(&mut self, letter: char) {
        let Self { typed: Some(typed), shown, lines, .. } = self else { return };
        typed.push(letter);
        shown.retain(|at| lines[*at].text.contains(typed.as_str()));
        self.cursor = 0;
    }

    fn drop_filter(&mut self) {
        self.typed = None;
        self.shown = (0..self.lines.len()).collect();
    }

    fn sort(&mut self) {
        self.column = (self.column + 1) % 4;
        let lines = &self.lines;
        match self.column {
            0 => self.shown.sort_unstable_by_key(|at| lines[*at].age),
            1 => self.shown.sort_unstable_by(|a, b| lines[*a].guid.cmp(&lines[*b].guid)),
            2 => self.shown.sort_unstable_by(|a, b| lines[*a].domain.cmp(&lines[*b].domain)),
            _ => self.shown.sort_unstable_by_key(|at| lines[*at].state),
        }
    }

    fn draw(&mut self, area: Rect, buf: &mut Buffer) {
        self.height = usize::from(area.height).saturating_sub(2);
        self.top = self.top.clamp((self.cursor + 1).saturating_sub(self.height), self.cursor);
        buf.set_string(0, 0, format!("{} tasks, by column {}", self.lines.len(), self.column), Style::new());
        for (y, at) in (1..area.height.saturating_sub(1)).zip(self.top..) {
            let Some(line) = self.shown.get(at).map(|at| &self.lines[*at]) else { break };
            let style = if at == self.cursor { Modifier::REVERSED.into() } else { Style::new() };
            let Line { guid, domain, state, age, .. } = line;
            let text = format!("{guid:<48} {domain:<24} {state:<12} {age:>6} s");
            buf.set_stringn(0, y, format!("{text:<160}"), area.width.into(), style);
        }
        let typed = self.typed.as_deref().unwrap_or_default();
        let foot = format!("/{typed}  {}/{}", self.shown.len(), self.lines.len());
        buf.set_string(0, area.height.saturating_sub(1), foot, Style::new());
    }
}

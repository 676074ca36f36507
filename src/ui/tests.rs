//! Tests what the panes draw, and that they draw it safely at every size.

mod bulk;
mod confirm;
mod copying;
mod crumbs;
mod desire;
mod detail;
mod ended;
mod failures;
mod groups;
mod header;
mod help;
mod hostile;
mod keys;
mod looks;
mod marks;
mod own_commands;
mod picture;
mod pointer;
mod prompts;
mod pulse;
mod recording;
mod replay;
mod scenes;
mod side_panes;
mod sizes;
mod status;
mod table;
mod targets;
mod timeline;
mod welcome;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::*;

/// Sizes of the screen: a very small one, the traditional one, and two on which every pane is visible.
const SMALL: (u16, u16) = (40, 10);
const USUAL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (120, 40);
const LARGE: (u16, u16) = (160, 48);
const HUGE: (u16, u16) = (200, 60);

/// Draws one frame of this size.
fn frame(app: &App, ui: &mut UiState, now: Now, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| drop(draw(app, ui, now, frame))).unwrap();
    terminal.backend().buffer().clone()
}

/// Returns the text of a frame, without trailing spaces.
fn text(buf: &Buffer) -> String {
    let line = |y| -> String {
        let cells: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
        cells.trim_end().to_owned() + "\n"
    };
    (0..buf.area.height).map(line).collect()
}

fn drawn(app: &App, now: Now, size: (u16, u16)) -> String {
    text(&frame(app, &mut UiState::new(Colours::Full), now, size))
}

/// Returns the line that contains `text`, from there on.
fn line_with<'a>(drawn: &'a str, text: &str) -> &'a str {
    let line = drawn.lines().find_map(|line| line.get(line.find(text)?..));
    line.unwrap_or_else(|| panic!("no {text}: {drawn}"))
}

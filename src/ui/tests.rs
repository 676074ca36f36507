//! What is drawn, and that it is drawn safely at every size.

mod hostile;
mod picture;
mod scenes;
mod sizes;
mod snapshots;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::*;

/// One frame of this size.
fn frame(app: &App, ui: &mut UiState, now: Now, (width, height): (u16, u16)) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| drop(draw(app, ui, now, frame))).unwrap();
    terminal.backend().buffer().clone()
}

/// The texts of a frame, without the empty ends of its lines.
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

//! Draws the output of an own command: its last lines, wrapped, and how the program ended.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::Pane;
use crate::app::own_commands::Output;
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;

/// What was drawn.
pub(crate) struct Drawn {
    /// How many lines are visible at a time.
    pub(crate) page: usize,
    /// How many lines can be below the view at most: then the first line is at its top.
    pub(crate) most_below: usize,
}

/// Draws the pane.
pub(crate) fn draw(scene: &Scene<'_>, output: &Output, area: Rect, buf: &mut Buffer) -> Drawn {
    text::title(buf, area, &title(scene, output), scene.theme.title(scene.has_focus(Pane::Output)));
    let body = text::skip_top(area, 1);
    let end = end_text(scene, output);
    let room = Rect { height: body.height.saturating_sub(u16::from(end.is_some())), ..body };
    let view = View::of(output, room);
    for (row, (_, line)) in view.rows.iter().zip(text::lines(room)) {
        text::put(buf, line, row, Style::new());
    }
    if let Some((end, tone)) = end {
        let below = text::skip_top(body, text::clamp_u16(view.rows.len()).min(room.height));
        text::put(buf, text::line_at(below, 0), &end, scene.theme.tone(tone));
    }
    Drawn { page: room.height.into(), most_below: view.most_below }
}

/// The rows in view, and how far the view can be scrolled back.
struct View {
    rows: Vec<String>,
    most_below: usize,
}

impl View {
    fn of(output: &Output, room: Rect) -> Self {
        let (width, height) = (usize::from(room.width), usize::from(room.height));
        let mut rows: Vec<String> = Vec::new();
        for line in output.lines().rev().skip(output.below()) {
            let pieces: Vec<_> = sanitise::wrap(&line, width).collect();
            rows.extend(pieces.into_iter().rev());
            if rows.len() > height {
                rows.truncate(height);
                rows.reverse();
                return Self { rows, most_below: usize::MAX };
            }
        }
        Self::at_top(output, width, height)
    }

    /// Returns the view with the first line at its top.
    fn at_top(output: &Output, width: usize, height: usize) -> Self {
        let (mut rows, mut whole_lines) = (Vec::new(), 0);
        for line in output.lines() {
            rows.extend(sanitise::wrap(&line, width));
            if rows.len() > height {
                break;
            }
            whole_lines += 1;
        }
        rows.truncate(height);
        let all = output.lines().count();
        Self { rows, most_below: all.saturating_sub(whole_lines.max(1)) }
    }
}

fn title(scene: &Scene<'_>, output: &Output) -> String {
    let running = output.is_running().then(|| format::age(output.duration(scene.now)));
    let (dropped, below) = (output.dropped(), output.below());
    let parts = [
        running.map(|time| format!("running {time}")),
        output.run.task.as_ref().map(|guid| format!("task {guid}")),
        (dropped > 0).then(|| format!("{} older lines dropped", format::len(dropped))),
        (below > 0).then(|| format!("{} newer below", format::len(below))),
    ];
    let parts = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    format!("Output of {}  {parts}", output.run.command.name)
}

/// Returns how the program ended.
fn end_text(scene: &Scene<'_>, output: &Output) -> Option<(String, Tone)> {
    let end = output.end()?;
    let tone = if end.is_success() { Tone::Quiet } else { Tone::Warn };
    let time = format::age(output.duration(scene.now));
    Some((format!("{} {end}, after {time}.", output.run.command.name), tone))
}

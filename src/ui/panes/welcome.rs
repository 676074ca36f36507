//! Draws the hint of the first start: a small box in the lower right corner of the table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::commands::Command;
use crate::model::TaskAction;
use crate::present::Tone;
use crate::ui::Scene;
use crate::ui::text;

const TITLE: &str = " Welcome to taskdeck ";
const FOOTNOTE: &str = "Press any key to close this hint.";

/// What a newcomer needs first, and the commands whose keys do it.
const LINES: [(&[Command], &str); 6] = [
    (&[Command::MoveDown, Command::MoveUp], "Move"),
    (&[Command::Open], "Open the task"),
    (&[Command::Filter], "Filter by words and fields"),
    (&[Command::NextPane], "Go to the next pane"),
    (&[Command::Act(TaskAction::Cancel)], "Cancel the task (asks first)"),
    (&[Command::Help], "Show all keys"),
];

/// Lines of the table that the box leaves free: its title, and some rows.
const MIN_TABLE_LINES: u16 = 4;

/// Draws the box, if there is room for it.
pub(crate) fn draw(scene: &Scene<'_>, table: Rect, buf: &mut Buffer) {
    let lines: Vec<_> = LINES.iter().map(|(commands, help)| (keys_of(scene, commands), *help)).collect();
    let keys = lines.iter().map(|(key, _)| text::width(key)).max().unwrap_or(0);
    let helps = lines.iter().map(|(_, help)| text::width(help)).max().unwrap_or(0);
    // A border and a space on both sides.
    let width = (keys + 2 + helps).max(text::width(FOOTNOTE)) + 4;
    let height = text::clamp_u16(lines.len()) + 4;
    if table.width < width || table.height < height + MIN_TABLE_LINES {
        return;
    }
    let area = Rect { x: table.right() - width, y: table.bottom() - height, width, height };
    let inside = text::skip_left(text::boxed(buf, area, scene.theme.tone(Tone::Accent)), 1);
    text::put(buf, text::skip_left(text::line_at(area, 0), 2), TITLE, scene.theme.tone(Tone::Accent));
    for ((key, help), (_, at)) in lines.iter().zip(text::lines(inside)) {
        text::put(buf, at, key, scene.theme.tone(Tone::Accent));
        text::put(buf, text::skip_left(at, keys + 2), help, Style::new());
    }
    let last = text::line_at(inside, usize::from(inside.height.saturating_sub(1)));
    text::put(buf, last, FOOTNOTE, scene.theme.tone(Tone::Quiet));
}

/// Returns the first key of each command.
fn keys_of(scene: &Scene<'_>, commands: &[Command]) -> String {
    let keys = commands.iter().filter_map(|command| scene.app.keymap().keys(*command).next());
    keys.map(|key| scene.key(key)).collect::<Vec<_>>().join(" ")
}

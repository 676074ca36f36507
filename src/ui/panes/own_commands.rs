//! Draws the list of own commands, and the question before one: it shows the whole list of arguments.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;

use super::confirm::{draw_box, text_width};
use super::key_hints;
use crate::app::Program;
use crate::app::key::Key;
use crate::app::own_commands::{OutputTo, OwnCommand, OwnCommandChooser, OwnQuestion};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::bold;

/// Width of the list: as much as its lines need, within these.
const MIN_WIDTH: u16 = 40;
const MAX_WIDTH: u16 = 110;
/// Lines of the question's box that are not for arguments: the border, the answers and what is around them.
const FRAME_HEIGHT: usize = 7;

/// Draws the list in the middle of the screen.
pub(crate) fn draw_list(scene: &Scene<'_>, chooser: OwnCommandChooser, screen: Rect, buf: &mut Buffer) {
    let items: Vec<_> = scene.app.own_commands().iter().map(|command| item(scene, command)).collect();
    let width_of =
        |part: fn(&Item) -> &str| items.iter().map(|item| text::width(part(item))).max().unwrap_or(0);
    let (keys, names, helps) =
        (width_of(|item| &item.key), width_of(|item| &item.name), width_of(|item| &item.help));
    let wanted = (keys + names + helps + 8).clamp(MIN_WIDTH, MAX_WIDTH).min(screen.width);
    let height = text::clamp_u16(items.len()).saturating_add(2).min(screen.height);
    let area = screen.centered(Constraint::Length(wanted), Constraint::Length(height));
    let (accent, quiet) = (scene.theme.tone(Tone::Accent), scene.theme.tone(Tone::Quiet));
    let inside = text::boxed(buf, area, accent);
    text::put(buf, text::skip_left(text::line_at(area, 0), 2), " Your own commands ", accent);
    key_hints::draw(scene, &[("Enter", "run"), ("Esc", "close")], area, buf);
    let offset = text::keep_in_view(0, chooser.at, inside.height.into(), items.len());
    for (item, (nth, line)) in items.iter().skip(offset).zip(text::lines(inside)) {
        let at = text::take_left(text::skip_left(line, 1), line.width.saturating_sub(2));
        text::put(buf, at, &item.key, accent);
        let at = text::skip_left(at, keys + 2);
        text::put(buf, at, &item.name, if item.is_available { bold() } else { quiet });
        let at = text::skip_left(at, names + 2);
        text::put(buf, at, &item.help, if item.is_available { Style::new() } else { quiet });
        if offset + nth == chooser.at {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        }
    }
}

/// A line of the list.
struct Item {
    key: String,
    name: String,
    help: String,
    is_available: bool,
}

fn item(scene: &Scene<'_>, command: &Arc<OwnCommand>) -> Item {
    let (help, is_available) = match scene.app.own_run(command) {
        Ok(_) => (command.help.clone(), true),
        Err(why) => (format!("{} ({why})", command.help), false),
    };
    let key = command.key.map(Key::label).unwrap_or_default();
    Item { key, name: command.name.clone(), help, is_available }
}

/// Draws the question in the middle of the screen. Returns the position of the text cursor, if it has one.
pub(crate) fn draw_question(
    scene: &Scene<'_>,
    question: &OwnQuestion,
    screen: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let run = &question.run;
    let mut after = vec![match run.command.output {
        OutputTo::Terminal(_) => ("It gets the terminal until it ends.".to_owned(), Style::new()),
        OutputTo::Pane => ("Its output comes in a pane; Esc there stops it.".to_owned(), Style::new()),
    }];
    if let Some(guid) = &run.task {
        after.insert(0, (format!("for task {guid}"), Style::new()));
    }
    if run.command.acts {
        after.push(("It changes something.".to_owned(), scene.theme.tone(Tone::Warn)));
    }
    let room = usize::from(screen.height).saturating_sub(FRAME_HEIGHT + after.len());
    let words = program_lines(&run.program, text_width(screen), room);
    let accent = scene.theme.tone(Tone::Accent);
    let mut lines = vec![(format!("Run {}?", run.command.name), bold())];
    lines.extend(words.into_iter().map(|line| (line, accent)));
    lines.push((String::new(), Style::new()));
    lines.extend(after);
    let target = scene.app.target_of(run.session);
    draw_box(scene, target, lines, &question.confirmation, screen, buf)
}

/// Returns the program with its arguments: in one line, or else each in a line of its own, so that it is clear where each
/// ends. Says how many lines do not fit.
fn program_lines(program: &Program, width: usize, room: usize) -> Vec<String> {
    let words: Vec<_> = program.words().collect();
    let whole = words.join(" ");
    if sanitise::width(&sanitise::clean(&whole)) + 2 <= width {
        return vec![format!("  {whole}")];
    }
    let pieces = words.iter().flat_map(|word| {
        let pieces = sanitise::wrap(word, width.saturating_sub(4)).enumerate();
        pieces.map(|(nth, piece)| format!("{}{piece}", if nth == 0 { "  " } else { "    " }))
    });
    let mut lines: Vec<_> = pieces.collect();
    if lines.len() > room.max(2) {
        let hidden = lines.len() - (room.max(2) - 1);
        lines.truncate(room.max(2) - 1);
        lines.push(format!("… {} more lines: enlarge the terminal to see them", format::len(hidden)));
    }
    lines
}

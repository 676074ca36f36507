//! Draws the list of own commands, and the question before one: it shows the whole list of arguments.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::choosers::{self, Item};
use super::confirm::{draw_box, text_width};
use crate::app::Program;
use crate::app::own_commands::{OutputTo, OwnCommand, OwnCommandChooser, OwnQuestion};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::theme::bold;

/// Lines of the question's box that are not for arguments: the border, the answers and what is around them.
const FRAME_HEIGHT: usize = 7;

/// Draws the list.
pub(crate) fn draw_list(scene: &Scene<'_>, chooser: OwnCommandChooser, screen: Rect, buf: &mut Buffer) {
    let commands = || scene.app.own_commands().iter();
    let texts: Vec<_> = commands().map(|command| texts(scene, command)).collect();
    let items: Vec<_> = commands()
        .zip(&texts)
        .map(|(command, (key, text, style))| Item {
            sign: key,
            title: &command.name,
            text,
            extra: 0,
            style: *style,
        })
        .collect();
    let keys = [("Enter or its key", "run"), ("Esc", "close")];
    choosers::draw_list(scene, ("Your own commands", &keys), &items, chooser.at, (screen, buf));
}

/// Returns the key of a command, what it does or why it cannot run now, and the style of its line.
fn texts(scene: &Scene<'_>, command: &Arc<OwnCommand>) -> (String, String, Style) {
    let key = command.key.map(|key| scene.key(key)).unwrap_or_default();
    match scene.app.own_run(command) {
        Ok(_) => (key, command.help.clone(), Style::new()),
        Err(why) => (key, why.to_string(), scene.theme.tone(Tone::Quiet)),
    }
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
        OutputTo::Terminal(_) => ("The program gets the terminal until it ends.".to_owned(), Style::new()),
        OutputTo::Pane => {
            ("Its output appears in a pane. Esc in the pane stops it.".to_owned(), Style::new())
        }
    }];
    if let Some(guid) = &run.task {
        after.insert(0, (format!("for task {guid}"), Style::new()));
    }
    if run.command.acts {
        after.push(("This command changes something.".to_owned(), scene.theme.tone(Tone::Warn)));
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

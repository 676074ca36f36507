//! Draws the questions about a target: whether to close it, and whether to open it for actions. Both name the target.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::confirm;
use crate::app::{Asks, Target, TargetQuestion};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::theme::bold;

/// Draws the question in the middle of the screen. Returns the position of the text cursor, if it has one.
pub(crate) fn draw(
    scene: &Scene<'_>,
    question: &TargetQuestion,
    screen: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let target = scene.app.target_of(question.session)?;
    let lines = match question.asks {
        Asks::Close => close(scene, question, target),
        Asks::OpenWrites(time) => vec![
            (format!("Open {} for actions?", target.label()), bold()),
            (target.url.clone(), Style::new()),
            (format!("It is read-only. Actions are allowed for {}.", format::wait(time)), Style::new()),
            (":write off ends it early.".to_owned(), scene.theme.tone(Tone::Quiet)),
        ],
    };
    confirm::draw_box(scene, Some(target), lines, &question.confirmation, screen, buf)
}

fn close(scene: &Scene<'_>, question: &TargetQuestion, target: &Target) -> Vec<(String, Style)> {
    let mut lines = vec![(format!("Close {}?", target.label()), bold())];
    lines.extend(confirm::under_way(scene, Some(question.session)));
    if lines.len() == 1 {
        lines.push(("All actions have finished.".to_owned(), Style::new()));
        return lines;
    }
    let warn = scene.theme.tone(Tone::Warn);
    lines.push(("You will not see the outcome.".to_owned(), warn));
    lines.push(("No further step is sent.".to_owned(), warn));
    lines
}

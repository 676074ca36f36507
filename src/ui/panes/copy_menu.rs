//! Draws the menu of what can be copied: a letter for each item, and what it would copy or why it is not there.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::choosers::{Item, draw_list};
use crate::app::{COPY_ITEMS, CopyMenu};
use crate::present::Tone;
use crate::present::sanitise;
use crate::ui::Scene;

/// The most cells of a text to copy that the menu shows.
const MAX_PREVIEW: usize = 80;

/// Draws the menu.
pub(crate) fn draw(scene: &Scene<'_>, menu: &CopyMenu, screen: Rect, buf: &mut Buffer) {
    let previews = COPY_ITEMS.map(|item| match (item.read)(menu) {
        Ok(source) => (sanitise::cut(&source.preview(), MAX_PREVIEW).into_owned(), Style::new()),
        Err(why) => (why.to_owned(), scene.theme.tone(Tone::Quiet)),
    });
    let items: Vec<_> = COPY_ITEMS
        .iter()
        .zip(&previews)
        .map(|(item, (text, style))| Item {
            sign: item.key,
            title: item.title,
            text,
            extra: 0,
            style: *style,
        })
        .collect();
    let keys = [("Enter or letter", "copy"), ("Esc", "close")];
    draw_list(scene, ("Copy", &keys), &items, menu.at, (screen, buf));
}

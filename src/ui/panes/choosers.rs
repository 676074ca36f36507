//! Draws the lists to choose from: the column to sort by, the columns of the table, what a pane groups by, and the theme.
//!
//! The lists stand at the right, below the titles of the table, so that their effect is seen at once.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::key_hints::{self, Hint};
use crate::app::{ColumnChoice, ColumnChooser, GROUPS, GroupChooser, SortChooser, ThemeChooser};
use crate::present::Tone;
use crate::present::columns::{self, Column};
use crate::ui::Scene;
use crate::ui::text;
use crate::ui::theme::{Colours, bold};

/// Least width of the titles of items, in cells.
const MIN_TITLE_WIDTH: u16 = 14;
/// Width of a column's extra width, in cells.
const EXTRA_WIDTH: u16 = 5;
/// From this width on a list leaves room for guids at its left.
const USUAL_WIDTH: u16 = 80;
/// That room, in cells.
const GUID_WIDTH: u16 = 14;
/// The lines of header and titles above a list.
const ABOVE: u16 = 3;
/// The lines of the status below it.
const BELOW: u16 = 2;

/// A line of a list.
pub(super) struct Item<'a> {
    pub(super) sign: &'a str,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    pub(super) extra: i16,
    pub(super) style: Style,
}

/// Draws the list of columns to sort by.
pub(crate) fn draw_sort(scene: &Scene<'_>, chooser: SortChooser, screen: Rect, buf: &mut Buffer) {
    let sort = scene.app.sort();
    let sign = if sort.reversed { "▲" } else { "▼" };
    let items = items(scene, |choice, column| Item {
        sign: if choice.key == sort.column { sign } else { "" },
        title: column.title,
        text: column.order,
        extra: 0,
        style: if choice.key == sort.column { bold() } else { Style::new() },
    });
    let keys = [("Enter", "sort"), ("S", "reverse"), ("A-Z", "find"), ("Esc", "close")];
    draw_list(scene, ("Sort by", &keys), &items, chooser.at, (screen, buf));
}

/// Draws the list of columns to show.
pub(crate) fn draw_columns(scene: &Scene<'_>, chooser: ColumnChooser, screen: Rect, buf: &mut Buffer) {
    let quiet = scene.theme.tone(Tone::Quiet);
    let items = items(scene, |choice, column| Item {
        sign: match (choice.shown, choice.if_room) {
            (true, false) => "✓",
            (true, true) => "·",
            (false, _) => "",
        },
        title: column.title,
        text: column.summary,
        extra: choice.extra,
        style: if choice.shown { Style::new() } else { quiet },
    });
    let keys = [
        ("Space", "show"),
        ("J K", "move"),
        ("+ -", "width"),
        ("r", "reset"),
        ("y", "copy"),
        ("Esc", "close"),
    ];
    draw_list(scene, ("Columns", &keys), &items, chooser.at, (screen, buf));
}

/// Draws the list of properties to group by.
pub(crate) fn draw_groups(scene: &Scene<'_>, chooser: GroupChooser, screen: Rect, buf: &mut Buffer) {
    let current = scene.app.group_pane(chooser.place).key();
    let items: Vec<_> = GROUPS
        .iter()
        .map(|spec| Item {
            sign: if spec.key == current { "✓" } else { "" },
            title: spec.title,
            text: spec.summary,
            extra: 0,
            style: if spec.key == current { bold() } else { Style::new() },
        })
        .collect();
    let keys = [("Enter", "show"), ("A-Z", "find"), ("Esc", "close")];
    draw_list(scene, ("Group by", &keys), &items, chooser.at, (screen, buf));
}

/// Draws the list of themes. The dashboard around it is in the highlighted one.
pub(crate) fn draw_themes(
    scene: &Scene<'_>,
    chooser: ThemeChooser,
    colours: Colours,
    screen: Rect,
    buf: &mut Buffer,
) {
    let themes = scene.app.themes();
    let items = themes.all().iter().enumerate().map(|(at, theme)| Item {
        sign: if at == themes.kept() { "✓" } else { "" },
        title: theme.name(),
        text: theme.summary(),
        extra: 0,
        style: if at == themes.kept() { bold() } else { Style::new() },
    });
    let items: Vec<_> = items.collect();
    let title = match colours {
        Colours::Full => "Theme",
        Colours::Sixteen => "Theme (16 colours: those with others look like terminal)",
        Colours::None => "Theme (no colours: NO_COLOR is set, or the terminal has none)",
    };
    let keys = [("Enter", "keep"), ("A-Z", "find"), ("Esc", "as before")];
    draw_list(scene, (title, &keys), &items, chooser.at, (screen, buf));
}

fn items(
    scene: &Scene<'_>,
    item: impl Fn(&ColumnChoice, &'static Column) -> Item<'static>,
) -> Vec<Item<'static>> {
    let choices = scene.app.columns().choices().iter();
    choices.filter_map(|choice| Some(item(choice, columns::find(choice.key)?))).collect()
}

/// Draws a list with its title, and the keys that it takes.
pub(super) fn draw_list(
    scene: &Scene<'_>,
    (title, keys): (&str, &[Hint]),
    items: &[Item<'_>],
    at: usize,
    (screen, buf): (Rect, &mut Buffer),
) {
    let accent = scene.theme.tone(Tone::Accent);
    let area = text::boxed(buf, list_area(items, keys, screen), accent);
    let frame = Rect { x: area.x.saturating_sub(1), y: area.y.saturating_sub(1), ..area };
    text::put(buf, text::skip_left(frame, 2), &format!(" {title} "), accent);
    let position = format!(" {}/{} ", at + 1, items.len());
    text::put_right(buf, text::take_left(frame, area.width + 1), &position, scene.theme.border());
    let whole = Rect { width: area.width + 2, height: area.height + 2, ..frame };
    key_hints::draw(scene, keys, whole, buf);
    let (offset, widths) = (text::keep_in_view(0, at, area.height.into(), items.len()), Widths::of(items));
    for (item, (nth, line)) in items.iter().skip(offset).zip(text::lines(area)) {
        draw_item(item, widths, line, buf);
        if offset + nth == at {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        }
    }
}

/// Widths of the signs and the titles, in cells.
#[derive(Clone, Copy)]
struct Widths {
    sign: u16,
    title: u16,
}

impl Widths {
    fn of(items: &[Item<'_>]) -> Self {
        let widest = |part: fn(&Item<'_>) -> u16| items.iter().map(part).max().unwrap_or(0);
        let (sign, title) = (widest(|item| text::width(item.sign)), widest(|item| text::width(item.title)));
        Self { sign: sign.max(1), title: title.max(MIN_TITLE_WIDTH) }
    }

    /// Returns the width of both with the gaps after them.
    const fn sum(self) -> u16 {
        self.sign.saturating_add(self.title).saturating_add(2)
    }
}

fn draw_item(item: &Item<'_>, widths: Widths, line: Rect, buf: &mut Buffer) {
    let inside = text::take_left(text::skip_left(line, 1), line.width.saturating_sub(2));
    text::put(buf, text::take_left(inside, widths.sign), item.sign, item.style);
    let title = text::take_left(text::skip_left(inside, widths.sign + 1), widths.title);
    text::put(buf, title, item.title, item.style);
    let extra = if item.extra == 0 { String::new() } else { format!("{:+}", item.extra) };
    text::put_right(buf, inside, &extra, item.style);
    let room = inside.width.saturating_sub(if extra.is_empty() { 0 } else { EXTRA_WIDTH });
    text::put(buf, text::skip_left(text::take_left(inside, room), widths.sum()), item.text, item.style);
}

/// Returns the area of a list with its border.
fn list_area(items: &[Item<'_>], keys: &[Hint], screen: Rect) -> Rect {
    let widest = items.iter().map(|item| text::width(item.text)).max().unwrap_or(0);
    let width = Widths::of(items).sum().saturating_add(widest).saturating_add(EXTRA_WIDTH + 4);
    let width = width.max(key_hints::box_width(keys));
    // On a usual screen the pinned guid stays in sight.
    let width = if screen.width >= USUAL_WIDTH {
        width.min(screen.width - GUID_WIDTH)
    } else {
        width.min(screen.width)
    };
    let room = text::skip_top(screen, ABOVE);
    let room = Rect { height: room.height.saturating_sub(BELOW), ..room };
    // A screen of few lines is the list's alone.
    let room = if room.height < 6 { screen } else { room };
    let height = text::clamp_u16(items.len()).saturating_add(2).min(room.height);
    Rect { x: screen.right() - width, width, height, ..room }
}

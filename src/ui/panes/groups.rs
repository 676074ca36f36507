//! Draws the panes of groups: a row for each group, with its tasks by state. Reads only the rows in view.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::counts::{COUNTERS, Counter, TOTAL, short_count};
use super::presence::{draw_warning, sign, unknown_warning};
use super::search_line;
use crate::app::{GroupKey, GroupPane, GroupPlace, GroupRow, GroupSearch, GroupSort, Pane, Standing};
use crate::present::{Tone, format, sanitise};
use crate::ui::Scene;
use crate::ui::text;

/// Width of a name below which columns are hidden instead.
const MIN_NAME_WIDTH: u16 = 10;
/// Width of a name and its note beyond which the side panes do not grow.
const MAX_NAME_WIDTH: usize = 40;
/// Width of a note below which it is left out, even if it tells groups of the same name from each other.
const MIN_NOTE_WIDTH: u16 = 4;
/// How many columns take precedence over the full width of the names.
const MAIN_COLUMNS: usize = 3;
/// Minimum width of the pane in the main view for full column titles.
const MIN_WIDTH_FOR_FULL_TITLES: u16 = 110;

/// The size that the contents of both side panes need. It only grows while it is in use.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SideSize {
    /// The widest name in view so far, with its note.
    name_width: u16,
    /// The width of a pane: the names and the counts.
    pub(crate) width: u16,
    /// The lines of the upper pane, with the title.
    pub(crate) upper_height: u16,
    /// The lines of the lower pane, with the title.
    pub(crate) lower_height: u16,
}

impl SideSize {
    /// Grows to fit the rows that each pane shows from `offsets` on, on a screen of so many lines.
    pub(crate) fn grow(&mut self, scene: &Scene<'_>, [upper, lower]: [usize; 2], lines: u16) {
        for (place, offset) in [(GroupPlace::Upper, upper), (GroupPlace::Lower, lower)] {
            let rows = scene.app.group_rows_from(place, offset).take(lines.into());
            let widest = rows.map(|row| name_width(&row)).max().unwrap_or(0);
            self.name_width = self.name_width.max(widest);
            let counts = Columns::of(scene, place, u16::MAX).width() + self.name_width;
            self.width = self.width.max(counts);
        }
        let height = |place| text::clamp_u16(scene.app.group_pane(place).rows()).saturating_add(1);
        self.upper_height = self.upper_height.max(height(GroupPlace::Upper));
        self.lower_height = self.lower_height.max(height(GroupPlace::Lower));
    }
}

fn name_width(row: &GroupRow<'_>) -> u16 {
    let cut = |text: &str| text::width(&sanitise::cut(text, MAX_NAME_WIDTH));
    let note = if row.note.is_empty() { 0 } else { cut(row.note) + 1 };
    (cut(&name(row)) + note).min(text::clamp_u16(MAX_NAME_WIDTH))
}

/// The columns of counts.
struct Columns {
    counters: Vec<&'static Counter>,
    /// Width of a column, with the gap before it.
    each: u16,
    full_titles: bool,
}

impl Columns {
    /// Returns all columns. A state without tasks keeps its column, so that nothing jumps as tasks come and go.
    fn of(scene: &Scene<'_>, place: GroupPlace, width: u16) -> Self {
        let any_unknown = scene.app.store().counts().other > 0;
        let is_wanted = |counter: &&Counter| counter.name != "unknown" || any_unknown;
        let states = COUNTERS.iter().filter(is_wanted);
        let total = (place == GroupPlace::Main).then_some(&TOTAL);
        let full_titles = place == GroupPlace::Main && width >= MIN_WIDTH_FOR_FULL_TITLES;
        let each = match place {
            GroupPlace::Main if full_titles => 11,
            GroupPlace::Main => 7,
            GroupPlace::Upper | GroupPlace::Lower => 5,
        };
        Self { counters: total.into_iter().chain(states).collect(), each, full_titles }
    }

    fn width(&self) -> u16 {
        self.each * text::clamp_u16(self.counters.len())
    }

    /// Leaves the columns that fit beside the names. The main columns stay even if names must be cut for them.
    fn fit(mut self, width: u16, name_width: u16) -> Self {
        let is_too_wide = |columns: &Self| {
            let is_main = columns.counters.len() <= MAIN_COLUMNS;
            let names = if is_main { MIN_NAME_WIDTH } else { name_width.max(MIN_NAME_WIDTH) };
            columns.width() + names > width
        };
        while is_too_wide(&self)
            && let Some(lowest) = self.counters.iter().map(|counter| counter.priority).min()
        {
            self.counters.retain(|counter| counter.priority != lowest);
        }
        self
    }

    /// Returns the areas of the columns in a line, after the names.
    fn areas(&self, line: Rect) -> impl Iterator<Item = (&'static Counter, Rect)> {
        let left = line.width.saturating_sub(self.width());
        let area = move |at: usize| {
            text::take_left(text::skip_left(line, left + self.each * text::clamp_u16(at)), self.each)
        };
        self.counters.iter().copied().enumerate().map(move |(at, counter)| (counter, area(at)))
    }
}

/// Draws a pane: title, rows and warning. Returns the number of rows that fit.
pub(crate) fn draw(
    scene: &Scene<'_>,
    place: GroupPlace,
    area: Rect,
    buf: &mut Buffer,
    size: SideSize,
    offset: &mut usize,
) -> usize {
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, area.intersection(buf.area), buf);
    let pane = scene.app.group_pane(place);
    let names = if place == GroupPlace::Main { MIN_NAME_WIDTH } else { size.name_width };
    let columns = Columns::of(scene, place, area.width).fit(area.width, names);
    let body = text::skip_top(draw_warning(warning(scene, pane).as_deref(), scene.theme, area, buf), 1);
    *offset = text::keep_in_view(*offset, pane.cursor_at(), body.height.into(), pane.rows());
    let rows: Vec<_> = scene.app.group_rows_from(place, *offset).take(body.height.into()).collect();
    let is_any_absent = rows.iter().any(|row| row.standing == Standing::Absent);
    draw_title(scene, place, &columns, is_any_absent, text::line_at(area, 0), buf);
    for ((nth, line), row) in text::lines(body).zip(&rows) {
        draw_row(scene, &columns, row, pane, line, buf);
        if scene.has_focus(Pane::Groups(place)) && *offset + nth == pane.cursor_at() {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(true));
        } else if row.chosen && row.name.is_some() {
            buf.set_style(line.intersection(buf.area), scene.theme.cursor(false));
        }
    }
    if pane.rows() == 1 {
        let line = text::skip_left(text::line_at(body, 1), 2);
        text::put(buf, line, &nothing(pane), scene.theme.tone(Tone::Quiet));
    }
    body.height.into()
}

fn draw_title(
    scene: &Scene<'_>,
    place: GroupPlace,
    columns: &Columns,
    is_any_absent: bool,
    line: Rect,
    buf: &mut Buffer,
) {
    let pane = scene.app.group_pane(place);
    let style = scene.theme.title(scene.has_focus(Pane::Groups(place)));
    let room = line.width.saturating_sub(columns.width());
    let title = title(pane, place, is_any_absent).into_iter().find(|title| text::width(title) < room);
    text::title(buf, line, title.as_deref().unwrap_or(pane.key().spec().title), style);
    for (counter, cell) in columns.areas(line) {
        let title = if columns.full_titles { counter.name } else { counter.short };
        let is_sorted = match pane.sort().0 {
            GroupSort::Name => false,
            GroupSort::Failed => counter.name == "failed",
            GroupSort::Total => counter.name == TOTAL.name,
        };
        let sign = if pane.sort().1 { "▲" } else { "▼" };
        let title = if is_sorted { format!("{sign}{title}") } else { format!(" {title}") };
        text::put_right(buf, cell, &title, style);
    }
}

/// Returns the titles of a pane, the longest one first.
fn title(pane: &GroupPane, place: GroupPlace, is_any_absent: bool) -> Vec<String> {
    let title = pane.key().spec().title;
    let (listed, total) = pane.listed_of_total();
    let legend = match pane.key() {
        GroupKey::Domain if is_any_absent => " (~ not fresh)",
        GroupKey::Cell if is_any_absent => " (~ not present)",
        _ => "",
    };
    if !pane.search().is_empty() {
        let search = pane.search();
        return vec![
            format!("{title} /{search}  {} of {}", format::len(listed), format::len(total)),
            format!("{title} /{search}"),
        ];
    }
    if place == GroupPlace::Main {
        let reversed = if pane.sort() == (GroupSort::Name, true) { " ▲" } else { "" };
        return vec![format!("{title}{reversed}  {}{legend}", format::len(total))];
    }
    vec![format!("{title}{legend}")]
}

fn draw_row(
    scene: &Scene<'_>,
    columns: &Columns,
    row: &GroupRow<'_>,
    pane: &GroupPane,
    line: Rect,
    buf: &mut Buffer,
) {
    let room = text::take_left(line, line.width.saturating_sub(columns.width()));
    let style = match row.standing {
        _ if row.chosen && row.name.is_some() => scene.theme.tone(Tone::Accent),
        // That a domain is not fresh is no warning: Cloud Controller keeps `cf-tasks` fresh and never `cf-app-staging`.
        Standing::Absent if pane.key() == GroupKey::Cell => scene.theme.tone(Tone::Warn),
        _ => scene.theme.tone(Tone::Normal),
    };
    draw_name(row, style, room, buf);
    for (counter, cell) in columns.areas(line) {
        let number = (counter.count_in_pane)(&row.counts);
        if number > 0 {
            let text = if columns.each > 5 { format::len(number) } else { short_count(number) };
            text::put_right(buf, cell, &text, counter.style(scene.theme, number));
        }
    }
}

/// Draws the name, and the note if it fits whole, in the same colour: a change of colour in each row costs 400 bytes when
/// the table beside it scrolls. Without its note, an app
/// could be another one of the same name: that note is cut.
fn draw_name(row: &GroupRow<'_>, style: Style, area: Rect, buf: &mut Buffer) {
    let left = text::put(buf, area, &name(row), style) + 1;
    let is_needed = row.name.is_some_and(|name| !name.note().is_empty());
    let min = if is_needed { MIN_NOTE_WIDTH } else { text::width(row.note) };
    if !row.note.is_empty() && left.saturating_add(min) <= area.width {
        text::put(buf, text::skip_left(area, left), row.note, style);
    }
}

fn name(row: &GroupRow<'_>) -> Cow<'static, str> {
    match row.name {
        None => "  all".into(),
        Some(name) => format!("{} {}", sign(row.standing), name.label()).into(),
    }
}

/// Says why there is no group.
fn nothing(pane: &GroupPane) -> String {
    if pane.search().is_empty() {
        format!("No task has a known {}", pane.key().spec().name)
    } else {
        format!("No match for \"{}\"", pane.search())
    }
}

/// Returns the warning that the signs of a pane are unknown.
fn warning(scene: &Scene<'_>, pane: &GroupPane) -> Option<String> {
    match pane.key() {
        GroupKey::Domain => unknown_warning(scene, "Freshness", scene.app.fresh_domains().trouble()),
        GroupKey::Cell => unknown_warning(scene, "Presence", scene.app.cells().trouble()),
        _ => None,
    }
}

/// Explains the sign of the row under the cursor; none if it has none.
pub(super) fn explanation(scene: &Scene<'_>, place: GroupPlace) -> Option<String> {
    let row = scene.app.group_at_cursor(place).filter(|row| row.standing == Standing::Absent)?;
    let name = row.name?.label();
    match scene.app.group_pane(place).key() {
        GroupKey::Domain => Some(format!(
            "No client keeps domain {name} fresh. Tasks are not affected; Cloud Controller keeps only cf-tasks fresh."
        )),
        GroupKey::Cell => Some(format!(
            "Cell {name} is not present: its rep no longer reports to the BBS, so the BBS fails the tasks there."
        )),
        _ => None,
    }
}

/// Draws the prompt to search groups. Returns the position of the text cursor.
pub(super) fn draw_search(
    scene: &Scene<'_>,
    search: &GroupSearch,
    line: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    let pane = scene.app.group_pane(search.place);
    search_line::draw(scene, pane.key().spec().title, &search.input, pane.listed_of_total(), line, buf)
}

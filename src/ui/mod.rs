//! Draws frames of the dashboard from its state.
//!
//! Must not change [`App`] or read the clock. [`UiState`] holds what drawing itself must remember between frames, such as
//! scroll offsets. All text goes through `text`, which sanitises it.

mod ascii;
mod layout;
mod panes;
mod pointer;
mod scroll_hints;
mod target;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod widths;

use std::borrow::Cow;

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::key::Key;
use crate::app::{App, Entry, GroupPlace, MainPane, Msg, Overlay, Pane, Pointed, RowId, TimeForm};
use crate::clock::Now;
use crate::model::Timestamp;
use crate::present::columns::{NO_SUMMARY, RowFacts, Times};

pub use ascii::to_ascii;
use layout::Regions;
use panes::detail::Toggle;
use pointer::{Place, PointerMap};
pub use scroll_hints::ScrollHint;
use scroll_hints::ScrollTracker;
pub use theme::Colours;
use theme::Theme;
use widths::Widths;

/// The state that drawing keeps between frames.
#[derive(Debug, Clone)]
pub struct UiState {
    colours: Colours,
    /// Whether the frames are drawn for a terminal that has only ASCII. [`to_ascii`] replaces glyphs one by one; what needs
    /// more room is drawn differently.
    ascii: bool,
    utc: TimeZone,
    local: TimeZone,
    offsets: ScrollOffsets,
    widths: Widths,
    tasks: ScrollTracker<RowId>,
    events: ScrollTracker<u64>,
    detail: ScrollTracker<usize>,
    pointer: PointerMap,
    page: usize,
    toggle: Option<Toggle>,
    detail_lines: usize,
    reason_is_cut: bool,
    column_scroll: usize,
    overlay_scroll: usize,
    output_scroll: usize,
}

/// The first visible line of each pane.
#[derive(Debug, Clone, Copy, Default)]
struct ScrollOffsets {
    tasks: usize,
    upper_side: usize,
    lower_side: usize,
    main_groups: usize,
    failures: usize,
    pulse: usize,
    detail: usize,
}

impl UiState {
    /// Returns the state before the first frame, for a terminal with these colours.
    pub fn new(colours: Colours) -> Self {
        Self {
            colours,
            ascii: false,
            utc: TimeZone::UTC,
            local: TimeZone::system(),
            offsets: ScrollOffsets::default(),
            widths: Widths::default(),
            tasks: ScrollTracker::default(),
            events: ScrollTracker::default(),
            detail: ScrollTracker::default(),
            pointer: PointerMap::default(),
            page: 1,
            toggle: None,
            detail_lines: 0,
            reason_is_cut: false,
            column_scroll: 0,
            overlay_scroll: 0,
            output_scroll: 0,
        }
    }

    /// Draws for a terminal that has only ASCII, if `ascii` is set.
    #[must_use]
    pub fn in_ascii(self, ascii: bool) -> Self {
        Self { ascii, ..self }
    }

    /// Returns what the last frame showed at a column and a line of the screen, counted from 0; none outside the panes.
    pub fn pointed_at(&self, column: u16, line: u16) -> Option<Pointed> {
        self.pointer.at(Position::new(column, line), |row| self.tasks.at(row).copied())
    }

    /// Returns how many lines the focused pane showed in the last frame.
    pub fn page(&self) -> usize {
        self.page
    }

    /// Returns the message that toggles the secret or the section under the detail's cursor in the last frame.
    pub fn toggle_under_cursor(&self) -> Option<Msg> {
        self.toggle.map(|toggle| match toggle {
            Toggle::Secret(number) => Msg::ToggleSecret(number),
            Toggle::Section(title) => Msg::ToggleSection(title),
        })
    }

    /// Returns how far the table's columns were scrolled in the last frame.
    pub fn column_scroll(&self) -> usize {
        self.column_scroll
    }

    /// Returns how far the overlay could be scrolled in the last frame.
    pub fn overlay_scroll(&self) -> usize {
        self.overlay_scroll
    }

    /// Returns how many lines of the output could be below the view in the last frame.
    pub fn output_scroll(&self) -> usize {
        self.output_scroll
    }

    /// Returns how many lines the detail had in the last frame, visible or not.
    pub fn detail_lines(&self) -> usize {
        self.detail_lines
    }
}

/// The input of every pane's `draw`.
struct Scene<'a> {
    app: &'a App,
    theme: Theme,
    times: Times<'a>,
    zone: &'a TimeZone,
    now: Now,
    server_now: Timestamp,
    ascii: bool,
}

impl Scene<'_> {
    /// Returns the name of a key in characters that the terminal has.
    fn key(&self, key: Key) -> String {
        self.keys(&key.label()).into_owned()
    }

    /// Returns the names of keys in characters that the terminal has.
    fn keys<'k>(&self, names: &'k str) -> Cow<'k, str> {
        if self.ascii { ascii::spell_arrows(names) } else { Cow::Borrowed(names) }
    }

    fn has_focus(&self, pane: Pane) -> bool {
        self.app.focus() == pane
    }
}

impl<'a> Scene<'a> {
    /// Returns what columns and detail say of an entry, without the summary of its definition.
    fn facts(&self, entry: &'a Entry) -> RowFacts<'a> {
        RowFacts {
            task: &entry.task,
            cell: entry.last_cell.as_ref(),
            zone: self.app.store().zone(entry.last_cell.as_ref()),
            summary: &NO_SUMMARY,
            started_at: entry.started_at,
            end: entry.end.as_deref(),
            clocks: self.app.store().clocks(),
            now: self.server_now,
            times: self.times,
        }
    }
}

/// Draws one frame. Returns which lines only moved since the last one.
pub fn draw(app: &App, ui: &mut UiState, now: Now, frame: &mut Frame<'_>) -> Vec<ScrollHint> {
    let area = frame.area();
    if area.is_empty() {
        return Vec::new();
    }
    let (utc, local) = (ui.utc.clone(), ui.local.clone());
    let (times, zone) = match app.times() {
        TimeForm::Age => (Times::Age, &utc),
        TimeForm::Utc => (Times::In(&utc), &utc),
        TimeForm::Local => (Times::In(&local), &local),
    };
    let scene = Scene {
        app,
        theme: Theme::of(app, ui.colours),
        times,
        zone,
        now,
        server_now: app.server_now(now),
        ascii: ui.ascii,
    };
    ui.widths.begin_frame(app, area);
    if Regions::show_side(app, area) {
        let offsets = [ui.offsets.upper_side, ui.offsets.lower_side];
        ui.widths.side.grow(&scene, offsets, area.height);
    }
    let regions = Regions::of(app, area, panes::status::message_lines(&scene, area), ui.widths.side);
    let buf = frame.buffer_mut();
    draw_panes(&scene, ui, &regions, buf);
    let mut cursor = panes::status::draw(&scene, regions.status, ui.reason_is_cut, buf);
    match app.overlay() {
        Overlay::Confirm(dialog) => cursor = panes::confirm::draw(&scene, dialog, area, buf),
        Overlay::Target(question) => cursor = panes::target_question::draw(&scene, question, area, buf),
        Overlay::Quit(confirmation) => panes::confirm::draw_quit(&scene, confirmation, area, buf),
        Overlay::OwnCommands(chooser) => panes::own_commands::draw_list(&scene, *chooser, area, buf),
        Overlay::OwnCommand(question) => {
            cursor = panes::own_commands::draw_question(&scene, question, area, buf);
        }
        Overlay::Desire(dialog) => {
            let (at, lines) = panes::desire::draw(&scene, dialog, area, buf);
            (cursor, ui.page) = (at, lines.max(1));
        }
        Overlay::BulkQuestion(question) => {
            let drawn = panes::bulk::question::draw(&scene, question, area, buf);
            (ui.page, ui.overlay_scroll, cursor) = (drawn.page, drawn.last_scroll, drawn.cursor);
        }
        Overlay::Outcomes(pane) => {
            let drawn = panes::bulk::outcomes::draw(&scene, pane, area, buf);
            (ui.page, ui.overlay_scroll, cursor) = (drawn.page, drawn.last_scroll, drawn.cursor);
        }
        Overlay::Help(help) => {
            let drawn = panes::help::draw(&scene, help, area, buf);
            (ui.page, ui.overlay_scroll) = (drawn.page.max(1), drawn.last_scroll);
            cursor = drawn.cursor;
        }
        Overlay::Sort(chooser) => panes::choosers::draw_sort(&scene, *chooser, area, buf),
        Overlay::Columns(chooser) => panes::choosers::draw_columns(&scene, *chooser, area, buf),
        Overlay::Copy(menu) => panes::copy_menu::draw(&scene, menu, area, buf),
        Overlay::Groups(chooser) => panes::choosers::draw_groups(&scene, *chooser, area, buf),
        Overlay::Theme(chooser) => panes::choosers::draw_themes(&scene, *chooser, ui.colours, area, buf),
        Overlay::Filter(prompt) => panes::prompt::draw_completions(&scene, &prompt.line, regions.status, buf),
        Overlay::Command(prompt) => {
            panes::prompt::draw_completions(&scene, &prompt.line, regions.status, buf);
        }
        Overlay::Find(find) => {
            let (at, lines) = panes::find::draw(&scene, find, area, buf);
            (cursor, ui.page) = (at, lines);
        }
        Overlay::None if app.shows_welcome() => panes::welcome::draw(&scene, regions.tasks, buf),
        Overlay::GroupSearch(_) | Overlay::FailureSearch(_) | Overlay::None => {}
    }
    scene.theme.paint_rest(frame.buffer_mut());
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    scroll_hints(app, ui, &regions)
}

/// Returns what only moved in each pane. Overlays need no care: the renderer redraws whatever a scroll displaced.
fn scroll_hints(app: &App, ui: &mut UiState, regions: &Regions) -> Vec<ScrollHint> {
    let is_table = app.main_pane() == MainPane::Tasks;
    let tasks = if is_table { text::skip_top(regions.tasks, 1) } else { Rect::ZERO };
    let tasks = ui.tasks.update(tasks, app.rows_from(ui.offsets.tasks));
    let events = text::skip_top(regions.events.unwrap_or_default(), 1);
    let events =
        ui.events.update(events, panes::events::visible(app, events.height.into()).map(|(number, _)| number));
    let detail = text::skip_top(regions.detail.unwrap_or_default(), 1);
    let detail = ui.detail.update(detail, ui.offsets.detail..ui.detail_lines);
    [tasks, events, detail].into_iter().flatten().collect()
}

fn draw_panes(scene: &Scene<'_>, ui: &mut UiState, regions: &Regions, buf: &mut Buffer) {
    panes::header::draw(scene, regions.header, buf);
    ui.pointer.clear();
    ui.reason_is_cut = false;
    if scene.app.main_pane() == MainPane::Tasks {
        let tasks =
            panes::tasks::draw(scene, regions.tasks, buf, &mut ui.offsets.tasks, &mut ui.widths.table);
        // The detail shows the whole reason.
        ui.reason_is_cut = tasks.reason_is_cut && regions.detail.is_none();
        ui.column_scroll = tasks.scroll;
        let (rows, _) = scene.app.shown_of_total();
        ui.pointer.add(Place {
            pane: Pane::Tasks,
            area: regions.tasks,
            page: tasks.page,
            offset: ui.offsets.tasks,
            lines: rows,
        });
        ui.pointer.set_titles(tasks.left, tasks.titles);
    }
    if scene.app.main_pane() == MainPane::Failures {
        let page = panes::failures::draw(scene, regions.tasks, buf, &mut ui.offsets.failures);
        let (offset, lines) = (ui.offsets.failures, scene.app.failures().rows().len());
        ui.pointer.add(Place { pane: Pane::Failures, area: regions.tasks, page, offset, lines });
    }
    (ui.toggle, ui.detail_lines) = (None, 0);
    if let Some((area, detail)) = regions.detail.zip(scene.app.detail()) {
        let drawn = panes::detail::draw(scene, detail, area, buf, &mut ui.offsets.detail);
        (ui.toggle, ui.detail_lines) = (drawn.toggle, drawn.lines);
        let (offset, lines) = (ui.offsets.detail, drawn.lines);
        ui.pointer.add(Place { pane: Pane::Detail, area, page: drawn.page, offset, lines });
    }
    if let Some(area) = regions.events {
        let page = panes::events::draw(scene, area, buf);
        ui.pointer.add(Place { pane: Pane::Events, area, page, offset: 0, lines: 0 });
    }
    if let Some((area, output)) = regions.output.zip(scene.app.output()) {
        let drawn = panes::output::draw(scene, output, area, buf);
        ui.output_scroll = drawn.most_below;
        ui.pointer.add(Place { pane: Pane::Output, area, page: drawn.page, offset: 0, lines: 0 });
    }
    let main = scene.app.main_groups_open().then_some(regions.tasks);
    let groups = [
        (GroupPlace::Main, main, &mut ui.offsets.main_groups),
        (GroupPlace::Upper, regions.upper_side, &mut ui.offsets.upper_side),
        (GroupPlace::Lower, regions.lower_side, &mut ui.offsets.lower_side),
    ];
    for (place, area, offset) in groups {
        let Some(area) = area else { continue };
        let page = panes::groups::draw(scene, place, area, buf, ui.widths.side, offset);
        let lines = scene.app.group_pane(place).rows();
        ui.pointer.add(Place { pane: Pane::Groups(place), area, page, offset: *offset, lines });
    }
    if scene.app.main_pane() == MainPane::Pulse {
        let drawn = panes::pulse::draw(scene, regions.tasks, buf, &mut ui.offsets.pulse);
        let (area, page, offset) = (drawn.area, drawn.page, ui.offsets.pulse);
        ui.pointer.add(Place {
            pane: Pane::Pulse,
            area,
            page,
            offset,
            lines: scene.app.pulse().rows().len(),
        });
    }
    for separator in regions.separators.iter().flatten() {
        text::vertical_line(buf, *separator, scene.theme.border());
    }
    ui.page = ui.pointer.page(scene.app.focus()).unwrap_or(1).max(1);
}

//! Drawing only: one frame of the dashboard from its state.
//!
//! Reads [`App`] and changes nothing of it; asks nothing of the outside, not even the time. What drawing itself
//! must remember from frame to frame (how far a pane is scrolled, what lay under the cursor) is in [`UiState`].
//! Every text passes through `text`, which makes it safe for a terminal.

mod ascii;
mod layout;
mod panes;
mod scroll_hints;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod widths;

use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::buffer::Buffer;

use crate::app::{App, Msg, Overlay, Pane, RowId, TimeForm};
use crate::clock::Now;
use crate::model::Timestamp;
use crate::present::columns::Times;

pub use ascii::to_ascii;
use layout::Regions;
use panes::counts::Side;
use panes::detail::UnderCursor;
use scroll_hints::Lines;
pub use scroll_hints::Moved;
pub use theme::Colours;
use theme::Theme;
use widths::Widths;

/// What drawing remembers between two frames.
#[derive(Debug, Clone)]
pub struct UiState {
    theme: Theme,
    utc: TimeZone,
    local: TimeZone,
    tops: Tops,
    widths: Widths,
    tasks: Lines<RowId>,
    events: Lines<u64>,
    detail: Lines<usize>,
    page: usize,
    under_cursor: Option<UnderCursor>,
    detail_lines: usize,
    reason_is_cut: bool,
}

/// The first line that each scrolling pane shows.
#[derive(Debug, Clone, Copy, Default)]
struct Tops {
    tasks: usize,
    domains: usize,
    cells: usize,
    detail: usize,
}

impl UiState {
    /// The state before the first frame, for a terminal with these colours.
    pub fn new(depth: Colours) -> Self {
        Self {
            theme: Theme::new(depth),
            utc: TimeZone::UTC,
            local: TimeZone::system(),
            tops: Tops::default(),
            widths: Widths::default(),
            tasks: Lines::default(),
            events: Lines::default(),
            detail: Lines::default(),
            page: 1,
            under_cursor: None,
            detail_lines: 0,
            reason_is_cut: false,
        }
    }

    /// How many lines the focused pane showed in the last frame.
    pub fn page(&self) -> usize {
        self.page
    }

    /// What asks to reveal or mask the secret, or to fold or unfold the section, that was under the detail's cursor in
    /// the last frame.
    pub fn toggle_under_cursor(&self) -> Option<Msg> {
        self.under_cursor.map(|under| match under {
            UnderCursor::Secret(number) => Msg::ToggleSecret(number),
            UnderCursor::Section(title) => Msg::ToggleSection(title),
        })
    }

    /// How many lines the detail had in the last frame, shown or not.
    pub fn detail_lines(&self) -> usize {
        self.detail_lines
    }
}

/// What every pane draws from.
struct Scene<'a> {
    app: &'a App,
    theme: Theme,
    times: Times<'a>,
    zone: &'a TimeZone,
    now: Now,
    server_now: Timestamp,
}

impl Scene<'_> {
    fn has_focus(&self, pane: Pane) -> bool {
        self.app.focus() == pane
    }
}

/// What the side panes show.
struct Sides {
    domains: Side,
    cells: Side,
}

impl Sides {
    fn of(scene: &Scene<'_>) -> Self {
        Self { domains: panes::domains::side(scene), cells: panes::cells::side(scene) }
    }
}

/// Draws one frame, and says which lines only moved since the last one.
pub fn draw(app: &App, ui: &mut UiState, now: Now, frame: &mut Frame<'_>) -> Vec<Moved> {
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
    let scene = Scene { app, theme: ui.theme, times, zone, now, server_now: app.server_now(now) };
    ui.widths.begin_frame(app, area);
    let sides = Regions::have_side(app, area).then(|| Sides::of(&scene));
    if let Some(Sides { domains, cells }) = &sides {
        ui.widths.side.add(domains, cells);
    }
    let regions = Regions::of(app, area, panes::status::message_lines(&scene, area), ui.widths.side);
    let buf = frame.buffer_mut();
    draw_panes(&scene, ui, &regions, sides.as_ref(), buf);
    let cursor = panes::status::draw(&scene, regions.status, ui.reason_is_cut, buf);
    match app.overlay() {
        Overlay::Confirm(dialog) => panes::confirm::draw(&scene, dialog, area, buf),
        Overlay::Quit(confirmation) => panes::confirm::draw_quit(&scene, *confirmation, area, buf),
        Overlay::Help(scroll) => ui.page = panes::help::draw(&scene, *scroll, area, buf),
        Overlay::Filter(_) | Overlay::None => {}
    }
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    moved(app, ui, &regions)
}

/// What only moved. What lies over the panes stays where it is, and is written anew where it moved with them.
fn moved(app: &App, ui: &mut UiState, regions: &Regions) -> Vec<Moved> {
    let tasks = text::below(regions.tasks, 1);
    let tasks = ui.tasks.show(tasks, app.rows_from(ui.tops.tasks));
    let events = text::below(regions.events.unwrap_or_default(), 1);
    let events =
        ui.events.show(events, panes::events::shown(app, events.height.into()).map(|(number, _)| number));
    let detail = text::below(regions.detail.unwrap_or_default(), 1);
    let detail = ui.detail.show(detail, ui.tops.detail..ui.detail_lines);
    [tasks, events, detail].into_iter().flatten().collect()
}

fn draw_panes(
    scene: &Scene<'_>,
    ui: &mut UiState,
    regions: &Regions,
    sides: Option<&Sides>,
    buf: &mut Buffer,
) {
    panes::header::draw(scene, regions.header, buf);
    let UiState { tops, widths, .. } = ui;
    let tasks = panes::tasks::draw(scene, regions.tasks, buf, &mut tops.tasks, &mut widths.table);
    // The detail shows all of it.
    ui.reason_is_cut = tasks.reason_is_cut && regions.detail.is_none();
    let mut pages = vec![(Pane::Tasks, tasks.page)];
    (ui.under_cursor, ui.detail_lines) = (None, 0);
    if let Some((area, detail)) = regions.detail.zip(scene.app.detail()) {
        let seen = panes::detail::draw(scene, detail, area, buf, &mut ui.tops.detail);
        (ui.under_cursor, ui.detail_lines) = (seen.under_cursor, seen.lines);
        pages.push((Pane::Detail, seen.page));
    }
    if let Some(area) = regions.events {
        pages.push((Pane::Events, panes::events::draw(scene, area, buf)));
    }
    // The side panes come last: on a narrow screen they lie over the table.
    if let Some(Sides { domains, cells }) = sides {
        let sides = [
            (Pane::Domains, regions.domains, domains, &mut ui.tops.domains),
            (Pane::Cells, regions.cells, cells, &mut ui.tops.cells),
        ];
        for (pane, area, side, top) in sides {
            let Some(area) = area else { continue };
            let look = (scene.theme, scene.has_focus(pane));
            pages.push((pane, side.draw(buf, area, look, ui.widths.side, top)));
        }
    }
    for rule in regions.rules.iter().flatten() {
        text::rule(buf, *rule, scene.theme.rule());
    }
    let focused = pages.into_iter().find(|(pane, _)| scene.has_focus(*pane));
    ui.page = focused.map_or(1, |(_, lines)| lines.max(1));
}

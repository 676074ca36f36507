//! Which pane is where: from the size of the screen and what is open.
//!
//! ```text
//! header
//! domains │ tasks │ detail (wide screens)
//! cells   │       │
//!         │ detail (narrow screens: below the tasks)
//! events
//! status
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{App, Pane};

use super::panes::counts::SideNeeds;

/// From this width on the domains and cells have a place of their own.
const SIDE_FROM: u16 = 110;
/// The narrowest that the side panes are.
const SIDE_LEAST: u16 = 30;
/// The widest that they get for their contents.
const SIDE_MOST: u16 = 60;
/// What they leave to the table at the least.
const TABLE_LEAST: u16 = 80;
/// From this width on, without the side panes, the detail stands beside the tasks.
const BESIDE_FROM: u16 = 106;
/// What both need beside each other: the detail for a name and a time, the tasks for the columns that matter.
const DETAIL_LEAST: u16 = 58;
const TASKS_LEAST: u16 = 60;
/// From this height on the events have a place without the focus.
const EVENTS_FROM: u16 = 30;
/// From this height on header and status have two lines each.
const ROOMY_FROM: u16 = 14;
/// Below this a body is not shared: what has the focus takes it all.
const SHARED_FROM: u16 = 10;

/// The areas of the panes that are drawn.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    pub(crate) header: Rect,
    pub(crate) domains: Option<Rect>,
    pub(crate) cells: Option<Rect>,
    pub(crate) tasks: Rect,
    pub(crate) detail: Option<Rect>,
    pub(crate) events: Option<Rect>,
    pub(crate) status: Rect,
    /// Between what stands side by side.
    pub(crate) rules: [Option<Rect>; 2],
}

impl Regions {
    /// Whether the side panes are shown on this screen.
    pub(crate) fn have_side(app: &App, area: Rect) -> bool {
        area.width >= SIDE_FROM || matches!(app.focus(), Pane::Domains | Pane::Cells)
    }

    /// `message` is the lines that are needed for what the operator is told; 0 if there is nothing to tell. `side` is
    /// what the side panes need.
    pub(crate) fn of(app: &App, area: Rect, message: u16, side: SideNeeds) -> Self {
        let roomy = area.height >= ROOMY_FROM;
        let header = if roomy { 2 } else { u16::from(area.height > 2) };
        let status = if roomy { 1 + message.max(1) } else { u16::from(area.height > 1) + message };
        let [header, body, status] = area.layout(&Layout::vertical([
            Constraint::Length(header),
            Constraint::Min(0),
            Constraint::Length(status),
        ]));
        let mut regions = Self { header, status, ..Self::default() };
        let body = regions.place_events(app, area, body);
        let body = regions.place_side(app, body, side);
        regions.place_detail(app, body);
        regions
    }

    /// Returns what is left of the body.
    fn place_events(&mut self, app: &App, screen: Rect, body: Rect) -> Rect {
        let focused = app.focus() == Pane::Events;
        if !app.events_shown() || !(focused || screen.height >= EVENTS_FROM) {
            return body;
        }
        let height = match body.height {
            all if focused && all < SHARED_FROM => all,
            all if focused => (all / 2).max(6),
            all => (all / 5).clamp(5, 12),
        };
        let (rest, events) = split_bottom(body, height);
        self.events = Some(events);
        rest
    }

    fn place_side(&mut self, app: &App, body: Rect, needs: SideNeeds) -> Rect {
        if !Self::have_side(app, body) {
            return body;
        }
        let beside = body.width >= SIDE_FROM;
        let most = if beside {
            (body.width / 3).min(body.width - TABLE_LEAST).min(SIDE_MOST)
        } else {
            body.width / 2
        };
        let (side, rest) = split_left(body, needs.width.min(most).max(SIDE_LEAST));
        let (rule, rest) = split_left(rest, 1);
        self.rules[0] = Some(rule);
        if side.height >= SHARED_FROM {
            let (domains, cells) = split_bottom(side, cells_height(side.height, needs));
            (self.domains, self.cells) = (Some(domains), Some(cells));
        } else if app.focus() == Pane::Cells {
            self.cells = Some(side);
        } else {
            self.domains = Some(side);
        }
        if beside { rest } else { body }
    }

    fn place_detail(&mut self, app: &App, body: Rect) {
        self.tasks = body;
        let focused = app.focus() == Pane::Detail;
        if app.detail().is_none() {
            return;
        }
        if body.width >= BESIDE_FROM {
            let detail = (body.width * 9 / 20).max(DETAIL_LEAST).min(body.width.saturating_sub(TASKS_LEAST));
            let (tasks, rest) = split_left(body, body.width - detail);
            let (rule, detail) = split_left(rest, 1);
            (self.tasks, self.detail, self.rules[1]) = (tasks, Some(detail), Some(rule));
        } else if body.height >= SHARED_FROM {
            let height = if focused { body.height * 2 / 3 } else { body.height / 2 };
            let (tasks, detail) = split_bottom(body, height);
            (self.tasks, self.detail) = (tasks, Some(detail));
        } else if focused {
            (self.tasks, self.detail) = (Rect::ZERO, Some(body));
        }
    }
}

/// The domains get the lines that they need and an empty one; where both need more than there is, neither gets more
/// than half unless the other leaves it.
fn cells_height(height: u16, needs: SideNeeds) -> u16 {
    let all = height - height.min(needs.domains.saturating_add(1));
    if all >= needs.cells {
        all
    } else {
        needs.cells.min((height / 2).max(height.saturating_sub(needs.domains)))
    }
}

fn split_bottom(area: Rect, height: u16) -> (Rect, Rect) {
    let [top, bottom] = area.layout(&Layout::vertical([Constraint::Min(0), Constraint::Length(height)]));
    (top, bottom)
}

fn split_left(area: Rect, width: u16) -> (Rect, Rect) {
    let [left, right] = area.layout(&Layout::horizontal([Constraint::Length(width), Constraint::Min(0)]));
    (left, right)
}

//! Computes the areas of the panes from the size of the screen and the open panes.
//!
//! ```text
//! header
//! domains │ tasks │ detail (on a narrow screen: below the tasks)
//! cells   │       │
//! events
//! output
//! status
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::{App, GroupPlace, MainPane, Pane};

use super::panes::groups::SideSize;

/// Minimum width of the screen to keep the side panes beside the table; a narrower one shows them while they have the
/// focus.
const MIN_WIDTH_FOR_SIDE: u16 = 110;
const MIN_SIDE_WIDTH: u16 = 30;
const MAX_SIDE_WIDTH: u16 = 60;
/// Minimum width of the table beside the side panes.
const MIN_TABLE_BESIDE_SIDE: u16 = 80;
/// Minimum width of the table beside a focused side pane on a narrow screen, with the line between them. A narrower
/// table is hidden.
const MIN_TABLE_BESIDE_FOCUSED_SIDE: u16 = 31;
/// Minimum width of the body, without the side panes, to put the detail beside the table instead of below it.
const MIN_WIDTH_FOR_DETAIL_BESIDE: u16 = 106;
/// Minimum width of the detail: a label and a timestamp fit.
const MIN_DETAIL_WIDTH: u16 = 58;
/// Minimum width of the table beside the detail: its main columns fit.
const MIN_TABLE_BESIDE_DETAIL: u16 = 60;
/// Minimum height of the screen to show the events while another pane has the focus.
const MIN_HEIGHT_FOR_EVENTS: u16 = 30;
/// The same while the output of an own command is shown.
const MIN_HEIGHT_FOR_EVENTS_AND_OUTPUT: u16 = 44;
/// Minimum height of the screen for two lines each of header and status.
const MIN_HEIGHT_FOR_TWO_LINES: u16 = 14;
/// Minimum height to split an area between two panes; in a lower one the focused pane gets it all.
const MIN_HEIGHT_TO_SPLIT: u16 = 10;

/// The areas of the visible panes.
#[derive(Debug, Default)]
pub(crate) struct Regions {
    pub(crate) header: Rect,
    pub(crate) upper_side: Option<Rect>,
    pub(crate) lower_side: Option<Rect>,
    pub(crate) tasks: Rect,
    pub(crate) detail: Option<Rect>,
    pub(crate) events: Option<Rect>,
    pub(crate) output: Option<Rect>,
    pub(crate) status: Rect,
    /// The lines between the side panes, the table and the detail.
    pub(crate) separators: [Option<Rect>; 2],
}

impl Regions {
    /// Returns whether the side panes are visible on this screen.
    pub(crate) fn show_side(app: &App, screen: Rect) -> bool {
        let is_wanted = screen.width >= MIN_WIDTH_FOR_SIDE && !app.columns().is_wide();
        is_wanted || matches!(app.focus(), Pane::Groups(GroupPlace::Upper | GroupPlace::Lower))
    }

    /// Returns the areas for a screen. `message_lines` is the height of the current notice or explanation, 0 if there is
    /// none; `side` is the size that the side panes need.
    pub(crate) fn of(app: &App, screen: Rect, message_lines: u16, side: SideSize) -> Self {
        let has_two_lines = screen.height >= MIN_HEIGHT_FOR_TWO_LINES;
        let header = if has_two_lines { 2 } else { u16::from(screen.height > 2) };
        let status = if has_two_lines {
            1 + message_lines.max(1)
        } else {
            u16::from(screen.height > 1) + message_lines
        };
        let [header, body, status] = screen.layout(&Layout::vertical([
            Constraint::Length(header),
            Constraint::Min(0),
            Constraint::Length(status),
        ]));
        let mut regions = Self { header, status, ..Self::default() };
        let body = regions.place_output(app, body);
        let body = regions.place_events(app, screen, body);
        let body = regions.place_side(app, body, side);
        regions.place_detail(app, body);
        regions
    }

    /// Returns the rest of the body: none of it if the focused output leaves too little for the table.
    fn place_output(&mut self, app: &App, body: Rect) -> Rect {
        let focused = app.focus() == Pane::Output;
        if app.output().is_none() || (body.height < MIN_HEIGHT_TO_SPLIT && !focused) {
            return body;
        }
        let height = match body.height {
            all if all < MIN_HEIGHT_TO_SPLIT => all,
            all if focused => (all / 2).max(6),
            all => (all / 3).clamp(4, 16),
        };
        let (rest, output) = split_bottom(body, height);
        self.output = Some(output);
        rest
    }

    /// Returns the rest of the body.
    fn place_events(&mut self, app: &App, screen: Rect, body: Rect) -> Rect {
        let focused = app.focus() == Pane::Events;
        let min_height =
            if self.output.is_some() { MIN_HEIGHT_FOR_EVENTS_AND_OUTPUT } else { MIN_HEIGHT_FOR_EVENTS };
        if !app.events_shown() || !(focused || screen.height >= min_height) {
            return body;
        }
        let height = match body.height {
            all if focused && all < MIN_HEIGHT_TO_SPLIT => all,
            all if focused => (all / 2).max(6),
            all => (all / 5).clamp(5, 12),
        };
        let (rest, events) = split_bottom(body, height);
        self.events = Some(events);
        rest
    }

    /// Returns the rest of the body: none of it if the focused side pane leaves too little for the table.
    fn place_side(&mut self, app: &App, body: Rect, wanted: SideSize) -> Rect {
        if !Self::show_side(app, body) {
            return body;
        }
        let beside = body.width >= MIN_WIDTH_FOR_SIDE;
        let max = if beside {
            (body.width / 3).min(body.width - MIN_TABLE_BESIDE_SIDE).min(MAX_SIDE_WIDTH)
        } else {
            body.width / 2
        };
        let width = wanted.width.min(max).max(MIN_SIDE_WIDTH);
        let is_alone = body.width < width + MIN_TABLE_BESIDE_FOCUSED_SIDE;
        let (side, rest) = split_left(body, if is_alone { body.width } else { width });
        let (separator, rest) = split_left(rest, 1);
        self.separators[0] = (!is_alone).then_some(separator);
        if side.height >= MIN_HEIGHT_TO_SPLIT {
            let (upper, lower) = split_bottom(side, lower_height(side.height, wanted));
            (self.upper_side, self.lower_side) = (Some(upper), Some(lower));
        } else if app.focus() == Pane::Groups(GroupPlace::Lower) {
            self.lower_side = Some(side);
        } else {
            self.upper_side = Some(side);
        }
        if is_alone { Rect::ZERO } else { rest }
    }

    fn place_detail(&mut self, app: &App, body: Rect) {
        self.tasks = body;
        let focused = app.focus() == Pane::Detail;
        if app.detail().is_none() || app.main_pane() != MainPane::Tasks {
            return;
        }
        if body.width >= MIN_WIDTH_FOR_DETAIL_BESIDE {
            let max = body.width.saturating_sub(MIN_TABLE_BESIDE_DETAIL);
            let detail = (body.width * 9 / 20).max(MIN_DETAIL_WIDTH).min(max);
            let (tasks, rest) = split_left(body, body.width - detail);
            let (separator, detail) = split_left(rest, 1);
            (self.tasks, self.detail, self.separators[1]) = (tasks, Some(detail), Some(separator));
        } else if body.height >= MIN_HEIGHT_TO_SPLIT {
            let height = if focused { body.height * 2 / 3 } else { body.height / 2 };
            let (tasks, detail) = split_bottom(body, height);
            (self.tasks, self.detail) = (tasks, Some(detail));
        } else if focused {
            (self.tasks, self.detail) = (Rect::ZERO, Some(body));
        }
    }
}

/// Returns the height of the lower side pane. The upper one gets the lines it needs and an empty one; if they do not fit
/// together, neither gets more than half unless the other needs less.
fn lower_height(height: u16, wanted: SideSize) -> u16 {
    let rest = height - height.min(wanted.upper_height.saturating_add(1));
    if rest >= wanted.lower_height {
        rest
    } else {
        wanted.lower_height.min((height / 2).max(height.saturating_sub(wanted.upper_height)))
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

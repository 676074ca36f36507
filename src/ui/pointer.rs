//! Remembers where the last frame has what, to tell what is under the mouse pointer. Pure.

use arrayvec::ArrayVec;
use ratatui::layout::{Position, Rect};

use crate::app::{Pane, Pointed, RowId};
use crate::present::columns::Placed;

/// The panes of the last frame and the titles of the table.
#[derive(Debug, Clone, Default)]
pub(crate) struct PointerMap {
    panes: ArrayVec<Place, { Pane::ALL.len() }>,
    titles: Vec<Placed>,
    /// Where the leftmost column begins.
    titles_left: u16,
}

/// A pane on the screen: its title, and its lines below.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The pane.
    pub(crate) pane: Pane,
    /// Where it is, with the title.
    pub(crate) area: Rect,
    /// How many lines fit.
    pub(crate) page: usize,
    /// The index of the first line in view.
    pub(crate) offset: usize,
    /// How many lines there are, in view or not.
    pub(crate) lines: usize,
}

impl PointerMap {
    /// Forgets the last frame.
    pub(crate) fn clear(&mut self) {
        self.panes.clear();
        self.titles.clear();
    }

    /// Adds a pane.
    pub(crate) fn add(&mut self, place: Place) {
        // There is room for every pane.
        let _ = self.panes.try_push(place);
    }

    /// Returns how many lines fit into a pane; none if it is not on the screen.
    pub(crate) fn page(&self, pane: Pane) -> Option<usize> {
        self.panes.iter().find(|place| place.pane == pane).map(|place| place.page)
    }

    /// Sets the titles of the table.
    pub(crate) fn set_titles(&mut self, left: u16, titles: Vec<Placed>) {
        (self.titles_left, self.titles) = (left, titles);
    }

    /// Returns what is at a position. `row` returns the task on a line of the table.
    pub(crate) fn at(&self, position: Position, row: impl FnOnce(usize) -> Option<RowId>) -> Option<Pointed> {
        let place = self.panes.iter().find(|place| place.area.contains(position))?;
        let pane = place.pane;
        let pointed = match place.line_at(position) {
            None => self.title_at(position).filter(|_| pane == Pane::Tasks).map(Pointed::Title),
            Some(line) => match pane {
                Pane::Tasks => row(line).map(Pointed::Task),
                Pane::Groups(groups) => Some(Pointed::Group(groups, place.offset + line)),
                Pane::Failures => Some(Pointed::Failure(place.offset + line)),
                Pane::Pulse => Some(Pointed::PulseRow(place.offset + line)),
                Pane::Detail => Some(Pointed::DetailLine(place.offset + line)),
                Pane::Events | Pane::Output => None,
            },
        };
        Some(pointed.unwrap_or(Pointed::Pane(pane)))
    }

    fn title_at(&self, position: Position) -> Option<&'static str> {
        let x = position.x.checked_sub(self.titles_left)?;
        let is_at = |title: &&Placed| (title.left..title.left + title.width).contains(&x);
        self.titles.iter().find(is_at).map(|title| title.column.key)
    }
}

impl Place {
    /// Returns the line at a position, counted from the top; none for the title and what is below the lines.
    fn line_at(&self, position: Position) -> Option<usize> {
        let line = usize::from(position.y.checked_sub(self.area.y)?).checked_sub(1)?;
        (line < self.page.min(self.lines.saturating_sub(self.offset))).then_some(line)
    }
}

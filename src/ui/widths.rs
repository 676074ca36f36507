//! Remembers the widths that the texts on the screen need. They only grow until the screen's size or the view changes;
//! otherwise columns would jump while you scroll.

use ratatui::layout::Rect;

use crate::app::{App, Filter, Overlay};
use crate::present::columns::Contents;

use super::panes::groups::SideSize;

/// The widest texts since the screen's size or the view last changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Widths {
    screen: Rect,
    filter: Filter,
    /// The widths of the task table's columns.
    pub(crate) table: Contents,
    /// The size of the side panes.
    pub(crate) side: SideSize,
}

impl Widths {
    /// Starts a frame: resets the widths if the screen's size or the view has changed. A filter that is still being typed
    /// does not count as another view, because columns would jump with every keystroke.
    pub(crate) fn begin_frame(&mut self, app: &App, screen: Rect) {
        if self.screen != screen {
            *self = Self { screen, filter: app.filter().clone(), ..Self::default() };
        }
        if self.filter != *app.filter() && !matches!(app.overlay(), Overlay::Filter(_)) {
            self.filter = app.filter().clone();
            self.table = Contents::default();
        }
    }
}

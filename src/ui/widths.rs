//! The widths that the texts on the screen need. They grow until the screen's size or the view changes: columns that
//! followed every row while you scroll would flicker.

use ratatui::layout::Rect;

use crate::app::{App, Filter, Overlay};
use crate::present::columns::Contents;

use super::panes::counts::SideNeeds;

/// The widths of the texts seen since the screen's size or the view changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Widths {
    screen: Rect,
    filter: Filter,
    /// Of the task table.
    pub(crate) table: Contents,
    /// Of the side panes.
    pub(crate) side: SideNeeds,
}

impl Widths {
    /// Starts a frame: forgets the widths if the screen's size or the view has changed. A filter that is still being
    /// typed does not count as another view, because columns would jump with every letter.
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

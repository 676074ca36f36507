//! The room that contents were seen to need. Widths follow it, and only forget it with the screen or the view: what
//! shrank and grew with every row that scrolls by would flicker.

use ratatui::layout::Rect;

use crate::app::{App, Filter, Overlay};
use crate::present::columns::Contents;

use super::panes::counts::SideNeeds;

/// What was seen since the screen's size or the view changed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Widths {
    screen: Rect,
    filter: Filter,
    /// Of the table's rows.
    pub(crate) table: Contents,
    /// Of the side panes' rows.
    pub(crate) side: SideNeeds,
}

impl Widths {
    /// Forgets what it saw of another screen or another view. A filter that is still being typed is no other view:
    /// columns would jump with every letter.
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

//! (being built)
use crate::app::App;
use crate::clock::Now;
use ratatui::Frame;
/// x
#[derive(Clone, Copy)]
pub enum Colours {
    /// x
    None,
    /// x
    Sixteen,
    /// x
    Full,
}
/// x
pub struct UiState(#[expect(dead_code, reason = "s")] Colours);
impl UiState {
    /// x
    pub fn new(c: Colours) -> Self {
        Self(c)
    }
    /// x
    pub fn page(&self) -> usize {
        10
    }
    /// x
    pub fn secret_under_cursor(&self) -> Option<usize> {
        None
    }
    /// x
    pub fn detail_lines(&self) -> usize {
        1
    }
}
/// x
pub fn draw(_app: &App, _ui: &mut UiState, _now: Now, _frame: &mut Frame<'_>) {}

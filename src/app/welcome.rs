//! The hint of the first start: a few keys, gone with the first key press, and never shown again.

use super::{App, Effect};

/// The name under which the saved state remembers the hint.
const HINT: &str = "welcome";

impl App {
    /// Returns whether the hint of the first start is to be shown.
    pub fn shows_welcome(&self) -> bool {
        self.welcome
    }

    /// Ends the hint, and remembers it. The key that ends it does what it always does.
    pub(super) fn end_welcome(&mut self) -> Option<Effect> {
        if !std::mem::replace(&mut self.welcome, false) {
            return None;
        }
        self.saved.see(HINT);
        Some(Effect::SaveState(self.saved.clone()))
    }
}

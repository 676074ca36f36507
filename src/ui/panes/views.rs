//! The views of the table, each with its key and how many tasks it has.

use ratatui::style::Modifier;

use crate::app::commands::Command;
use crate::app::key::Key;
use crate::app::{Health, Scope};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::text::{Part, part};
use crate::ui::theme::bold;

/// A view.
pub(crate) struct View {
    /// Its tasks.
    pub(crate) scope: Scope,
    /// On the screen.
    title: &'static str,
    /// In a sentence.
    pub(crate) word: &'static str,
    /// What shows it.
    command: Command,
}

/// Every view, in the order of their keys.
pub(crate) const VIEWS: [View; 3] = [
    View { scope: Scope::Live, title: "Held", word: "held", command: Command::ViewHeld },
    View { scope: Scope::Failed, title: "Failed", word: "failed", command: Command::ViewFailed },
    View { scope: Scope::Ended, title: "Ended", word: "ended", command: Command::ViewEnded },
];

/// The views side by side, the current one reversed.
pub(crate) fn tabs(scene: &Scene<'_>) -> Vec<Part<'static>> {
    // None known is not the same as none there.
    let is_known = !matches!(scene.app.health(scene.now), Health::Connecting { .. });
    VIEWS.iter().map(|view| tab(scene, view, is_known)).collect()
}

fn tab(scene: &Scene<'_>, view: &View, is_known: bool) -> Part<'static> {
    let count = scene.app.count_of(view.scope);
    let key = scene.app.keymap().keys(view.command).next().map(Key::label).unwrap_or_default();
    let number = if is_known || count > 0 { format!(" {}", format::len(count)) } else { String::new() };
    let tone = match view.scope {
        Scope::Failed if count > 0 => Tone::Bad,
        _ => Tone::Normal,
    };
    let style = scene.theme.tone(tone);
    let is_current = scene.app.filter().scope == view.scope;
    let style = if is_current { style.patch(bold()).add_modifier(Modifier::REVERSED) } else { style };
    part(format!(" {key} {}{number} ", view.title), style)
}

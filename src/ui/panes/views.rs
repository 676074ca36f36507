//! Draws the tabs of the views: key, title and number of tasks.

use ratatui::style::{Modifier, Style};
use ratatui::text::Span;

use crate::app::commands::Command;
use crate::app::{Health, MainPane, Scope};
use crate::present::{Tone, format};
use crate::ui::Scene;
use crate::ui::theme::bold;

/// A view of the task table.
struct View {
    /// The tasks in it.
    scope: Scope,
    /// The title of its tab.
    title: &'static str,
    /// The command that shows it.
    command: Command,
}

/// The views, in the order of their tabs.
const VIEWS: [View; 3] = [
    View { scope: Scope::Live, title: "Held", command: Command::ViewHeld },
    View { scope: Scope::Failed, title: "Failed", command: Command::ViewFailures },
    View { scope: Scope::Ended, title: "Ended", command: Command::ViewEnded },
];

impl View {
    /// Returns whether the view shows these tasks. Ended tasks among the held ones make no view of their own.
    fn shows(&self, scope: Scope) -> bool {
        self.scope == scope || (self.scope == Scope::Live && scope.mixes_ended())
    }
}

/// Returns the tabs, the current one reversed.
pub(crate) fn tabs(scene: &Scene<'_>) -> Vec<Span<'static>> {
    // Before the first list, 0 would look like a count.
    let is_known = !matches!(scene.app.health(scene.now), Health::Connecting { .. });
    VIEWS.iter().map(|view| tab(scene, view, is_known)).collect()
}

/// Returns the tab of the pulse, which counts no tasks: it is shown while it is open, and otherwise only in room to spare.
pub(crate) fn pulse_tab(scene: &Scene<'_>) -> (Span<'static>, bool) {
    let is_current = scene.app.main_pane() == MainPane::Pulse;
    let text = format!(" {} Pulse ", key_of(scene, Command::ViewPulse));
    (Span::styled(text, style(scene.theme.tone(Tone::Normal), is_current)), is_current)
}

fn tab(scene: &Scene<'_>, view: &View, is_known: bool) -> Span<'static> {
    let count = scene.app.count_of(view.scope);
    let key = key_of(scene, view.command);
    let number = if is_known || count > 0 { format!(" {}", format::len(count)) } else { String::new() };
    let tone = match view.scope {
        Scope::Failed if count > 0 => Tone::Bad,
        _ => Tone::Normal,
    };
    let is_current = match scene.app.main_pane() {
        MainPane::Failures => view.scope == Scope::Failed,
        MainPane::Pulse => false,
        MainPane::Tasks | MainPane::Groups => view.shows(scene.app.filter().scope),
    };
    Span::styled(format!(" {key} {}{number} ", view.title), style(scene.theme.tone(tone), is_current))
}

/// Returns the first key of a command, as it is written on the screen.
fn key_of(scene: &Scene<'_>, command: Command) -> String {
    scene.app.keymap().keys(command).next().map(|key| scene.key(key)).unwrap_or_default()
}

fn style(style: Style, is_current: bool) -> Style {
    if is_current { style.patch(bold()).add_modifier(Modifier::REVERSED) } else { style }
}

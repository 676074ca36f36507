//! The list of themes, `:theme NAME`, and what is kept of them.

use super::*;
use crate::state::SavedState;
use crate::theme::Themes;

fn with(themes: Themes, saved: SavedState) -> Harness {
    let mut harness = Harness::new();
    harness.app = App::new(Target::default(), Settings { themes, saved, ..Settings::default() });
    harness
}

fn saved(theme: &str) -> SavedState {
    let mut saved = SavedState::default();
    assert!(saved.keep_theme(theme));
    saved
}

fn theme(harness: &Harness) -> &str {
    harness.app.theme().name()
}

/// Returns the theme that the state is saved with.
fn kept(effects: &[Effect]) -> Option<&str> {
    effects.iter().find_map(|effect| match effect {
        Effect::SaveState(state) => state.theme(),
        _ => None,
    })
}

#[test]
fn highlighted_theme_is_shown_and_esc_takes_it_back() {
    let mut harness = with(Themes::default(), SavedState::default());
    assert_eq!(theme(&harness), "auto");
    harness.press(":theme\n");
    let mut seen = vec![];
    for key in ["j", "j", "k", "t", "G"] {
        harness.press(key);
        seen.push(theme(&harness).to_owned());
    }
    assert_eq!(seen, ["dark", "light", "dark", "terminal", "neutral"]);
    assert_eq!(harness.press_key(Key::plain(KeyCode::Esc)), []);
    assert_eq!(theme(&harness), "auto");
    assert_eq!(harness.app.saved().theme(), None);
}

#[test]
fn enter_keeps_the_highlighted_theme_for_the_next_run() {
    let mut harness = with(Themes::default(), SavedState::default());
    harness.press(":theme\nj");
    assert_eq!(kept(&harness.press("\n")), Some("dark"));
    assert_eq!(theme(&harness), "dark");
    let next = with(Themes::default(), harness.app.saved().clone());
    assert_eq!(theme(&next), "dark");
}

#[test]
fn a_theme_is_set_by_its_name() {
    let mut harness = with(Themes::default(), SavedState::default());
    assert_eq!(kept(&harness.press(":theme light\n")), Some("light"));
    assert_eq!(theme(&harness), "light");
    harness.press(":theme lihgt\n");
    let Overlay::Command(prompt) = harness.app.overlay() else { panic!("the prompt stays open") };
    assert_eq!(prompt.mistake.as_deref(), Some("Unknown theme \"lihgt\". Did you mean \"light\"?"));
    assert_eq!(theme(&harness), "light");
}

#[test]
fn the_configured_theme_comes_before_the_one_that_was_chosen() {
    let mut themes = Themes::default();
    themes.configure("terminal").unwrap();
    let mut harness = with(themes, saved("dark"));
    assert_eq!(theme(&harness), "terminal");
    let effects = harness.press(":theme light\n");
    assert_eq!(kept(&effects), Some("dark"), "only the command is saved, for the history");
    assert_eq!(theme(&harness), "light");
    let notice = harness.app.notices().current(harness.now).unwrap();
    assert!(notice.text.starts_with("Theme light until you quit"), "{}", notice.text);
}

#[test]
fn a_chosen_theme_that_is_gone_is_no_mistake() {
    assert_eq!(theme(&with(Themes::default(), saved("deleted"))), "auto");
}

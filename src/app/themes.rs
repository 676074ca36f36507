//! The list of themes, which shows each one as the highlight moves, and `:theme NAME`.

use super::abbreviation::correction;
use super::key::{Key, KeyCode};
use super::panes::Overlay;
use super::prompt::Candidate;
use super::{App, Effect, Severity};
use crate::clock::Now;
use crate::theme::{Theme, Themes};

/// The list of themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ThemeChooser {
    /// The index of the highlighted theme, in which the dashboard is drawn.
    pub at: usize,
}

impl App {
    /// Returns the theme to draw with.
    pub fn theme(&self) -> &Theme {
        match &self.overlay {
            Overlay::Theme(chooser) => self.themes.get(chooser.at),
            _ => self.themes.get(self.themes.kept()),
        }
    }

    /// Returns all themes.
    pub fn themes(&self) -> &Themes {
        &self.themes
    }

    /// Opens the list of themes.
    pub(super) fn choose_theme(&mut self) {
        self.overlay = Overlay::Theme(ThemeChooser { at: self.themes.kept() });
    }

    pub(super) fn press_in_themes(&mut self, mut chooser: ThemeChooser, key: Key, now: Now) -> Vec<Effect> {
        let at = chooser.at;
        match key.code {
            KeyCode::Enter => {
                let name = self.themes.get(chooser.at).name().to_owned();
                return self.keep_theme(&name, now);
            }
            KeyCode::Esc | KeyCode::Char('q') => return Vec::new(),
            code => {
                let moved = self.moved(key, at, self.themes.all().len());
                chooser.at = moved.or_else(|| self.next_theme(at, code)).unwrap_or(at);
            }
        }
        self.overlay = Overlay::Theme(chooser);
        Vec::new()
    }

    /// Returns the next theme whose name begins with the letter.
    fn next_theme(&self, at: usize, code: KeyCode) -> Option<usize> {
        let KeyCode::Char(letter) = code else { return None };
        let themes = self.themes.all();
        let begins = |at: &usize| themes.get(*at).is_some_and(|theme| theme.name().starts_with(letter));
        (at + 1..themes.len()).chain(0..at).find(begins)
    }

    /// Puts a theme in force, and keeps it for the next run.
    fn keep_theme(&mut self, name: &str, now: Now) -> Vec<Effect> {
        self.themes.keep(name);
        if self.themes.is_configured() {
            let text = format!("Theme {name} until you quit; the configuration sets it at the next start.");
            self.notices.say(Severity::Info, text, now);
            return Vec::new();
        }
        if self.saved.keep_theme(name) { vec![Effect::SaveState(self.saved.clone())] } else { Vec::new() }
    }

    /// Returns the themes to choose from in the prompt.
    pub(super) fn theme_candidates(&self) -> Vec<Candidate> {
        self.themes.all().iter().map(|theme| Candidate::with_help(theme.name(), theme.summary())).collect()
    }

    /// Runs `:theme`: without a name it opens the list.
    pub(super) fn theme_by_argument(&mut self, name: &str, now: Now) -> Result<Vec<Effect>, String> {
        if name.is_empty() {
            self.choose_theme();
            return Ok(Vec::new());
        }
        if self.themes.named(name).is_none() {
            let meant = correction(name, self.themes.names());
            return Err(format!("Unknown theme \"{name}\".{meant}"));
        }
        Ok(self.keep_theme(name, now))
    }
}

//! The themes to choose from, and the one in force.

use super::Theme;
use crate::toml_fault;

/// The name of the theme that follows the terminal's background.
pub const AUTO: &str = "auto";
/// The theme while the background is unknown.
const NEUTRAL: &str = "neutral";
/// The theme with the terminal's own 16 colours.
const TERMINAL: &str = "terminal";

macro_rules! built_in {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/themes/", $name, ".toml")))),*]
    };
}

/// The built-in themes, with their files.
pub(super) const BUILT_IN: &[(&str, &str)] =
    built_in!["dark", "light", "high-contrast", "colour-blind", "colour-blind-light", "terminal", "neutral"];

/// Whether the terminal's background is dark or light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Background {
    /// Reads `COLORFGBG`, which some terminals set: `15;0` is white on black, `0;default;15` black on white. The last number is
    /// the background's, one of the 16 ANSI colours.
    pub fn parse(colorfgbg: &str) -> Option<Self> {
        match colorfgbg.rsplit(';').next()?.parse::<u8>().ok()? {
            0..=6 | 8 => Some(Self::Dark),
            7 | 9..=15 => Some(Self::Light),
            _ => None,
        }
    }

    const fn theme(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// The themes to choose from. There is always at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Themes {
    /// `auto` comes first.
    all: Vec<Theme>,
    /// The index of the theme in force.
    kept: usize,
    /// Whether the configuration names the theme.
    is_configured: bool,
}

impl Default for Themes {
    fn default() -> Self {
        Self::built_in(None)
    }
}

impl Themes {
    /// Returns the built-in themes; `auto`, which suits the background as far as that is known, is in force.
    pub fn built_in(background: Option<Background>) -> Self {
        let mut themes = Self { all: vec![Theme::colourless()], kept: 0, is_configured: false };
        for (name, text) in BUILT_IN {
            // A test shows that all of them can be parsed.
            let _ = themes.add(name, text);
        }
        themes.follow(background);
        themes
    }

    /// Makes `auto` suit the background.
    pub fn follow(&mut self, background: Option<Background>) {
        let name = background.map_or(NEUTRAL, Background::theme);
        let styles = self.named(name).map(|theme| theme.styles);
        if let Some((auto, styles)) = self.all.first_mut().zip(styles) {
            let summary = format!("Follows the background; here: {name}");
            *auto = Theme { name: AUTO.to_owned(), summary, styles };
        }
    }

    /// Adds a theme, or replaces the one of that name.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the file, and where.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), String> {
        if name == AUTO {
            return Err(format!(
                "a theme cannot be named `{AUTO}`: that one follows the terminal's background"
            ));
        }
        let theme = Theme::parse(name, text, |base| {
            self.named(base).ok_or_else(|| toml_fault::described_unknown("theme", base, self.names()))
        })?;
        match self.all.iter_mut().find(|known| known.name == name) {
            Some(known) => *known = theme,
            None => self.all.push(theme),
        }
        Ok(())
    }

    /// Returns all themes.
    pub fn all(&self) -> &[Theme] {
        &self.all
    }

    /// Returns the names of all themes.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(Theme::name)
    }

    /// Returns the theme with this name.
    pub fn named(&self, name: &str) -> Option<&Theme> {
        self.all.iter().find(|theme| theme.name == name)
    }

    /// Returns a theme by its index, or the one in force.
    pub fn get(&self, at: usize) -> &Theme {
        const NONE: &Theme = &Theme::colourless();
        self.all.get(at).or_else(|| self.all.get(self.kept)).unwrap_or(NONE)
    }

    /// Returns the index of the theme in force.
    pub const fn kept(&self) -> usize {
        self.kept
    }

    /// Puts a theme in force. Returns whether there is one with this name.
    pub fn keep(&mut self, name: &str) -> bool {
        let at = self.all.iter().position(|theme| theme.name == name);
        self.kept = at.unwrap_or(self.kept);
        at.is_some()
    }

    /// Puts the theme in force that the configuration names.
    ///
    /// # Errors
    /// There is no such theme: the rest of a sentence that names the nearest.
    pub fn configure(&mut self, name: &str) -> Result<(), String> {
        if !self.keep(name) {
            return Err(toml_fault::described_unknown("theme", name, self.names()));
        }
        self.is_configured = true;
        Ok(())
    }

    /// Returns whether the configuration names the theme at the start.
    pub const fn is_configured(&self) -> bool {
        self.is_configured
    }

    /// Returns the theme to draw with on a terminal with 16 colours: this one, if it has no others.
    pub fn for_sixteen<'a>(&'a self, theme: &'a Theme) -> &'a Theme {
        if theme.is_ansi() { theme } else { self.named(TERMINAL).unwrap_or(theme) }
    }
}

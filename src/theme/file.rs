//! Parses theme files.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Role;
use crate::toml_fault;

/// A theme file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(default)]
    pub(super) summary: String,
    /// The theme whose styles the other roles have.
    pub(super) inherits: Option<String>,
    #[serde(default)]
    roles: BTreeMap<RoleName, StyleTable>,
}

impl File {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| toml_fault::describe(text, &error))
    }

    /// Returns the roles that the file styles.
    pub(super) fn styles(&self) -> impl Iterator<Item = (Role, Style)> {
        self.roles.iter().map(|(name, table)| (name.0, table.style()))
    }
}

/// A role, sorted by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RoleName(Role);

impl Ord for RoleName {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0 as u8).cmp(&(other.0 as u8))
    }
}

impl PartialOrd for RoleName {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'de> Deserialize<'de> for RoleName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let known = Role::TABLE.iter().map(|(_, name, _)| *name);
        Role::find(&name).map(Self).ok_or_else(|| D::Error::custom(toml_fault::unknown("role", &name, known)))
    }
}

/// A style: `{ fg = "#ff7f76", bg = "black", modifiers = ["bold"] }`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StyleTable {
    fg: Option<Colour>,
    bg: Option<Colour>,
    modifiers: Vec<ModifierName>,
}

impl StyleTable {
    fn style(&self) -> Style {
        let modifiers = self.modifiers.iter().map(|name| name.modifier()).collect::<Modifier>();
        let style = Style::new().add_modifier(modifiers);
        let style = self.fg.iter().fold(style, |style, colour| style.fg(colour.0));
        self.bg.iter().fold(style, |style, colour| style.bg(colour.0))
    }
}

#[derive(Debug, Clone, Copy)]
struct Colour(Color);

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let colour = if name == "default" { Some(Color::Reset) } else { name.parse().ok() };
        colour.map(Self).ok_or_else(|| {
            D::Error::custom(format!(
                "\"{name}\" is not a colour; expected \"#rrggbb\", a name such as \"red\" or \"light-red\", \"default\", or a \
                 number from \"0\" to \"255\""
            ))
        })
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ModifierName {
    Bold,
    Dim,
    Italic,
    Underlined,
    Reversed,
}

impl ModifierName {
    const fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Dim => Modifier::DIM,
            Self::Italic => Modifier::ITALIC,
            Self::Underlined => Modifier::UNDERLINED,
            Self::Reversed => Modifier::REVERSED,
        }
    }
}

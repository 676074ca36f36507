//! Themes: the style of each role. Pure: parses theme files, and holds the built-in themes.
//!
//! Does not know the terminal; `ui` replaces colours that it does not have.

mod file;
mod role;
mod set;
#[cfg(test)]
mod tests;

use ratatui::style::{Color, Modifier, Style};

use file::File;
pub use role::Role;
pub use set::{AUTO, Background, Themes};

const ROLES: usize = Role::TABLE.len();

/// The style of each role, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    summary: String,
    styles: [Style; ROLES],
}

impl Theme {
    /// Parses a theme file. `inherited` looks up the theme that it names in `inherits`.
    ///
    /// # Errors
    /// A sentence with the line, the key, and what is expected there.
    pub(super) fn parse<'a>(
        name: &str,
        text: &str,
        inherited: impl Fn(&str) -> Result<&'a Self, String>,
    ) -> Result<Self, String> {
        let file = File::parse(text)?;
        let base = file.inherits.as_deref().map(inherited).transpose()?;
        let mut styles = base.map_or(COLOURLESS, |theme| theme.styles);
        for (role, style) in file.styles() {
            if let Some(at) = styles.get_mut(role as usize) {
                *at = style;
            }
        }
        Ok(Self { name: name.to_owned(), summary: file.summary, styles })
    }

    /// Returns the theme for terminals without colours: bold, underline and reverse convey the meaning.
    pub const fn colourless() -> Self {
        Self { name: String::new(), summary: String::new(), styles: COLOURLESS }
    }

    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what it is for.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Returns the style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// Returns whether a terminal with 16 colours has all of its colours.
    pub fn is_ansi(&self) -> bool {
        let is_ansi = |colour: Color| !matches!(colour, Color::Rgb(..) | Color::Indexed(16..));
        self.styles.iter().all(|style| [style.fg, style.bg].into_iter().flatten().all(is_ansi))
    }
}

/// Returns the roles as a Markdown table.
pub fn markdown() -> String {
    let head = "| role | what it styles |\n| --- | --- |\n".to_owned();
    let rows = Role::TABLE.iter().map(|(_, name, what)| format!("| `{name}` | {what} |\n"));
    std::iter::once(head).chain(rows).collect()
}

/// The styles without colours, in the order of [`Role::TABLE`]. They are those of roles that a theme file does not name.
const COLOURLESS: [Style; ROLES] = {
    let plain = Style::new();
    let bold = plain.add_modifier(Modifier::BOLD);
    let underlined = plain.add_modifier(Modifier::UNDERLINED);
    let reversed = Modifier::REVERSED;
    // The cursor resets the colours, so that the reversed line is one solid bar on every background.
    let cursor = plain.fg(Color::Reset).bg(Color::Reset).add_modifier(reversed);
    let focused = bold.add_modifier(reversed);
    [plain, plain, plain, underlined, bold, bold, plain, plain, bold, focused, cursor, underlined]
};

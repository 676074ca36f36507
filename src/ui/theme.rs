//! The styles of a frame: those of the theme, as far as the terminal has its colours.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

use crate::app::{App, Severity};
use crate::present::Tone;
use crate::theme::{Role, Theme as ThemeFile};

/// The colours that the terminal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// No colours, or the operator wants none (`NO_COLOR`).
    None,
    /// The 16 ANSI colours, as the terminal's theme defines them.
    Sixteen,
    /// 256 or 24-bit colours. The nearest one is shown.
    Full,
}

/// The style of each role on this terminal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Theme {
    colours: Colours,
    styles: [Style; Role::TABLE.len()],
}

impl Theme {
    /// Returns the styles of the app's theme.
    pub(crate) fn of(app: &App, colours: Colours) -> Self {
        match colours {
            Colours::None => Self::new(&ThemeFile::colourless(), colours),
            Colours::Sixteen => Self::new(app.themes().for_sixteen(app.theme()), colours),
            Colours::Full => Self::new(app.theme(), colours),
        }
    }

    fn new(theme: &ThemeFile, colours: Colours) -> Self {
        Self { colours, styles: Role::TABLE.map(|(role, ..)| theme.style(role)) }
    }

    /// Returns the colours that the terminal supports.
    pub(crate) const fn colours(&self) -> Colours {
        self.colours
    }

    fn role(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }

    /// Returns the style of a tone.
    pub(crate) fn tone(&self, tone: Tone) -> Style {
        self.role(match tone {
            Tone::Normal => Role::Normal,
            Tone::Quiet => Role::Quiet,
            Tone::Good => Role::Good,
            Tone::Warn => Role::Warn,
            Tone::Bad => Role::Bad,
            Tone::Accent => Role::Accent,
            Tone::Ended => Role::Ended,
        })
    }

    /// Returns the style of a notice.
    pub(crate) fn severity(&self, severity: Severity) -> Style {
        self.tone(match severity {
            Severity::Info => Tone::Normal,
            Severity::Good => Tone::Good,
            Severity::Warn => Tone::Warn,
            Severity::Bad => Tone::Bad,
        })
    }

    /// Returns the style of a pane's title.
    pub(crate) fn title(&self, focused: bool) -> Style {
        self.role(if focused { Role::FocusedTitle } else { Role::Title })
    }

    /// Returns the style of the lines between panes and around dialogs.
    pub(crate) fn border(&self) -> Style {
        self.role(Role::Border)
    }

    /// Returns the style to patch onto the line under the cursor. The signs still tell the states apart.
    pub(crate) fn cursor(&self, focused: bool) -> Style {
        let cursor = self.role(if focused { Role::Cursor } else { Role::UnfocusedCursor });
        if focused { cursor.remove_modifier(Modifier::DIM) } else { cursor }
    }

    /// Paints what has no colour of its own in the colours of normal text, if the theme gives it any.
    pub(crate) fn paint_rest(&self, buf: &mut Buffer) {
        let Style { fg, bg, .. } = self.role(Role::Normal);
        if fg.is_none() && bg.is_none() {
            return;
        }
        for cell in &mut buf.content {
            if cell.fg == Color::Reset {
                cell.fg = fg.unwrap_or(Color::Reset);
            }
            if cell.bg == Color::Reset {
                cell.bg = bg.unwrap_or(Color::Reset);
            }
        }
    }
}

/// Returns the style of words that must stand out.
pub(crate) fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

//! Maps meanings to styles. All colours are here. Without colours, bold, reverse and underline convey the meaning.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Severity;
use crate::present::Tone;

/// The colours that the terminal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// No colours, or the operator wants none (`NO_COLOR`).
    None,
    /// The 16 ANSI colours, as the terminal's theme defines them.
    Sixteen,
    /// 24-bit colours.
    Full,
}

/// The styles for a terminal's colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Theme(Colours);

impl Theme {
    pub(crate) const fn new(colours: Colours) -> Self {
        Self(colours)
    }

    /// Returns the colours that the terminal supports.
    pub(crate) const fn colours(self) -> Colours {
        self.0
    }

    /// Returns the style of a tone.
    pub(crate) fn tone(self, tone: Tone) -> Style {
        match self.0 {
            Colours::None => colourless(tone),
            Colours::Sixteen => sixteen(tone),
            Colours::Full => full(tone),
        }
    }

    /// Returns the style of a notice.
    pub(crate) fn severity(self, severity: Severity) -> Style {
        self.tone(match severity {
            Severity::Info => Tone::Normal,
            Severity::Good => Tone::Good,
            Severity::Warn => Tone::Warn,
            Severity::Bad => Tone::Bad,
        })
    }

    /// Returns the style of a pane's title.
    pub(crate) fn title(self, focused: bool) -> Style {
        if focused { self.tone(Tone::Accent).add_modifier(Modifier::REVERSED) } else { bold() }
    }

    /// Returns the style of the lines between panes and around dialogs.
    pub(crate) fn border(self) -> Style {
        self.tone(Tone::Quiet)
    }
}

/// Returns the style to patch onto the line under the cursor. It resets the foreground colour, so that the reversed line is
/// one solid bar on every background; the signs still tell the states apart.
pub(crate) fn cursor_line(focused: bool) -> Style {
    if focused {
        Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM).add_modifier(Modifier::REVERSED)
    } else {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }
}

/// Returns the style of words that must stand out.
pub(crate) fn bold() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

fn colourless(tone: Tone) -> Style {
    match tone {
        Tone::Quiet | Tone::Normal | Tone::Good | Tone::Ended => Style::new(),
        Tone::Warn => Style::new().add_modifier(Modifier::UNDERLINED),
        Tone::Bad | Tone::Accent => bold(),
    }
}

fn sixteen(tone: Tone) -> Style {
    match tone {
        // Not bright black: some themes set it to the background's colour.
        Tone::Quiet => Style::new().add_modifier(Modifier::DIM),
        Tone::Normal => Style::new(),
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Warn => Style::new().fg(Color::Yellow),
        Tone::Bad => bold().fg(Color::Red),
        Tone::Accent => bold().fg(Color::Cyan),
        Tone::Ended => Style::new().add_modifier(Modifier::DIM | Modifier::ITALIC),
    }
}

/// Colours of medium lightness, legible on dark and on light backgrounds.
fn full(tone: Tone) -> Style {
    match tone {
        Tone::Quiet => Style::new().fg(Color::Rgb(128, 128, 128)),
        Tone::Normal => Style::new(),
        Tone::Good => Style::new().fg(Color::Rgb(64, 160, 96)),
        Tone::Warn => Style::new().fg(Color::Rgb(200, 140, 32)),
        Tone::Bad => bold().fg(Color::Rgb(220, 72, 72)),
        Tone::Accent => bold().fg(Color::Rgb(64, 144, 208)),
        Tone::Ended => Style::new().fg(Color::Rgb(128, 128, 128)).add_modifier(Modifier::ITALIC),
    }
}

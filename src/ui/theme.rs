//! Which colour a meaning has. The only place of colours; without colours, bold, reverse and underline carry it.

use ratatui::style::{Color, Modifier, Style};

use crate::app::Severity;
use crate::present::Tone;

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// None, or none wanted.
    None,
    /// The sixteen that the terminal's own theme sets.
    Sixteen,
    /// All.
    Full,
}

/// Meanings as styles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Theme(Colours);

impl Theme {
    pub(crate) const fn new(depth: Colours) -> Self {
        Self(depth)
    }

    /// What a thing means.
    pub(crate) fn tone(self, tone: Tone) -> Style {
        match self.0 {
            Colours::None => colourless(tone),
            Colours::Sixteen => sixteen(tone),
            Colours::Full => full(tone),
        }
    }

    /// What a notice means.
    pub(crate) fn severity(self, severity: Severity) -> Style {
        self.tone(match severity {
            Severity::Info => Tone::Normal,
            Severity::Good => Tone::Good,
            Severity::Warn => Tone::Warn,
            Severity::Bad => Tone::Bad,
        })
    }

    /// The first line of a pane.
    pub(crate) fn title(self, focused: bool) -> Style {
        if focused { self.tone(Tone::Accent).add_modifier(Modifier::REVERSED) } else { bold() }
    }

    /// The lines between panes and around boxes.
    pub(crate) fn rule(self) -> Style {
        self.tone(Tone::Quiet)
    }
}

/// On top of the styles of the line under the cursor. Reversed without a colour: one bar, that fits every
/// background; what is bold in it stays bold, and a sign says what its colours said.
pub(crate) fn selected(focused: bool) -> Style {
    if focused {
        Style::new().fg(Color::Reset).remove_modifier(Modifier::DIM).add_modifier(Modifier::REVERSED)
    } else {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }
}

/// Where a word must be found.
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
        // Dim, not bright black: some themes give that the background's colour.
        Tone::Quiet => Style::new().add_modifier(Modifier::DIM),
        Tone::Normal => Style::new(),
        Tone::Good => Style::new().fg(Color::Green),
        Tone::Warn => Style::new().fg(Color::Yellow),
        Tone::Bad => bold().fg(Color::Red),
        Tone::Accent => bold().fg(Color::Cyan),
        Tone::Ended => Style::new().add_modifier(Modifier::DIM | Modifier::ITALIC),
    }
}

/// Of middle lightness, so that they read on dark and on light ground.
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

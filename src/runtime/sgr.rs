//! The style of a cell, and the shortest SGR sequence from one style to another. The first sixteen colours use their
//! own codes, which every colour terminal knows; others become the nearest colour that the terminal has.
//!
//! Pure. Source of the codes: ECMA-48, xterm's "ctlseqs".

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use termprofile::TermProfile;

/// Everything of a cell except its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellStyle {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

/// The SGR codes for a foreground or background colour.
struct ColourCodes {
    /// The first of the eight normal colours.
    normal: u8,
    /// The first of the eight bright colours.
    bright: u8,
    /// The introducer of a palette index or an RGB colour.
    extended: u8,
    /// The terminal's default colour.
    default: u8,
}

const FOREGROUND: ColourCodes = ColourCodes { normal: 30, bright: 90, extended: 38, default: 39 };
const BACKGROUND: ColourCodes = ColourCodes { normal: 40, bright: 100, extended: 48, default: 49 };

/// Modifiers with the codes that set and reset them.
const MODIFIERS: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

impl CellStyle {
    /// The style after a reset.
    pub(super) const PLAIN: Self =
        Self { fg: Color::Reset, bg: Color::Reset, underline: Color::Reset, modifier: Modifier::empty() };

    /// Returns the style of a cell.
    pub(super) const fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, underline: cell.underline_color, modifier: cell.modifier }
    }

    /// Returns the sequence that changes a terminal from this style to another.
    pub(super) fn transition(self, to: Self, profile: TermProfile) -> String {
        if self == to {
            return String::new();
        }
        if to == Self::PLAIN {
            return "\x1b[m".to_owned();
        }
        let (changed, after_reset) = (self.codes(to, profile), Self::PLAIN.codes(to, profile));
        match (changed.join(";"), format!("0;{}", after_reset.join(";"))) {
            // The styles differ only in colours that the terminal does not have.
            (changed, _) if changed.is_empty() => changed,
            (changed, after_reset) if changed.len() <= after_reset.len() => format!("\x1b[{changed}m"),
            (_, after_reset) => format!("\x1b[{after_reset}m"),
        }
    }

    /// Returns the codes for all that differs.
    fn codes(self, to: Self, profile: TermProfile) -> Vec<String> {
        let mut codes = self.modifier_codes(to.modifier);
        if self.fg != to.fg {
            codes.extend(colour(&FOREGROUND, to.fg, profile));
        }
        if self.bg != to.bg {
            codes.extend(colour(&BACKGROUND, to.bg, profile));
        }
        if self.underline != to.underline {
            codes.extend(underline(to.underline, profile));
        }
        codes
    }

    fn modifier_codes(self, to: Modifier) -> Vec<String> {
        let removed = self.modifier.difference(to);
        let mut off: Vec<_> = MODIFIERS
            .iter()
            .filter(|(modifier, ..)| removed.contains(*modifier))
            .map(|(.., off)| *off)
            .collect();
        off.dedup();
        // Some reset codes reset two modifiers; the one that stays must be set again.
        let is_set = |(modifier, _, reset): &&(Modifier, u8, u8)| {
            to.contains(*modifier) && (!self.modifier.contains(*modifier) || off.contains(reset))
        };
        let on = MODIFIERS.iter().filter(is_set).map(|(_, on, _)| on);
        off.iter().chain(on).map(ToString::to_string).collect()
    }
}

/// Returns the code for a foreground or background colour; `None` on a terminal without colours.
fn colour(codes: &ColourCodes, colour: Color, profile: TermProfile) -> Option<String> {
    if profile < TermProfile::Ansi16 {
        return None;
    }
    Some(match nearest(colour, profile) {
        Color::Reset => codes.default.to_string(),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", codes.extended),
        colour => match palette_index(colour) {
            normal @ 0..8 => (codes.normal + normal).to_string(),
            bright @ 8..16 => (codes.bright + bright - 8).to_string(),
            index => format!("{};5;{index}", codes.extended),
        },
    })
}

/// Returns the code for an underline's colour. It has extended codes only, so a terminal with sixteen colours has none.
fn underline(colour: Color, profile: TermProfile) -> Option<String> {
    if profile < TermProfile::Ansi256 {
        return None;
    }
    Some(match nearest(colour, profile) {
        Color::Reset => "59".to_owned(),
        Color::Rgb(red, green, blue) => format!("58;2;{red};{green};{blue}"),
        colour => format!("58;5;{}", palette_index(colour)),
    })
}

/// Returns the nearest colour that the terminal has.
fn nearest(colour: Color, profile: TermProfile) -> Color {
    let is_extended = matches!(colour, Color::Rgb(..)) || matches!(colour, Color::Indexed(16..));
    if is_extended && profile < TermProfile::TrueColor {
        return profile.adapt_color(colour).unwrap_or(Color::Reset);
    }
    colour
}

/// Returns the index in the palette of 256 colours.
const fn palette_index(colour: Color) -> u8 {
    match colour {
        Color::Black | Color::Reset | Color::Rgb(..) => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(index) => index,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn cell_style(style: Style) -> CellStyle {
        let mut cell = Cell::EMPTY;
        cell.set_style(style);
        CellStyle::of(&cell)
    }

    fn written(from: Style, to: Style, profile: TermProfile) -> String {
        cell_style(from).transition(cell_style(to), profile)
    }

    #[test]
    fn the_first_sixteen_colours_use_their_own_codes() {
        for profile in [TermProfile::Ansi16, TermProfile::Ansi256, TermProfile::TrueColor] {
            let written = |style| written(Style::new(), style, profile);
            assert_eq!(written(Style::new().fg(Color::Red)), "\x1b[31m");
            assert_eq!(written(Style::new().fg(Color::White).bg(Color::Black).bold()), "\x1b[1;97;40m");
            assert_eq!(written(Style::new().bg(Color::Indexed(8))), "\x1b[100m");
        }
    }

    #[test]
    fn an_extended_colour_becomes_the_nearest_that_the_terminal_has() {
        let red = Style::new().fg(Color::Rgb(255, 0, 0)).bold();
        assert_eq!(written(Style::new(), red, TermProfile::Ansi256), "\x1b[1;38;5;196m");
        assert_eq!(written(Style::new(), red, TermProfile::TrueColor), "\x1b[1;38;2;255;0;0m");
        assert_eq!(written(Style::new(), red, TermProfile::NoColor), "\x1b[1m");
        let sixteen = written(Style::new(), Style::new().fg(Color::Indexed(196)), TermProfile::Ansi16);
        assert!(["\x1b[31m", "\x1b[91m"].contains(&sixteen.as_str()), "{sixteen:?}");
    }

    #[test]
    fn only_differences_are_written() {
        let written = |from, to| written(from, to, TermProfile::Ansi256);
        let (grey, plain) = (Style::new().fg(Color::Indexed(244)), Style::new());
        assert_eq!(written(grey, grey), "");
        assert_eq!(written(grey.bold(), grey), "\x1b[22m");
        assert_eq!(written(grey, grey.bold()), "\x1b[1m");
        assert_eq!(written(plain.bold().dim(), plain.dim()), "\x1b[0;2m");
        assert_eq!(written(grey.bold().dim(), grey.dim()), "\x1b[22;2m");
        assert_eq!(written(grey.bold().underlined(), plain), "\x1b[m");
        assert_eq!(written(grey.bold().underlined(), plain.bold()), "\x1b[0;1m");
        assert_eq!(written(plain, plain.underlined().underline_color(Color::Red)), "\x1b[4;58;5;1m");
    }
}

//! How a cell looks, as the fewest bytes that change it from how the last one looked (SGR). The first sixteen colours
//! have codes of their own, which a terminal of sixteen understands; others are told as the nearest of those that it has.
//!
//! Pure: looks in, bytes out.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use termprofile::TermProfile;

/// All of a cell but its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

/// Where the codes of something begin: those of the first eight colours, the eight bright ones, the extended ones, and
/// the one that takes the colour away.
struct Ground {
    dark: u8,
    bright: u8,
    extended: u8,
    none: u8,
}

const FG: Ground = Ground { dark: 30, bright: 90, extended: 38, none: 39 };
const BG: Ground = Ground { dark: 40, bright: 100, extended: 48, none: 49 };

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

impl Look {
    /// As a terminal begins.
    pub(super) const PLAIN: Self =
        Self { fg: Color::Reset, bg: Color::Reset, underline: Color::Reset, modifier: Modifier::empty() };

    pub(super) const fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, underline: cell.underline_color, modifier: cell.modifier }
    }

    /// What changes a terminal from this look to another.
    pub(super) fn change(self, to: Self, has: TermProfile) -> String {
        if self == to {
            return String::new();
        }
        if to == Self::PLAIN {
            return "\x1b[m".to_owned();
        }
        let (step, anew) = (self.codes(to, has), Self::PLAIN.codes(to, has));
        match (step.join(";"), format!("0;{}", anew.join(";"))) {
            // All that differs is what the terminal does not have.
            (step, _) if step.is_empty() => step,
            (step, anew) if step.len() <= anew.len() => format!("\x1b[{step}m"),
            (_, anew) => format!("\x1b[{anew}m"),
        }
    }

    fn codes(self, to: Self, has: TermProfile) -> Vec<String> {
        let mut codes = self.modifier_codes(to.modifier);
        if self.fg != to.fg {
            codes.extend(colour(&FG, to.fg, has));
        }
        if self.bg != to.bg {
            codes.extend(colour(&BG, to.bg, has));
        }
        if self.underline != to.underline {
            codes.extend(underline(to.underline, has));
        }
        codes
    }

    fn modifier_codes(self, to: Modifier) -> Vec<String> {
        let gone = self.modifier.difference(to);
        let mut off: Vec<_> = MODIFIERS
            .iter()
            .filter(|(modifier, ..)| gone.contains(*modifier))
            .map(|(.., off)| *off)
            .collect();
        off.dedup();
        // One code takes away two of them.
        let is_on = |(modifier, _, undone): &&(Modifier, u8, u8)| {
            to.contains(*modifier) && (!self.modifier.contains(*modifier) || off.contains(undone))
        };
        let on = MODIFIERS.iter().filter(is_on).map(|(_, on, _)| on);
        off.iter().chain(on).map(ToString::to_string).collect()
    }
}

fn colour(ground: &Ground, colour: Color, has: TermProfile) -> Option<String> {
    if has < TermProfile::Ansi16 {
        return None;
    }
    Some(match nearest(colour, has) {
        Color::Reset => ground.none.to_string(),
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", ground.extended),
        colour => match number(colour) {
            dark @ 0..8 => (ground.dark + dark).to_string(),
            bright @ 8..16 => (ground.bright + bright - 8).to_string(),
            index => format!("{};5;{index}", ground.extended),
        },
    })
}

/// The colour of an underline has no codes but the extended ones; a terminal of sixteen has none.
fn underline(colour: Color, has: TermProfile) -> Option<String> {
    if has < TermProfile::Ansi256 {
        return None;
    }
    Some(match nearest(colour, has) {
        Color::Reset => "59".to_owned(),
        Color::Rgb(red, green, blue) => format!("58;2;{red};{green};{blue}"),
        colour => format!("58;5;{}", number(colour)),
    })
}

/// Of those that the terminal has.
fn nearest(colour: Color, has: TermProfile) -> Color {
    let is_mixed = matches!(colour, Color::Rgb(..)) || matches!(colour, Color::Indexed(16..));
    if is_mixed && has < TermProfile::TrueColor {
        return has.adapt_color(colour).unwrap_or(Color::Reset);
    }
    colour
}

/// The place among the 256.
const fn number(colour: Color) -> u8 {
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

    fn look(style: Style) -> Look {
        let mut cell = Cell::EMPTY;
        cell.set_style(style);
        Look::of(&cell)
    }

    fn written(from: Style, to: Style, has: TermProfile) -> String {
        look(from).change(look(to), has)
    }

    #[test]
    fn sixteen_colours_have_codes_of_their_own() {
        for has in [TermProfile::Ansi16, TermProfile::Ansi256, TermProfile::TrueColor] {
            let written = |style| written(Style::new(), style, has);
            assert_eq!(written(Style::new().fg(Color::Red)), "\x1b[31m");
            assert_eq!(written(Style::new().fg(Color::White).bg(Color::Black).bold()), "\x1b[1;97;40m");
            assert_eq!(written(Style::new().bg(Color::Indexed(8))), "\x1b[100m");
        }
    }

    #[test]
    fn a_mixed_colour_is_the_nearest_of_those_that_there_are() {
        let red = Style::new().fg(Color::Rgb(255, 0, 0)).bold();
        assert_eq!(written(Style::new(), red, TermProfile::Ansi256), "\x1b[1;38;5;196m");
        assert_eq!(written(Style::new(), red, TermProfile::TrueColor), "\x1b[1;38;2;255;0;0m");
        assert_eq!(written(Style::new(), red, TermProfile::NoColor), "\x1b[1m");
        let sixteen = written(Style::new(), Style::new().fg(Color::Indexed(196)), TermProfile::Ansi16);
        assert!(["\x1b[31m", "\x1b[91m"].contains(&sixteen.as_str()), "{sixteen:?}");
    }

    #[test]
    fn only_what_differs_is_written() {
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

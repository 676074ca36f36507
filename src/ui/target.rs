//! The look of a target's name, in the header and in questions: a block of its colour. A name is always there too, so that
//! nobody has to see the colour.

use ratatui::style::{Color, Modifier, Style};

use super::theme::{Colours, Theme, bold};
use crate::app::{AnsiColour, Target, TargetColour};

/// Returns the style of a target's name; bold alone if it has no colour.
pub(crate) fn name_style(theme: Theme, target: &Target) -> Style {
    match (target.colour, theme.colours()) {
        (None, _) => bold(),
        (Some(_), Colours::None) => bold().add_modifier(Modifier::REVERSED),
        // Reversed, so that the terminal's theme keeps the letters legible.
        (Some(TargetColour::Ansi(colour)), _) => bold().fg(ansi(colour)).add_modifier(Modifier::REVERSED),
        (Some(TargetColour::Rgb(red, green, blue)), Colours::Sixteen) => {
            bold().fg(ansi(nearest([red, green, blue]))).add_modifier(Modifier::REVERSED)
        }
        (Some(TargetColour::Rgb(red, green, blue)), Colours::Full) => {
            let letters =
                if is_light([red, green, blue]) { Color::Rgb(0, 0, 0) } else { Color::Rgb(255, 255, 255) };
            bold().fg(letters).bg(Color::Rgb(red, green, blue))
        }
    }
}

/// Returns the style of a border that belongs to a target: its colour, or `otherwise`.
pub(crate) fn border_style(theme: Theme, target: &Target, otherwise: Style) -> Style {
    match (target.colour, theme.colours()) {
        (None, _) | (_, Colours::None) => otherwise,
        (Some(TargetColour::Ansi(colour)), _) => bold().fg(ansi(colour)),
        (Some(TargetColour::Rgb(red, green, blue)), Colours::Sixteen) => {
            bold().fg(ansi(nearest([red, green, blue])))
        }
        (Some(TargetColour::Rgb(red, green, blue)), Colours::Full) => bold().fg(Color::Rgb(red, green, blue)),
    }
}

const fn ansi(colour: AnsiColour) -> Color {
    match colour {
        AnsiColour::Red => Color::Red,
        AnsiColour::Green => Color::Green,
        AnsiColour::Yellow => Color::Yellow,
        AnsiColour::Blue => Color::Blue,
        AnsiColour::Magenta => Color::Magenta,
        AnsiColour::Cyan => Color::Cyan,
        AnsiColour::White => Color::White,
    }
}

/// Returns whether dark letters are easier to read on a colour than light ones, by its luma (ITU-R BT.601).
fn is_light([red, green, blue]: [u8; 3]) -> bool {
    299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) > 140_000
}

/// Returns the terminal's colour for the channels that are more than half as strong as the strongest one.
fn nearest(channels: [u8; 3]) -> AnsiColour {
    let strongest = channels.into_iter().max().unwrap_or_default();
    match channels.map(|channel| u16::from(channel) * 2 > u16::from(strongest)) {
        [true, false, false] => AnsiColour::Red,
        [false, true, false] => AnsiColour::Green,
        [false, false, true] => AnsiColour::Blue,
        [true, true, false] => AnsiColour::Yellow,
        [true, false, true] => AnsiColour::Magenta,
        [false, true, true] => AnsiColour::Cyan,
        [true, true, true] | [false, false, false] => AnsiColour::White,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_the_terminal_lacks_becomes_one_that_it_has() {
        for (channels, expected) in [
            ([0xd0, 0x30, 0x30], AnsiColour::Red),
            ([0xe0, 0xa0, 0x20], AnsiColour::Yellow),
            ([0x20, 0x60, 0xd0], AnsiColour::Blue),
            ([0, 0, 0], AnsiColour::White),
        ] {
            assert_eq!(nearest(channels), expected);
        }
    }

    #[test]
    fn letters_stand_out_from_every_colour() {
        assert!(is_light([0xff, 0xd0, 0x40]) && is_light([0xff, 0xff, 0xff]));
        assert!(!is_light([0xb0, 0x20, 0x20]) && !is_light([0x20, 0x40, 0xa0]));
    }
}

//! Colours as the terminal knows them. Crossterm writes even the first sixteen as some of 256 (`ESC[38;5;1m`), which
//! a terminal of sixteen may not understand: it is told `ESC[31m`. One of 256 is told the nearest of those that it
//! has. Everything else passes as it is.

use std::io::{self, Write};

use ratatui::style::Color;
use termprofile::TermProfile;

const ESCAPE: u8 = 0x1b;

/// A writer of escape sequences.
pub(super) struct Pen<W> {
    out: W,
    has: TermProfile,
    /// The control sequence that has begun and not ended; writers hand them over in pieces.
    begun: Vec<u8>,
}

impl<W: Write> Pen<W> {
    pub(super) const fn new(out: W, has: TermProfile) -> Self {
        Self { out, has, begun: Vec::new() }
    }

    /// Passes on what stands in front of the next sequence, if none has begun.
    fn take_plain<'a>(&mut self, bytes: &'a [u8]) -> io::Result<&'a [u8]> {
        if !self.begun.is_empty() {
            return Ok(bytes);
        }
        let length = bytes.iter().position(|byte| *byte == ESCAPE).unwrap_or(bytes.len());
        let (plain, rest) = bytes.split_at_checked(length).unwrap_or((bytes, &[]));
        self.out.write_all(plain)?;
        Ok(rest)
    }

    fn take(&mut self, byte: u8) -> io::Result<()> {
        self.begun.push(byte);
        let goes_on = match self.begun.len() {
            1 => true,
            2 => byte == b'[',
            _ => !matches!(byte, 0x40..=0x7e),
        };
        if goes_on { Ok(()) } else { self.end() }
    }

    fn end(&mut self) -> io::Result<()> {
        let sequence = std::mem::take(&mut self.begun);
        self.out.write_all(narrowed(&sequence, self.has).as_deref().map_or(&sequence, str::as_bytes))
    }
}

impl<W: Write> Write for Pen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has == TermProfile::TrueColor {
            return self.out.write(bytes);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = self.take_plain(rest)?;
            if let Some((byte, after)) = rest.split_first() {
                self.take(*byte)?;
                rest = after;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end()?;
        self.out.flush()
    }
}

/// The sequence with colours that the terminal has; none if it is no sequence of colours.
fn narrowed(sequence: &[u8], has: TermProfile) -> Option<String> {
    let parameters = std::str::from_utf8(sequence).ok()?.strip_prefix("\x1b[")?.strip_suffix('m')?;
    let parameters: Vec<u8> = parameters.split(';').map(|one| one.parse().ok()).collect::<Option<_>>()?;
    let (mut rest, mut narrowed) = (parameters.as_slice(), Vec::new());
    while let [next, after @ ..] = rest {
        let (written, left) = match rest {
            [ground @ (38 | 48), 5, index, after @ ..] => (indexed(*ground, *index, has), after),
            [ground @ (38 | 48), 2, red, green, blue, after @ ..] => {
                (mixed(*ground, [*red, *green, *blue], has), after)
            }
            _ => (next.to_string(), after),
        };
        narrowed.push(written);
        rest = left;
    }
    Some(format!("\x1b[{}m", narrowed.join(";")))
}

/// One of the 256; `ground` says whether it is the text's or what is behind it.
fn indexed(ground: u8, index: u8, has: TermProfile) -> String {
    match index {
        dark @ 0..8 if has < TermProfile::Ansi256 => (ground - 8 + dark).to_string(),
        bright @ 8..16 if has < TermProfile::Ansi256 => (ground + 52 + bright - 8).to_string(),
        _ => format!("{ground};5;{index}"),
    }
}

fn mixed(ground: u8, [red, green, blue]: [u8; 3], has: TermProfile) -> String {
    match has.adapt_color(Color::Rgb(red, green, blue)) {
        Some(Color::Indexed(index)) => format!("{ground};5;{index}"),
        _ => format!("{ground};2;{red};{green};{blue}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out when it goes in at once, and byte by byte.
    fn written(text: &str, has: TermProfile) -> String {
        let once = passed([text.as_bytes()], has);
        assert_eq!(once, passed(text.as_bytes().chunks(1), has));
        once
    }

    fn passed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, has: TermProfile) -> String {
        let mut pen = Pen::new(Vec::new(), has);
        for piece in pieces {
            pen.write_all(piece).unwrap();
        }
        pen.flush().unwrap();
        String::from_utf8(pen.out).unwrap()
    }

    #[test]
    fn sixteen_colours_have_codes_of_their_own() {
        let written = |text| written(text, TermProfile::Ansi16);
        assert_eq!(written("a\x1b[38;5;1mb"), "a\x1b[31mb");
        assert_eq!(written("\x1b[38;5;15;48;5;0;1m"), "\x1b[97;40;1m");
        assert_eq!(written("\x1b[48;5;8m"), "\x1b[100m");
    }

    #[test]
    fn a_mixed_colour_is_the_nearest_of_those_that_there_are() {
        assert_eq!(written("\x1b[38;2;255;0;0;1m", TermProfile::Ansi256), "\x1b[38;5;196;1m");
        assert_eq!(written("\x1b[38;2;255;0;0;1m", TermProfile::TrueColor), "\x1b[38;2;255;0;0;1m");
    }

    #[test]
    fn everything_else_passes() {
        for text in
            ["äöü", "\x1b[?25l", "\x1b[3;4Hx", "\x1b]52;c;aGk=\x07", "\x1b[m", "\x1b[38;5;99m", "\x1b"]
        {
            assert_eq!(written(text, TermProfile::Ansi16), text);
        }
    }
}

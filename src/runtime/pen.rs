//! Colours as a terminal of sixteen knows them: crossterm writes each as one of 256 (`ESC[38;5;1m`), which such a
//! terminal may not understand; what goes through here is `ESC[31m`. Everything else passes as it is.

use std::io::{self, Write};

const ESCAPE: u8 = 0x1b;

/// A writer of escape sequences.
pub(super) struct Pen<W> {
    out: W,
    is_of_sixteen: bool,
    /// The control sequence that has begun and not ended; writers hand them over in pieces.
    begun: Vec<u8>,
}

impl<W: Write> Pen<W> {
    pub(super) const fn new(out: W, is_of_sixteen: bool) -> Self {
        Self { out, is_of_sixteen, begun: Vec::new() }
    }

    fn take(&mut self, byte: u8) -> io::Result<()> {
        if self.begun.is_empty() && byte != ESCAPE {
            return self.out.write_all(&[byte]);
        }
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
        self.out.write_all(narrowed(&sequence).as_deref().map_or(&sequence, str::as_bytes))
    }
}

impl<W: Write> Write for Pen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_of_sixteen {
            return self.out.write(bytes);
        }
        bytes.iter().try_for_each(|byte| self.take(*byte))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end()?;
        self.out.flush()
    }
}

/// The sequence with colours of sixteen; none if it is no such sequence.
fn narrowed(sequence: &[u8]) -> Option<String> {
    let parameters = std::str::from_utf8(sequence).ok()?.strip_prefix("\x1b[")?.strip_suffix('m')?;
    let parameters: Vec<u8> = parameters.split(';').map(|one| one.parse().ok()).collect::<Option<_>>()?;
    let (mut rest, mut narrowed) = (parameters.as_slice(), Vec::new());
    while let [next, after @ ..] = rest {
        let (written, left) = match rest {
            [ground @ (38 | 48), 5, dark @ 0..8, after @ ..] => (ground - 8 + dark, after),
            [ground @ (38 | 48), 5, bright @ 8..16, after @ ..] => (ground + 52 + bright - 8, after),
            _ => (*next, after),
        };
        narrowed.push(written.to_string());
        rest = left;
    }
    Some(format!("\x1b[{}m", narrowed.join(";")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out when it goes in at once, and byte by byte.
    fn written(text: &str, is_of_sixteen: bool) -> String {
        let once = passed([text.as_bytes()], is_of_sixteen);
        assert_eq!(once, passed(text.as_bytes().chunks(1), is_of_sixteen));
        once
    }

    fn passed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>, is_of_sixteen: bool) -> String {
        let mut pen = Pen::new(Vec::new(), is_of_sixteen);
        for piece in pieces {
            pen.write_all(piece).unwrap();
        }
        pen.flush().unwrap();
        String::from_utf8(pen.out).unwrap()
    }

    #[test]
    fn colours_are_those_that_the_terminal_has() {
        assert_eq!(written("a\x1b[38;5;1mb", true), "a\x1b[31mb");
        assert_eq!(written("\x1b[38;5;15;48;5;0;1m", true), "\x1b[97;40;1m");
        assert_eq!(written("\x1b[48;5;8m", true), "\x1b[100m");
        assert_eq!(written("\x1b[38;5;1m", false), "\x1b[38;5;1m");
    }

    #[test]
    fn everything_else_passes() {
        for text in
            ["äöü", "\x1b[?25l", "\x1b[3;4Hx", "\x1b]52;c;aGk=\x07", "\x1b[m", "\x1b[38;5;99m", "\x1b"]
        {
            assert_eq!(written(text, true), text);
        }
    }
}

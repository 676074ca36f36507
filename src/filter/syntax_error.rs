//! The error for a filter that cannot be parsed: a message and the bytes at fault.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// A filter that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    message: String,
    at: Range<usize>,
}

impl SyntaxError {
    pub(super) const fn new(message: String, at: Range<usize>) -> Self {
        Self { message, at }
    }

    /// Returns the byte range of the text that is at fault.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// Returns the text on one line and carets under the fault on the next, each with a line break. Control
    /// characters are replaced by `U+FFFD`.
    pub fn caret(&self, text: &str) -> String {
        let before = text.get(..self.at.start).unwrap_or_default();
        let fault = text.get(self.at.clone()).unwrap_or_default();
        let line: String = text.chars().map(shown).collect();
        format!("{line}\n{}{}\n", " ".repeat(width(before)), "^".repeat(width(fault).max(1)))
    }
}

fn shown(c: char) -> char {
    if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }
}

fn width(text: &str) -> usize {
    text.chars().map(|c| shown(c).width().unwrap_or(0)).sum()
}

impl fmt::Display for SyntaxError {
    /// Writes the message. What it quotes of the filter is not sanitised for a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

//! What is wrong with a filter, and where.

use std::fmt;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    message: String,
    at: Range<usize>,
}

impl SyntaxError {
    pub(super) const fn new(message: String, at: Range<usize>) -> Self {
        Self { message, at }
    }

    /// Which bytes of the text are at fault.
    pub fn at(&self) -> Range<usize> {
        self.at.clone()
    }

    /// The text on a line, and below it a line of carets under the fault. Both end with a line break; control
    /// characters show as `U+FFFD`.
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
    /// One sentence; what it quotes of the filter is not made safe for a terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SyntaxError {}

//! Splits a filter into terms. Whitespace separates terms; double quotes keep their contents as they are.

use std::ops::Range;

use super::SyntaxError;

/// A character of a term, or a quotation mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Char {
    /// None for the quotation mark itself, which tells an empty value from a missing one.
    c: Option<char>,
    at: usize,
    quoted: bool,
}

impl Char {
    /// Returns whether this is the unquoted character `c`, an operator of the language.
    pub(super) fn is(self, c: char) -> bool {
        self.c == Some(c) && !self.quoted
    }

    /// Returns whether this is an opening or closing quotation mark.
    pub(super) const fn is_quote(self) -> bool {
        self.c.is_none()
    }

    fn end(self) -> usize {
        self.at + self.c.map_or(1, char::len_utf8)
    }
}

/// Returns the byte range of the filter that these characters cover.
pub(super) fn span(chars: &[Char]) -> Range<usize> {
    match chars {
        [] => 0..0,
        [first, .., last] => first.at..last.end(),
        [only] => only.at..only.end(),
    }
}

/// Returns the characters without the quotation marks.
pub(super) fn text(chars: &[Char]) -> String {
    chars.iter().filter_map(|c| c.c).collect()
}

/// Splits a filter into non-empty terms. The error is a quote that is not closed.
pub(super) fn split(text: &str) -> Result<Vec<Vec<Char>>, SyntaxError> {
    let mut terms = Vec::new();
    let mut term: Vec<Char> = Vec::new();
    let mut opened = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let quoted = opened.is_some();
        match (c, chars.peek()) {
            ('\\', Some((at, '"'))) if quoted => {
                term.push(Char { c: Some('"'), at: *at, quoted });
                chars.next();
            }
            ('"', _) => {
                term.push(Char { c: None, at, quoted: true });
                opened = if quoted { None } else { Some(at) };
            }
            _ if c.is_whitespace() && !quoted => terms.push(std::mem::take(&mut term)),
            _ => term.push(Char { c: Some(c), at, quoted }),
        }
    }
    if let Some(at) = opened {
        return Err(SyntaxError::new("Missing closing quote".to_owned(), at..text.len()));
    }
    terms.push(term);
    terms.retain(|term| !term.is_empty());
    Ok(terms)
}

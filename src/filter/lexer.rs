//! A filter's text as terms of glyphs: blanks part them, double quotes keep what is between them as it is.

use std::ops::Range;

use super::SyntaxError;

/// A character of a term, or the mark of a quote.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    /// None is the quote itself: it says that something is there even when it is empty.
    c: Option<char>,
    at: usize,
    quoted: bool,
}

impl Glyph {
    /// Whether it is this character, meant as part of the language and not of a text.
    pub(super) fn is(self, c: char) -> bool {
        self.c == Some(c) && !self.quoted
    }

    /// Whether it opens or closes a quote.
    pub(super) const fn is_quote(self) -> bool {
        self.c.is_none()
    }

    fn end(self) -> usize {
        self.at + self.c.map_or(1, char::len_utf8)
    }
}

/// The bytes of the filter that the glyphs are, from the first to the last.
pub(super) fn place(glyphs: &[Glyph]) -> Range<usize> {
    match glyphs {
        [] => 0..0,
        [first, .., last] => first.at..last.end(),
        [only] => only.at..only.end(),
    }
}

/// The characters, without the quotes.
pub(super) fn text(glyphs: &[Glyph]) -> String {
    glyphs.iter().filter_map(|glyph| glyph.c).collect()
}

/// Splits a filter into terms; none is empty.
pub(super) fn split(text: &str) -> Result<Vec<Vec<Glyph>>, SyntaxError> {
    let mut terms = Vec::new();
    let mut term: Vec<Glyph> = Vec::new();
    let mut opened = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let quoted = opened.is_some();
        match (c, chars.peek()) {
            ('\\', Some((at, '"'))) if quoted => {
                term.push(Glyph { c: Some('"'), at: *at, quoted });
                chars.next();
            }
            ('"', _) => {
                term.push(Glyph { c: None, at, quoted: true });
                opened = if quoted { None } else { Some(at) };
            }
            _ if c.is_whitespace() && !quoted => terms.push(std::mem::take(&mut term)),
            _ => term.push(Glyph { c: Some(c), at, quoted }),
        }
    }
    if let Some(at) = opened {
        return Err(SyntaxError::new("The quote is not closed.".to_owned(), at..text.len()));
    }
    terms.push(term);
    terms.retain(|term| !term.is_empty());
    Ok(terms)
}

//! Substring search with or without case, without allocating.

use std::ops::Range;

use memchr::memchr2_iter;

/// A non-empty substring to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Substring {
    /// Case-folded, unless the search is case-sensitive.
    text: Box<str>,
    case: Case,
    rare: RareByte,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Case-sensitive.
    Exact,
    /// Case-insensitive and ASCII only. Only ASCII text can match it, so bytes can be compared.
    Ascii,
    /// Case-insensitive.
    Any,
}

/// The byte to search for first: one that is rare in task texts. Hexadecimal digits are not, since every guid has
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct RareByte {
    /// Its offset in the substring.
    at: usize,
    byte: u8,
    /// The same letter in the other case, or the same byte.
    other: u8,
}

/// Folds the case of a character: its lower case, if that is a single character. No character outside ASCII folds
/// into ASCII, so that an ASCII substring can be searched for by bytes.
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) if !one.is_ascii() => one,
        _ => c,
    }
}

impl Substring {
    /// Returns none for empty text.
    pub(super) fn new(text: &str, case_sensitive: bool) -> Option<Self> {
        let text: String = if case_sensitive { text.to_owned() } else { text.chars().map(fold).collect() };
        let case = match case_sensitive {
            true => Case::Exact,
            false if text.is_ascii() => Case::Ascii,
            false => Case::Any,
        };
        let rare = RareByte::of(text.as_bytes(), case)?;
        Some(Self { text: text.into(), case, rare })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns whether the text equals the substring.
    pub(super) fn equals(&self, text: &str) -> bool {
        self.prefix_end(text) == Some(text.len())
    }

    /// Returns where the substring ends, if the text starts with it.
    pub(super) fn prefix_end(&self, text: &str) -> Option<usize> {
        if self.case != Case::Any {
            return self.is_at(text.as_bytes(), 0).then_some(self.text.len());
        }
        let mut rest = text.chars();
        self.text.chars().all(|c| rest.next().map(fold) == Some(c)).then(|| text.len() - rest.as_str().len())
    }

    /// Returns where the substring starts, if the text ends with it.
    pub(super) fn suffix_start(&self, text: &str) -> Option<usize> {
        if self.case != Case::Any {
            let start = text.len().checked_sub(self.text.len())?;
            return self.is_at(text.as_bytes(), start).then_some(start);
        }
        let mut rest = text.chars();
        let whole = self.text.chars().rev().all(|c| rest.next_back().map(fold) == Some(c));
        whole.then_some(rest.as_str().len())
    }

    /// Returns the first occurrence.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        if self.case != Case::Any {
            return self.find_bytes(text.as_bytes());
        }
        // The substring has a character outside ASCII, so an ASCII text cannot contain it.
        if text.is_ascii() {
            return None;
        }
        let mut starts = text.char_indices().map(|(start, _)| start);
        starts.find_map(|start| Some(start..start + self.prefix_end(text.get(start..)?)?))
    }

    fn find_bytes(&self, text: &[u8]) -> Option<Range<usize>> {
        let last = text.len().checked_sub(self.text.len())?;
        let candidates = text.get(self.rare.at..=last + self.rare.at)?;
        let start = memchr2_iter(self.rare.byte, self.rare.other, candidates)
            .find(|start| self.is_at(text, *start))?;
        Some(start..start + self.text.len())
    }

    fn is_at(&self, text: &[u8], start: usize) -> bool {
        let bytes = self.text.as_bytes();
        text.get(start..start + bytes.len()).is_some_and(|part| match self.case {
            Case::Exact => part == bytes,
            Case::Ascii | Case::Any => part.eq_ignore_ascii_case(bytes),
        })
    }
}

impl RareByte {
    fn of(text: &[u8], case: Case) -> Option<Self> {
        let (at, byte) = text.iter().copied().enumerate().min_by_key(|(_, byte)| frequency(*byte))?;
        let other = if case == Case::Exact { byte } else { byte.to_ascii_uppercase() };
        Some(Self { at, byte, other })
    }
}

const fn frequency(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' | b'a'..=b'f' | b'-' => 2,
        b' ' | b'i' | b'n' | b'o' | b'r' | b's' | b't' | b'l' => 1,
        _ => 0,
    }
}

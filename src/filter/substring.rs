//! A text to find in other texts, with or without regard to case. Nothing is allocated to look for it.

use std::ops::Range;

use memchr::memchr2_iter;

/// What to find; not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Substring {
    /// Folded, unless case counts.
    text: Box<str>,
    case: Case,
    rare: Rare,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Case counts.
    Exact,
    /// It does not, and the text has ASCII only: so has whatever equals it, and bytes can be compared.
    Ascii,
    /// It does not.
    Any,
}

/// The byte to look for first: one that stands in few texts. Every task's guid is made of sixteen digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rare {
    /// How far it is into the text.
    at: usize,
    byte: u8,
    /// The same letter in the other case.
    other: u8,
}

/// The character without its case: its lower case if that is one character. No character outside ASCII becomes one of
/// ASCII, so that a text of ASCII can be looked for by its bytes.
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
    /// None for an empty text.
    pub(super) fn new(text: &str, case_counts: bool) -> Option<Self> {
        let text: String = if case_counts { text.to_owned() } else { text.chars().map(fold).collect() };
        let case = match case_counts {
            true => Case::Exact,
            false if text.is_ascii() => Case::Ascii,
            false => Case::Any,
        };
        let rare = Rare::of(text.as_bytes(), case)?;
        Some(Self { text: text.into(), case, rare })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text is it.
    pub(super) fn is(&self, text: &str) -> bool {
        self.end_at_front(text) == Some(text.len())
    }

    /// Where it ends, if the text begins with it.
    pub(super) fn end_at_front(&self, text: &str) -> Option<usize> {
        if self.case != Case::Any {
            return self.is_at(text.as_bytes(), 0).then_some(self.text.len());
        }
        let mut rest = text.chars();
        self.text.chars().all(|c| rest.next().map(fold) == Some(c)).then(|| text.len() - rest.as_str().len())
    }

    /// Where it begins, if the text ends with it.
    pub(super) fn start_at_back(&self, text: &str) -> Option<usize> {
        if self.case != Case::Any {
            let start = text.len().checked_sub(self.text.len())?;
            return self.is_at(text.as_bytes(), start).then_some(start);
        }
        let mut rest = text.chars();
        let whole = self.text.chars().rev().all(|c| rest.next_back().map(fold) == Some(c));
        whole.then_some(rest.as_str().len())
    }

    /// Where it is first.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        if self.case != Case::Any {
            return self.find_bytes(text.as_bytes());
        }
        // What is not of ASCII folds to nothing that is: most texts need no second look.
        if text.is_ascii() {
            return None;
        }
        let mut starts = text.char_indices().map(|(start, _)| start);
        starts.find_map(|start| Some(start..start + self.end_at_front(text.get(start..)?)?))
    }

    fn find_bytes(&self, text: &[u8]) -> Option<Range<usize>> {
        let last = text.len().checked_sub(self.text.len())?;
        let where_it_may_be = text.get(self.rare.at..=last + self.rare.at)?;
        let start = memchr2_iter(self.rare.byte, self.rare.other, where_it_may_be)
            .find(|start| self.is_at(text, *start))?;
        Some(start..start + self.text.len())
    }

    fn is_at(&self, text: &[u8], start: usize) -> bool {
        let needle = self.text.as_bytes();
        text.get(start..start + needle.len()).is_some_and(|part| match self.case {
            Case::Exact => part == needle,
            Case::Ascii | Case::Any => part.eq_ignore_ascii_case(needle),
        })
    }
}

impl Rare {
    fn of(text: &[u8], case: Case) -> Option<Self> {
        let (at, byte) = text.iter().copied().enumerate().min_by_key(|(_, byte)| commonness(*byte))?;
        let other = if case == Case::Exact { byte } else { byte.to_ascii_uppercase() };
        Some(Self { at, byte, other })
    }
}

const fn commonness(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' | b'a'..=b'f' | b'-' => 2,
        b' ' | b'i' | b'n' | b'o' | b'r' | b's' | b't' | b'l' => 1,
        _ => 0,
    }
}

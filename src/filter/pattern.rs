//! A value with wildcards.

use super::needle::Needle;

/// What a text must be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    case_counts: bool,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Empty.
    Empty,
    /// This.
    Whole(Needle),
    /// These in this order, with anything between them, and around them where there is no head or no tail.
    Parts { head: Option<Needle>, inner: Box<[Needle]>, tail: Option<Needle> },
}

/// Stands for a wildcard where a pattern is read as a text.
const ANYTHING: char = '\0';

impl Pattern {
    /// A name: whole, and case counts. `literals` is what stands between the wildcards; there is at least one.
    pub(super) fn name(literals: &[String]) -> Self {
        let needle = |literal: &String| Needle::new(literal, true);
        let shape = match literals {
            [] => Shape::Empty,
            [only] => needle(only).map_or(Shape::Empty, Shape::Whole),
            [head, inner @ .., tail] => Shape::Parts {
                head: needle(head),
                inner: inner.iter().filter_map(needle).collect(),
                tail: needle(tail),
            },
        };
        Self { case_counts: true, shape }
    }

    /// Part of a text; case counts if there is a capital in it. A lone empty literal is the text that is empty.
    pub(super) fn part(literals: &[String]) -> Self {
        let case_counts = literals.iter().any(|literal| literal.chars().any(char::is_uppercase));
        let shape = match literals {
            [only] if only.is_empty() => Shape::Empty,
            _ => Shape::Parts {
                head: None,
                inner: literals.iter().filter_map(|literal| Needle::new(literal, case_counts)).collect(),
                tail: None,
            },
        };
        Self { case_counts, shape }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Empty => text.is_empty(),
            Shape::Whole(needle) => needle.is(text),
            Shape::Parts { head, inner, tail } => {
                parts_match(head.as_ref(), inner, tail.as_ref(), text).is_some()
            }
        }
    }

    /// The only text that it matches, if it is not empty.
    pub(super) fn only(&self) -> Option<&str> {
        match &self.shape {
            Shape::Whole(needle) if self.case_counts => Some(needle.as_str()),
            _ => None,
        }
    }

    /// Whether `other` matches whatever it matches; `false` says nothing.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        // A wildcard of ours must fall to one of theirs, so it reads as a character that they do not have. Where case
        // counts for them and not for us they have a capital, which we have not.
        !other.needles().any(|needle| needle.as_str().contains(ANYTHING)) && other.matches(&self.as_text())
    }

    fn needles(&self) -> impl Iterator<Item = &Needle> {
        let (head, inner, tail) = match &self.shape {
            Shape::Empty => (None, [].as_slice(), None),
            Shape::Whole(needle) => (Some(needle), [].as_slice(), None),
            Shape::Parts { head, inner, tail } => (head.as_ref(), &**inner, tail.as_ref()),
        };
        head.into_iter().chain(inner).chain(tail)
    }

    fn as_text(&self) -> String {
        let mut text = String::new();
        match &self.shape {
            Shape::Empty => {}
            Shape::Whole(needle) => text.push_str(needle.as_str()),
            Shape::Parts { head, inner, tail } => {
                text.push_str(head.as_ref().map_or("", Needle::as_str));
                text.push(ANYTHING);
                for needle in inner {
                    text.push_str(needle.as_str());
                    text.push(ANYTHING);
                }
                text.push_str(tail.as_ref().map_or("", Needle::as_str));
            }
        }
        text
    }
}

/// Each part as far to the front as it goes: if any way leads to the end, this one does.
fn parts_match(head: Option<&Needle>, inner: &[Needle], tail: Option<&Needle>, text: &str) -> Option<()> {
    let mut rest = text;
    if let Some(head) = head {
        rest = rest.get(head.end_at_front(rest)?..)?;
    }
    for needle in inner {
        rest = rest.get(needle.find(rest)?.end..)?;
    }
    tail.is_none_or(|tail| tail.start_at_back(rest).is_some()).then_some(())
}

//! A value with wildcards.

use super::substring::Substring;

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
    Whole(Substring),
    /// These in this order, with anything between them, and around them where there is no head or no tail.
    Parts { head: Option<Substring>, inner: Box<[Substring]>, tail: Option<Substring> },
}

/// Stands for a wildcard where a pattern is read as a text.
const ANYTHING: char = '\0';

impl Pattern {
    /// A name: whole, and case counts. `literals` is what stands between the wildcards; there is at least one.
    pub(super) fn name(literals: &[String]) -> Self {
        let substring = |literal: &String| Substring::new(literal, true);
        let shape = match literals {
            [] => Shape::Empty,
            [only] => substring(only).map_or(Shape::Empty, Shape::Whole),
            [head, inner @ .., tail] => Shape::Parts {
                head: substring(head),
                inner: inner.iter().filter_map(substring).collect(),
                tail: substring(tail),
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
                inner: literals.iter().filter_map(|literal| Substring::new(literal, case_counts)).collect(),
                tail: None,
            },
        };
        Self { case_counts, shape }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Empty => text.is_empty(),
            Shape::Whole(literal) => literal.is(text),
            Shape::Parts { head, inner, tail } => {
                parts_match(head.as_ref(), inner, tail.as_ref(), text).is_some()
            }
        }
    }

    /// The only text that it matches, if it is not empty.
    pub(super) fn only(&self) -> Option<&str> {
        match &self.shape {
            Shape::Whole(literal) if self.case_counts => Some(literal.as_str()),
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
        !other.literals().any(|literal| literal.as_str().contains(ANYTHING)) && other.matches(&self.as_text())
    }

    fn literals(&self) -> impl Iterator<Item = &Substring> {
        let (head, inner, tail) = match &self.shape {
            Shape::Empty => (None, [].as_slice(), None),
            Shape::Whole(literal) => (Some(literal), [].as_slice(), None),
            Shape::Parts { head, inner, tail } => (head.as_ref(), &**inner, tail.as_ref()),
        };
        head.into_iter().chain(inner).chain(tail)
    }

    fn as_text(&self) -> String {
        let mut text = String::new();
        match &self.shape {
            Shape::Empty => {}
            Shape::Whole(literal) => text.push_str(literal.as_str()),
            Shape::Parts { head, inner, tail } => {
                text.push_str(head.as_ref().map_or("", Substring::as_str));
                text.push(ANYTHING);
                for literal in inner {
                    text.push_str(literal.as_str());
                    text.push(ANYTHING);
                }
                text.push_str(tail.as_ref().map_or("", Substring::as_str));
            }
        }
        text
    }
}

/// Each part as far to the front as it goes: if any way leads to the end, this one does.
fn parts_match(
    head: Option<&Substring>,
    inner: &[Substring],
    tail: Option<&Substring>,
    text: &str,
) -> Option<()> {
    let mut rest = text;
    if let Some(head) = head {
        rest = rest.get(head.end_at_front(rest)?..)?;
    }
    for literal in inner {
        rest = rest.get(literal.find(rest)?.end..)?;
    }
    tail.is_none_or(|tail| tail.start_at_back(rest).is_some()).then_some(())
}

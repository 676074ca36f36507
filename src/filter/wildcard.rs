//! Matches text against a value with wildcards.

use super::substring::Substring;

/// A pattern: literals with wildcards between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    case_sensitive: bool,
    shape: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Shape {
    /// Matches empty text only.
    Empty,
    /// Matches exactly this text.
    Whole(Substring),
    /// Matches the parts in this order with anything between them; also before and after them, where there is no head
    /// or tail.
    Parts { head: Option<Substring>, inner: Box<[Substring]>, tail: Option<Substring> },
}

/// Stands for a wildcard where a pattern is treated as text.
const WILDCARD: char = '\0';

impl Pattern {
    /// Returns a pattern for a whole name, case-sensitive. `literals` are the parts between the wildcards; there is
    /// at least one.
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
        Self { case_sensitive: true, shape }
    }

    /// Returns a pattern for part of a text, case-sensitive if it has an uppercase letter. A lone empty literal
    /// matches empty text only.
    pub(super) fn part(literals: &[String]) -> Self {
        let case_sensitive = literals.iter().any(|literal| literal.chars().any(char::is_uppercase));
        let shape = match literals {
            [only] if only.is_empty() => Shape::Empty,
            _ => Shape::Parts {
                head: None,
                inner: literals
                    .iter()
                    .filter_map(|literal| Substring::new(literal, case_sensitive))
                    .collect(),
                tail: None,
            },
        };
        Self { case_sensitive, shape }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match &self.shape {
            Shape::Empty => text.is_empty(),
            Shape::Whole(literal) => literal.equals(text),
            Shape::Parts { head, inner, tail } => {
                parts_match(head.as_ref(), inner, tail.as_ref(), text).is_some()
            }
        }
    }

    /// Returns the only text that the pattern matches, unless that is empty.
    pub(super) fn exact(&self) -> Option<&str> {
        match &self.shape {
            Shape::Whole(literal) if self.case_sensitive => Some(literal.as_str()),
            _ => None,
        }
    }

    /// Returns whether `other` matches whatever this pattern matches; `false` means unknown.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if self == other {
            return true;
        }
        // A wildcard of ours must be covered by one of theirs, so it becomes a character that their literals cannot
        // have. If only they are case-sensitive, they have an uppercase letter that we lack.
        !other.literals().any(|literal| literal.as_str().contains(WILDCARD)) && other.matches(&self.as_text())
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
                text.push(WILDCARD);
                for literal in inner {
                    text.push_str(literal.as_str());
                    text.push(WILDCARD);
                }
                text.push_str(tail.as_ref().map_or("", Substring::as_str));
            }
        }
        text
    }
}

/// Matches each part as early as possible: if any assignment matches, this one does.
fn parts_match(
    head: Option<&Substring>,
    inner: &[Substring],
    tail: Option<&Substring>,
    text: &str,
) -> Option<()> {
    let mut rest = text;
    if let Some(head) = head {
        rest = rest.get(head.prefix_end(rest)?..)?;
    }
    for literal in inner {
        rest = rest.get(literal.find(rest)?.end..)?;
    }
    tail.is_none_or(|tail| tail.suffix_start(rest).is_some()).then_some(())
}

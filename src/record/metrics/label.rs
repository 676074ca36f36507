//! Values of labels: sanitised, short and few. Tenants choose some of these texts.
//!
//! Every value is a series in the memory of whoever scrapes them, for as long as it keeps them. So the number of values is
//! bounded, and the rest share one.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use crate::model::MAX_PATTERN_CHARS;
use crate::present::sanitise;

/// The value that stands for all those beyond the bound.
const OTHER: &str = "other";

/// The value of a label. It has no control or invisible characters and is not long.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct LabelValue(Arc<str>);

impl LabelValue {
    /// Returns the text as a value. Different texts can become the same value.
    pub(super) fn of(text: &str) -> Self {
        Self(sanitise::cut(text, MAX_PATTERN_CHARS).into())
    }

    /// Returns the value that stands for those beyond a bound.
    pub(super) fn other() -> Self {
        Self::of(OTHER)
    }
}

impl fmt::Display for LabelValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'a> From<&'a LabelValue> for Cow<'a, str> {
    fn from(value: &'a LabelValue) -> Self {
        Cow::Borrowed(&value.0)
    }
}

/// The values of a label that have series of their own.
///
/// The first ones get them. A series that was exported once stays, so that counters only grow.
#[derive(Debug)]
pub(super) struct KnownValues {
    most: usize,
    known: HashSet<LabelValue>,
    has_others: bool,
}

impl KnownValues {
    /// Returns an empty set that takes up to `most` values.
    pub(super) fn up_to(most: usize) -> Self {
        Self { most, known: HashSet::new(), has_others: false }
    }

    /// Adds values that have series of their own whatever comes first. They do not count towards the bound.
    #[must_use]
    pub(super) fn reserving(mut self, texts: impl IntoIterator<Item = &'static str>) -> Self {
        self.known.extend(texts.into_iter().map(LabelValue::of));
        self.most += self.known.len();
        self
    }

    /// Iterates over the values so far, with the one that stands for the rest if there is a rest.
    pub(super) fn values(&self) -> impl Iterator<Item = LabelValue> {
        self.known.iter().cloned().chain(self.has_others.then(LabelValue::other))
    }

    /// Returns the value for a text, or the one that stands for the rest.
    pub(super) fn value(&mut self, text: &str) -> LabelValue {
        let value = LabelValue::of(text);
        if let Some(known) = self.known.get(&value) {
            return known.clone();
        }
        if self.known.len() >= self.most {
            self.has_others = true;
            return LabelValue::other();
        }
        self.known.insert(value.clone());
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_nothing_that_a_terminal_or_a_parser_could_take_for_more() {
        for (text, value) in [
            ("cf-tasks", "cf-tasks"),
            ("a\u{1b}[31m\nb\0", "a␛[31m␊b␀"),
            ("\u{202e}dnim", "\u{fffd}dnim"),
            ("", ""),
        ] {
            assert_eq!(LabelValue::of(text).to_string(), value);
        }
        assert_eq!(LabelValue::of(&"é".repeat(10_000)).to_string().chars().count(), MAX_PATTERN_CHARS);
    }

    #[test]
    fn values_beyond_the_bound_share_one() {
        let mut known = KnownValues::up_to(2).reserving(["kept"]);
        let mut values = |texts: &[&str]| -> Vec<String> {
            texts.iter().map(|text| known.value(text).to_string()).collect()
        };
        assert_eq!(values(&["a", "b", "c", "d"]), ["a", "b", "other", "other"]);
        assert_eq!(values(&["kept", "b", "a", "c"]), ["kept", "b", "a", "other"]);
    }
}

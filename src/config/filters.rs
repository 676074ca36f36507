//! Parses the named filters.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::filter::Filter;

/// The name of a filter, which is typed as one word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FilterName(pub(super) String);

/// A filter with at least one term.
#[derive(Debug, Clone)]
pub(super) struct FilterText(pub(super) Filter);

impl<'de> Deserialize<'de> for FilterName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(D::Error::custom("the name of a filter must be a word without blanks"));
        }
        Ok(Self(name))
    }
}

impl<'de> Deserialize<'de> for FilterText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let filter = Filter::parse(&text)
            .map_err(|error| D::Error::custom(format!("{error}\n{}", error.caret(&text).trim_end())))?;
        if filter.is_empty() {
            return Err(D::Error::custom(
                "a filter must have at least one term, for example \"failed:true\"",
            ));
        }
        Ok(Self(filter))
    }
}

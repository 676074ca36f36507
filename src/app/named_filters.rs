//! Filters that have names in the configuration.

use std::collections::BTreeMap;

use crate::filter::Filter;

/// Filters by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NamedFilters(BTreeMap<String, Filter>);

impl NamedFilters {
    /// Returns the filter of this name.
    pub fn get(&self, name: &str) -> Option<&Filter> {
        self.0.get(name)
    }

    /// Returns the names and their filters, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Filter)> {
        self.0.iter().map(|(name, filter)| (name.as_str(), filter))
    }
}

impl FromIterator<(String, Filter)> for NamedFilters {
    fn from_iter<I: IntoIterator<Item = (String, Filter)>>(filters: I) -> Self {
        Self(filters.into_iter().collect())
    }
}

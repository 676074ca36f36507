//! Filters that have names in the configuration, and the command that applies them.

use std::collections::BTreeMap;

use crate::clock::Now;
use crate::filter::Filter;
use crate::suggest::nearest;

use super::prompt::Candidate;
use super::{App, Effect, Severity};

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

impl App {
    pub(super) fn named_filter_candidates(&self) -> Vec<Candidate> {
        let candidate = |(name, filter): (&str, &Filter)| Candidate::with_help(name, filter.text());
        self.filters.iter().map(candidate).collect()
    }

    /// Filters by a name of the configuration, or by terms. Without either the names are listed.
    pub(super) fn filter_by_argument(&mut self, argument: &str, now: Now) -> Result<Vec<Effect>, String> {
        if argument.is_empty() {
            return self.list_named_filters();
        }
        let terms = match self.filters.get(argument) {
            Some(filter) => filter.clone(),
            None => Filter::parse(argument).map_err(|mistake| mistake.to_string())?,
        };
        let is_named = self.filters.get(argument).is_some();
        let meant = nearest(argument, self.filters.iter().map(|(name, _)| name)).filter(|_| !is_named);
        if let Some(meant) = meant {
            let text = format!(
                "No filter has the name \"{argument}\"; filtered by the text. Did you mean \"{meant}\"?"
            );
            self.notices.say(Severity::Info, text, now);
        }
        let effects = self.remember_filter(terms.text());
        self.narrow(|filter| filter.terms = terms, now);
        Ok(effects)
    }

    fn list_named_filters(&mut self) -> Result<Vec<Effect>, String> {
        if self.filters.iter().next().is_none() {
            let example = "stuck = \"state:pending\"";
            return Err(format!("No named filters: add {example} to [filters] in config.toml"));
        }
        Ok(self.offer_arguments("filter"))
    }
}

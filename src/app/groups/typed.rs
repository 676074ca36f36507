//! The commands that filter by a group: `:domain cf-tasks`, `:cell *`; and the one that lists groups: `:groups app`.

use std::collections::HashMap;
use std::sync::Arc;

use super::{GROUPS, GroupKey, GroupName, GroupPlace};
use crate::app::abbreviation::{correction, whole};
use crate::app::prompt::{Candidate, Note};
use crate::app::session::NamedGroup;
use crate::app::{App, Effect, MainPane, Severity};
use crate::clock::Now;
use crate::model::State;
use crate::suggest::did_you_mean;

/// Stands for all groups of a property.
const ALL: &str = "*";

/// How many groups are offered at most; every key compares all of them.
const MAX_OFFERED: usize = 10_000;

/// Returns the properties whose groups can be listed.
pub(in crate::app) fn group_key_candidates() -> Vec<Candidate> {
    GROUPS.iter().map(|spec| Candidate::with_help(spec.name, spec.summary)).collect()
}

impl App {
    /// Returns the groups of a property to filter by, with their tasks in the view, and the choice of all.
    pub(in crate::app) fn group_candidates(&self, key: GroupKey) -> Vec<Candidate> {
        let spec = key.spec();
        let all = Candidate::with_help(ALL, format!("all {}", spec.title.to_lowercase()));
        let groups = self.session().known_groups(key);
        let mut called: HashMap<&str, usize> = HashMap::new();
        for (name, _) in &groups {
            *called.entry(name.label()).or_default() += 1;
        }
        let is_unique = |name: &GroupName| called.get(name.label()).is_none_or(|times| *times == 1);
        let named = groups.iter().take(MAX_OFFERED).map(|(name, count)| {
            let note = Note::Count(*count);
            if is_unique(name) {
                return Candidate::new(name.label(), note);
            }
            // Only the guid tells it from the others.
            let label = format!("{}  {}", name.label(), name.note());
            Candidate { label, insert: name.id().to_owned(), note }
        });
        named.chain([all]).collect()
    }

    /// Filters by a group of a property, by name; `*` takes the filter off. Shows the table if groups hide it.
    pub(in crate::app) fn filter_by_typed_group(
        &mut self,
        key: GroupKey,
        typed: &str,
        now: Now,
    ) -> Result<Vec<Effect>, String> {
        let property = key.spec().name;
        let name = match typed {
            "" => return Ok(self.offer_arguments(property)),
            ALL => None,
            typed => Some(self.group_to_filter_by(key, typed, now)?),
        };
        self.show_table();
        self.choose_group(key, name, now);
        Ok(Vec::new())
    }

    fn group_to_filter_by(&mut self, key: GroupKey, typed: &str, now: Now) -> Result<Arc<GroupName>, String> {
        let property = key.spec().name;
        match (self.session().group_named(key, typed), key) {
            (NamedGroup::Known(name), _) => Ok(name),
            (NamedGroup::Ambiguous(count), _) => {
                Err(format!("{count} {property}s are called \"{typed}\". Press Tab to choose one"))
            }
            (NamedGroup::Unknown, GroupKey::State) => state_named(typed),
            (NamedGroup::Unknown, _) if typed.contains(ALL) => {
                Err(format!("This takes a whole name. For a pattern, press / and type {property}:{typed}"))
            }
            (NamedGroup::Unknown, _) => {
                self.say_unknown(key, typed, now);
                Ok(Arc::new(GroupName::plain(typed)))
            }
        }
    }

    /// Tasks of the group may come yet, so this is no mistake.
    fn say_unknown(&mut self, key: GroupKey, typed: &str, now: Now) {
        let property = key.spec().name;
        let known = self.session().known_groups(key);
        let meant = did_you_mean(typed, known.iter().map(|(name, _)| name.label()));
        let text = format!("No known task has the {property} \"{typed}\". The filter applies anyway.{meant}");
        self.notices.say(Severity::Info, text, now);
    }

    /// Lists the groups of a property in the main view.
    pub(in crate::app) fn groups_by_argument(
        &mut self,
        argument: &str,
        _now: Now,
    ) -> Result<Vec<Effect>, String> {
        if argument.is_empty() {
            return Ok(self.offer_arguments("groups"));
        }
        let names = || GROUPS.iter().map(|spec| spec.name);
        let key = GroupKey::find(whole(argument, names()).unwrap_or(argument))
            .ok_or_else(|| format!("Cannot group by \"{argument}\".{}", correction(argument, names())))?;
        self.open_main_groups(key);
        Ok(Vec::new())
    }

    /// Shows the groups of a property in the main view.
    pub(in crate::app) fn open_main_groups(&mut self, key: GroupKey) {
        self.main_pane = MainPane::Groups;
        self.show_groups(GroupPlace::Main, key);
    }

    /// Shows the task table if something takes its place.
    pub(in crate::app) fn show_table(&mut self) {
        if self.main_pane != MainPane::Tasks {
            self.show_tasks();
        }
    }
}

/// Returns the only state that begins with a text, in any case.
fn state_named(typed: &str) -> Result<Arc<GroupName>, String> {
    let begins = |name: &&'static str| name.to_lowercase().starts_with(&typed.to_lowercase());
    let mut states = State::ALL.iter().filter_map(|state| state.name()).filter(begins);
    if let (Some(state), None) = (states.next(), states.next()) {
        return Ok(Arc::new(GroupName::plain(state)));
    }
    let names: Vec<_> = State::ALL.iter().filter_map(|state| state.name()).collect();
    Err(format!("No state is called \"{typed}\". The states are {}", names.join(", ")))
}

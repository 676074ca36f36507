//! Where a failure was: its cell, app and domain, named once for all failures that share them.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::spread::Number;
use crate::model::{CellId, Domain, Owner};

/// A property by which the failures of a reason may be concentrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// The cell that the task ran on.
    Cell,
    /// The app that the task belongs to.
    App,
    /// The domain.
    Domain,
}

impl Dimension {
    /// All properties. What is more often an operator's concern comes first.
    pub const ALL: [Self; 3] = [Self::Cell, Self::App, Self::Domain];

    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::App => "app",
            Self::Domain => "domain",
        }
    }
}

/// Something for each property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct PerDimension<T> {
    pub(super) cell: T,
    pub(super) app: T,
    pub(super) domain: T,
}

impl<T> PerDimension<T> {
    pub(super) const fn get(&self, dimension: Dimension) -> &T {
        match dimension {
            Dimension::Cell => &self.cell,
            Dimension::App => &self.app,
            Dimension::Domain => &self.domain,
        }
    }

    pub(super) const fn get_mut(&mut self, dimension: Dimension) -> &mut T {
        match dimension {
            Dimension::Cell => &mut self.cell,
            Dimension::App => &mut self.app,
            Dimension::Domain => &mut self.domain,
        }
    }
}

/// Where a failure was.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The cell that the task ran on; none if it is not known to have run.
    pub cell: Option<&'a CellId>,
    /// Whose task it is.
    pub owner: &'a Owner,
    /// The task's domain.
    pub domain: &'a Domain,
}

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// It has none, or it is not known.
    Unknown,
    /// One of too many to count each on its own.
    Other,
    /// A cell or a domain, identified by its name.
    Name(Box<str>),
    /// An app, which is identified by its guid and has a name.
    App {
        /// The guid, or the name if there is no guid.
        id: Box<str>,
        /// The owner when the app was first seen.
        owner: Owner,
    },
}

impl Value {
    /// Returns its identity; none if it is not one value.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Unknown | Self::Other => None,
            Self::Name(id) | Self::App { id, .. } => Some(id),
        }
    }

    /// Returns what it is called. As received, not sanitized for the terminal.
    pub fn label(&self) -> &str {
        match self {
            Self::Unknown => "unknown",
            Self::Other => "other",
            Self::Name(name) => name,
            Self::App { owner, .. } => owner.app().label(),
        }
    }
}

/// The values of a property that failures have.
#[derive(Debug, Default)]
pub(super) struct Values {
    by_id: HashMap<Box<str>, Number, RandomState>,
    values: HashMap<Number, Used, RandomState>,
}

#[derive(Debug)]
struct Used {
    value: Value,
    /// How many clusters have it.
    uses: u32,
}

/// The numbers of the values that are no names.
pub(super) const UNKNOWN: Number = 0;
const OTHER: Number = 1;

impl Values {
    /// Returns the number of a value. Counts beyond `most` different ones as other. `next` is the number of a new one.
    pub(super) fn number(
        &mut self,
        id: &str,
        most: usize,
        next: &mut Number,
        value: impl FnOnce() -> Value,
    ) -> Number {
        if id.is_empty() {
            return UNKNOWN;
        }
        if let Some(number) = self.by_id.get(id) {
            return *number;
        }
        if self.by_id.len() >= most {
            return OTHER;
        }
        *next += 1;
        self.by_id.insert(id.into(), *next);
        self.values.insert(*next, Used { value: value(), uses: 0 });
        *next
    }

    pub(super) fn get(&self, number: Number) -> &Value {
        match number {
            UNKNOWN => &Value::Unknown,
            number => self.values.get(&number).map_or(&Value::Other, |used| &used.value),
        }
    }

    /// Returns how many values are named.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.values.len() + self.by_id.len()
    }

    /// Returns how many values have a name.
    #[cfg(test)]
    pub(super) fn named(&self) -> usize {
        self.by_id.len()
    }

    /// Notes that a cluster has a value.
    pub(super) fn hold(&mut self, number: Number) {
        if let Some(used) = self.values.get_mut(&number) {
            used.uses += 1;
        }
    }

    /// Forgets a value that no cluster has.
    pub(super) fn release_unused(&mut self, number: Number) {
        if self.values.get(&number).is_some_and(|used| used.uses == 0) {
            self.release(number);
        }
    }

    /// Notes that a cluster that had a value is gone.
    pub(super) fn release(&mut self, number: Number) {
        let Some(used) = self.values.get_mut(&number) else { return };
        used.uses = used.uses.saturating_sub(1);
        if used.uses == 0
            && let Some(used) = self.values.remove(&number)
        {
            self.by_id.remove(used.value.id().unwrap_or_default());
        }
    }
}

/// The numbers that are taken from the start.
pub(super) const FIRST_FREE: Number = OTHER;
pub(super) const OTHER_EVERYWHERE: PerDimension<Number> =
    PerDimension { cell: OTHER, app: OTHER, domain: OTHER };

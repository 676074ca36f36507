//! The filter of the task table that shows the members of a cluster and no other tasks.

use std::sync::Arc;

use super::row::{FailureKind, FailureRow};
use crate::app::groups::{GroupKey, GroupName, Read};
use crate::app::query::{Filter, Scope};
use crate::filter::{self, quoted};
use crate::model::failures::{Clusters, Dimension, Value, Window};

/// The members of a cluster.
pub(super) struct Members {
    /// Admits them and no other tasks, unless `is_exact` is not set.
    pub(super) filter: Filter,
    /// How many there are, also those that are no longer kept.
    pub(super) count: usize,
    /// Whether the cluster has all of its values.
    pub(super) is_exact: bool,
}

impl Members {
    /// Returns the members of the cluster in a row.
    pub(super) fn of(clusters: &Clusters, kind: FailureKind, row: FailureRow) -> Option<Self> {
        let reason = clusters.reason(row.reason())?;
        let part = match row {
            FailureRow::Part(_, part) => Some(clusters.part(part)?),
            FailureRow::Reason(_) | FailureRow::More(..) => None,
        };
        let (count, is_older) =
            part.map_or((reason.count(), reason.is_older()), |part| (part.count(), part.is_older()));
        let scope = if kind == FailureKind::Failures { Scope::Failed } else { Scope::Live };
        let mut building =
            Building { filter: Filter { scope, ..Filter::default() }, terms: Vec::new(), is_exact: true };
        match reason.pattern() {
            Some("") => building.terms.push("reason:\"\"".to_owned()),
            Some(pattern) => building.choose(GroupKey::Reason, GroupName::plain(pattern)),
            None => building.is_exact = false,
        }
        if let Some(part) = part {
            for of in Dimension::ALL {
                building.take(of, part.value(of));
            }
        }
        match kind {
            FailureKind::Failures if is_older => building.terms.push(since_failure(clusters.window())),
            FailureKind::Failures => {}
            // What waits no longer has its rejections behind it.
            FailureKind::Rejections => building.terms.push("state:pending".to_owned()),
        }
        Some(building.build(count))
    }
}

/// Returns the term of failures within a window.
fn since_failure(window: Window) -> String {
    format!("failed-for:<={}", window.name())
}

struct Building {
    filter: Filter,
    terms: Vec<String>,
    is_exact: bool,
}

impl Building {
    fn choose(&mut self, key: GroupKey, name: GroupName) {
        self.filter.groups.set(key, Some(Arc::new(name)));
    }

    fn take(&mut self, dimension: Dimension, value: &Value) {
        let key = match dimension {
            Dimension::Cell => GroupKey::Cell,
            Dimension::App => GroupKey::App,
            Dimension::Domain => GroupKey::Domain,
        };
        match value {
            Value::Unknown => self.terms.push(format!("{}:{}", dimension.name(), quoted(""))),
            Value::Other => self.is_exact = false,
            Value::Name(name) => self.choose(key, GroupName::plain(name)),
            Value::App { id, owner } => {
                let name = match key.spec().read {
                    Read::Owner(read) => read(owner).map(|value| GroupName::from(&value)),
                    Read::Attributes(_) | Read::TaskTexts(_) => None,
                };
                self.choose(key, name.unwrap_or_else(|| GroupName::plain(id)));
            }
        }
    }

    fn build(mut self, count: u32) -> Members {
        // Terms that are made here are valid.
        self.filter.terms = filter::Filter::parse(&self.terms.join(" ")).unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        Members { filter: self.filter, count, is_exact: self.is_exact }
    }
}

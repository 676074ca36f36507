//! One row of the table of metrics: a name with its kind, its unit, its labels and its text.

use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Unit;

use super::page::{Page, Sample};

/// What kind of metric it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A number that goes up and down.
    Gauge,
    /// A number that only grows, until the program starts again.
    Counter,
    /// Durations, counted in buckets.
    Histogram,
    /// A constant 1, with facts in its labels.
    Info,
}

impl Kind {
    /// Returns the word for it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
            Self::Histogram => "histogram",
            Self::Info => "info",
        }
    }
}

impl From<Kind> for MetricType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Gauge => Self::Gauge,
            Kind::Counter => Self::Counter,
            Kind::Histogram => Self::Histogram,
            Kind::Info => Self::Info,
        }
    }
}

/// A row of the table.
pub struct Metric {
    /// Its name, as in queries. A histogram has `_bucket`, `_sum` and `_count` after it.
    pub name: &'static str,
    /// What kind of metric it is.
    pub kind: Kind,
    /// Its labels, besides `target`.
    pub labels: &'static [&'static str],
    /// What it counts or measures, without a period.
    pub help: &'static str,
    /// Reads its series.
    pub(super) read: for<'a> fn(&'a Page) -> Vec<Sample<'a>>,
}

impl Metric {
    /// Returns the name without the suffix of the kind and without the unit, and the unit.
    pub(super) fn name_and_unit(&self) -> (&'static str, Option<Unit>) {
        let suffix = match self.kind {
            Kind::Counter => "_total",
            Kind::Info => "_info",
            Kind::Gauge | Kind::Histogram => "",
        };
        let name = self.name.strip_suffix(suffix).unwrap_or(self.name);
        let units = [("_seconds", Unit::Seconds), ("_bytes", Unit::Bytes)];
        let with_unit = units.into_iter().find_map(|(suffix, unit)| Some((name.strip_suffix(suffix)?, unit)));
        with_unit.map_or((name, None), |(name, unit)| (name, Some(unit)))
    }

    /// Returns whether it is about the program, and so has no target.
    pub(super) fn is_of_program(&self) -> bool {
        self.kind == Kind::Info
    }
}

//! What a scrape gets: all metrics at one moment, and their text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeMetric as _, MetricEncoder, NoLabelSet, prometheus_text, text,
};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

use super::format::Format;
use super::histogram::Histogram;
use super::label::LabelValue;
use super::metric::{Kind, Metric};
use super::table::METRICS;
use super::totals::Counts;
use crate::model::{FeedHealth, FeedTotals, State, Stuck};
use crate::record::WriterStatus;

/// All metrics of a session at one moment.
#[derive(Debug)]
pub struct Page {
    pub(super) target: LabelValue,
    /// Tasks that the BBS holds, by domain and state.
    pub(super) tasks: BTreeMap<(LabelValue, State), u64>,
    /// Failed ones among these, by domain.
    pub(super) failed: BTreeMap<LabelValue, u64>,
    /// The same tasks by cell and state.
    pub(super) cells: BTreeMap<(LabelValue, State), u64>,
    pub(super) stuck: Vec<(Stuck, u64)>,
    pub(super) health: FeedHealth,
    pub(super) feed: FeedTotals,
    pub(super) counts: Counts,
    pub(super) writer: WriterStatus,
}

/// One series of a metric: the values of its labels, in the order of [`Metric::labels`], and its own.
pub(super) struct Sample<'a> {
    labels: Vec<Cow<'a, str>>,
    value: Value<'a>,
}

/// The value of a series.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// A count.
    Whole(u64),
    /// A measure.
    Real(f64),
    /// The durations of a histogram.
    Spans(&'a Histogram),
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Whole(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(is_so: bool) -> Self {
        Self::Whole(u64::from(is_so))
    }
}

impl<'a> From<&'a Histogram> for Value<'a> {
    fn from(spans: &'a Histogram) -> Self {
        Self::Spans(spans)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl<'a> Sample<'a> {
    /// Returns a series with these labels.
    pub(super) fn new<const N: usize>(labels: [Cow<'a, str>; N], value: impl Into<Value<'a>>) -> Self {
        Self { labels: labels.into(), value: value.into() }
    }

    /// Returns the only series of a metric without labels of its own.
    pub(super) fn only(value: impl Into<Value<'a>>) -> Vec<Self> {
        vec![Self::new([], value)]
    }
}

impl Page {
    /// Returns when the last list was complete, in seconds since the epoch.
    #[expect(clippy::cast_precision_loss, reason = "a float has microseconds left")]
    pub(super) fn listed_at(&self) -> f64 {
        self.feed.listed_at.as_nanos() as f64 / 1e9
    }

    /// Returns the text in a format.
    pub fn text(self: &Arc<Self>, format: Format) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Arc::clone(self)));
        let mut text = String::new();
        let written = match format {
            Format::Prometheus => prometheus_text::encode(&mut text, &registry),
            Format::OpenMetrics => text::encode(&mut text, &registry),
        };
        // Writing to a string cannot fail.
        written.map_or_else(|_| String::new(), |()| text)
    }

    fn encode_metric(&self, metric: &Metric, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let (name, unit) = metric.name_and_unit();
        let mut encoder = encoder.encode_descriptor(name, metric.help, unit.as_ref(), metric.kind.into())?;
        for sample in (metric.read)(self) {
            let target = (!metric.is_of_program()).then(|| ("target", Cow::from(&self.target)));
            let labels: Vec<_> =
                target.into_iter().chain(metric.labels.iter().copied().zip(sample.labels)).collect();
            if metric.kind == Kind::Info {
                encoder.encode_info(&labels)?;
            } else {
                encode_value(metric.kind, sample.value, encoder.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}

fn encode_value(kind: Kind, value: Value<'_>, mut encoder: MetricEncoder<'_>) -> fmt::Result {
    match (kind, value) {
        (Kind::Counter, Value::Whole(number)) => ConstCounter::new(number).encode(encoder),
        (Kind::Counter, Value::Real(number)) => ConstCounter::new(number).encode(encoder),
        (_, Value::Whole(number)) => ConstGauge::new(number).encode(encoder),
        (_, Value::Real(number)) => ConstGauge::new(number).encode(encoder),
        (_, Value::Spans(spans)) => {
            encoder.encode_histogram::<NoLabelSet>(spans.sum(), spans.count(), &spans.buckets(), None)
        }
    }
}

impl Collector for Page {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        METRICS.iter().try_for_each(|metric| self.encode_metric(metric, &mut encoder))
    }
}

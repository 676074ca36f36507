//! Spans of time as the configuration writes them: `30s`, `2m`, `1h30m`.

use std::time::Duration;

use jiff::SignedDuration;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span(pub(super) Duration);

/// How often a server is asked: a span that does not wear it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval(pub(super) Duration);

const SHORTEST: Duration = Duration::from_secs(1);

struct SpanVisitor;

impl Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a span of time like \"30s\", \"2m\" or \"1h30m\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
        let span = text.parse::<SignedDuration>().ok().and_then(|span| Duration::try_from(span).ok());
        span.map(Span).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_str(SpanVisitor)
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let Span(span) = Span::deserialize(from)?;
        if span < SHORTEST {
            return Err(D::Error::custom("the server would be asked too often; it must be \"1s\" or more"));
        }
        Ok(Self(span))
    }
}

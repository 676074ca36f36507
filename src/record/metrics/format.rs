//! The text formats of metrics, and which of them a client prefers.

/// A format of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The text format of Prometheus, which people and old scrapers read.
    Prometheus,
    /// `OpenMetrics`, which also tells units.
    OpenMetrics,
}

/// What a client says about one media type.
struct Offer<'a> {
    media_type: &'a str,
    version: Option<&'a str>,
    /// How much the client wants it, from 0 (not at all) to 1.
    quality: f32,
}

impl<'a> Offer<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let mut offer = Self { media_type: parts.next().unwrap_or_default(), version: None, quality: 1.0 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => offer.quality = value.trim().parse().unwrap_or(0.0),
                "version" => offer.version = Some(value.trim().trim_matches('"')),
                _ => {}
            }
        }
        offer
    }

    /// Returns whether the client asks for `OpenMetrics` in a version that our output is valid in.
    fn is_open_metrics(&self) -> bool {
        self.media_type.eq_ignore_ascii_case("application/openmetrics-text")
            && matches!(self.version, None | Some("1.0.0" | "0.0.1"))
    }

    fn is_prometheus(&self) -> bool {
        ["text/plain", "text/*", "*/*"].iter().any(|name| self.media_type.eq_ignore_ascii_case(name))
            && matches!(self.version, None | Some("0.0.4"))
    }
}

impl Format {
    /// Returns the format that a client prefers by the values of its `Accept` header fields. A client that accepts neither
    /// gets the Prometheus format, as one that says nothing.
    pub fn preferred<'a>(accept: impl Iterator<Item = &'a str>) -> Self {
        let (mut open_metrics, mut prometheus) = (0.0_f32, 0.0_f32);
        for offer in accept.flat_map(|value| value.split(',')).map(Offer::parse) {
            if offer.is_open_metrics() {
                open_metrics = open_metrics.max(offer.quality);
            } else if offer.is_prometheus() {
                prometheus = prometheus.max(offer.quality);
            }
        }
        // OpenMetrics must be asked for by name. Who does prefers it to a tie.
        if open_metrics > 0.0 && open_metrics >= prometheus { Self::OpenMetrics } else { Self::Prometheus }
    }

    /// Returns the value of the `Content-Type` header field.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format::{self, OpenMetrics, Prometheus};

    #[test]
    fn a_client_gets_the_format_that_it_prefers() {
        for (accept, format) in [
            ("", Prometheus),
            ("*/*", Prometheus),
            ("text/html,application/xhtml+xml,*/*;q=0.8", Prometheus),
            ("application/json", Prometheus),
            // Prometheus 2 and 3, and older ones.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,\
                 text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.2",
                OpenMetrics,
            ),
            ("text/plain;version=0.0.4;q=1,*/*;q=0.1", Prometheus),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=0.9, text/plain; q=0.9", OpenMetrics),
            ("application/openmetrics-text;q=0.4,text/plain;q=0.5", Prometheus),
            ("application/openmetrics-text;q=0", Prometheus),
            ("application/openmetrics-text;version=9.0.0,text/plain;q=0.1", Prometheus),
            ("application/openmetrics-text;q=nonsense,,;;=,text/plain", Prometheus),
        ] {
            assert_eq!(Format::preferred([accept].into_iter()), format, "{accept}");
        }
    }

    #[test]
    fn header_fields_of_the_same_name_are_one_list() {
        let fields = ["text/plain;q=0.5", "application/openmetrics-text"];
        assert_eq!(Format::preferred(fields.into_iter()), OpenMetrics);
        assert_eq!(Format::preferred([].into_iter()), Prometheus);
    }
}

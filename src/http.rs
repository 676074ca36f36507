//! Parses and formats the parts of HTTP/1.1 that the servers in this program share: the simulated BBS and the metrics.
//!
//! Pure: no sockets, no limits, no routes. Each server decides what it accepts and how it answers.

use jiff::fmt::rfc2822::DateTimePrinter;

use crate::model::Timestamp;

/// The most header fields of a request.
const MAX_HEADERS: usize = 64;

/// The head of a request.
#[derive(Debug)]
pub struct RequestHead<'a> {
    /// Length of the head in bytes; the body follows it.
    pub length: usize,
    /// The method, as sent.
    pub method: &'a str,
    /// The path without the query.
    pub path: &'a str,
    headers: &'a [httparse::Header<'a>],
}

impl RequestHead<'_> {
    /// Returns the value of the first header field with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.values(name).next()
    }

    /// Iterates over the values of the header fields with this name. Skips values that are not UTF-8.
    pub fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.headers.iter().filter(move |field| field.name.eq_ignore_ascii_case(name));
        fields.filter_map(|field| std::str::from_utf8(field.value).ok())
    }
}

/// Parses the head of a request and returns what `read` makes of it; `None` while the head is incomplete.
///
/// # Errors
/// The bytes are not HTTP/1, or there are too many header fields.
pub fn parse_head<T>(
    bytes: &[u8],
    read: impl FnOnce(&RequestHead<'_>) -> T,
) -> Result<Option<T>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(bytes)? else { return Ok(None) };
    let target = request.path.unwrap_or_default();
    let head = RequestHead {
        length,
        method: request.method.unwrap_or_default(),
        path: target.split('?').next().unwrap_or_default(),
        headers: request.headers,
    };
    Ok(Some(read(&head)))
}

/// Returns the text that follows a status code in the status line.
pub const fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

/// Formats the time for the `Date` header.
pub fn date(now: Timestamp) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(now.as_nanos()))
        .and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_the_recorded_form() {
        let now = Timestamp::from_nanos(1_795_434_074_000_000_000);
        assert_eq!(date(now), "Mon, 23 Nov 2026 11:41:14 GMT");
    }

    #[test]
    fn a_head_is_parsed_once_it_is_complete() {
        let request = b"GET /metrics?name=a HTTP/1.1\r\nACCEPT: a\r\naccept: b\r\nHost: c\r\n\r\nbody";
        let head = |bytes: &[u8]| {
            parse_head(bytes, |head| {
                let accept: Vec<_> = head.values("Accept").collect();
                format!("{} {} {accept:?} {:?} {}", head.method, head.path, head.header("host"), head.length)
            })
        };
        let end = request.len() - "body".len();
        for cut in 0..end {
            assert_eq!(head(&request[..cut]), Ok(None), "{cut}");
        }
        let parsed = format!("GET /metrics [\"a\", \"b\"] Some(\"c\") {end}");
        assert_eq!(head(request), Ok(Some(parsed)));
    }

    #[test]
    fn what_is_not_http_1_is_an_error() {
        let many = ["GET / HTTP/1.1\r\n", &"a: b\r\n".repeat(MAX_HEADERS + 1), "\r\n"].concat();
        for bytes in ["\x16\x03\x01\x02", "PRI * HTTP/2.0\r\n\r\n", "GET\r\n\r\n", &many] {
            assert!(parse_head(bytes.as_bytes(), |_| ()).is_err(), "{bytes:?}");
        }
    }
}

//! Comma-separated values, quoted as RFC 4180 says; a line ends with a line feed, as Unix tools expect.

use std::borrow::Cow;

use crate::bbs::json::Secrets;
use crate::model::secret::mask_urls;
use crate::present::columns::{Column, RowFacts};
use crate::present::sanitise;

/// How rows are written.
pub(super) struct Form<'a> {
    pub(super) columns: &'a [&'static Column],
    /// What becomes of what lets somebody in within a URL.
    pub(super) secrets: Secrets,
    /// Whether a terminal reads it, which must not be given control characters. A program gets the text as it is.
    pub(super) for_terminal: bool,
}

/// Writes the names of the columns.
pub(super) fn head(out: &mut Vec<u8>, columns: &[&'static Column]) {
    line(out, columns.iter().map(|column| Cow::Borrowed(column.plain_name())));
}

impl Form<'_> {
    /// Writes a task's row.
    pub(super) fn row(&self, out: &mut Vec<u8>, facts: &RowFacts<'_>) {
        line(
            out,
            self.columns.iter().map(|column| {
                let text = column.plain_text(facts);
                let text = match mask_urls(&text) {
                    Some(masked) if self.secrets == Secrets::Masked => Cow::Owned(masked),
                    _ => text,
                };
                if self.for_terminal { Cow::Owned(sanitise::clean(&text).into_owned()) } else { text }
            }),
        );
    }
}

fn line<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = Cow<'a, str>>) {
    for (at, value) in values.enumerate() {
        if at > 0 {
            out.push(b',');
        }
        if value.contains([',', '"', '\n', '\r']) {
            let doubled = value.replace('"', "\"\"");
            out.extend([b"\"", doubled.as_bytes(), b"\""].concat());
        } else {
            out.extend_from_slice(value.as_bytes());
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_part_values_is_quoted() {
        let mut out = Vec::new();
        line(&mut out, ["a b", "", "a,b", "say \"x\"", "two\nlines", "cr\r"].map(Cow::Borrowed).into_iter());
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "a b,,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"cr\r\"\n"
        );
    }
}

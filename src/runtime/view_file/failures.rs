//! The clusters of the failures view, written in the formats of `:save`: a line for each cluster of a reason, a cell, an app
//! and a domain.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use super::write_lines;
use crate::app::{App, FailureRow};
use crate::model::failures::{Dimension, Part, Reason, Value};
use crate::model::secret::mask_urls;
use crate::present::columns::Align;
use crate::present::csv::{CsvWriter, Reader};
use crate::present::format;
use crate::present::json::escape_for_terminal;
use crate::present::text_table::TextTable;

/// The clusters of the reasons that are listed, on the screen or not, folded or not.
pub(in crate::runtime) struct FailureRows {
    kind: &'static str,
    window: &'static str,
    pub(super) rows: Vec<FailureLine>,
}

/// A cluster, in the order of its fields in a file.
#[derive(Serialize)]
pub(super) struct FailureLine {
    /// The pattern; none for the reasons beyond the limit.
    reason: Option<Box<str>>,
    cell: Option<Box<str>>,
    app: Option<Box<str>>,
    app_guid: Option<Box<str>>,
    domain: Option<Box<str>>,
    count: u32,
    /// How many failures have this reason, whatever their cell, app and domain.
    of_reason: u32,
    first_seen: String,
    last_seen: String,
}

impl FailureRows {
    const HEADINGS: [&str; 9] =
        ["reason", "cell", "app", "app_guid", "domain", "count", "of_reason", "first_seen", "last_seen"];

    pub(super) fn of(app: &App) -> Self {
        let (pane, clusters) = (app.failures(), app.clusters());
        let listed = pane.rows().iter().filter_map(|row| match row {
            FailureRow::Reason(reason) => clusters.reason(*reason),
            FailureRow::Part(..) | FailureRow::More(..) => None,
        });
        let rows = listed.flat_map(|reason| reason.parts().map(move |part| FailureLine::of(&reason, &part)));
        Self { kind: pane.kind().name(), window: pane.window().name(), rows: rows.collect() }
    }

    pub(super) fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut csv = CsvWriter::new(out, Reader::Spreadsheet, true);
        csv.head(Self::HEADINGS.into_iter())?;
        self.rows.iter().try_for_each(|row| csv.record(row.texts().into_iter()))?;
        csv.finish().map(drop)
    }

    pub(super) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let title = |title: &str| {
            let align = if matches!(title, "count" | "of_reason") { Align::Right } else { Align::Left };
            (title.to_uppercase(), align)
        };
        let mut table = TextTable::new(Self::HEADINGS.into_iter().map(title), true);
        self.rows.iter().for_each(|row| table.row(row.texts().into_iter()));
        write_lines(&table, out)
    }

    pub(super) fn write_json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        #[derive(Serialize)]
        struct Line<'a> {
            kind: &'a str,
            window: &'a str,
            #[serde(flatten)]
            row: &'a FailureLine,
        }
        for row in &self.rows {
            let line = serde_json::to_vec(&Line { kind: self.kind, window: self.window, row })?;
            out.write_all(&escape_for_terminal(&line))?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

/// Returns the text without credentials: reasons may quote URLs.
fn masked(text: &str) -> Box<str> {
    mask_urls(text).map_or_else(|| text.into(), Into::into)
}

impl FailureLine {
    fn of(reason: &Reason<'_>, part: &Part<'_>) -> Self {
        let named = |value: &Value| value.id().map(|_| masked(value.label()));
        let app = part.value(Dimension::App);
        let (first, last) = part.seen();
        Self {
            reason: reason.pattern().map(masked),
            cell: named(part.value(Dimension::Cell)),
            app: named(app),
            app_guid: app.id().map(masked),
            domain: named(part.value(Dimension::Domain)),
            count: part.count(),
            of_reason: reason.count(),
            first_seen: format::rfc3339(first),
            last_seen: format::rfc3339(last),
        }
    }

    fn texts(&self) -> [Cow<'_, str>; 9] {
        let Self { reason, cell, app, app_guid, domain, count, of_reason, first_seen, last_seen } = self;
        let text = |text: &'_ Option<Box<str>>| Cow::Owned(text.as_deref().unwrap_or_default().to_owned());
        [
            text(reason),
            text(cell),
            text(app),
            text(app_guid),
            text(domain),
            Cow::Owned(count.to_string()),
            Cow::Owned(of_reason.to_string()),
            Cow::Borrowed(first_seen),
            Cow::Borrowed(last_seen),
        ]
    }
}

//! Writes tasks as an aligned table for a person: one line for each task, sanitized.

use crate::bbs::json::Secrets;
use crate::model::secret::mask_urls;
use crate::present::columns::{Align, Column, RowFacts};
use crate::present::sanitise;

/// Between two columns.
const GAP: &str = "  ";
/// The maximum width of a column, in cells. A longer text stays whole and shifts the rest of its own line; other lines
/// are not padded to it.
const WIDEST: usize = 80;

/// The rows, collected until the widths of their columns are known.
pub(super) struct Table<'a> {
    columns: &'a [&'static Column],
    secrets: Secrets,
    widths: Vec<usize>,
    rows: Vec<Vec<Box<str>>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(columns: &'a [&'static Column], secrets: Secrets) -> Self {
        let widths = columns.iter().map(|column| sanitise::width(column.title)).collect();
        Self { columns, secrets, widths, rows: Vec::new() }
    }

    /// Adds a row.
    pub(super) fn row(&mut self, facts: &RowFacts<'_>) {
        let row: Vec<_> = self.columns.iter().map(|column| self.cell(column, facts)).collect();
        for (width, text) in self.widths.iter_mut().zip(&row) {
            *width = sanitise::width(text).min(WIDEST).max(*width);
        }
        self.rows.push(row);
    }

    fn cell(&self, column: &Column, facts: &RowFacts<'_>) -> Box<str> {
        let text = (column.text)(facts);
        let masked = mask_urls(&text).filter(|_| self.secrets == Secrets::Masked);
        sanitise::clean(masked.as_deref().unwrap_or(&text)).into()
    }

    /// Returns the headings and the rows as lines, each with its line feed, cut to `room` cells if given.
    pub(super) fn lines(&self, room: Option<usize>) -> impl Iterator<Item = String> {
        let titles = self.columns.iter().map(|column| column.title.into()).collect();
        let head: Vec<Box<str>> = titles;
        std::iter::once(self.line(&head, room)).chain(self.rows.iter().map(move |row| self.line(row, room)))
    }

    fn line(&self, row: &[Box<str>], room: Option<usize>) -> String {
        let mut line = String::new();
        for ((column, width), text) in self.columns.iter().zip(&self.widths).zip(row) {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let padding = " ".repeat(width.saturating_sub(sanitise::width(text)));
            match column.align {
                Align::Left => line.extend([text, padding.as_str()]),
                Align::Right => line.extend([padding.as_str(), text]),
            }
        }
        let line = line.trim_end();
        let line = room.map_or(line.into(), |room| sanitise::cut(line, room));
        [&line, "\n"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Domain, State, Task, TaskGuid, Timestamp};
    use crate::present::columns::find;

    #[test]
    fn one_long_text_does_not_widen_every_line() {
        let columns = ["guid", "reason"].map(|key| find(key).unwrap());
        let mut table = Table::new(&columns, Secrets::Masked);
        let long = "g".repeat(10_000);
        for guid in ["short", &long] {
            let task = Task {
                failure_reason: "why".into(),
                ..Task::blank(TaskGuid::from(guid), Domain::from("d"), State::Completed)
            };
            let now = Timestamp::from_nanos(1_000_000_000_000);
            table.row(&RowFacts::of(&task, now));
        }
        let lines: Vec<_> = table.lines(None).collect();
        assert_eq!(lines[1], format!("{:WIDEST$}  why\n", "short"));
        assert_eq!(lines[2], format!("{long}  why\n"), "nothing of it is lost");
    }

    #[test]
    fn columns_are_aligned_and_tenants_move_no_cursor() {
        let columns = ["guid", "age", "reason"].map(|key| find(key).unwrap());
        let mut table = Table::new(&columns, Secrets::Masked);
        for (guid, age, reason) in
            [("日本", 5, "out\u{1b}[2J of\nmemory"), ("a-long-guid", 700, "see http://user:secret@host")]
        {
            let task = Task {
                created_at: Timestamp::from_nanos((1_000 - age) * 1_000_000_000),
                failed: true,
                failure_reason: reason.into(),
                ..Task::blank(TaskGuid::from(guid), Domain::from("d"), State::Completed)
            };
            let now = Timestamp::from_nanos(1_000_000_000_000);
            table.row(&RowFacts::of(&task, now));
        }
        let whole: String = table.lines(None).collect();
        assert_eq!(
            whole,
            "GUID         AGE  REASON\n\
             日本          5s  out␛[2J of␊memory\n\
             a-long-guid  11m  see http://••••••@host\n"
        );
        let cut: Vec<_> = table.lines(Some(20)).collect();
        assert_eq!(cut.last().map(String::as_str), Some("a-long-guid  11m  s…\n"));
    }
}

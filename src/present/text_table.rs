//! Writes an aligned table for a person: one line for each row, sanitised.

use std::borrow::Cow;

use super::columns::Align;
use super::sanitise;
use crate::model::secret::mask_urls;

/// Between two columns.
const GAP: &str = "  ";
/// The maximum width of a column, in cells. A longer text stays whole and shifts the rest of its own line; other lines
/// are not padded to it.
const WIDEST: usize = 80;

/// The rows, collected until the widths of their columns are known.
pub struct TextTable {
    columns: Vec<(Box<str>, Align)>,
    masked: bool,
    widths: Vec<usize>,
    rows: Vec<Vec<Box<str>>>,
    has_headings: bool,
}

impl TextTable {
    /// Returns a table of columns with these titles. With `masked`, credentials in URLs are masked.
    pub fn new<T: Into<Box<str>>>(columns: impl Iterator<Item = (T, Align)>, masked: bool) -> Self {
        let columns: Vec<_> = columns.map(|(title, align)| (title.into(), align)).collect();
        let widths = columns.iter().map(|(title, _)| sanitise::width(title)).collect();
        Self { columns, masked, widths, rows: Vec::new(), has_headings: false }
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, texts: impl Iterator<Item = Cow<'a, str>>) {
        let row: Vec<_> = texts.map(|text| self.cell(&text)).collect();
        for (width, text) in self.widths.iter_mut().zip(&row) {
            *width = sanitise::width(text).min(WIDEST).max(*width);
        }
        self.rows.push(row);
    }

    fn cell(&self, text: &str) -> Box<str> {
        let masked = mask_urls(text).filter(|_| self.masked);
        sanitise::clean(masked.as_deref().unwrap_or(text)).into()
    }

    /// Returns the headings and the rows as lines, each with its line feed, cut to `room` cells if given.
    pub fn lines(&self, room: Option<usize>) -> impl Iterator<Item = String> {
        let head: Vec<_> = self.columns.iter().map(|(title, _)| title.clone()).collect();
        std::iter::once(self.line(&head, room)).chain(self.rows.iter().map(move |row| self.line(row, room)))
    }

    /// Takes the rows so far as lines, the first time after the headings. So a long table needs little memory; rows that
    /// follow have wider columns only if their texts need them.
    pub fn take_lines(&mut self, room: Option<usize>) -> Vec<String> {
        let skipped = usize::from(std::mem::replace(&mut self.has_headings, true));
        let lines = self.lines(room).skip(skipped).collect();
        self.rows.clear();
        lines
    }

    /// Returns how many rows were added since lines were taken.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Returns whether no row was added since lines were taken.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn line(&self, row: &[Box<str>], room: Option<usize>) -> String {
        let mut line = String::new();
        for (((_, align), width), text) in self.columns.iter().zip(&self.widths).zip(row) {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let padding = " ".repeat(width.saturating_sub(sanitise::width(text)));
            match align {
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

    fn table<const N: usize>(columns: [(&'static str, Align); N], rows: &[[&str; N]]) -> TextTable {
        let mut table = TextTable::new(columns.into_iter(), true);
        for row in rows {
            table.row(row.iter().copied().map(Cow::Borrowed));
        }
        table
    }

    #[test]
    fn one_long_text_does_not_widen_every_line() {
        let long = "g".repeat(10_000);
        let columns = [("GUID", Align::Left), ("REASON", Align::Left)];
        let table = table(columns, &[["short", "why"], [&long, "why"]]);
        let lines: Vec<_> = table.lines(None).collect();
        assert_eq!(lines[1], format!("{:WIDEST$}  why\n", "short"));
        assert_eq!(lines[2], format!("{long}  why\n"), "nothing of it is lost");
    }

    #[test]
    fn lines_are_taken_in_parts_after_one_line_of_headings() {
        let mut table = table([("GUID", Align::Left), ("REASON", Align::Left)], &[["short", "why"]]);
        assert_eq!(table.take_lines(None), ["GUID   REASON\n", "short  why\n"]);
        assert!(table.is_empty());
        table.row(["a", "why"].into_iter().map(Cow::Borrowed));
        table.row(["longer", "why"].into_iter().map(Cow::Borrowed));
        assert_eq!(table.len(), 2);
        assert_eq!(table.take_lines(None), ["a       why\n", "longer  why\n"]);
        assert_eq!(table.take_lines(None), [""; 0]);
    }

    #[test]
    fn columns_are_aligned_and_tenants_move_no_cursor() {
        let columns = [("GUID", Align::Left), ("AGE", Align::Right), ("REASON", Align::Left)];
        let rows = [
            ["日本", "5s", "out\u{1b}[2J of\nmemory"],
            ["a-long-guid", "11m", "see http://user:secret@host"],
        ];
        let table = table(columns, &rows);
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

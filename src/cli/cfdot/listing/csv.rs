//! Writes tasks as comma-separated values: RFC 4180, with a line feed at the end of each line as Unix tools expect.

use std::borrow::Cow;
use std::io;

use ::csv::{IntoInnerError, Terminator, Writer, WriterBuilder};

use crate::bbs::json::Secrets;
use crate::model::secret::mask_urls;
use crate::present::columns::{Column, RowFacts};
use crate::present::sanitise;

/// What rows contain, and who reads them.
pub(super) struct Form<'a> {
    pub(super) columns: &'a [&'static Column],
    /// Whether credentials in URLs are masked.
    pub(super) secrets: Secrets,
    /// Whether the output is a terminal, which must not get control characters. A program gets the text unchanged.
    pub(super) for_terminal: bool,
}

impl Form<'_> {
    /// Returns the line of headings.
    pub(super) fn head(&self) -> io::Result<Vec<u8>> {
        let mut writer = writer();
        writer.write_record(self.columns.iter().map(|column| column.plain_name()))?;
        bytes(writer)
    }

    /// Returns a line for each row.
    pub(super) fn lines<'a>(&self, rows: impl Iterator<Item = RowFacts<'a>>) -> io::Result<Vec<u8>> {
        let mut writer = writer();
        for row in rows {
            for column in self.columns {
                writer.write_field(self.value(column, &row).as_bytes())?;
            }
            end_record(&mut writer)?;
        }
        bytes(writer)
    }

    fn value<'a>(&self, column: &Column, row: &RowFacts<'a>) -> Cow<'a, str> {
        let text = column.plain_text(row);
        let text = match mask_urls(&text) {
            Some(masked) if self.secrets == Secrets::Masked => Cow::Owned(masked),
            _ => text,
        };
        if self.for_terminal { Cow::Owned(sanitise::clean(&text).into_owned()) } else { text }
    }
}

fn writer() -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::Any(b'\n')).from_writer(Vec::new())
}

fn end_record(writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    Ok(writer.write_record(None::<&[u8]>)?)
}

fn bytes(writer: Writer<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.into_inner().map_err(IntoInnerError::into_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Domain, State, Task, TaskGuid, Timestamp};
    use crate::present::columns;

    fn csv(keys: &[&str], results: &[&str], for_terminal: bool) -> String {
        let columns = columns::by_keys(keys);
        let form = Form { columns: &columns, secrets: Secrets::Masked, for_terminal };
        let tasks: Vec<_> = results
            .iter()
            .map(|result| Task {
                result: (*result).into(),
                ..Task::blank(TaskGuid::from("guid"), Domain::from("d"), State::Completed)
            })
            .collect();
        let now = Timestamp::from_nanos(1);
        let rows = tasks.iter().map(|task| RowFacts::of(task, now));
        let lines = [form.head().unwrap(), form.lines(rows).unwrap()].concat();
        String::from_utf8(lines).unwrap()
    }

    #[test]
    fn a_value_is_quoted_where_it_needs_to_be() {
        let results = ["a b", "", "a,b", "say \"x\"", "two\nlines", "cr\r"];
        assert_eq!(
            csv(&["guid", "result"], &results, false),
            "guid,result\nguid,a b\nguid,\nguid,\"a,b\"\nguid,\"say \"\"x\"\"\"\nguid,\"two\nlines\"\nguid,\"cr\r\"\n"
        );
    }

    #[test]
    fn a_line_of_one_empty_value_is_no_empty_line() {
        assert_eq!(csv(&["result"], &["", "x"], false), "result\n\"\"\nx\n");
    }

    #[test]
    fn credentials_are_masked_and_a_terminal_gets_no_control_characters() {
        let results = ["http://user:secret@host\u{1b}[2J"];
        assert_eq!(csv(&["result"], &results, true), "result\nhttp://••••••@host␛[2J\n");
        assert_eq!(csv(&["result"], &results, false), "result\nhttp://••••••@host\u{1b}[2J\n");
    }
}

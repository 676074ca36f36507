//! Writes comma-separated values: RFC 4180, with a line feed at the end of each line as Unix tools expect.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

use super::sanitise;
use crate::model::secret::mask_urls;

/// Characters that make a spreadsheet take a value for a formula, also in their full width.
const FORMULA_STARTS: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// Who reads the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A program gets the text unchanged.
    Program,
    /// A terminal must not get control characters.
    Terminal,
    /// A spreadsheet must not run a tenant's text: it gets no control characters and no formulas, and every value but a
    /// number is quoted, because some take a semicolon for the end of a value.
    Spreadsheet,
}

/// Writes records of values.
pub struct CsvWriter<W: Write> {
    writer: Writer<W>,
    reader: Reader,
    masked: bool,
}

impl<W: Write> CsvWriter<W> {
    /// Returns a writer. With `masked`, credentials in URLs are masked.
    pub fn new(out: W, reader: Reader, masked: bool) -> Self {
        let quotes = match reader {
            Reader::Program | Reader::Terminal => QuoteStyle::Necessary,
            Reader::Spreadsheet => QuoteStyle::NonNumeric,
        };
        let writer =
            WriterBuilder::new().terminator(Terminator::Any(b'\n')).quote_style(quotes).from_writer(out);
        Self { writer, reader, masked }
    }

    /// Writes the line of headings.
    pub fn head<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> io::Result<()> {
        Ok(self.writer.write_record(names)?)
    }

    /// Writes a line of values.
    pub fn record<'a>(&mut self, values: impl Iterator<Item = Cow<'a, str>>) -> io::Result<()> {
        for value in values {
            let value = match mask_urls(&value) {
                Some(masked) if self.masked => Cow::Owned(masked),
                _ => value,
            };
            self.writer.write_field(self.safe(&value).as_bytes())?;
        }
        Ok(self.writer.write_record(None::<&[u8]>)?)
    }

    fn safe<'a>(&self, value: &'a str) -> Cow<'a, str> {
        match self.reader {
            Reader::Program => Cow::Borrowed(value),
            Reader::Terminal => sanitise::clean(value),
            Reader::Spreadsheet => neutral(sanitise::clean(value)),
        }
    }

    /// Writes what is still buffered, and returns the output.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(::csv::IntoInnerError::into_error)
    }
}

/// Puts an apostrophe before a value that a spreadsheet would take for a formula. A number stays a number.
fn neutral(value: Cow<'_, str>) -> Cow<'_, str> {
    if value.trim_start().starts_with(FORMULA_STARTS) && value.parse::<f64>().is_err() {
        Cow::Owned(["'", &value].concat())
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(values: &[&str], reader: Reader) -> String {
        let mut writer = CsvWriter::new(Vec::new(), reader, true);
        writer.head(["guid", "result"].into_iter()).unwrap();
        for value in values {
            writer.record(["guid", value].into_iter().map(Cow::Borrowed)).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn no_hostile_text_leaves_its_value_in_a_saved_file() {
        for (name, text) in sanitise::corpus::hostile() {
            let written = csv(&[&text], Reader::Spreadsheet);
            let hidden = written.chars().find(|c| *c != '\n' && sanitise::is_invisible(*c));
            assert_eq!((hidden, written.lines().count()), (None, 2), "{name}");
            assert!(!written.contains(",\"=") && !written.contains(",="), "{name}");
        }
    }

    #[test]
    fn a_value_is_quoted_where_it_needs_to_be() {
        let results = ["a b", "", "a,b", "say \"x\"", "two\nlines", "cr\r"];
        assert_eq!(
            csv(&results, Reader::Program),
            "guid,result\nguid,a b\nguid,\nguid,\"a,b\"\nguid,\"say \"\"x\"\"\"\nguid,\"two\nlines\"\nguid,\"cr\r\"\n"
        );
    }

    #[test]
    fn a_line_of_one_empty_value_is_no_empty_line() {
        let mut writer = CsvWriter::new(Vec::new(), Reader::Program, true);
        for value in ["", "x"] {
            writer.record([Cow::Borrowed(value)].into_iter()).unwrap();
        }
        assert_eq!(writer.finish().unwrap(), b"\"\"\nx\n");
    }

    #[test]
    fn credentials_are_masked_and_a_terminal_gets_no_control_characters() {
        let results = ["http://user:secret@host\u{1b}[2J"];
        assert_eq!(csv(&results, Reader::Terminal), "guid,result\nguid,http://••••••@host␛[2J\n");
        assert_eq!(csv(&results, Reader::Program), "guid,result\nguid,http://••••••@host\u{1b}[2J\n");
    }

    #[test]
    fn a_spreadsheet_gets_no_formula() {
        let cases = [
            ("=cmd|'/c calc'!A1", "\"'=cmd|'/c calc'!A1\""),
            ("+1+cmd", "\"'+1+cmd\""),
            ("-2+3", "\"'-2+3\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            (" =1", "\"' =1\""),
            ("\t=1", "\"␉=1\""),
            ("\r=1", "\"␍=1\""),
            ("＝1", "\"'＝1\""),
            ("a;=1", "\"a;=1\""),
            ("a\"=1", "\"a\"\"=1\""),
            ("-1", "-1"),
            ("512", "512"),
            ("plain", "\"plain\""),
            ("", "\"\""),
        ];
        for (value, expected) in cases {
            let expected = format!("\"guid\",\"result\"\n\"guid\",{expected}\n");
            assert_eq!(csv(&[value], Reader::Spreadsheet), expected, "{value:?}");
        }
    }
}

//! Text of tenants: nothing that a terminal would act on is left of it, and it takes the cells that it is given.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use taskdeck::model::{MAX_PATTERN_CHARS, reason_pattern};
use taskdeck::present::csv::{CsvWriter, Reader};
use taskdeck::present::sanitise::{clean, cut, cut_front, cut_middle, is_invisible, width, wrap};

use super::text;

/// Widths that no cut may exceed.
const WIDTHS: [usize; 5] = [0, 1, 2, 9, 40];
/// The cells of a line that is drawn.
const DRAWN: u16 = 200;

/// Takes a text.
pub fn check(input: &[u8]) {
    let text = text(input);
    let whole = clean(&text);
    assert_safe(&whole);
    assert_eq!(clean(&whole), whole, "what is safe stays as it is");
    assert_drawn_as_wide(&whole);
    assert_eq!(cut(&whole, width(&whole)), whole, "what fits is not cut");
    for room in WIDTHS {
        for cut in [cut(&text, room), cut_front(&text, room), cut_middle(&text, room)] {
            assert_safe(&cut);
            assert!(width(&cut) <= room, "{cut:?} takes {} of {room}", width(&cut));
        }
    }
    for room in [2, 7, 40] {
        for line in wrap(&text, room) {
            assert_safe(&line);
            assert!(width(&line) <= room, "{line:?} takes {} of {room}", width(&line));
        }
    }
    check_pattern(&text);
    check_csv(&text);
}

fn assert_safe(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() || is_invisible(c)), "{text:?}");
}

/// The width is the one that ratatui moves on by.
fn assert_drawn_as_wide(safe: &str) {
    let drawn = width(safe);
    if drawn < usize::from(DRAWN) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, DRAWN, 1));
        let (end, _) = buffer.set_stringn(0, 0, safe, usize::from(DRAWN), Style::new());
        assert_eq!(usize::from(end), drawn, "{safe:?}");
    }
}

/// The pattern of a pattern is itself.
fn check_pattern(text: &str) {
    let pattern = reason_pattern(text);
    assert!(pattern.chars().count() <= MAX_PATTERN_CHARS);
    assert_eq!(reason_pattern(&pattern), pattern);
}

/// A value stays one value of CSV, and a spreadsheet runs none of it.
fn check_csv(text: &str) {
    for reader in [Reader::Program, Reader::Terminal, Reader::Spreadsheet] {
        let mut writer = CsvWriter::new(Vec::new(), reader, false);
        writer.record(["guid", text].into_iter().map(Cow::Borrowed)).unwrap();
        let written = writer.finish().unwrap();
        let mut records = csv::ReaderBuilder::new().has_headers(false).from_reader(&*written);
        let records: Vec<_> = records.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), 1);
        let value = &records[0][1];
        match reader {
            Reader::Program => assert_eq!(value, text),
            Reader::Terminal => assert_eq!(value, clean(text)),
            Reader::Spreadsheet => assert_eq!(
                value.strip_prefix('\'').unwrap_or(value),
                clean(text).strip_prefix('\'').unwrap_or(&clean(text))
            ),
        }
    }
}

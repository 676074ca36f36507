//! Finds what is being typed at the cursor of a filter, for completion. Unlike the parser it accepts text that is not yet
//! valid, such as a field without a value or a quote that is not closed.

use std::borrow::Cow;
use std::ops::Range;

use super::field::{self, Field};

/// What is being typed at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The field whose value it is; none for a word, which may become the name of a field.
    pub field: Option<&'static str>,
    /// The text up to the cursor, without quotes.
    pub typed: String,
    /// The bytes that a completion replaces.
    pub at: Range<usize>,
}

impl Token {
    /// Returns what is being typed at byte `cursor` of a filter. None where nothing can be completed: in a regular
    /// expression, behind a wildcard, in a quoted word, behind an unknown field.
    pub fn at(text: &str, cursor: usize) -> Option<Self> {
        let (before, after) = text.split_at_checked(cursor)?;
        let scan = Scan::of(before);
        if scan.form != Form::Plain || (scan.colon.is_none() && scan.has_quote) {
            return None;
        }
        let field = match &scan.colon {
            Some(name) => Some(field::find(name)?.name),
            None if scan.has_bar => return None,
            None => None,
        };
        let end = cursor + length_of_rest(after, scan.in_quotes, field.is_none());
        Some(Self { field, typed: scan.typed, at: scan.start..end })
    }

    /// Returns the field.
    pub fn field(&self) -> Option<&'static Field> {
        self.field.and_then(field::find)
    }
}

/// The term before the cursor.
#[derive(Default)]
struct Scan {
    /// Where the value or the name starts: behind a blank, a `!`, a colon or a `|`.
    start: usize,
    typed: String,
    /// The name of the field, once its colon is passed.
    colon: Option<String>,
    has_bar: bool,
    has_quote: bool,
    in_quotes: bool,
    form: Form,
}

/// How the value reads so far.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Form {
    #[default]
    Plain,
    Wildcard,
    Regex,
}

impl Scan {
    fn of(text: &str) -> Self {
        let mut scan = Self::default();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next = at + c.len_utf8();
            match c {
                '\\' if scan.in_quotes && chars.peek().is_some_and(|(_, c)| *c == '"') => {
                    scan.typed.push('"');
                    chars.next();
                }
                '"' => {
                    scan.in_quotes = !scan.in_quotes;
                    scan.has_quote = true;
                }
                _ if scan.in_quotes => scan.typed.push(c),
                _ if c.is_whitespace() => scan = Self { start: next, ..Self::default() },
                '!' if scan.colon.is_none() && at == scan.start => scan.start = next,
                ':' if scan.colon.is_none() && !scan.has_quote && !scan.has_bar => {
                    let name = std::mem::take(&mut scan.typed);
                    scan = Self { start: next, colon: Some(name), ..Self::default() };
                }
                // In a regular expression it separates nothing.
                '|' if scan.form != Form::Regex => {
                    scan = Self { start: next, has_bar: true, colon: scan.colon.take(), ..Self::default() };
                }
                '*' if scan.form == Form::Plain => scan.form = Form::Wildcard,
                '~' if at == scan.start => scan.form = Form::Regex,
                _ => scan.typed.push(c),
            }
        }
        scan
    }
}

/// Returns how many bytes behind the cursor belong to the token: for the name of a field up to its colon, which the
/// completion brings along.
fn length_of_rest(after: &str, mut in_quotes: bool, is_name: bool) -> usize {
    for (at, c) in after.char_indices() {
        match c {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            ':' if is_name => return at + 1,
            '|' => return at,
            _ if c.is_whitespace() => return at,
            _ => {}
        }
    }
    after.len()
}

/// Returns a value as it must be written in a filter to stand for itself: in quotes if it has characters that mean
/// something else.
pub fn quoted(value: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./@+=,#%".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        return Cow::Borrowed(value);
    }
    // A backslash right before the closing quote would escape it, so those at the end stay outside.
    let inside = value.trim_end_matches('\\');
    let outside = value.get(inside.len()..).unwrap_or_default();
    Cow::Owned(format!("\"{}\"{outside}", inside.replace('"', "\\\"")))
}

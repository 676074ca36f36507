//! Describes a fault in a TOML text: the line, the key, what is expected there, and the name that was probably meant. Pure.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::suggest::nearest;

/// Returns the fault as a sentence: `line 3, key `feed.poll`: …`. An error about an unknown name begins with `unknown` and
/// puts the known names in backticks after it; the nearest of them is suggested.
pub fn describe(text: &str, error: &toml::de::Error) -> String {
    located(text, error.span(), error.message())
}

/// Returns a message as [`describe`] does, about these bytes of the text.
pub fn located(text: &str, span: Option<Range<usize>>, message: &str) -> String {
    let at = span.map(|span| span.start);
    let before = at.and_then(|at| text.get(..at));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    let key =
        at.and_then(|at| key_at(text, at, line)).map(|key| format!(", key `{key}`")).unwrap_or_default();
    format!("line {line}{key}: {message}{}", suggestion(message))
}

/// Returns the message for an unknown name, in the form that [`describe`] suggests the nearest name for. It is also the form of
/// serde's own messages.
pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    format!("unknown {what} `{name}`, expected one of {}", known.join(", "))
}

/// Returns the message for an unknown name with the nearest known one, for a fault that is not serde's.
pub fn described_unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let message = unknown(what, name, known);
    format!("{message}{}", suggestion(&message))
}

/// Returns the suggestion for an unknown name, to be appended to the message. The message names the unknown one first
/// and the known ones after it, each in backticks.
fn suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    match names.next() {
        Some(unknown) if message.starts_with("unknown ") => did_you_mean(unknown, names),
        _ => String::new(),
    }
}

/// Returns `; did you mean `state`?` to append to a message, or an empty string if no name is close enough.
pub fn did_you_mean<'a>(name: &str, mut known: impl Iterator<Item = &'a str> + Clone) -> String {
    let meant = nearest(name, known.clone()).or_else(|| known.find(|known| begins(known, name)));
    meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// Returns whether a name of several words begins with these: `cancel` is short for `cancel-task`.
fn begins(name: &str, words: &str) -> bool {
    name.strip_prefix(words).is_some_and(|rest| !words.is_empty() && rest.starts_with('-'))
}

/// Returns the key that this byte belongs to, with the names of its tables. What is no TOML has the key that is on the line.
fn key_at(text: &str, at: usize, line: usize) -> Option<String> {
    match DeTable::parse(text) {
        Ok(table) => key_in(table.get_ref(), at),
        Err(_) => key_on(text, line),
    }
}

/// Returns the key in a table whose name or value has this byte. Values that are tables or lists are looked into.
fn key_in(table: &DeTable<'_>, at: usize) -> Option<String> {
    if let Some((key, _)) = table.iter().find(|(key, _)| key.span().contains(&at)) {
        return Some(shown(key.get_ref()));
    }
    table.iter().find_map(|(key, value)| {
        let within = key_within(value, at)?;
        Some(if within.is_empty() {
            shown(key.get_ref())
        } else {
            format!("{}.{within}", shown(key.get_ref()))
        })
    })
}

/// Returns the key in a value that has this byte; an empty one if it has none. `None` if the byte is elsewhere.
fn key_within(value: &Spanned<DeValue<'_>>, at: usize) -> Option<String> {
    let inner = match value.get_ref() {
        // The span of a table is its header, which its keys are not in.
        DeValue::Table(table) => key_in(table, at),
        DeValue::Array(values) => values.iter().find_map(|value| key_within(value, at)),
        _ => None,
    };
    inner.or_else(|| value.span().contains(&at).then(String::new))
}

/// Returns a key as it is written.
fn shown(key: &str) -> String {
    let is_bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if is_bare { key.to_owned() } else { format!("{key:?}") }
}

/// Returns the key on a line, with the name of its table.
fn key_on(text: &str, line: usize) -> Option<String> {
    let (key, _) = text.lines().nth(line - 1)?.split_once('=')?;
    let table = text.lines().take(line).filter_map(|line| line.trim().strip_prefix('[')?.split(']').next());
    Some(match table.last() {
        Some(table) => format!("{}.{}", table.trim(), key.trim()),
        None => key.trim().to_owned(),
    })
}

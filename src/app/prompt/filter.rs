//! Completes a filter: names of fields, and values that tasks have.

use super::completion::{Candidate, Completions, Note};
use crate::filter::{FIELDS, Field, Kind, Token, quoted};

/// A value that tasks have, and how many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Value {
    pub(in crate::app) text: String,
    pub(in crate::app) count: usize,
}

/// Useful ages: no task has a value of its own to offer.
const AGES: [&str; 6] = [">10m", ">1h", ">1d", "<1m", "<10m", "<1h"];
/// Useful numbers.
const NUMBERS: [&str; 3] = [">0", ">5", "0"];

/// Returns the completions at byte `cursor` of a filter. `values` returns what tasks have in a field.
pub(in crate::app) fn complete_filter(
    text: &str,
    cursor: usize,
    values: impl FnOnce(&'static Field) -> Vec<Value>,
) -> Completions {
    let Some(token) = Token::at(text, cursor) else { return Completions::default() };
    let Some(field) = token.field() else {
        return Completions::of("Fields", &token.typed, token.at, FIELDS.iter().map(name_of));
    };
    let title = format!("{}: {}", field.name, field.help);
    match field.kind {
        Kind::Age(_) => Completions::of(title, &token.typed, token.at, AGES.into_iter().map(example)),
        Kind::Number(_) => Completions::of(title, &token.typed, token.at, NUMBERS.into_iter().map(example)),
        _ => Completions::of(title, &token.typed, token.at, values(field).into_iter().map(value)),
    }
}

fn name_of(field: &Field) -> Candidate {
    let insert = format!("{}:", field.name);
    Candidate { label: field.name.to_owned(), insert, note: Note::Help(field.help.to_owned()) }
}

fn example(text: &str) -> Candidate {
    Candidate::with_help(text, "")
}

fn value(Value { text, count }: Value) -> Candidate {
    let insert = quoted(&text).into_owned();
    Candidate { label: text, insert, note: Note::Count(count) }
}

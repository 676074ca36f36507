//! Parses the text of a filter into terms.

use super::SyntaxError;
use super::field::{self, Field, Kind, Text};
use super::lexer::{self, Char};
use super::range::{Comparison, Range, duration_ns};
use super::smart_regex::SmartRegex;
use super::term::{States, Term, Test, Word};
use super::wildcard::Pattern;
use crate::model::{Cause, State, Stuck, TaskKind};
use crate::suggest::did_you_mean;

/// Who applies a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// The dashboard, which watches tasks and cells.
    Dashboard,
    /// A script, which sees only the tasks themselves.
    Script,
}

/// Returns the terms in the order they were typed.
pub(super) fn terms(text: &str, reader: Reader) -> Result<Vec<Term>, SyntaxError> {
    lexer::split(text)?.iter().map(|chars| term_for(reader, chars)).collect()
}

fn term_for(reader: Reader, chars: &[Char]) -> Result<Term, SyntaxError> {
    match term(chars)? {
        Term { test: Test::Stuck(_), .. } if reader == Reader::Script => {
            let instead = "use state:, age: and rejections: instead";
            error(chars, format!("Only the dashboard sees which tasks are stuck; {instead}"))
        }
        term => Ok(term),
    }
}

fn error<T>(at: &[Char], message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError::new(message.into(), lexer::span(at)))
}

/// The value of `stuck` for every way.
pub const ANY: &str = "any";

/// The value of `state` for a task that the BBS no longer holds.
pub const GONE: &str = "gone";

fn term(chars: &[Char]) -> Result<Term, SyntaxError> {
    let (negated, body) = match chars {
        [first, rest @ ..] if first.is('!') => (true, rest),
        _ => (false, chars),
    };
    let test = match body {
        [] => return error(chars, "Missing term after the !, for example !cell:cell-01"),
        [first, ..] if first.is('!') => return error(chars, "Use a single !"),
        [first, ..] if first.is_quote() => word(body)?,
        _ => match body.iter().position(|c| c.is(':')) {
            None => word(body)?,
            Some(colon) => field_test(body, colon)?,
        },
    };
    Ok(Term { negated, test })
}

fn word(chars: &[Char]) -> Result<Test, SyntaxError> {
    let word = |one: &[Char]| {
        let literals = literals(one);
        if literals.iter().all(String::is_empty) && literals.len() == 1 {
            return error(one, "The quotes are empty");
        }
        Ok(Word::new(Pattern::part(&literals)))
    };
    alternatives(chars, chars)?.map(word).collect::<Result<_, _>>().map(Test::Word)
}

fn field_test(chars: &[Char], colon: usize) -> Result<Test, SyntaxError> {
    let (head, value) = chars.split_at_checked(colon).unwrap_or_default();
    let value = value.get(1..).unwrap_or_default();
    let name = lexer::text(head);
    let Some(field) = field::find(&name) else {
        let problem = if name.is_empty() {
            "Missing field name before the colon.".to_owned()
        } else {
            let meant = did_you_mean(&name, field::FIELDS.iter().map(|field| field.name));
            format!("Unknown field \"{name}\".{meant}")
        };
        let problem = format!("{problem} (Quote text that contains a colon) Fields: {}", field::names());
        return error(if head.is_empty() { chars } else { head }, problem);
    };
    if value.is_empty() {
        return error(chars, format!("Missing value after {}:, for example {}", field.name, field.example));
    }
    match field.kind {
        Kind::Name(text) => text_test(text, value, chars, Pattern::name),
        Kind::Text(text) => text_test(text, value, chars, Pattern::part),
        Kind::State => {
            let each = alternatives(value, chars)?.map(states);
            each.reduce(|one, other| Ok(one?.union(other?))).unwrap_or_else(|| states(value)).map(Test::State)
        }
        Kind::Cause => {
            let found = alternatives(value, chars)?.map(causes);
            let found: Vec<_> = found.collect::<Result<_, _>>()?;
            Ok(Test::Cause(found.concat()))
        }
        Kind::Stuck => {
            let found = alternatives(value, chars)?.map(stuck);
            let found: Vec<_> = found.collect::<Result<_, _>>()?;
            Ok(Test::Stuck(found.concat()))
        }
        Kind::TaskKind => {
            let kinds = alternatives(value, chars)?.map(task_kind);
            kinds.collect::<Result<_, _>>().map(Test::TaskKind)
        }
        Kind::Flag(flag) => {
            let is = alternatives(value, chars)?.map(|one| yes_or_no(field, one));
            is.collect::<Result<_, _>>().map(|values| Test::Flag(flag, values))
        }
        Kind::Number(quantity) => {
            let ranges = alternatives(value, chars)?.map(|one| number(field, one));
            ranges.collect::<Result<_, _>>().map(|ranges| Test::Range(quantity, ranges))
        }
        Kind::Age(quantity) => {
            let ranges = alternatives(value, chars)?.map(|one| age(field, one));
            ranges.collect::<Result<_, _>>().map(|ranges| Test::Range(quantity, ranges))
        }
    }
}

fn text_test(
    text: Text,
    value: &[Char],
    whole: &[Char],
    pattern: fn(&[String]) -> Pattern,
) -> Result<Test, SyntaxError> {
    match value {
        [tilde] if tilde.is('~') => error(whole, "Missing regular expression after the ~"),
        [tilde, source @ ..] if tilde.is('~') => match SmartRegex::new(&lexer::text(source)) {
            Ok(regex) => Ok(Test::Regex(text, regex)),
            Err(problem) => error(source, format!("Invalid regular expression: {problem}")),
        },
        _ => {
            Ok(Test::Pattern(text, alternatives(value, whole)?.map(|one| pattern(&literals(one))).collect()))
        }
    }
}

/// Splits a value at each `|`. The error, for an empty alternative, points at `whole`.
fn alternatives<'a>(
    value: &'a [Char],
    whole: &[Char],
) -> Result<impl Iterator<Item = &'a [Char]> + use<'a>, SyntaxError> {
    let parts = || value.split(|c| c.is('|'));
    if parts().any(<[Char]>::is_empty) {
        return error(whole, "Missing value next to a |. (Quote text that contains a |)");
    }
    Ok(parts())
}

/// Returns the literals between the wildcards.
fn literals(chars: &[Char]) -> Vec<String> {
    chars.split(|c| c.is('*')).map(lexer::text).collect()
}

fn states(chars: &[Char]) -> Result<States, SyntaxError> {
    let text = lexer::text(chars).to_lowercase();
    let is_meant = |name: &str| !text.is_empty() && name.starts_with(&text);
    let found = States::matching(|name| is_meant(&name.to_lowercase()));
    let found = if is_meant(GONE) { found.union(States::GONE) } else { found };
    if found.is_empty() {
        let known = State::ALL.map(|state| state.to_string().to_lowercase());
        let known: Vec<_> = known.iter().map(String::as_str).chain([GONE]).collect();
        let meant = did_you_mean(&text, known.iter().copied());
        return error(chars, format!("Unknown state \"{text}\".{meant} States: {}", known.join(", ")));
    }
    Ok(found)
}

/// Returns the causes that begin with the text.
fn causes(chars: &[Char]) -> Result<Vec<Cause>, SyntaxError> {
    let text = lexer::text(chars).to_lowercase();
    let is_meant = |cause: &Cause| !text.is_empty() && cause.name().starts_with(&text);
    let found: Vec<_> = Cause::ALL.into_iter().filter(is_meant).collect();
    if found.is_empty() {
        let known = Cause::ALL.map(Cause::name);
        let meant = did_you_mean(&text, known);
        return error(chars, format!("Unknown cause \"{text}\".{meant} Causes: {}", known.join(", ")));
    }
    Ok(found)
}

/// Returns the ways to be stuck that begin with the text.
fn stuck(chars: &[Char]) -> Result<Vec<Stuck>, SyntaxError> {
    let text = lexer::text(chars).to_lowercase();
    let is_meant = |name: &str| !text.is_empty() && name.starts_with(&text);
    if is_meant(ANY) {
        return Ok(Stuck::ALL.to_vec());
    }
    let found: Vec<_> = Stuck::ALL.into_iter().filter(|kind| is_meant(kind.name())).collect();
    if found.is_empty() {
        let known: Vec<_> = [ANY].into_iter().chain(Stuck::ALL.map(Stuck::name)).collect();
        let meant = did_you_mean(&text, known.iter().copied());
        return error(chars, format!("Unknown value \"{text}\".{meant} Values: {}", known.join(", ")));
    }
    Ok(found)
}

fn task_kind(chars: &[Char]) -> Result<TaskKind, SyntaxError> {
    let text = lexer::text(chars).to_lowercase();
    let known = TaskKind::ALL.map(TaskKind::name);
    let is_meant = |kind: &TaskKind| !text.is_empty() && kind.name().starts_with(&text);
    if let Some(kind) = TaskKind::ALL.into_iter().find(is_meant) {
        return Ok(kind);
    }
    let meant = did_you_mean(&text, known);
    error(chars, format!("Unknown kind \"{text}\".{meant} Kinds: {}", known.join(", ")))
}

fn yes_or_no(field: &Field, chars: &[Char]) -> Result<bool, SyntaxError> {
    let text = lexer::text(chars).to_lowercase();
    let is = |words: [&str; 2]| !text.is_empty() && words.iter().any(|word| word.starts_with(&text));
    match (is(["true", "yes"]), is(["false", "no"])) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => error(chars, format!("{} must be true or false, not \"{text}\"", field.name)),
    }
}

fn number(field: &Field, chars: &[Char]) -> Result<Range, SyntaxError> {
    let text = lexer::text(chars);
    let (comparison, number) = Comparison::split(&text);
    match number.parse() {
        Ok(number) => Ok(Range::of(comparison, number)),
        Err(_) => error(chars, format!("{} takes a number, for example {}", field.name, field.example)),
    }
}

fn age(field: &Field, chars: &[Char]) -> Result<Range, SyntaxError> {
    let text = lexer::text(chars);
    let (comparison, bound) = Comparison::split(&text);
    let (name, example) = (field.name, field.example);
    match (comparison, duration_ns(bound)) {
        (Some(comparison), Some(bound)) => Ok(Range::of(Some(comparison), bound)),
        (None, Some(_)) => {
            error(chars, format!("{name} needs a comparison: <{text}, >{text}, <={text} or >={text}"))
        }
        (_, None) => error(
            chars,
            format!("{name} takes a duration with its unit (ms, s, m, h, d, y), for example {example}"),
        ),
    }
}

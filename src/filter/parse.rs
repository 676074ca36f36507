//! From a text to terms.

use super::SyntaxError;
use super::field::{self, Field, Kind, Text};
use super::lexer::{self, Glyph};
use super::range::{Comparison, Range, span};
use super::smart_regex::SmartRegex;
use super::term::{States, Term, Test, Word};
use super::wildcard::Pattern;
use crate::model::State;
use crate::suggest::did_you_mean;

/// The terms, in the order in which they are written.
pub(super) fn terms(text: &str) -> Result<Vec<Term>, SyntaxError> {
    lexer::split(text)?.iter().map(|glyphs| term(glyphs)).collect()
}

fn mistake<T>(at: &[Glyph], message: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError::new(message.into(), lexer::place(at)))
}

fn term(glyphs: &[Glyph]) -> Result<Term, SyntaxError> {
    let (negated, body) = match glyphs {
        [first, rest @ ..] if first.is('!') => (true, rest),
        _ => (false, glyphs),
    };
    let test = match body {
        [] => return mistake(glyphs, "A ! stands before what is not wanted, and nothing follows it."),
        [first, ..] if first.is('!') => return mistake(glyphs, "One ! is enough."),
        [first, ..] if first.is_quote() => word(body)?,
        _ => match body.iter().position(|glyph| glyph.is(':')) {
            None => word(body)?,
            Some(colon) => field_test(body, colon)?,
        },
    };
    Ok(Term { negated, test })
}

fn word(glyphs: &[Glyph]) -> Result<Test, SyntaxError> {
    let word = |one: &[Glyph]| {
        let literals = literals(one);
        if literals.iter().all(String::is_empty) && literals.len() == 1 {
            return mistake(one, "There is nothing between the quotes.");
        }
        Ok(Word::new(Pattern::part(&literals)))
    };
    alternatives(glyphs, glyphs)?.map(word).collect::<Result<_, _>>().map(Test::Word)
}

fn field_test(glyphs: &[Glyph], colon: usize) -> Result<Test, SyntaxError> {
    let (head, value) = glyphs.split_at_checked(colon).unwrap_or_default();
    let value = value.get(1..).unwrap_or_default();
    let name = lexer::text(head);
    let Some(field) = field::find(&name) else {
        let problem = if name.is_empty() {
            "There is no field before the colon.".to_owned()
        } else {
            let meant = did_you_mean(&name, field::FIELDS.iter().map(|field| field.name));
            format!("Unknown field \"{name}\".{meant}")
        };
        let problem =
            format!("{problem} Quote text that contains a colon. The fields are {}.", field::names());
        return mistake(if head.is_empty() { glyphs } else { head }, problem);
    };
    if value.is_empty() {
        return mistake(glyphs, format!("Nothing follows {}: write {}.", field.name, field.example));
    }
    match field.kind {
        Kind::Name(text) => text_test(text, value, glyphs, Pattern::name),
        Kind::Text(text) => text_test(text, value, glyphs, Pattern::part),
        Kind::State => {
            let each = alternatives(value, glyphs)?.map(states);
            each.reduce(|one, other| Ok(one?.and(other?))).unwrap_or_else(|| states(value)).map(Test::In)
        }
        Kind::Flag(flag) => {
            let is = alternatives(value, glyphs)?.map(|one| yes_or_no(field, one));
            is.collect::<Result<_, _>>().map(|values| Test::Is(flag, values))
        }
        Kind::Number(quantity) => {
            let ranges = alternatives(value, glyphs)?.map(|one| number(field, one));
            ranges.collect::<Result<_, _>>().map(|ranges| Test::Within(quantity, ranges))
        }
        Kind::Age(quantity) => {
            let ranges = alternatives(value, glyphs)?.map(|one| age(field, one));
            ranges.collect::<Result<_, _>>().map(|ranges| Test::Within(quantity, ranges))
        }
    }
}

fn text_test(
    text: Text,
    value: &[Glyph],
    whole: &[Glyph],
    pattern: fn(&[String]) -> Pattern,
) -> Result<Test, SyntaxError> {
    match value {
        [tilde] if tilde.is('~') => mistake(whole, "A regular expression follows the ~."),
        [tilde, source @ ..] if tilde.is('~') => match SmartRegex::new(&lexer::text(source)) {
            Ok(matching) => Ok(Test::Matches(text, matching)),
            Err(problem) => mistake(source, format!("The regular expression cannot be used: {problem}.")),
        },
        _ => Ok(Test::Like(text, alternatives(value, whole)?.map(|one| pattern(&literals(one))).collect())),
    }
}

/// What stands between the `|`; `whole` is what to point at if there is nothing.
fn alternatives<'a>(
    value: &'a [Glyph],
    whole: &[Glyph],
) -> Result<impl Iterator<Item = &'a [Glyph]> + use<'a>, SyntaxError> {
    let parts = || value.split(|glyph| glyph.is('|'));
    if parts().any(<[Glyph]>::is_empty) {
        return mistake(whole, "A | stands between two values: one is missing, or a quote around the |.");
    }
    Ok(parts())
}

/// What stands between the wildcards.
fn literals(glyphs: &[Glyph]) -> Vec<String> {
    glyphs.split(|glyph| glyph.is('*')).map(lexer::text).collect()
}

fn states(glyphs: &[Glyph]) -> Result<States, SyntaxError> {
    let text = lexer::text(glyphs).to_lowercase();
    let found = States::those(|name| !text.is_empty() && name.to_lowercase().starts_with(&text));
    if found.is_empty() {
        let names = State::ALL.map(|state| state.to_string().to_lowercase()).join(", ");
        let known = State::ALL.map(|state| state.to_string().to_lowercase());
        let meant = did_you_mean(&text, known.iter().map(String::as_str));
        return mistake(glyphs, format!("Unknown state \"{text}\".{meant} The states are {names}."));
    }
    Ok(found)
}

fn yes_or_no(field: &Field, glyphs: &[Glyph]) -> Result<bool, SyntaxError> {
    let text = lexer::text(glyphs).to_lowercase();
    let is = |words: [&str; 2]| !text.is_empty() && words.iter().any(|word| word.starts_with(&text));
    match (is(["true", "yes"]), is(["false", "no"])) {
        (true, _) => Ok(true),
        (_, true) => Ok(false),
        _ => mistake(glyphs, format!("{} is true or false, not {text}.", field.name)),
    }
}

fn number(field: &Field, glyphs: &[Glyph]) -> Result<Range, SyntaxError> {
    let text = lexer::text(glyphs);
    let (comparison, number) = Comparison::split(&text);
    match number.parse() {
        Ok(number) => Ok(Range::of(comparison, number)),
        Err(_) => mistake(glyphs, format!("{} is a number: write {}.", field.name, field.example)),
    }
}

fn age(field: &Field, glyphs: &[Glyph]) -> Result<Range, SyntaxError> {
    let text = lexer::text(glyphs);
    let (comparison, bound) = Comparison::split(&text);
    let (name, example) = (field.name, field.example);
    match (comparison, span(bound)) {
        (Some(comparison), Some(bound)) => Ok(Range::of(Some(comparison), bound)),
        (None, Some(_)) => mistake(glyphs, format!("{name} is compared: put <, >, <= or >= before {text}.")),
        (_, None) => mistake(
            glyphs,
            format!("{name} takes a span with its unit (ms, s, m, h, d, y): write {example}."),
        ),
    }
}

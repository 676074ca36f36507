//! Typed access to the fields of a JSON object. Errors contain the path: `action.run.args[2]: …`.

use std::cell::RefCell;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::ParseError;
use crate::bbs::json::path::PathSegment;
use crate::model::secret::MASK;

pub(super) type Parsed<T> = Result<T, ParseError>;

/// How to treat unknown keys and masked secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Strictness {
    /// Ignores unknown keys, as `cfdot` does.
    Lenient,
    /// Rejects unknown keys and masked secrets.
    Strict,
}

/// A JSON object, and the keys requested so far, which are the known keys.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    strictness: Strictness,
    requested: RefCell<Vec<String>>,
}

impl<'a> Fields<'a> {
    /// Parses an object with `read`, then checks for unknown keys.
    pub(super) fn parse<T>(
        value: &'a Value,
        strictness: Strictness,
        read: impl Fn(&Fields<'_>) -> Parsed<T>,
    ) -> Parsed<T> {
        let object = value.as_object().ok_or_else(|| type_mismatch("an object", value))?;
        let fields = Self { object, strictness, requested: RefCell::default() };
        let done = read(&fields)?;
        fields.check_keys()?;
        Ok(done)
    }

    fn note(&self, key: &str) {
        let mut requested = self.requested.borrow_mut();
        if !requested.iter().any(|known| known == key) {
            requested.push(key.to_owned());
        }
    }

    fn check_keys(&self) -> Parsed<()> {
        let requested = self.requested.borrow();
        let is_known = |key: &&String| requested.iter().any(|known| known.eq_ignore_ascii_case(key));
        match self.object.keys().find(|key| !is_known(key)) {
            Some(unknown) if self.strictness == Strictness::Strict => {
                let message = format!("unknown field; expected one of {}", requested.join(", "));
                Err(ParseError::new(message).within(PathSegment::Key(unknown.clone())))
            }
            _ => Ok(()),
        }
    }

    /// Accepts keys without reading them.
    pub(super) fn ignore(&self, keys: &[&str]) {
        for key in keys {
            self.note(key);
        }
    }

    /// Returns whether the key is present, even if its value is `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Parsed<Bytes> {
        self.read(key, |value| self.unmasked_text(value)).map(Option::unwrap_or_default)
    }

    pub(super) fn bool(&self, key: &str) -> Parsed<bool> {
        let read = |value: &Value| value.as_bool().ok_or_else(|| type_mismatch("a boolean", value));
        self.read(key, read).map(Option::unwrap_or_default)
    }

    pub(super) fn number<N: TryFrom<i128> + Default>(&self, key: &str) -> Parsed<N> {
        self.optional_number(key).map(Option::unwrap_or_default)
    }

    pub(super) fn optional_number<N: TryFrom<i128>>(&self, key: &str) -> Parsed<Option<N>> {
        self.read(key, number)
    }

    pub(super) fn texts(&self, key: &str) -> Parsed<Vec<Bytes>> {
        self.list(key, |value| self.unmasked_text(value))
    }

    pub(super) fn numbers<N: TryFrom<i128>>(&self, key: &str) -> Parsed<Vec<N>> {
        self.list(key, number)
    }

    pub(super) fn objects<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.list(key, |value| Fields::parse(value, self.strictness, &read))
    }

    pub(super) fn object<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Parsed<T>) -> Parsed<Option<T>> {
        self.read(key, |value| Fields::parse(value, self.strictness, &read))
    }

    /// Parses an object with arbitrary keys: all entries in the order of the keys.
    pub(super) fn map<T>(&self, key: &str, read: impl Fn(&str, &'a Value) -> Parsed<T>) -> Parsed<Vec<T>> {
        let entries = self.read(key, |value| {
            let entries = value.as_object().ok_or_else(|| type_mismatch("an object", value))?;
            let entry = |(key, value): (&String, &'a Value)| {
                read(key, value).map_err(|error| error.within(PathSegment::Key(key.clone())))
            };
            entries.iter().map(entry).collect()
        });
        entries.map(Option::unwrap_or_default)
    }

    /// Like [`Self::map`], with objects or `null` as values.
    pub(super) fn map_of_objects<T>(
        &self,
        key: &str,
        read: impl Fn(&str, Option<&Fields<'_>>) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        self.map(key, |name, value| match value {
            Value::Null => read(name, None),
            value => Fields::parse(value, self.strictness, |fields| read(name, Some(fields))),
        })
    }

    /// Parses an enumeration value: a name, or the decimal digits of an unknown number.
    pub(super) fn named(&self, key: &str, names: &[&str]) -> Parsed<i32> {
        let read = |value: &Value| {
            let name = value.as_str().ok_or_else(|| type_mismatch("a name", value))?;
            let known = names.iter().position(|known| *known == name);
            let number = known.and_then(|at| i32::try_from(at).ok()).or_else(|| name.parse().ok());
            number.ok_or_else(|| {
                ParseError::new(format!("unknown value {name:?}; expected one of {}", names.join(", ")))
            })
        };
        self.read(key, read).map(Option::unwrap_or_default)
    }

    fn unmasked_text(&self, value: &Value) -> Parsed<Bytes> {
        let is_masked = value.as_str().is_some_and(|text| text.contains(MASK));
        if is_masked && self.strictness == Strictness::Strict {
            return Err(ParseError::new("the value is masked; replace it with the actual secret"));
        }
        text(value)
    }

    fn list<T>(&self, key: &str, read: impl Fn(&'a Value) -> Parsed<T>) -> Parsed<Vec<T>> {
        let elements = self.read(key, |value| {
            let elements = value.as_array().ok_or_else(|| type_mismatch("an array", value))?;
            let element = |(at, value)| read(value).map_err(|error| error.within(PathSegment::Index(at)));
            elements.iter().enumerate().map(element).collect()
        });
        elements.map(Option::unwrap_or_default)
    }

    fn read<T>(&self, key: &str, read: impl Fn(&'a Value) -> Parsed<T>) -> Parsed<Option<T>> {
        match self.find(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => {
                read(value).map(Some).map_err(|error| error.within(PathSegment::Key(key.to_owned())))
            }
        }
    }

    /// Finds a key; like Go, falls back to a case-insensitive match.
    fn find(&self, key: &str) -> Option<&'a Value> {
        self.note(key);
        let any_case =
            || self.object.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        self.object.get(key).or_else(any_case)
    }
}

fn text(value: &Value) -> Parsed<Bytes> {
    let text = value.as_str().ok_or_else(|| type_mismatch("a string", value))?;
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}

fn number<N: TryFrom<i128>>(value: &Value) -> Parsed<N> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let whole = whole.ok_or_else(|| type_mismatch("a whole number", value))?;
    N::try_from(whole).map_err(|_| ParseError::new(format!("{whole} is out of range")))
}

pub(super) fn type_mismatch(expected: &str, value: &Value) -> ParseError {
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) => return ParseError::new(format!("expected {expected}, got {number}")),
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    ParseError::new(format!("expected {expected}, got {actual}"))
}

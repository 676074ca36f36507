//! The fields of one JSON object, read by their types. A mistake says where it is: `action.run.args[2]: …`.

use std::cell::RefCell;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::{ParseError, Place};
use crate::model::secret::MASK;

pub(super) type Read<T> = Result<T, ParseError>;

/// What becomes of what nobody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Keys that are not known are passed over, as `cfdot` does.
    Lenient,
    /// A key that is not known is a mistake, and so is a secret that was masked.
    Strict,
}

/// A JSON object, and the keys that it was asked for: those are the ones that are known.
pub(super) struct Fields<'a> {
    of: &'a Map<String, Value>,
    reading: Reading,
    asked: RefCell<Vec<String>>,
}

impl<'a> Fields<'a> {
    /// Reads the object whole.
    pub(super) fn whole<T>(
        value: &'a Value,
        reading: Reading,
        read: impl Fn(&Fields<'_>) -> Read<T>,
    ) -> Read<T> {
        let of = value.as_object().ok_or_else(|| wrong("an object", value))?;
        let fields = Self { of, reading, asked: RefCell::default() };
        let done = read(&fields)?;
        fields.check_keys()?;
        Ok(done)
    }

    fn note(&self, key: &str) {
        let mut asked = self.asked.borrow_mut();
        if !asked.iter().any(|known| known == key) {
            asked.push(key.to_owned());
        }
    }

    fn check_keys(&self) -> Read<()> {
        let asked = self.asked.borrow();
        let is_known = |key: &&String| asked.iter().any(|known| known.eq_ignore_ascii_case(key));
        match self.of.keys().find(|key| !is_known(key)) {
            Some(unknown) if self.reading == Reading::Strict => {
                let what = format!("there is no such field; there are {}", asked.join(", "));
                Err(ParseError::new(what).at(Place::Key(unknown.clone())))
            }
            _ => Ok(()),
        }
    }

    /// Takes keys for known that are of no use here.
    pub(super) fn pass_over(&self, keys: &[&str]) {
        for key in keys {
            self.note(key);
        }
    }

    /// Whether the key is there at all, be its value `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Read<Bytes> {
        self.read(key, |value| self.unmasked(value)).map(Option::unwrap_or_default)
    }

    pub(super) fn flag(&self, key: &str) -> Read<bool> {
        let read = |value: &Value| value.as_bool().ok_or_else(|| wrong("true or false", value));
        self.read(key, read).map(Option::unwrap_or_default)
    }

    pub(super) fn number<N: TryFrom<i128> + Default>(&self, key: &str) -> Read<N> {
        self.number_if_any(key).map(Option::unwrap_or_default)
    }

    pub(super) fn number_if_any<N: TryFrom<i128>>(&self, key: &str) -> Read<Option<N>> {
        self.read(key, number)
    }

    pub(super) fn texts(&self, key: &str) -> Read<Vec<Bytes>> {
        self.list(key, |value| self.unmasked(value))
    }

    pub(super) fn numbers<N: TryFrom<i128>>(&self, key: &str) -> Read<Vec<N>> {
        self.list(key, number)
    }

    pub(super) fn each<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Read<T>) -> Read<Vec<T>> {
        self.list(key, |value| Fields::whole(value, self.reading, &read))
    }

    pub(super) fn object<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Read<T>) -> Read<Option<T>> {
        self.read(key, |value| Fields::whole(value, self.reading, &read))
    }

    /// An object whose keys are a tenant's: every entry, in the order of the keys.
    pub(super) fn map<T>(&self, key: &str, read: impl Fn(&str, &'a Value) -> Read<T>) -> Read<Vec<T>> {
        let entries = self.read(key, |value| {
            let entries = value.as_object().ok_or_else(|| wrong("an object", value))?;
            let entry = |(key, value): (&String, &'a Value)| {
                read(key, value).map_err(|problem| problem.at(Place::Key(key.clone())))
            };
            entries.iter().map(entry).collect()
        });
        entries.map(Option::unwrap_or_default)
    }

    /// As [`Self::map`], whose values are objects.
    pub(super) fn map_of_objects<T>(
        &self,
        key: &str,
        read: impl Fn(&str, &Fields<'_>) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.map(key, |name, value| Fields::whole(value, self.reading, |of| read(name, of)))
    }

    /// An enumeration's value, by name or by the digits of a number that has none.
    pub(super) fn named(&self, key: &str, names: &[&str]) -> Read<i32> {
        let read = |value: &Value| {
            let name = value.as_str().ok_or_else(|| wrong("a name", value))?;
            let known = names.iter().position(|known| *known == name);
            let number = known.and_then(|at| i32::try_from(at).ok()).or_else(|| name.parse().ok());
            number.ok_or_else(|| ParseError::new(format!("{name:?} is none of {}", names.join(", "))))
        };
        self.read(key, read).map(Option::unwrap_or_default)
    }

    fn unmasked(&self, value: &Value) -> Read<Bytes> {
        let is_masked = value.as_str().is_some_and(|text| text.contains(MASK));
        if is_masked && self.reading == Reading::Strict {
            return Err(ParseError::new("it was masked when it was printed: the secret itself is wanted"));
        }
        text(value)
    }

    fn list<T>(&self, key: &str, read: impl Fn(&'a Value) -> Read<T>) -> Read<Vec<T>> {
        let elements = self.read(key, |value| {
            let elements = value.as_array().ok_or_else(|| wrong("an array", value))?;
            let at = |(at, value)| read(value).map_err(|problem| problem.at(Place::Index(at)));
            elements.iter().enumerate().map(at).collect()
        });
        elements.map(Option::unwrap_or_default)
    }

    fn read<T>(&self, key: &str, read: impl Fn(&'a Value) -> Read<T>) -> Read<Option<T>> {
        match self.find(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|problem| problem.at(Place::Key(key.to_owned()))),
        }
    }

    /// Go takes a key in any case, if it is not there exactly.
    fn find(&self, key: &str) -> Option<&'a Value> {
        self.note(key);
        let alike =
            || self.of.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        self.of.get(key).or_else(alike)
    }
}

fn text(value: &Value) -> Read<Bytes> {
    let text = value.as_str().ok_or_else(|| wrong("a string", value))?;
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}

fn number<N: TryFrom<i128>>(value: &Value) -> Read<N> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let whole = whole.ok_or_else(|| wrong("a whole number", value))?;
    N::try_from(whole).map_err(|_| ParseError::new(format!("{whole} is out of range")))
}

pub(super) fn wrong(wanted: &str, is: &Value) -> ParseError {
    let is = match is {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) => return ParseError::new(format!("{wanted} is wanted, not {number}")),
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    ParseError::new(format!("{wanted} is wanted, not {is}"))
}

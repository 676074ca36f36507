//! The fields of one JSON object, read by their types. A mistake says where it is: `action.run.args[2]: …`.

use std::fmt;

use bytes::Bytes;
use serde_json::{Map, Value};

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Problem {
    path: String,
    what: String,
}

pub(super) type Read<T> = Result<T, Problem>;

impl Problem {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }

    fn at(self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("{place}{dot}{}", self.path), what: self.what }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.what) } else { write!(f, "{}: {}", self.path, self.what) }
    }
}

/// A JSON object.
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    pub(super) fn of(value: &'a Value) -> Read<Self> {
        value.as_object().map(Self).ok_or_else(|| wrong("an object", value))
    }

    /// Whether the key is there at all, be its value `null`.
    pub(super) fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    pub(super) fn text(&self, key: &str) -> Read<Bytes> {
        self.read(key, text).map(Option::unwrap_or_default)
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
        self.list(key, text)
    }

    pub(super) fn numbers<N: TryFrom<i128>>(&self, key: &str) -> Read<Vec<N>> {
        self.list(key, number)
    }

    pub(super) fn each<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Read<T>) -> Read<Vec<T>> {
        self.list(key, |value| read(&Fields::of(value)?))
    }

    pub(super) fn object<T>(&self, key: &str, read: impl Fn(&Fields<'_>) -> Read<T>) -> Read<Option<T>> {
        self.read(key, |value| read(&Fields::of(value)?))
    }

    /// An object whose keys are a tenant's: every entry, in the order of the keys.
    pub(super) fn map<T>(&self, key: &str, read: impl Fn(&str, &Value) -> Read<T>) -> Read<Vec<T>> {
        let entries = self.read(key, |value| {
            let entries = value.as_object().ok_or_else(|| wrong("an object", value))?;
            entries.iter().map(|(key, value)| read(key, value).map_err(|problem| problem.at(key))).collect()
        });
        entries.map(Option::unwrap_or_default)
    }

    /// An enumeration's value, by name or by the digits of a number that has none.
    pub(super) fn named(&self, key: &str, names: &[&str]) -> Read<i32> {
        let read = |value: &Value| {
            let name = value.as_str().ok_or_else(|| wrong("a name", value))?;
            let known = names.iter().position(|known| *known == name);
            let number = known.and_then(|at| i32::try_from(at).ok()).or_else(|| name.parse().ok());
            number.ok_or_else(|| Problem::new(format!("{name:?} is none of {}", names.join(", "))))
        };
        self.read(key, read).map(Option::unwrap_or_default)
    }

    fn list<T>(&self, key: &str, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
        let elements = self.read(key, |value| {
            let elements = value.as_array().ok_or_else(|| wrong("an array", value))?;
            let at = |(at, value)| read(value).map_err(|problem| problem.at(&format!("[{at}]")));
            elements.iter().enumerate().map(at).collect()
        });
        elements.map(Option::unwrap_or_default)
    }

    fn read<T>(&self, key: &str, read: impl Fn(&'a Value) -> Read<T>) -> Read<Option<T>> {
        match self.find(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => read(value).map(Some).map_err(|problem| problem.at(key)),
        }
    }

    /// Go takes a key in any case, if it is not there exactly.
    fn find(&self, key: &str) -> Option<&'a Value> {
        let alike =
            || self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        self.0.get(key).or_else(alike)
    }
}

fn text(value: &Value) -> Read<Bytes> {
    let text = value.as_str().ok_or_else(|| wrong("a string", value))?;
    Ok(Bytes::copy_from_slice(text.as_bytes()))
}

fn number<N: TryFrom<i128>>(value: &Value) -> Read<N> {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let whole = whole.ok_or_else(|| wrong("a whole number", value))?;
    N::try_from(whole).map_err(|_| Problem::new(format!("{whole} is out of range")))
}

pub(super) fn wrong(wanted: &str, is: &Value) -> Problem {
    let is = match is {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) => return Problem::new(format!("{wanted} is wanted, not {number}")),
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    Problem::new(format!("{wanted} is wanted, not {is}"))
}

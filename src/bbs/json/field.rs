//! Types of the field tables in [`super::tables`]: the fields of a message in output order and how each is encoded.
//!
//! Must not read or write any data.

/// Field numbers are below this limit, so that a set of them fits in a word.
const FIELD_NUMBER_LIMIT: u32 = 32;

/// Maximum length of a key together with its default value, in bytes.
pub(super) const MAX_KEY_BYTES: usize = 40;

/// A message, encoded as a JSON object.
#[derive(Debug)]
pub(super) struct Message {
    /// Fields in output order, which is the order of their numbers.
    pub(super) fields: &'static [Field],
    /// Whether at most one field may be present.
    pub(super) one_of: bool,
    /// Bit set of the field numbers.
    numbers: u32,
}

/// A field of a message.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) key: Key,
    pub(super) kind: Kind,
    pub(super) when: When,
    /// Output for an absent field: nothing, or the key and the default value.
    pub(super) absent: Key,
}

/// A key with a leading comma, quotes and colon. The array has a fixed size, so that copying it takes few instructions.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) text: [u8; MAX_KEY_BYTES],
    pub(super) length: usize,
}

/// How the value of a field is encoded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A string that is a secret.
    Secret,
    /// A number.
    Number(Number),
    /// A `bool`.
    Bool,
    /// An enumeration as the name of its value; unknown numbers as decimal digits.
    Enum(&'static [&'static str]),
    /// An enumeration; unknown numbers as the empty string.
    KnownEnum(&'static [&'static str]),
    /// A message as an object.
    Object(&'static Message),
    /// The fields of the message, inlined into the enclosing object.
    Inline(&'static Message),
    /// An array of strings.
    Texts,
    /// An array of `uint32`.
    Uint32s,
    /// An array of objects.
    Objects(&'static Message),
    /// A map as an object. The message describes its entries: the key and the value.
    Map(&'static Message),
}

/// Number types; they determine the width and the sign of a varint.
#[derive(Debug, Clone, Copy)]
pub(super) enum Number {
    Int32,
    Int64,
    Uint32,
    Uint64,
}

/// When a field is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// Always; an absent field as empty or 0.
    Always,
    /// Unless it is empty or 0 (Go's `omitempty`).
    OmitEmpty,
    /// If it is present, even if it is empty or 0.
    IfPresent,
    /// Always; an absent field as `null`.
    OrNull,
}

impl Message {
    /// Creates a message.
    pub(super) const fn new(fields: &'static [Field]) -> Self {
        Self { fields, one_of: false, numbers: numbers(fields) }
    }

    /// Creates a message with at most one of these fields.
    pub(super) const fn one_of(fields: &'static [Field]) -> Self {
        Self { one_of: true, ..Self::new(fields) }
    }

    /// Returns whether the table has a field with this number.
    pub(super) const fn knows(&self, number: u32) -> bool {
        number < FIELD_NUMBER_LIMIT && self.numbers & (1 << number) != 0
    }
}

const fn numbers(fields: &[Field]) -> u32 {
    let (mut numbers, mut last, mut rest) = (0, 0, fields);
    while let Some((field, after)) = rest.split_first() {
        assert!(
            field.number > last && field.number < FIELD_NUMBER_LIMIT,
            "fields must be in the order of their numbers"
        );
        (numbers, last, rest) = (numbers | (1 << field.number), field.number, after);
    }
    numbers
}

impl Field {
    /// Creates a row of a table. `key` includes the punctuation; see [`Key`].
    pub(super) const fn new(when: When, number: u32, key: &'static str, kind: Kind) -> Self {
        let absent = match when {
            When::Always => kind.absent(Key::new(key)),
            When::OrNull => Key::new(key).concat("null"),
            When::OmitEmpty | When::IfPresent => Key::new(""),
        };
        Self { number, key: Key::new(key), kind, when, absent }
    }
}

impl Kind {
    /// Returns the key with the default value.
    #[expect(clippy::panic, reason = "evaluated at compile time: an invalid row fails the build")]
    const fn absent(&self, key: Key) -> Key {
        match self {
            Self::Text | Self::Secret | Self::KnownEnum(_) => key.concat(r#""""#),
            Self::Number(_) => key.concat("0"),
            Self::Bool => key.concat("false"),
            Self::Enum([first, ..]) => key.concat("\"").concat(first).concat("\""),
            _ => panic!("this kind has no default value"),
        }
    }
}

impl Key {
    const fn new(text: &str) -> Self {
        Self { text: [0; MAX_KEY_BYTES], length: 0 }.concat(text)
    }

    /// Returns the key without its punctuation.
    pub(super) fn name(&self) -> &str {
        let text = self.text.get(..self.length).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default().trim_matches([',', '"', ':'])
    }

    const fn concat(mut self, text: &str) -> Self {
        let (_, free) = self.text.split_at_mut(self.length);
        let (target, _) = free.split_at_mut(text.len());
        target.copy_from_slice(text.as_bytes());
        self.length += text.len();
        self
    }
}

/// Builds a table of fields; each row is: when to write it, field number, key, kind.
macro_rules! fields {
    ($($when:ident $number:literal $key:literal $kind:expr;)*) => {
        &[$($crate::bbs::json::field::Field::new(
            $crate::bbs::json::field::When::$when,
            $number,
            concat!(",\"", $key, "\":"),
            $kind,
        ),)*]
    };
}

pub(super) use fields;

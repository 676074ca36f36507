//! What the tables of [`super::tables`] are made of: a message's fields in the order in which they are printed, and
//! what becomes of each. Nothing is read or written here.

/// A field's number is below this, so that a set of them is one word.
const NUMBERS: u32 = 32;

/// The longest key of a table, and the longest one with what stands for a value that was not sent.
pub(super) const LONGEST_KEY: usize = 40;

/// A message, which is printed as an object.
#[derive(Debug)]
pub(super) struct Message {
    /// In the order in which they are printed, which is that of their numbers.
    pub(super) fields: &'static [Field],
    /// Whether only one field may come at all.
    pub(super) one_of: bool,
    /// The numbers in the table, a bit for each.
    numbers: u32,
}

/// A field and its key.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) key: Key,
    pub(super) kind: Kind,
    pub(super) when: When,
    /// What is printed if it was not sent: nothing, or the key and what that means.
    pub(super) unsent: Key,
}

/// A key with the comma before it, its quotes and its colon. All are equally long in memory, so that one is written in a
/// few instructions.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) text: [u8; LONGEST_KEY],
    pub(super) length: usize,
}

/// What a field's value becomes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A string.
    Text,
    /// A string that is a secret as a whole.
    Secret,
    /// A number of this type.
    Number(Number),
    /// A `bool`.
    Flag,
    /// An enumeration, by the names of its numbers; a number that has none (of a newer release) by its digits.
    Name(&'static [&'static str]),
    /// The same, but a number that has none is the empty string.
    KnownName(&'static [&'static str]),
    /// An object.
    Object(&'static Message),
    /// The fields of the message as fields of ours.
    Fields(&'static Message),
    /// An array of strings.
    Texts,
    /// An array of `uint32`.
    Uint32s,
    /// An array of objects.
    Objects(&'static Message),
    /// A map as an object, of its entries, whose first row is the key and whose second one is the value.
    Map(&'static Message),
}

/// The types of numbers, which tell how many bits of a varint count, and its sign.
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
    /// Always: what was not received is empty, or 0.
    Always,
    /// `omitempty`: not if it is empty, or 0.
    IfAny,
    /// If it was received, even if it is empty, or 0.
    IfSent,
    /// Always: what was not received is `null`.
    OrNull,
}

impl Message {
    /// The message of these fields.
    pub(super) const fn of(fields: &'static [Field]) -> Self {
        Self { fields, one_of: false, numbers: numbers(fields) }
    }

    /// The message of which one of these fields is there.
    pub(super) const fn one_of(fields: &'static [Field]) -> Self {
        Self { one_of: true, ..Self::of(fields) }
    }

    /// Whether a field of this number stands in the table.
    pub(super) const fn knows(&self, number: u32) -> bool {
        number < NUMBERS && self.numbers & (1 << number) != 0
    }
}

const fn numbers(fields: &[Field]) -> u32 {
    let (mut numbers, mut last, mut rest) = (0, 0, fields);
    while let Some((field, after)) = rest.split_first() {
        assert!(field.number > last && field.number < NUMBERS, "rows are in the order of their numbers");
        (numbers, last, rest) = (numbers | (1 << field.number), field.number, after);
    }
    numbers
}

impl Field {
    /// The row of a table; `key` is as in [`Key`].
    pub(super) const fn new(when: When, number: u32, key: &'static str, kind: Kind) -> Self {
        let unsent = match when {
            When::Always => kind.unsent(Key::of(key)),
            When::OrNull => Key::of(key).and("null"),
            When::IfAny | When::IfSent => Key::of(""),
        };
        Self { number, key: Key::of(key), kind, when, unsent }
    }
}

impl Kind {
    /// The key and what stands for a value that was not sent.
    #[expect(clippy::panic, reason = "it ends the build: a row that makes no sense")]
    const fn unsent(&self, key: Key) -> Key {
        match self {
            Self::Text | Self::Secret | Self::KnownName(_) => key.and(r#""""#),
            Self::Number(_) => key.and("0"),
            Self::Flag => key.and("false"),
            Self::Name([first, ..]) => key.and("\"").and(first).and("\""),
            _ => panic!("nothing stands for this one"),
        }
    }
}

impl Key {
    const fn of(text: &str) -> Self {
        Self { text: [0; LONGEST_KEY], length: 0 }.and(text)
    }

    const fn and(mut self, text: &str) -> Self {
        let (_, free) = self.text.split_at_mut(self.length);
        let (place, _) = free.split_at_mut(text.len());
        place.copy_from_slice(text.as_bytes());
        self.length += text.len();
        self
    }
}

/// Fields in the order in which they are printed, each by when it is, its number, its key and its kind.
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

//! Encodes protobuf bytes as JSON objects by the tables of [`super::tables`], in one pass without intermediate values:
//! lists have 100,000 tasks.

use super::buffer::JsonBuffer;
use super::field::{Field, Kind, Message, Number, When};
use super::scan::{Span, Unsupported, WireValue};
use super::text::{text, text_span};
use crate::model::secret::{MASK, mask_urls};

/// The entries of most maps fit without growing: Cloud Controller sends seven metric tags and five network properties.
const USUAL_ENTRIES: usize = 8;

/// How to write secrets: values of environment variables, passwords, mount configurations, contents of files, and
/// credentials in URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// In clear text, as `cfdot` does.
    Shown,
    /// Replaced by a mask.
    Masked,
}

/// Maximum nesting depth of messages (actions can contain actions). Equals prost's limit: 100 nested in the outer one.
const MAX_DEPTH: usize = 101;

/// Appends a message as an object. Appends nothing if the encoding is unsupported.
pub(super) fn write(
    out: &mut JsonBuffer,
    span: &Span<'_>,
    message: &Message,
    secrets: Secrets,
) -> Result<(), Unsupported> {
    let start = out.len();
    let mut writer = Writer { out, secrets, depth: 0 };
    let written = writer.object(span, message);
    if written.is_err() {
        out.truncate(start);
    }
    written
}

struct Writer<'a> {
    out: &'a mut JsonBuffer,
    secrets: Secrets,
    depth: usize,
}

impl Writer<'_> {
    fn object(&mut self, span: &Span<'_>, message: &Message) -> Result<(), Unsupported> {
        let start = self.out.len();
        self.fields(span, message)?;
        self.out.enclose(start, *b"{}");
        Ok(())
    }

    /// Merges the fields of the message with the rows of the table. Both are in the order of field numbers, so one pass is
    /// enough. A field that is out of order or repeated is unsupported.
    fn fields(&mut self, span: &Span<'_>, message: &Message) -> Result<(), Unsupported> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Unsupported);
        }
        let (mut rest, mut rows) = (*span, message.fields);
        while !rest.is_empty() {
            let (number, value) = rest.next_field()?;
            while let [field, later @ ..] = rows
                && field.number < number
            {
                self.out.key(&field.absent);
                rows = later;
            }
            match rows {
                [field, later @ ..] if field.number == number => {
                    self.field(field, &value, &mut rest)?;
                    rows = if message.one_of { &[] } else { later };
                }
                _ if message.knows(number) => return Err(Unsupported),
                _ => {}
            }
        }
        for field in rows {
            self.out.key(&field.absent);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes a field that is present. If it is repeated, also takes the following values from `rest`.
    fn field<'a>(
        &mut self,
        field: &Field,
        value: &WireValue<'a>,
        rest: &mut Span<'a>,
    ) -> Result<(), Unsupported> {
        match field.kind {
            Kind::Inline(message) => return self.fields(value.bytes()?, message),
            _ if field.when == When::OmitEmpty && is_default(field.kind, value) => return Ok(()),
            _ => self.out.key(&field.key),
        }
        match field.kind {
            Kind::Objects(_) | Kind::Texts | Kind::Uint32s => self.array(field, value, rest),
            Kind::Map(entry) => self.map(field, entry, value, rest),
            kind => self.value(kind, value),
        }
    }

    /// Writes a single value or an element of a repeated field.
    fn value(&mut self, kind: Kind, value: &WireValue<'_>) -> Result<(), Unsupported> {
        match kind {
            Kind::Text | Kind::Texts => self.text(value.bytes()?),
            Kind::Secret => self.secret(value.bytes()?),
            Kind::Number(number_type) => self.number(number_type, value.varint()?),
            Kind::Uint32s => self.number(Number::Uint32, value.varint()?),
            Kind::Bool => self.out.put(if value.varint()? == 0 { b"false" } else { b"true" }),
            Kind::Enum(names) => self.enumeration(names, value.varint()?),
            Kind::KnownEnum(names) => {
                text(self.out, enum_name(names, value.varint()?).unwrap_or_default().as_bytes());
            }
            Kind::Object(message) | Kind::Objects(message) => return self.object(value.bytes()?, message),
            // These are not single values.
            Kind::Inline(_) | Kind::Map(_) => return Err(Unsupported),
        }
        Ok(())
    }

    fn array(
        &mut self,
        field: &Field,
        first: &WireValue<'_>,
        rest: &mut Span<'_>,
    ) -> Result<(), Unsupported> {
        let start = self.out.len();
        self.out.byte(b',');
        self.value(field.kind, first)?;
        while let Some(next) = next_repeated(field, rest)? {
            self.out.byte(b',');
            self.value(field.kind, &next)?;
        }
        self.out.enclose(start, *b"[]");
        Ok(())
    }

    /// Writes the entries sorted by key. If a key is repeated, the last entry wins.
    fn map<'a>(
        &mut self,
        field: &Field,
        entry: &Message,
        first: &WireValue<'a>,
        rest: &mut Span<'a>,
    ) -> Result<(), Unsupported> {
        let mut entries = Vec::with_capacity(USUAL_ENTRIES);
        entries.push(key_and_value(first.bytes()?)?);
        while let Some(next) = next_repeated(field, rest)? {
            entries.push(key_and_value(next.bytes()?)?);
        }
        // Reversing before the stable sort makes `dedup_by` keep the last entry of each key.
        entries.reverse();
        entries.sort_by(|(a, _), (b, _)| a.bytes().cmp(b.bytes()));
        entries.dedup_by(|(later, _), (kept, _)| later.bytes() == kept.bytes());
        let [_, value_field] = entry.fields else { return Err(Unsupported) };
        let start = self.out.len();
        for (key, value) in entries {
            self.out.byte(b',');
            text_span(self.out, &key);
            self.out.byte(b':');
            match value {
                Some(value) => self.value(value_field.kind, &value)?,
                None if value_field.when == When::OrNull => self.out.put(b"null"),
                None => self.out.put(br#""""#),
            }
        }
        self.out.enclose(start, *b"{}");
        Ok(())
    }

    fn text(&mut self, span: &Span<'_>) {
        let read = || String::from_utf8_lossy(span.bytes());
        match (self.secrets == Secrets::Masked).then(read).and_then(|text| mask_urls(&text)) {
            Some(masked) => text(self.out, masked.as_bytes()),
            None => text_span(self.out, span),
        }
    }

    /// Writes a secret. An empty one is not masked: its absence is not secret.
    fn secret(&mut self, span: &Span<'_>) {
        match self.secrets {
            Secrets::Masked if !span.is_empty() => text(self.out, MASK.as_bytes()),
            Secrets::Masked | Secrets::Shown => text_span(self.out, span),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "protobuf truncates to 32 bits")]
    fn number(&mut self, number_type: Number, number: u64) {
        match number_type {
            Number::Int32 => self.digits(number as i32),
            Number::Int64 => self.digits(number.cast_signed()),
            Number::Uint32 => self.digits(number as u32),
            Number::Uint64 => self.digits(number),
        }
    }

    fn digits(&mut self, number: impl itoa::Integer) {
        self.out.put(itoa::Buffer::new().format(number).as_bytes());
    }

    #[expect(clippy::cast_possible_truncation, reason = "protobuf enumerations are int32")]
    fn enumeration(&mut self, names: &[&str], number: u64) {
        match enum_name(names, number) {
            Some(name) => text(self.out, name.as_bytes()),
            None => text(self.out, itoa::Buffer::new().format(number as i32).as_bytes()),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "protobuf enumerations are int32")]
fn enum_name<'a>(names: &[&'a str], number: u64) -> Option<&'a str> {
    usize::try_from(number as i32).ok().and_then(|at| names.get(at)).copied()
}

/// Takes the next value if it belongs to the same field.
#[inline]
fn next_repeated<'a>(field: &Field, rest: &mut Span<'a>) -> Result<Option<WireValue<'a>>, Unsupported> {
    let mut after = *rest;
    if after.is_empty() {
        return Ok(None);
    }
    let (number, value) = after.next_field()?;
    if number != field.number {
        return Ok(None);
    }
    *rest = after;
    Ok(Some(value))
}

/// Splits a map entry into its key and value.
fn key_and_value<'a>(entry: &Span<'a>) -> Result<(Span<'a>, Option<WireValue<'a>>), Unsupported> {
    let (mut rest, mut key, mut value) = (*entry, Span::all(&[]), None);
    while !rest.is_empty() {
        match rest.next_field()? {
            (1, received) if key.is_empty() => key = *received.bytes()?,
            (2, received) if value.is_none() => value = Some(received),
            (1 | 2, _) => return Err(Unsupported),
            _ => {}
        }
    }
    Ok((key, value))
}

/// Returns whether the value equals the field's default.
#[expect(clippy::cast_possible_truncation, reason = "protobuf truncates to 32 bits")]
fn is_default(kind: Kind, value: &WireValue<'_>) -> bool {
    match (kind, value) {
        (Kind::Text | Kind::Secret, WireValue::Bytes(span)) => span.is_empty(),
        (
            Kind::Number(Number::Int32 | Number::Uint32) | Kind::Enum(_) | Kind::KnownEnum(_),
            WireValue::Varint(number),
        ) => *number as u32 == 0,
        (Kind::Number(_) | Kind::Bool, WireValue::Varint(number)) => *number == 0,
        _ => false,
    }
}

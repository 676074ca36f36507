//! From a message's bytes to its object, by the tables of [`super::tables`]: nothing is held in between, since of a list
//! there are a hundred thousand.

use super::buffer::JsonBuffer;
use super::field::{Field, Kind, Message, Number, When};
use super::scan::{Span, Unsupported, WireValue};
use super::text::{span, text};
use crate::model::secret::{MASK, mask_urls};

/// What becomes of the values of environment variables, passwords, mount configurations, the content of files, and
/// of what lets somebody in within a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secrets {
    /// They are written, as `cfdot` does.
    Shown,
    /// A mask is written in their place.
    Masked,
}

/// Actions stand within actions; prost reads a message, and a hundred one in the other within it.
const DEEPEST: usize = 101;

/// Appends the object of the message; nothing, if it is unusual.
pub(super) fn write(
    out: &mut JsonBuffer,
    of: &Span<'_>,
    message: &Message,
    secrets: Secrets,
) -> Result<(), Unsupported> {
    let start = out.len();
    let mut writer = Writer { out, secrets, depth: 0 };
    let written = writer.object(of, message);
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
    fn object(&mut self, of: &Span<'_>, message: &Message) -> Result<(), Unsupported> {
        let start = self.out.len();
        self.fields(of, message)?;
        self.out.enclose(start, *b"{}");
        Ok(())
    }

    /// Both the fields that were sent and the rows of the table come in the order of their numbers, so that one pass over
    /// both is enough. A field that comes too late, or twice, is unusual.
    fn fields(&mut self, of: &Span<'_>, message: &Message) -> Result<(), Unsupported> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Unsupported);
        }
        let (mut rest, mut rows) = (*of, message.fields);
        while !rest.is_empty() {
            let (number, sent) = rest.take()?;
            while let [field, later @ ..] = rows
                && field.number < number
            {
                self.out.key(&field.unsent);
                rows = later;
            }
            match rows {
                [field, later @ ..] if field.number == number => {
                    self.field(field, &sent, &mut rest)?;
                    rows = if message.one_of { &[] } else { later };
                }
                _ if message.knows(number) => return Err(Unsupported),
                _ => {}
            }
        }
        for field in rows {
            self.out.key(&field.unsent);
        }
        self.depth -= 1;
        Ok(())
    }

    /// Writes a field that was sent; of one that is repeated, those that follow in `rest` too.
    fn field<'a>(
        &mut self,
        field: &Field,
        sent: &WireValue<'a>,
        rest: &mut Span<'a>,
    ) -> Result<(), Unsupported> {
        match field.kind {
            Kind::Fields(message) => return self.fields(sent.bytes()?, message),
            _ if field.when == When::IfAny && is_nothing(field.kind, sent) => return Ok(()),
            _ => self.out.key(&field.key),
        }
        match field.kind {
            Kind::Objects(_) | Kind::Texts | Kind::Uint32s => self.array(field, sent, rest),
            Kind::Map(entry) => self.map(field, entry, sent, rest),
            kind => self.value(kind, sent),
        }
    }

    /// Writes one value; of a repeated field it is an element.
    fn value(&mut self, kind: Kind, sent: &WireValue<'_>) -> Result<(), Unsupported> {
        match kind {
            Kind::Text | Kind::Texts => self.text(sent.bytes()?),
            Kind::Secret => self.secret(sent.bytes()?),
            Kind::Number(of) => self.number(of, sent.varint()?),
            Kind::Uint32s => self.number(Number::Uint32, sent.varint()?),
            Kind::Flag => self.out.put(if sent.varint()? == 0 { b"false" } else { b"true" }),
            Kind::Name(names) => self.name(names, sent.varint()?),
            Kind::KnownName(names) => {
                text(self.out, name(names, sent.varint()?).unwrap_or_default().as_bytes());
            }
            Kind::Object(message) | Kind::Objects(message) => return self.object(sent.bytes()?, message),
            // Neither is one value.
            Kind::Fields(_) | Kind::Map(_) => return Err(Unsupported),
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
        while let Some(sent) = more(field, rest)? {
            self.out.byte(b',');
            self.value(field.kind, &sent)?;
        }
        self.out.enclose(start, *b"[]");
        Ok(())
    }

    /// The entries sorted by their keys; of two with the same key the later one counts.
    fn map<'a>(
        &mut self,
        field: &Field,
        entry: &Message,
        first: &WireValue<'a>,
        rest: &mut Span<'a>,
    ) -> Result<(), Unsupported> {
        let mut entries = vec![key_and_value(first.bytes()?)?];
        while let Some(sent) = more(field, rest)? {
            entries.push(key_and_value(sent.bytes()?)?);
        }
        // Backwards and stable, so that the last of each key is the first that is kept.
        entries.reverse();
        entries.sort_by(|(one, _), (other, _)| one.bytes().cmp(other.bytes()));
        entries.dedup_by(|(later, _), (kept, _)| later.bytes() == kept.bytes());
        let [_, value] = entry.fields else { return Err(Unsupported) };
        let start = self.out.len();
        for (key, sent) in entries {
            self.out.byte(b',');
            span(self.out, &key);
            self.out.byte(b':');
            match sent {
                Some(sent) => self.value(value.kind, &sent)?,
                None if value.when == When::OrNull => self.out.put(b"null"),
                None => self.out.put(br#""""#),
            }
        }
        self.out.enclose(start, *b"{}");
        Ok(())
    }

    fn text(&mut self, of: &Span<'_>) {
        let read = || String::from_utf8_lossy(of.bytes());
        match (self.secrets == Secrets::Masked).then(read).and_then(|of| mask_urls(&of)) {
            Some(masked) => text(self.out, masked.as_bytes()),
            None => span(self.out, of),
        }
    }

    /// That there is none is no secret.
    fn secret(&mut self, of: &Span<'_>) {
        match self.secrets {
            Secrets::Masked if !of.is_empty() => text(self.out, MASK.as_bytes()),
            Secrets::Masked | Secrets::Shown => span(self.out, of),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "as protobuf has it")]
    fn number(&mut self, of: Number, number: u64) {
        match of {
            Number::Int32 => self.digits(number as i32),
            Number::Int64 => self.digits(number.cast_signed()),
            Number::Uint32 => self.digits(number as u32),
            Number::Uint64 => self.digits(number),
        }
    }

    fn digits(&mut self, of: impl itoa::Integer) {
        self.out.put(itoa::Buffer::new().format(of).as_bytes());
    }

    #[expect(clippy::cast_possible_truncation, reason = "an enumeration is an int32")]
    fn name(&mut self, names: &[&str], number: u64) {
        match name(names, number) {
            Some(name) => text(self.out, name.as_bytes()),
            None => text(self.out, itoa::Buffer::new().format(number as i32).as_bytes()),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "an enumeration is an int32")]
fn name<'a>(names: &[&'a str], number: u64) -> Option<&'a str> {
    usize::try_from(number as i32).ok().and_then(|at| names.get(at)).copied()
}

/// The next value of the same field, if that is what follows.
#[inline]
fn more<'a>(field: &Field, rest: &mut Span<'a>) -> Result<Option<WireValue<'a>>, Unsupported> {
    let mut after = *rest;
    if after.is_empty() {
        return Ok(None);
    }
    let (number, sent) = after.take()?;
    if number != field.number {
        return Ok(None);
    }
    *rest = after;
    Ok(Some(sent))
}

/// What is in an entry of a map.
fn key_and_value<'a>(of: &Span<'a>) -> Result<(Span<'a>, Option<WireValue<'a>>), Unsupported> {
    let (mut rest, mut key, mut value) = (*of, Span::all(&[]), None);
    while !rest.is_empty() {
        match rest.take()? {
            (1, sent) if key.is_empty() => key = *sent.bytes()?,
            (2, sent) if value.is_none() => value = Some(sent),
            (1 | 2, _) => return Err(Unsupported),
            _ => {}
        }
    }
    Ok((key, value))
}

/// Whether what was sent is what nothing would mean.
#[expect(clippy::cast_possible_truncation, reason = "as protobuf has it")]
fn is_nothing(kind: Kind, sent: &WireValue<'_>) -> bool {
    match (kind, sent) {
        (Kind::Text | Kind::Secret, WireValue::Bytes(of)) => of.is_empty(),
        (
            Kind::Number(Number::Int32 | Number::Uint32) | Kind::Name(_) | Kind::KnownName(_),
            WireValue::Varint(number),
        ) => *number as u32 == 0,
        (Kind::Number(_) | Kind::Flag, WireValue::Varint(number)) => *number == 0,
        _ => false,
    }
}

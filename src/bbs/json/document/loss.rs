//! What of an encoded definition its JSON form does not show, and a copy by way of JSON would lose.

use crate::bbs::json::field::{Field, Kind, Message};
use crate::bbs::json::path::JsonPath;
use crate::bbs::json::scan::{Span, Unsupported, WireValue};
use crate::bbs::json::tables::DEFINITION;
use crate::model::RawDefinition;

/// The most losses that are listed.
const MAX_LOSSES: usize = 12;

/// Returns the parts of a definition that its JSON form does not show.
pub fn losses(definition: &RawDefinition) -> Vec<String> {
    let mut losses = Losses(Vec::new());
    if losses.message(Span::all(definition.as_bytes()), &DEFINITION, &JsonPath::default()).is_err() {
        losses.add("parts in an encoding that is not usual".to_owned());
    }
    losses.0
}

struct Losses(Vec<String>);

impl Losses {
    fn add(&mut self, what: String) {
        if self.0.len() < MAX_LOSSES && !self.0.contains(&what) {
            self.0.push(what);
        }
    }

    fn message(&mut self, mut span: Span<'_>, message: &Message, path: &JsonPath) -> Result<(), Unsupported> {
        let mut counts = [0; 32];
        while !span.is_empty() {
            let (number, value) = span.next_field()?;
            let Some(field) = message.fields.iter().find(|field| field.number == number) else {
                let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
                self.add(format!("{place}field {number}, of a newer release"));
                continue;
            };
            let count = counts.get_mut(usize::try_from(number).unwrap_or_default()).ok_or(Unsupported)?;
            self.field(field, &value, path, *count)?;
            *count += 1;
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: &Field,
        value: &WireValue<'_>,
        path: &JsonPath,
        at: usize,
    ) -> Result<(), Unsupported> {
        let path = path.key(field.key.name());
        match field.kind {
            Kind::Text | Kind::Secret => self.text(value, &path)?,
            Kind::Texts => self.text(value, &path.index(at))?,
            Kind::Object(message) | Kind::Inline(message) => self.message(*value.bytes()?, message, &path)?,
            Kind::Objects(message) => self.message(*value.bytes()?, message, &path.index(at))?,
            Kind::Map(entry) => self.message(*value.bytes()?, entry, &path.index(at))?,
            Kind::KnownEnum(names) => self.enumeration(names, value, &path)?,
            Kind::Number(_) | Kind::Bool | Kind::Enum(_) | Kind::Uint32s => {}
        }
        Ok(())
    }

    fn text(&mut self, value: &WireValue<'_>, path: &JsonPath) -> Result<(), Unsupported> {
        if std::str::from_utf8(value.bytes()?.bytes()).is_err() {
            self.add(format!("{path}: bytes that are not UTF-8, replaced by U+FFFD"));
        }
        Ok(())
    }

    fn enumeration(
        &mut self,
        names: &[&str],
        value: &WireValue<'_>,
        path: &JsonPath,
    ) -> Result<(), Unsupported> {
        let number = value.varint()?;
        if usize::try_from(number).is_ok_and(|at| at >= names.len()) {
            self.add(format!("{path}: value {number}, of a newer release"));
        }
        Ok(())
    }
}

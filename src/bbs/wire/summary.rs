//! Reads the few fields of a definition that columns show, without decoding the rest.
//!
//! Field numbers are those of `TaskDefinition` in `proto/`.

use std::borrow::Cow;

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::decode_task::text;
use crate::model::{DefinitionSummary, RawDefinition};

const DISK_MB: u32 = 4;
const MEMORY_MB: u32 = 5;
const LOG_GUID: u32 = 9;
const CALLBACK_URL: u32 = 12;
const ANNOTATION: u32 = 13;

/// Reads the summary of an encoded definition. Stops at bytes that cannot be read; what follows them stays empty.
pub fn read_summary(definition: &RawDefinition) -> DefinitionSummary<'_> {
    let mut summary = DefinitionSummary::default();
    let mut rest = definition.as_bytes();
    while let Some(field) = next_field(&mut rest) {
        match field {
            Field::Number(MEMORY_MB, value) => summary.memory_mb = value,
            Field::Number(DISK_MB, value) => summary.disk_mb = value,
            Field::Text(LOG_GUID, value) => summary.log_guid = value,
            Field::Text(CALLBACK_URL, value) => summary.callback_url = value,
            Field::Text(ANNOTATION, value) => summary.annotation = value,
            Field::Number(..) | Field::Text(..) | Field::Other => {}
        }
    }
    summary
}

/// A field of a definition.
enum Field<'a> {
    Number(u32, i32),
    Text(u32, Cow<'a, str>),
    Other,
}

/// Takes the next field off `rest`; none at its end and at bytes that cannot be read.
fn next_field<'a>(rest: &mut &'a [u8]) -> Option<Field<'a>> {
    let (number, wire_type) = decode_key(rest).ok()?;
    Some(match (number, wire_type) {
        (DISK_MB | MEMORY_MB, WireType::Varint) => {
            #[expect(clippy::cast_possible_truncation, reason = "protobuf truncates to 32 bits")]
            let value = decode_varint(rest).ok()? as i32;
            Field::Number(number, value)
        }
        (LOG_GUID | CALLBACK_URL | ANNOTATION, WireType::LengthDelimited) => {
            Field::Text(number, String::from_utf8_lossy(text(rest, wire_type).ok()?))
        }
        _ => {
            skip_field(wire_type, number, rest, DecodeContext::default()).ok()?;
            Field::Other
        }
    })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;
    use prost::Message as _;

    use super::super::{EnvironmentVariable, TaskDefinition};
    use super::*;

    fn definition() -> TaskDefinition {
        let variable = EnvironmentVariable { name: "A".into(), value: "annotation".into() };
        TaskDefinition {
            root_fs: "preloaded:cflinuxfs4".into(),
            environment_variables: vec![variable],
            memory_mb: 512,
            disk_mb: 2_048,
            log_guid: "app-guid".into(),
            metrics_guid: "other".into(),
            completion_callback_url: "https://cc.internal/done".into(),
            annotation: "mine".into(),
            ..TaskDefinition::default()
        }
    }

    fn raw(definition: &TaskDefinition) -> RawDefinition {
        RawDefinition::new(&definition.encode_to_vec())
    }

    #[test]
    fn the_fields_are_those_of_the_decoded_definition() {
        let raw = raw(&definition());
        let expected = DefinitionSummary {
            memory_mb: 512,
            disk_mb: 2_048,
            log_guid: "app-guid".into(),
            callback_url: "https://cc.internal/done".into(),
            annotation: "mine".into(),
        };
        assert_eq!(read_summary(&raw), expected);
        assert_eq!(read_summary(&RawDefinition::default()), DefinitionSummary::default());
    }

    #[test]
    fn a_text_that_is_no_utf_8_is_shown_all_the_same() {
        let raw = raw(&TaskDefinition { annotation: Bytes::from_static(b"a\xff"), ..definition() });
        assert_eq!(read_summary(&raw).annotation, "a\u{fffd}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn bytes_of_any_kind_are_read(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            read_summary(&RawDefinition::new(&bytes));
        }
    }
}

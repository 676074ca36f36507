//! Reads the few fields of a definition that columns show, without decoding the rest.
//!
//! Field numbers are those of `TaskDefinition` in `proto/`.

use super::fields::{Fields, Value};
use crate::model::{DefinitionSummary, RawDefinition};

const DISK_MB: u32 = 4;
const MEMORY_MB: u32 = 5;
const LOG_GUID: u32 = 9;
const CALLBACK_URL: u32 = 12;
const ANNOTATION: u32 = 13;

/// Reads the summary of an encoded definition. Stops at bytes that cannot be read; what follows them stays empty.
pub fn read_summary(definition: &RawDefinition) -> DefinitionSummary<'_> {
    let mut summary = DefinitionSummary::default();
    for field in Fields(definition.as_bytes()) {
        match field {
            (MEMORY_MB, Value::Varint(value)) => summary.memory_mb = int32(value),
            (DISK_MB, Value::Varint(value)) => summary.disk_mb = int32(value),
            (LOG_GUID, Value::Bytes(value)) => summary.log_guid = String::from_utf8_lossy(value),
            (CALLBACK_URL, Value::Bytes(value)) => summary.callback_url = String::from_utf8_lossy(value),
            (ANNOTATION, Value::Bytes(value)) => summary.annotation = String::from_utf8_lossy(value),
            _ => {}
        }
    }
    summary
}

#[expect(clippy::cast_possible_truncation, reason = "protobuf truncates to 32 bits")]
const fn int32(value: u64) -> i32 {
    value as i32
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
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
}

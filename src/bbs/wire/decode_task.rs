//! Decodes a task of a list directly into `model`. Going through the generated message would double the cost of a list
//! of 100,000 tasks; a property test compares the two results.
//!
//! Field numbers are those of `Task` in `proto/`. The definition stays undecoded.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::Interner;
use crate::model::{RawDefinition, State, Task, TaskGuid, Timestamp};

/// Decodes a `Task`.
///
/// # Errors
/// Says what is wrong with the bytes.
pub fn read_task(bytes: &[u8], interner: &mut Interner) -> Result<Task, String> {
    read_task_with(bytes, interner, RawDefinition::new)
}

/// Like [`read_task`], but creates the definition with `define`.
pub fn read_task_with(
    bytes: &[u8],
    interner: &mut Interner,
    define: impl Fn(&[u8]) -> RawDefinition,
) -> Result<Task, String> {
    let mut task = Task::blank(TaskGuid::from(""), interner.no_domain(), State::Invalid);
    let mut definition: &[u8] = &[];
    let mut rest = bytes;
    while !rest.is_empty() {
        let (number, wire_type) = decode_key(&mut rest).map_err(|error| error.to_string())?;
        match number {
            4..=7 | 10 | 12 => set_number(&mut task, number, varint(&mut rest, wire_type)?),
            1 => definition = text(&mut rest, wire_type)?,
            2 | 3 | 8 | 9 | 11 | 13 => set_text(&mut task, number, text(&mut rest, wire_type)?, interner),
            _ => skip_field(wire_type, number, &mut rest, DecodeContext::default())
                .map_err(|error| error.to_string())?,
        }
    }
    task.definition = define(definition);
    task.owner = interner.owner(definition, &task.domain);
    Ok(task)
}

fn set_number(task: &mut Task, number: u32, value: u64) {
    let time = Timestamp::from_nanos(value.cast_signed());
    // A negative int32 is sign-extended to 64 bits on the wire.
    #[expect(clippy::cast_possible_truncation, reason = "protobuf truncates to 32 bits")]
    let int32 = value as i32;
    match number {
        4 => task.created_at = time,
        5 => task.updated_at = time,
        6 => task.first_completed_at = time,
        7 => task.state = State::from_number(int32),
        10 => task.failed = value != 0,
        _ => task.rejection_count = int32,
    }
}

fn set_text(task: &mut Task, number: u32, bytes: &[u8], interner: &mut Interner) {
    let owned = || String::from_utf8_lossy(bytes).into();
    match number {
        2 => task.guid = TaskGuid::from(&*String::from_utf8_lossy(bytes)),
        3 => task.domain = interner.domain(bytes),
        8 => task.cell = interner.cell(bytes),
        9 => task.result = owned(),
        11 => task.failure_reason = owned(),
        _ => task.rejection_reason = owned(),
    }
}

fn varint(rest: &mut &[u8], wire_type: WireType) -> Result<u64, String> {
    if wire_type != WireType::Varint {
        return Err(format!("expected a varint, got wire type {wire_type:?}"));
    }
    decode_varint(rest).map_err(|error| error.to_string())
}

pub(super) fn text<'a>(rest: &mut &'a [u8], wire_type: WireType) -> Result<&'a [u8], String> {
    if wire_type != WireType::LengthDelimited {
        return Err(format!("expected a string, got wire type {wire_type:?}"));
    }
    let length = decode_varint(rest).map_err(|error| error.to_string())?;
    let split = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
    let (value, after) = split.ok_or("truncated string")?;
    *rest = after;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;
    use prost::Message as _;

    use super::super::{LazyTask, task_to_model};
    use super::*;

    fn bytes() -> impl Strategy<Value = Bytes> {
        prop::collection::vec(any::<u8>(), 0..60).prop_map(Bytes::from)
    }

    prop_compose! {
        fn task()(
            definition in bytes(), guid in "[a-z0-9-]{0,50}", domain in "[a-z]{0,9}", cell in "[a-z]{0,9}",
            times in any::<[i64; 3]>(), state in any::<i32>(), failed in any::<bool>(), count in any::<i32>(),
            texts in [bytes(), bytes(), bytes()],
        ) -> LazyTask {
            let [created_at, updated_at, first_completed_at] = times;
            let [result, failure_reason, rejection_reason] = texts;
            LazyTask {
                task_definition: definition, task_guid: guid.into(), domain: domain.into(), created_at, updated_at,
                first_completed_at, state, cell_id: cell.into(), result, failed, failure_reason,
                rejection_count: count, rejection_reason,
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_the_generated_message(task in task(), newer in bytes()) {
            let mut bytes = task.encode_to_vec();
            prost::encoding::bytes::encode(99, &newer, &mut bytes);
            let read = read_task(&bytes, &mut Interner::default());
            prop_assert_eq!(read, Ok(task_to_model(&task, &mut Interner::default())));
        }
    }
}

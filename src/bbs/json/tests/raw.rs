//! Encoding directly from protobuf bytes gives the same as decoding with prost first.

use bytes::Bytes;
use proptest::prelude::*;
use prost::Message as _;

use super::*;

/// An encoded task with nearly all fields set.
fn everything() -> Vec<u8> {
    let reply = wire::TaskResponse::decode(reply("get-everything.r3")).unwrap();
    let mut task = reply.task.unwrap();
    let rare = rare();
    let definition = task.task_definition.as_mut().unwrap();
    definition.image_layers.extend(rare.image_layers);
    definition.egress_rules.extend(rare.egress_rules);
    let both = vec![definition.action.take().unwrap(), rare.action.unwrap()];
    let both = wire::SerialAction { actions: both, log_source: Bytes::new() };
    definition.action = Some(wire::Action { kind: Some(Kind::SerialAction(both)) });
    task.encode_to_vec()
}

/// Encodes the bytes directly and by way of prost; `None` if they are not a task.
fn encode_both_ways(bytes: &[u8]) -> [Option<String>; 2] {
    let raw = |out: &mut JsonBuffer| raw_task(out, bytes, 0..bytes.len(), Secrets::Shown).ok();
    let mut out = JsonBuffer::default();
    let direct = raw(&mut out).map(|()| String::from_utf8(out.into_bytes()).unwrap());
    [direct, wire::Task::decode(bytes).ok().map(|decoded| written(&decoded, task))]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_bytes_are_accepted_or_rejected_as_prost_does(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = everything();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let [direct, by_prost] = encode_both_ways(&bytes);
        prop_assert_eq!(direct, by_prost);
    }

    #[test]
    fn merges_a_task_in_two_parts(first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>()) {
        let tasks = [everything(), task_with(rare()).encode_to_vec(), wire::Task::default().encode_to_vec()];
        let bytes = [first.get(&tasks).clone(), second.get(&tasks).clone()].concat();
        let [direct, by_prost] = encode_both_ways(&bytes);
        prop_assert!(direct.is_some());
        prop_assert_eq!(direct, by_prost);
    }
}

#[test]
fn normalizes_unusual_encodings() {
    // Packed ports, an action with two kinds, a message in two parts.
    let rule: &[u8] = &[0x1a, 2, 80, 81];
    let action: &[u8] = &[0x12, 2, 0x0a, 0, 0x1a, 3, 0x0a, 1, b'p'];
    let definition: Vec<u8> = [&[0x72, 4][..], rule, &[0x1a, 9], action].concat();
    let half = [&[0x0a, u8::try_from(definition.len()).unwrap()][..], &definition].concat();
    let other: &[u8] = &[0x0a, 2, 0x20, 7];
    let [direct, by_prost] = encode_both_ways(&[&half, other].concat());
    let line = direct.unwrap();
    for part in [r#""ports":[80,81]"#, r#""action":{"run":{"path":"p","#, r#""disk_mb":7"#] {
        assert!(line.contains(part), "{part} in {line}");
    }
    assert!(!line.contains("upload"), "{line}");
    assert_eq!(Some(line), by_prost);
}

#[test]
fn the_depth_of_actions_is_limited() {
    let nested = |depth: usize| {
        let mut action = Vec::new();
        for _ in 0..depth {
            let try_action = wire_field(1, &action);
            action = wire_field(6, &try_action);
        }
        wire_field(1, &wire_field(3, &action))
    };
    for depth in [1, 10, 48, 49, 50, 51, 5_000] {
        let [direct, by_prost] = encode_both_ways(&nested(depth));
        assert_eq!(direct, by_prost, "{depth} deep");
        assert_eq!(direct.is_some(), depth < 50, "{depth} deep");
    }
}

/// Encodes a length-delimited field.
fn wire_field(number: u32, value: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    prost::encoding::bytes::encode(number, &value.to_vec(), &mut field);
    field
}

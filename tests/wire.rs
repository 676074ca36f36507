//! Recorded traffic of two server releases: every body round-trips to the same bytes, and lists and events decode alike at
//! every split.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers"
)]

use std::collections::VecDeque;

use prost::Message;
use prost::encoding::{decode_key, decode_varint};
use serde_json::Value;
use taskdeck::bbs::list::{ListDecoder, ListProblem};
use taskdeck::bbs::wire::{self, Interner};
use taskdeck::bbs::{decode_definition, events, sse};
use taskdeck::model::{StreamItem, Task};

struct Recording {
    exchanges: &'static str,
    events: &'static [u8],
}

const RECORDINGS: [Recording; 2] = [
    Recording {
        exchanges: include_str!("fixtures/bbs-2024-10/exchanges.jsonl"),
        events: include_bytes!("fixtures/bbs-2024-10/events.raw"),
    },
    Recording {
        exchanges: include_str!("fixtures/bbs-2026-06/exchanges.jsonl"),
        events: include_bytes!("fixtures/bbs-2026-06/events.raw"),
    },
];

/// Exchanges about the cell's side of a task's life, without a stream beside them.
const OF_CELLS: [&str; 2] = [
    include_str!("fixtures/bbs-2024-10-cells/exchanges.jsonl"),
    include_str!("fixtures/bbs-2026-06-cells/exchanges.jsonl"),
];

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap().as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn round_trip<M: Message + Default>(body: &[u8]) -> Option<Vec<u8>> {
    M::decode(body).ok().map(|message| message.encode_to_vec())
}

/// Decodes a request as the type of its route, and encodes it again.
fn round_trip_request(path: &str, body: &[u8]) -> Option<Vec<u8>> {
    match path {
        "/v1/ping" | "/v1/domains/list" | "/v1/cells/list.r1" => round_trip::<()>(body),
        "/v1/domains/upsert" => round_trip::<wire::UpsertDomainRequest>(body),
        "/v1/tasks/start" => round_trip::<wire::StartTaskRequest>(body),
        "/v1/tasks/complete" => round_trip::<wire::CompleteTaskRequest>(body),
        "/v1/tasks/reject" => round_trip::<wire::RejectTaskRequest>(body),
        "/v1/tasks/cancel" | "/v1/tasks/resolving" | "/v1/tasks/delete" => {
            round_trip::<wire::TaskGuidRequest>(body)
        }
        _ if path.starts_with("/v1/tasks/desire") => round_trip::<wire::DesireTaskRequest>(body),
        _ if path.starts_with("/v1/tasks/list") => round_trip::<wire::TasksRequest>(body),
        _ if path.starts_with("/v1/tasks/get_by_task_guid") => round_trip::<wire::TaskByGuidRequest>(body),
        _ => panic!("no type for the recorded path {path}"),
    }
}

fn round_trip_reply(path: &str, body: &[u8]) -> Option<Vec<u8>> {
    match path {
        "/v1/ping" => round_trip::<wire::PingResponse>(body),
        "/v1/domains/list" => round_trip::<wire::DomainsResponse>(body),
        "/v1/cells/list.r1" => round_trip::<wire::CellsResponse>(body),
        "/v1/tasks/start" => round_trip::<wire::StartTaskResponse>(body),
        _ if path.starts_with("/v1/tasks/list") => round_trip::<wire::TasksResponse>(body),
        _ if path.starts_with("/v1/tasks/get_by_task_guid") => round_trip::<wire::TaskResponse>(body),
        _ => round_trip::<wire::TaskLifecycleResponse>(body),
    }
}

fn exchanges() -> impl Iterator<Item = Value> {
    let recorded = RECORDINGS.iter().map(|recording| recording.exchanges).chain(OF_CELLS);
    recorded.flat_map(str::lines).map(|line| serde_json::from_str(line).expect("a recorded exchange is JSON"))
}

fn is_protobuf(exchange: &Value) -> bool {
    exchange["content_type"].as_str() == Some("application/x-protobuf")
}

/// Returns whether a reply contains an error; all types have it in the same field.
fn is_refused(reply: &[u8]) -> bool {
    wire::TaskLifecycleResponse::decode(reply).is_ok_and(|reply| reply.error.is_some())
}

#[test]
fn every_recorded_body_round_trips() {
    let (mut requests, mut replies) = (0, 0);
    for exchange in exchanges() {
        let (name, path) = (&exchange["name"], exchange["path"].as_str().unwrap());
        let (request, reply) = (bytes(&exchange["request_hex"]), bytes(&exchange["reply_hex"]));
        if !is_protobuf(&exchange) {
            continue;
        }
        match round_trip_request(path, &request) {
            Some(encoded) => assert_eq!(encoded, request, "request {name}"),
            // The recording contains invalid requests, which the server rejected.
            None => {
                assert!(is_refused(&reply), "could not decode request {name}, but the server accepted it");
            }
        }
        requests += 1;
        assert_eq!(round_trip_reply(path, &reply).expect("a reply is protobuf"), reply, "reply {name}");
        replies += 1;
    }
    assert!(requests > 50 && replies > 50, "{requests} requests, {replies} replies");
}

/// Bodies up to this length in bytes are split at every byte, longer ones near the boundaries of their parts.
const MAX_EXHAUSTIVE_BYTES: usize = 2048;
/// How far around a boundary to split: more bytes than a field header or an event name has.
const BOUNDARY_BYTES: usize = 24;

/// Returns where to split a body, given the ends of its parts. A decoder's state changes at the ends of parts, so all
/// positions near them are tested, and samples in between.
fn splits(body: &[u8], ends: &[usize]) -> Vec<usize> {
    if body.len() <= MAX_EXHAUSTIVE_BYTES {
        return (0..=body.len()).collect();
    }
    let near = ends
        .iter()
        .flat_map(|end| end.saturating_sub(BOUNDARY_BYTES)..=(end + BOUNDARY_BYTES).min(body.len()));
    near.chain((0..body.len()).step_by(997)).collect()
}

/// Returns the start of a list and the ends of its fields.
fn ends_of_fields(body: &[u8]) -> Vec<usize> {
    let (mut ends, mut rest) = (vec![0], body);
    while !rest.is_empty() {
        decode_key(&mut rest).unwrap();
        let length = usize::try_from(decode_varint(&mut rest).unwrap()).unwrap();
        rest = &rest[length..];
        ends.push(body.len() - rest.len());
    }
    ends
}

/// Returns the start of an event and the ends of its lines.
fn ends_of_lines(event: &[u8]) -> Vec<usize> {
    let lines = event.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    std::iter::once(0).chain(lines.map(|(at, _)| at + 1)).collect()
}

#[test]
fn recorded_lists_decode_alike_at_every_split() {
    let lists = exchanges()
        .filter(|exchange| exchange["path"].as_str().unwrap().starts_with("/v1/tasks/list"))
        .filter(is_protobuf)
        .map(|exchange| bytes(&exchange["reply_hex"]));
    for body in lists {
        let whole = read_list([&*body]);
        for at in splits(&body, &ends_of_fields(&body)) {
            let (head, tail) = body.split_at(at);
            assert_eq!(read_list([head, tail]), whole, "split at {at}");
        }
        assert_eq!(read_list(body.chunks(1)), whole, "byte by byte");
    }
}

#[test]
fn recorded_tasks_name_their_owner_in_three_places() {
    for recording in &RECORDINGS {
        let mut exchanges =
            recording.exchanges.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let list = exchanges.find(|exchange| exchange["name"] == "list-all.r3").unwrap();
        let tasks = read_list([&*bytes(&list["reply_hex"])]).unwrap();
        let tagged = |task: &&Task| !decode_definition(&task.definition).unwrap().metric_tags.is_empty();
        let owners: Vec<_> = tasks.iter().filter(tagged).map(|task| &task.owner).collect();
        let [owner] = *owners else { panic!("one task has tags: {owners:?}") };
        // The name is a metric tag, two guids are properties of the network, the third is in the certificate's.
        assert_eq!((&*owner.app().name, &*owner.app().guid), ("billing", "app-7"));
        assert_eq!((&*owner.space().guid, &*owner.org().guid), ("space-7", "7"));
        assert_eq!((&*owner.space().name, &*owner.org().name), ("", ""));
    }
}

fn read_list<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<Task>, ListProblem> {
    let mut decoder = ListDecoder::default();
    let mut tasks = Vec::new();
    for piece in pieces {
        decoder.push(piece, &mut tasks)?;
    }
    decoder.finish()?;
    Ok(tasks)
}

/// Returns the body of a recorded stream without the HTTP chunking.
fn body(raw: &[u8]) -> Vec<u8> {
    let head = raw.windows(4).position(|four| four == b"\r\n\r\n").expect("a head") + 4;
    let mut rest = &raw[head..];
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap().split(';').next().unwrap();
        let size = usize::from_str_radix(size, 16).expect("a chunk's size");
        let chunk = &rest[end + 2..];
        if size == 0 || chunk.len() < size + 2 {
            break;
        }
        body.extend_from_slice(&chunk[..size]);
        rest = &chunk[size + 2..];
    }
    body
}

fn read_events<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> VecDeque<sse::Frame> {
    let (mut decoder, mut frames) = (sse::Decoder::default(), VecDeque::new());
    for piece in pieces {
        decoder.push(piece, &mut frames).expect("small events");
    }
    frames
}

/// Splits a body into events, each with its final empty line.
fn events_of(body: &[u8]) -> Vec<&[u8]> {
    let ends = body.windows(2).enumerate().filter(|(_, two)| two == b"\n\n").map(|(at, _)| at + 2);
    let mut from = 0;
    let events = ends.map(|end| &body[std::mem::replace(&mut from, end)..end]);
    events.filter(|event| event.len() > 2).collect()
}

#[test]
fn recorded_events_decode_alike_at_every_split() {
    for recording in &RECORDINGS {
        let body = body(recording.events);
        let whole = read_events([&*body]);
        assert!(whole.len() > 10, "{} events", whole.len());
        // The decoder keeps no state between events, so each event is split on its own.
        for event in events_of(&body) {
            let whole = read_events([event]);
            assert_eq!(whole.len(), 1);
            for at in splits(event, &ends_of_lines(event)) {
                let (head, tail) = event.split_at(at);
                assert!(read_events([head, tail]) == whole, "split at {at}");
            }
        }
        assert!(read_events(body.chunks(1)) == whole, "byte by byte");
    }
}

#[test]
fn every_recorded_event_is_decoded_or_skipped_with_a_reason() {
    for recording in &RECORDINGS {
        let interner = &mut Interner::default();
        let frames = read_events([&*body(recording.events)]);
        let items: Vec<_> = frames.iter().map(|frame| events::decode(frame, interner)).collect();
        let decoded = items.iter().filter(|item| matches!(item, StreamItem::Event(_))).count();
        assert_eq!(decoded, items.len(), "{items:?}");
        for kind in ["task_created", "task_changed", "task_removed"] {
            assert!(frames.iter().any(|frame| frame.event.as_deref() == Some(kind)), "{kind}");
        }
    }
}

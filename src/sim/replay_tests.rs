//! Replays sessions recorded from real BBSs against the simulated one: status, content type and every byte of each
//! reply must match, and so must every event.
//!
//! Ignores only what differs between any two servers: a task's three times, and the order of tasks in a list and of
//! entries in a map, which Go randomizes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf as _, Bytes};
use prost::Message;
use serde_json::Value;

use super::answer::{Answer, answer};
use super::http::Request;
use super::shared::Shared;
use super::stream;
use crate::bbs::wire::{
    CellsResponse, DomainsResponse, Task, TaskChangedEvent, TaskCreatedEvent, TaskRemovedEvent, TaskResponse,
    TasksResponse,
};

struct Recording {
    exchanges: &'static str,
    events: &'static [u8],
}

const RECORDINGS: [Recording; 2] = [
    Recording {
        exchanges: include_str!("../../tests/fixtures/bbs-2024-10/exchanges.jsonl"),
        events: include_bytes!("../../tests/fixtures/bbs-2024-10/events.raw"),
    },
    Recording {
        exchanges: include_str!("../../tests/fixtures/bbs-2026-06/exchanges.jsonl"),
        events: include_bytes!("../../tests/fixtures/bbs-2026-06/events.raw"),
    },
];

impl Recording {
    fn exchanges(&self) -> impl Iterator<Item = Value> {
        self.exchanges.lines().map(|line| serde_json::from_str(line).unwrap())
    }

    /// Returns the body of the first reply to this path.
    fn first_reply(&self, path: &str) -> Bytes {
        bytes(&self.exchanges().find(|exchange| exchange["path"] == path).unwrap()["reply_hex"])
    }

    /// Makes a BBS with the recorded cells and fresh domains.
    fn initial_state(&self) -> Shared {
        let shared = Shared::new();
        let cells = CellsResponse::decode(self.first_reply("/v1/cells/list.r1")).unwrap().cells;
        let domains = DomainsResponse::decode(self.first_reply("/v1/domains/list")).unwrap().domains;
        shared.with(|machine, now| {
            for cell in cells {
                machine.add_cell(cell);
            }
            for domain in domains {
                machine.upsert_domain(domain, 0, now).unwrap();
            }
        });
        shared
    }
}

fn bytes(hex: &Value) -> Bytes {
    let hex = hex.as_str().unwrap().as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn without_times(mut task: Task) -> Task {
    if let Some(definition) = &mut task.task_definition {
        definition.metric_tags.sort_by(|one, other| one.key.cmp(&other.key));
        if let Some(network) = &mut definition.network {
            network.properties.sort_by(|one, other| one.key.cmp(&other.key));
        }
    }
    Task { created_at: 0, updated_at: 0, first_completed_at: 0, ..task }
}

/// Decodes the message, applies `change` and encodes it again. Checks that decoding loses nothing.
fn changed<M: Message + Default>(body: &[u8], change: impl FnOnce(&mut M)) -> Vec<u8> {
    let mut message = M::decode(body).unwrap();
    assert_eq!(message.encode_to_vec(), body, "decoding and encoding must not change the message");
    change(&mut message);
    message.encode_to_vec()
}

fn clear_times(task: &mut Option<Task>) {
    *task = task.take().map(without_times);
}

fn comparable(path: &str, body: &[u8]) -> Vec<u8> {
    if path.contains("/tasks/list") {
        return changed(body, |reply: &mut TasksResponse| {
            reply.tasks = std::mem::take(&mut reply.tasks).into_iter().map(without_times).collect();
            reply.tasks.sort_by(|one, other| one.task_guid.cmp(&other.task_guid));
        });
    }
    if path.contains("get_by_task_guid") {
        return changed(body, |reply: &mut TaskResponse| clear_times(&mut reply.task));
    }
    body.to_vec()
}

/// Sends the recorded request and compares the reply.
fn replay(exchange: &Value, shared: &Shared) {
    let text = |key: &str| exchange[key].as_str().unwrap().to_owned();
    let (name, path) = (text("name"), text("path"));
    let body = bytes(&exchange["request_hex"]);
    let request = Request { method: text("method"), path: path.clone(), body, keep_alive: true };
    let (Answer::Reply(reply) | Answer::List(reply)) = answer(&request, shared) else {
        panic!("{name}: events are in a file of their own");
    };
    assert_eq!(u64::from(reply.status), exchange["status"].as_u64().unwrap(), "{name}");
    assert_eq!(reply.content_type, exchange["content_type"].as_str(), "{name}");
    let (body, recorded) = (reply.body.concat(), bytes(&exchange["reply_hex"]));
    assert_eq!(body.is_empty(), recorded.is_empty(), "{name}");
    if reply.status == 200 {
        assert!(comparable(&path, &body) == comparable(&path, &recorded), "{name}: {body:?} {recorded:?}");
    } else {
        assert_eq!(body, recorded, "{name}");
    }
}

/// Splits a recorded stream into chunks, each with its size line and line end.
fn chunks(mut rest: Bytes) -> Vec<Bytes> {
    let mut chunks = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap().strip_suffix(';').expect("an empty extension");
        let size = usize::from_str_radix(size, 16).unwrap();
        chunks.push(rest.split_to(end + 2 + size + 2));
    }
    assert!(rest.is_empty(), "the last chunk must be complete");
    chunks
}

/// An event on the wire without its number and its task's times.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Received {
    guid: Bytes,
    name: String,
    payload: Vec<u8>,
}

/// Parses the chunk of event number `number`.
fn parse_chunk(chunk: &[u8], number: usize) -> Received {
    let chunk = std::str::from_utf8(chunk).unwrap();
    let (size, body) = chunk.split_once(";\r\n").unwrap();
    let body = body.strip_suffix("\r\n").unwrap();
    assert_eq!(usize::from_str_radix(size, 16), Ok(body.len()));
    let lines: Vec<_> = body.split('\n').collect();
    let [id, event, data, "", ""] = lines[..] else { panic!("{body}") };
    assert_eq!(id, format!("id: {number}"));
    let name = event.strip_prefix("event: ").unwrap().to_owned();
    let payload = STANDARD.decode(data.strip_prefix("data: ").unwrap()).unwrap();
    let (guid, payload) = match name.as_str() {
        "task_created" => {
            let guid = TaskCreatedEvent::decode(&*payload).unwrap().task.unwrap().task_guid;
            (guid, changed(&payload, |event: &mut TaskCreatedEvent| clear_times(&mut event.task)))
        }
        "task_removed" => {
            let guid = TaskRemovedEvent::decode(&*payload).unwrap().task.unwrap().task_guid;
            (guid, changed(&payload, |event: &mut TaskRemovedEvent| clear_times(&mut event.task)))
        }
        "task_changed" => {
            let guid = TaskChangedEvent::decode(&*payload).unwrap().after.unwrap().task_guid;
            let payload = changed(&payload, |event: &mut TaskChangedEvent| {
                clear_times(&mut event.before);
                clear_times(&mut event.after);
            });
            (guid, payload)
        }
        name => panic!("{name}"),
    };
    Received { guid, name, payload }
}

/// Parses the chunks and sorts the events by task, name and payload, because the BBS's goroutines send them in any
/// order.
fn sorted_events(chunks: &[impl AsRef<[u8]>]) -> Vec<Received> {
    let mut all: Vec<_> =
        chunks.iter().enumerate().map(|(at, chunk)| parse_chunk(chunk.as_ref(), at)).collect();
    all.sort();
    all
}

/// Returns the lines of the head without the date.
fn without_date(head: &[u8]) -> Vec<&str> {
    let lines = std::str::from_utf8(head).unwrap().split("\r\n");
    lines.filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn replies_match_the_recordings() {
    for recording in RECORDINGS {
        let shared = recording.initial_state();
        let exchanges: Vec<_> = recording.exchanges().collect();
        assert!(exchanges.len() > 50);
        for exchange in exchanges {
            replay(&exchange, &shared);
        }
    }
}

#[test]
fn events_match_the_recordings() {
    for recording in RECORDINGS {
        let shared = recording.initial_state();
        let mut subscription = shared.hub.subscribe();
        for exchange in recording.exchanges() {
            replay(&exchange, &shared);
        }
        let frames = std::iter::from_fn(|| subscription.try_recv().ok());
        let simulated: Vec<_> = frames.zip(0..).map(|(frame, number)| frame.chunk(number)).collect();
        let mut recorded = Bytes::from_static(recording.events);
        let head = recorded.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert_eq!(without_date(stream::head(&shared).as_bytes()), without_date(&recorded[..head]));
        recorded.advance(head);
        let (simulated, recorded) = (sorted_events(&simulated), sorted_events(&chunks(recorded)));
        assert_eq!(simulated.len(), recorded.len());
        for (simulated, recorded) in simulated.iter().zip(&recorded) {
            assert!(simulated == recorded, "{simulated:?}\ndiffers from the recorded\n{recorded:?}");
        }
    }
}

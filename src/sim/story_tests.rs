//! The stories recorded off real BBSs, asked again of the simulated one, request by request: status, content type and
//! every byte of the reply are as recorded, and so is every event that it tells of.
//!
//! Only what no two servers have in common is set apart: a task's three times, and the order of tasks in a list and of
//! entries in a map, which the server draws by lot.

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

struct Story {
    exchanges: &'static str,
    /// Its event stream, where that was recorded too.
    events: Option<&'static [u8]>,
}

const STORIES: [Story; 4] = [
    Story {
        exchanges: include_str!("../../tests/fixtures/bbs-2024-10/exchanges.jsonl"),
        events: Some(include_bytes!("../../tests/fixtures/bbs-2024-10/events.raw")),
    },
    Story {
        exchanges: include_str!("../../tests/fixtures/bbs-2026-06/exchanges.jsonl"),
        events: Some(include_bytes!("../../tests/fixtures/bbs-2026-06/events.raw")),
    },
    Story { exchanges: include_str!("../../tests/fixtures/bbs-2024-10-cells/exchanges.jsonl"), events: None },
    Story { exchanges: include_str!("../../tests/fixtures/bbs-2026-06-cells/exchanges.jsonl"), events: None },
];

impl Story {
    fn exchanges(&self) -> impl Iterator<Item = Value> {
        self.exchanges.lines().map(|line| serde_json::from_str(line).unwrap())
    }

    /// What the server replied to the first request to the path; a story that does not ask needs nothing there.
    fn first_reply(&self, path: &str) -> Bytes {
        let asked = self.exchanges().find(|exchange| exchange["path"] == path);
        asked.map(|exchange| bytes(&exchange["reply_hex"])).unwrap_or_default()
    }

    /// A BBS as the recorded one was before the story began: its cells, and the domains that were fresh.
    fn stage(&self) -> Shared {
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

fn timeless(mut task: Task) -> Task {
    if let Some(definition) = &mut task.task_definition {
        definition.metric_tags.sort_by(|one, other| one.key.cmp(&other.key));
        if let Some(network) = &mut definition.network {
            network.properties.sort_by(|one, other| one.key.cmp(&other.key));
        }
    }
    Task { created_at: 0, updated_at: 0, first_completed_at: 0, ..task }
}

/// The message with `change` made to it, as bytes again. Nothing else is lost on the way.
fn changed<M: Message + Default>(body: &[u8], change: impl FnOnce(&mut M)) -> Vec<u8> {
    let mut message = M::decode(body).unwrap();
    assert_eq!(message.encode_to_vec(), body, "decoded and encoded again it is the same");
    change(&mut message);
    message.encode_to_vec()
}

fn forget_time(task: &mut Option<Task>) {
    *task = task.take().map(timeless);
}

fn comparable(path: &str, body: &[u8]) -> Vec<u8> {
    if path.contains("/tasks/list") {
        return changed(body, |reply: &mut TasksResponse| {
            reply.tasks = std::mem::take(&mut reply.tasks).into_iter().map(timeless).collect();
            reply.tasks.sort_by(|one, other| one.task_guid.cmp(&other.task_guid));
        });
    }
    if path.contains("get_by_task_guid") {
        return changed(body, |reply: &mut TaskResponse| forget_time(&mut reply.task));
    }
    body.to_vec()
}

/// Asks the exchange's request again and compares the reply.
fn ask_again(exchange: &Value, shared: &Shared) {
    let said = |key: &str| exchange[key].as_str().unwrap().to_owned();
    let (name, path) = (said("name"), said("path"));
    let body = bytes(&exchange["request_hex"]);
    let request = Request { method: said("method"), path: path.clone(), body, keep_alive: true };
    let reply = match answer(&request, shared) {
        Answer::Reply(reply) | Answer::List(reply) => reply,
        // Recorded as a status that there is not.
        Answer::Dropped => return assert_eq!(exchange["status"], 0, "{name}: {}", exchange["says"]),
        Answer::Events => panic!("{name}: the story has its events apart"),
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

/// The chunks of a recorded stream, each with its size line and its end.
fn chunks(mut rest: Bytes) -> Vec<Bytes> {
    let mut chunks = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).unwrap().strip_suffix(';').expect("an extension");
        let size = usize::from_str_radix(size, 16).unwrap();
        chunks.push(rest.split_to(end + 2 + size + 2));
    }
    assert!(rest.is_empty(), "a whole chunk at the end");
    chunks
}

/// An event as it is on the wire, without its number, its task's times and the length of these.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    guid: Bytes,
    name: String,
    payload: Vec<u8>,
}

/// Reads a chunk that tells of event number `number`.
fn told(chunk: &[u8], number: usize) -> Told {
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
            (guid, changed(&payload, |event: &mut TaskCreatedEvent| forget_time(&mut event.task)))
        }
        "task_removed" => {
            let guid = TaskRemovedEvent::decode(&*payload).unwrap().task.unwrap().task_guid;
            (guid, changed(&payload, |event: &mut TaskRemovedEvent| forget_time(&mut event.task)))
        }
        "task_changed" => {
            let guid = TaskChangedEvent::decode(&*payload).unwrap().after.unwrap().task_guid;
            let payload = changed(&payload, |event: &mut TaskChangedEvent| {
                forget_time(&mut event.before);
                forget_time(&mut event.after);
            });
            (guid, payload)
        }
        name => panic!("{name}"),
    };
    Told { guid, name, payload }
}

/// What a stream's chunks tell, task by task; within a task by name and payload, since the server's threads tell in an
/// order of their own.
fn all_told(chunks: &[impl AsRef<[u8]>]) -> Vec<Told> {
    let mut all: Vec<_> = chunks.iter().enumerate().map(|(at, chunk)| told(chunk.as_ref(), at)).collect();
    all.sort();
    all
}

/// The head without the date.
fn undated(head: &[u8]) -> Vec<&str> {
    let lines = std::str::from_utf8(head).unwrap().split("\r\n");
    lines.filter(|line| !line.starts_with("Date: ")).collect()
}

#[test]
fn the_recorded_stories_are_answered_as_they_were() {
    for story in STORIES {
        let shared = story.stage();
        let exchanges: Vec<_> = story.exchanges().collect();
        assert!(exchanges.len() > 50);
        for exchange in exchanges {
            ask_again(&exchange, &shared);
        }
    }
}

#[test]
fn the_recorded_stories_are_told_as_they_were() {
    for story in STORIES {
        let Some(events) = story.events else { continue };
        let shared = story.stage();
        let mut subscription = shared.hub.subscribe();
        for exchange in story.exchanges() {
            ask_again(&exchange, &shared);
        }
        let frames = std::iter::from_fn(|| subscription.try_recv().ok());
        let simulated: Vec<_> = frames.zip(0..).map(|(frame, number)| frame.chunk(number)).collect();
        let mut recorded = Bytes::from_static(events);
        let head = recorded.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert_eq!(undated(stream::head(&shared).as_bytes()), undated(&recorded[..head]));
        recorded.advance(head);
        let (simulated, recorded) = (all_told(&simulated), all_told(&chunks(recorded)));
        assert_eq!(simulated.len(), recorded.len());
        for (simulated, recorded) in simulated.iter().zip(&recorded) {
            assert!(simulated == recorded, "{simulated:?}\nwas recorded as\n{recorded:?}");
        }
    }
}

//! The story recorded off a real BBS, asked again of the simulated one.

use bytes::Bytes;
use prost::Message as _;
use serde_json::Value;

use super::answer::{Answer, answer};
use super::http::{Reply, Request};
use super::shared::Shared;
use crate::bbs::wire::{CellPresence, CellsResponse, DomainsResponse, Task, TaskResponse, TasksResponse};

const STORIES: [&str; 2] = [
    include_str!("../../tests/fixtures/bbs-2024-10/exchanges.jsonl"),
    include_str!("../../tests/fixtures/bbs-2026-06/exchanges.jsonl"),
];

fn bytes(hex: &Value) -> Bytes {
    let hex = hex.as_str().unwrap().as_bytes();
    hex.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// The task without its times, which differ, and with its maps in order, which the server draws by lot.
fn timeless(mut task: Task) -> Task {
    if let Some(definition) = &mut task.task_definition {
        definition.metric_tags.sort_by(|one, other| one.key.cmp(&other.key));
        if let Some(network) = &mut definition.network {
            network.properties.sort_by(|one, other| one.key.cmp(&other.key));
        }
    }
    Task { created_at: 0, updated_at: 0, first_completed_at: 0, ..task }
}

fn comparable(path: &str, body: &[u8]) -> String {
    if path.contains("/tasks/list") {
        let mut reply = TasksResponse::decode(body).unwrap();
        reply.tasks = reply.tasks.into_iter().map(timeless).collect();
        reply.tasks.sort_by(|one, other| one.task_guid.cmp(&other.task_guid));
        format!("{reply:?}")
    } else if path.contains("get_by_task_guid") {
        let reply = TaskResponse::decode(body).unwrap();
        format!("{:?}", TaskResponse { task: reply.task.map(timeless), ..reply })
    } else {
        format!("{:?}", Bytes::copy_from_slice(body))
    }
}

fn cells_of(story: &str) -> Vec<CellPresence> {
    let exchanges = story.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let cells = exchanges.filter(|exchange| exchange["path"] == "/v1/cells/list.r1");
    cells.flat_map(|cells| CellsResponse::decode(bytes(&cells["reply_hex"])).unwrap().cells).collect()
}

/// The domains that were fresh already.
fn domains_of(story: &str) -> Vec<Bytes> {
    let mut exchanges = story.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let first = exchanges.find(|exchange| exchange["path"] == "/v1/domains/list").unwrap();
    DomainsResponse::decode(bytes(&first["reply_hex"])).unwrap().domains
}

fn replay(story: &str) {
    let shared = Shared::new();
    shared.with(|machine, now| {
        for cell in cells_of(story) {
            machine.add_cell(cell);
        }
        for domain in domains_of(story) {
            machine.upsert_domain(domain, 0, now).unwrap();
        }
    });
    for line in story.lines() {
        let exchange: Value = serde_json::from_str(line).unwrap();
        let (name, path) = (exchange["name"].as_str().unwrap(), exchange["path"].as_str().unwrap());
        let request = Request {
            method: exchange["method"].as_str().unwrap().to_owned(),
            path: path.to_owned(),
            body: bytes(&exchange["request_hex"]),
            keep_alive: true,
        };
        let (Answer::Reply(Reply { status, body, .. }) | Answer::List(Reply { status, body, .. })) =
            answer(&request, &shared)
        else {
            continue;
        };
        assert_eq!(u64::from(status), exchange["status"].as_u64().unwrap(), "{name}");
        if status == 200 {
            let recorded = comparable(path, &bytes(&exchange["reply_hex"]));
            assert_eq!(comparable(path, &body.concat()), recorded, "{name}");
        }
    }
}

#[test]
fn the_recorded_stories_are_answered_as_they_were() {
    for story in STORIES {
        replay(story);
    }
}

//! Tests the event stream on the wire: head, chunks, event numbers and end.
//!
//! Source: "The event stream" of the API.

use prost::Message as _;
use taskdeck::bbs::wire::TasksRequest;

use crate::bbs::Bbs;
use crate::raw_stream::RawStream;
use crate::targets::{everywhere, once};
use crate::tasks::definition;

const EVENTS: &str = "/v1/events/tasks.r1";

/// Number of events that a subscription may have pending.
const MAX_PENDING_EVENTS: usize = 1024;

/// The fields of one event.
struct RawEvent {
    number: usize,
    name: String,
    /// Payload in base64.
    data: String,
}

/// Reads the next event and checks the framing: one event per chunk.
async fn next_event(stream: &mut RawStream) -> Option<RawEvent> {
    let (size, content) = stream.chunk().await?;
    assert_eq!(size, format!("{:x};", content.len()), "an empty chunk extension");
    let lines: Vec<_> = content.split('\n').collect();
    let [number, name, data, "", ""] = lines[..] else { panic!("not one event: {content:?}") };
    Some(RawEvent {
        number: number.strip_prefix("id: ").unwrap().parse().unwrap(),
        name: name.strip_prefix("event: ").unwrap().to_owned(),
        data: data.strip_prefix("data: ").unwrap().to_owned(),
    })
}

/// Reads until the event of the task's creation and returns its number. Events of other tasks may come before it.
async fn number_of_creation(stream: &mut RawStream, bbs: &Bbs, name: &str, first: usize) -> usize {
    let guid = bbs.guid(name).to_string();
    for number in first.. {
        let event = next_event(stream).await.expect("another event");
        assert_eq!(event.number, number, "event numbers must not have gaps");
        if event.name == "task_created" && payload_contains(&event.data, &guid) {
            return number;
        }
    }
    unreachable!("the range is endless")
}

/// Returns whether the payload contains the text.
fn payload_contains(data: &str, text: &str) -> bool {
    use base64::Engine as _;
    let payload = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
    payload.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn the_head_arrives_before_any_event() {
    everywhere(async |bbs| {
        let stream = RawStream::subscribe(bbs, EVENTS, b"", None).await;
        assert_eq!(stream.head[0], "HTTP/1.1 200 OK");
        let has = |header: &str| stream.head.iter().any(|line| line.eq_ignore_ascii_case(header));
        assert!(has("Content-Type: text/event-stream; charset=utf-8"), "{:?}", stream.head);
        assert!(has("Transfer-Encoding: chunked"), "{:?}", stream.head);
    })
    .await;
}

#[tokio::test]
async fn events_are_numbered_from_0_for_every_subscription() {
    everywhere(async |bbs| {
        let mut first = RawStream::subscribe(bbs, EVENTS, b"", None).await;
        bbs.desire("one").await;
        let number = number_of_creation(&mut first, bbs, "one", 0).await;
        let mut second = RawStream::subscribe(bbs, EVENTS, b"", None).await;
        bbs.desire("two").await;
        number_of_creation(&mut second, bbs, "two", 0).await;
        number_of_creation(&mut first, bbs, "two", number + 1).await;
    })
    .await;
}

#[tokio::test]
async fn the_stream_ignores_a_filter_in_the_request() {
    everywhere(async |bbs| {
        let filter = TasksRequest { domain: "another-domain".into(), ..TasksRequest::default() };
        let mut stream = RawStream::subscribe(bbs, EVENTS, &filter.encode_to_vec(), None).await;
        bbs.desire("one").await;
        number_of_creation(&mut stream, bbs, "one", 0).await;
    })
    .await;
}

#[tokio::test]
async fn an_older_path_that_the_server_knows_works_alike() {
    everywhere(async |bbs| {
        let mut stream = RawStream::subscribe(bbs, "/v1/events/tasks", b"", None).await;
        if stream.head[0].contains("404") {
            return;
        }
        bbs.desire("one").await;
        number_of_creation(&mut stream, bbs, "one", 0).await;
    })
    .await;
}

/// Enough tasks that their events, of 10 kB or more each, exceed the pending limit and the socket buffers of both ends.
const TASKS: usize = 700;
const EVENTS_PER_TASK: usize = 4;

#[tokio::test]
async fn a_slow_consumer_is_disconnected_with_a_clean_end() {
    once(async |bbs| {
        let mut slow = RawStream::subscribe(bbs, EVENTS, b"", Some(4096)).await;
        let large =
            taskdeck::bbs::wire::TaskDefinition { annotation: vec![b'a'; 10_000].into(), ..definition() };
        for at in 0..TASKS {
            let guid = bbs.desire_as(&at.to_string(), &large).await;
            bbs.client.cancel(&guid).await.unwrap();
            bbs.client.resolving(&guid).await.unwrap();
            bbs.client.delete(&guid).await.unwrap();
        }
        let mut count = 0;
        while let Some(event) = next_event(&mut slow).await {
            assert_eq!(event.number, count, "event numbers must not have gaps");
            count += 1;
        }
        assert!(count >= MAX_PENDING_EVENTS, "disconnected too early, after {count} events");
        assert!(count < TASKS * EVENTS_PER_TASK, "not disconnected: {count} events");
        // The consumer can subscribe again.
        let mut again = RawStream::subscribe(bbs, EVENTS, b"", None).await;
        bbs.desire("afterwards").await;
        number_of_creation(&mut again, bbs, "afterwards", 0).await;
    })
    .await;
}

//! The event stream as a server sends it: its head, its chunks, its numbers, and how it ends.

use prost::Message as _;
use taskdeck::bbs::wire::TasksRequest;

use crate::bbs::Bbs;
use crate::socket::RawStream;
use crate::targets::{everywhere, once};
use crate::tasks::definition;

const EVENTS: &str = "/v1/events/tasks.r1";

/// As many events as a consumer may leave waiting.
const BACKLOG: usize = 1024;

/// An event's lines, taken apart.
struct Told {
    number: usize,
    name: String,
    /// Its payload, which is base64.
    data: String,
}

/// The next event: one chunk, whole, framed as the server frames it.
async fn told(stream: &mut RawStream) -> Option<Told> {
    let (size, content) = stream.chunk().await?;
    assert_eq!(size, format!("{:x};", content.len()), "an empty chunk extension");
    let lines: Vec<_> = content.split('\n').collect();
    let [number, name, data, "", ""] = lines[..] else { panic!("one event and an empty line: {content:?}") };
    Some(Told {
        number: number.strip_prefix("id: ").unwrap().parse().unwrap(),
        name: name.strip_prefix("event: ").unwrap().to_owned(),
        data: data.strip_prefix("data: ").unwrap().to_owned(),
    })
}

/// The number of the event that tells of the task's creation; those before it are of other tasks, and count too.
async fn number_of_creation(stream: &mut RawStream, bbs: &Bbs, name: &str, first: usize) -> usize {
    let guid = bbs.guid(name).to_string();
    for number in first.. {
        let told = told(stream).await.expect("not the end");
        assert_eq!(told.number, number, "numbers without a gap");
        if told.name == "task_created" && mentions(&told.data, &guid) {
            return number;
        }
    }
    unreachable!("events are told for ever")
}

/// Whether the payload has the text in it.
fn mentions(data: &str, text: &str) -> bool {
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
async fn a_stream_ignores_what_its_request_says() {
    everywhere(async |bbs| {
        let filter = TasksRequest { domain: "another-domain".into(), ..TasksRequest::default() };
        let mut stream = RawStream::subscribe(bbs, EVENTS, &filter.encode_to_vec(), None).await;
        bbs.desire("one").await;
        number_of_creation(&mut stream, bbs, "one", 0).await;
    })
    .await;
}

#[tokio::test]
async fn an_older_path_tells_the_same_where_it_is_known() {
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

/// So many events that neither the consumer's backlog nor the buffers of both ends hold them: each is of 10 kB or more.
const TASKS: usize = 700;
const EVENTS_OF_A_TASK: usize = 4;

#[tokio::test]
async fn a_consumer_that_falls_behind_is_cut_off_with_a_clean_end() {
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
        while let Some(told) = told(&mut slow).await {
            assert_eq!(told.number, count, "what it is told is without a gap");
            count += 1;
        }
        assert!(count >= BACKLOG, "{count} events: cut off too early");
        assert!(count < TASKS * EVENTS_OF_A_TASK, "{count} events: not cut off");
        // Who subscribes again is served again.
        let mut again = RawStream::subscribe(bbs, EVENTS, b"", None).await;
        bbs.desire("afterwards").await;
        number_of_creation(&mut again, bbs, "afterwards", 0).await;
    })
    .await;
}

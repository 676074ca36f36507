//! The event stream over HTTP: many events, and all the ways in which it can end.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use prost::Message;
use taskdeck::bbs::{Client, wire};
use taskdeck::model::{Call, Fault, FaultKind, Skipped, StreamItem, TaskEvent};

use crate::calls::client;
use crate::pki::{Authority, Files, Purpose};
use crate::server::{Answer, Server, Then};

const MANY: usize = 40_000;
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Formats an event as one HTTP chunk, with the empty chunk extension that the server sends.
fn chunk(number: usize, name: &str, data: &str) -> String {
    let body = format!("id: {number}\nevent: {name}\ndata: {data}\n\n");
    format!("{:x};\r\n{body}\r\n", body.len())
}

fn created(number: usize) -> String {
    let guid = format!("task-{number}").into();
    let task = wire::Task { task_guid: guid, domain: "cf-tasks".into(), state: 1, ..wire::Task::default() };
    let payload = wire::TaskCreatedEvent { task: Some(task) }.encode_to_vec();
    chunk(number, "task_created", &STANDARD.encode(payload))
}

async fn serve(body: impl Into<Vec<u8>>, then: Then) -> Server {
    let answer = Answer::events(&body.into(), then);
    Server::start(move |_| answer.clone()).await
}

/// Returns the guids of all events and the fault that ended the stream, if any.
async fn read(client: &Client) -> (Vec<String>, Option<Fault>) {
    let mut stream = client.task_events().await.unwrap();
    let mut guids = Vec::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(StreamItem::Event(TaskEvent::Created(task))) => guids.push(task.guid.to_string()),
            Ok(other) => panic!("{other:?}"),
            Err(fault) => return (guids, Some(fault)),
        }
    }
    (guids, None)
}

/// Reads as many events as a busy foundation sends in an hour.
async fn read_many(client: &Client) {
    let (guids, fault) = read(client).await;
    assert_eq!(fault, None);
    assert_eq!(guids.len(), MANY);
    for (guid, number) in guids.iter().zip(0..) {
        assert_eq!(*guid, format!("task-{number}"));
    }
}

fn many() -> Vec<u8> {
    let mut body = String::new();
    for number in 0..MANY {
        body.write_str(&created(number)).unwrap();
    }
    [body.as_bytes(), LAST_CHUNK].concat()
}

/// The HTTP library limits the total size of chunk extensions per body; empty ones must not count.
#[tokio::test]
async fn forty_thousand_events_arrive() {
    let server = serve(many(), Then::Close).await;
    read_many(&client(&server).await).await;
}

#[tokio::test]
async fn forty_thousand_events_arrive_over_tls() {
    let authority = Authority::new();
    let answer = Answer::events(&many(), Then::Close);
    let server = Server::start_tls(authority.server(), move |_| answer.clone()).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    read_many(&files.client(&server).await).await;
}

#[tokio::test]
async fn a_break_is_a_fault_after_the_events_before_it_and_a_clean_end_is_not() {
    let two = created(0) + &created(1);
    let half = created(2).into_bytes();
    let cases = [
        (two.clone().into_bytes(), Then::Reset),
        (two.clone().into_bytes(), Then::Close),
        ([two.as_bytes(), &half[..40]].concat(), Then::Close),
        ([two.as_bytes(), b"no chunk\r\n"].concat(), Then::Hang),
    ];
    let server = serve([two.as_bytes(), LAST_CHUNK].concat(), Then::Keep).await;
    assert_eq!(read(&client(&server).await).await, (vec!["task-0".to_owned(), "task-1".to_owned()], None));
    for (body, then) in cases {
        let server = serve(body, then).await;
        let (guids, fault) = read(&client(&server).await).await;
        let fault = fault.expect("a fault instead of a clean end");
        // A reset may discard data that was sent before it.
        assert!(["task-0", "task-1"].starts_with(&guids.iter().map(String::as_str).collect::<Vec<_>>()));
        assert!(matches!(fault.kind, FaultKind::Unreachable { sent: true, .. }), "{fault}");
        assert_eq!(
            (fault.call, fault.request.unwrap().to_string()),
            (Call::TaskEvents, server.requests()[0].id.clone())
        );
    }
}

#[tokio::test]
async fn unusable_events_are_skipped_and_the_stream_continues() {
    let body = [
        chunk(0, "task_removed", ""),
        chunk(1, "task_exploded", "CgA="),
        chunk(2, "task_created", "%%%"),
        created(3),
    ];
    let server = serve(body.concat(), Then::Hang).await;
    let mut stream = client(&server).await.task_events().await.unwrap();
    let mut items = Vec::new();
    for _ in 0..4 {
        items.push(stream.next().await.unwrap().unwrap());
    }
    assert!(matches!(&items[0], StreamItem::Skipped(Skipped::Empty { event }) if event == "task_removed"));
    assert!(matches!(&items[1], StreamItem::Skipped(Skipped::Unknown { event }) if event == "task_exploded"));
    assert!(matches!(&items[2], StreamItem::Skipped(Skipped::Malformed { .. })));
    assert!(matches!(&items[3], StreamItem::Event(_)));
}

#[tokio::test]
async fn a_silent_stream_has_no_timeout() {
    let tell = Arc::new(tokio::sync::Notify::new());
    let server = serve("", Then::Hang).await;
    let mut stream = client(&server).await.task_events().await.unwrap();
    tokio::time::pause();
    let notified = Arc::clone(&tell);
    let day = tokio::spawn(async move {
        tokio::time::sleep(24 * 120 * crate::calls::TIMEOUT).await;
        notified.notify_one();
    });
    tokio::select! {
        next = stream.next() => panic!("the stream ended: {next:?}"),
        () = tell.notified() => {}
    }
    day.await.unwrap();
}

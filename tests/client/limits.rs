//! Bounds on what a server may send: replies, heads and events that are too large, and compressed replies.

use prost::Message as _;
use taskdeck::bbs::{Client, Connection, wire};
use taskdeck::model::{Call, Fault, FaultKind, ReplyLimit, TaskFilter};

use crate::calls::{connection, fault, make, success};
use crate::server::{Answer, Server, Then};

const PROTOBUF: &str = "Content-Type: application/x-protobuf\r\n";

/// A client that reads replies of up to so many bytes.
async fn limited(server: &Server, bytes: usize) -> Client {
    let reply_limit = ReplyLimit::bytes(bytes.try_into().unwrap());
    Client::open(Connection { reply_limit, ..connection(&server.url) }).await.unwrap()
}

fn is_too_large(fault: &Fault, part: &str) {
    let FaultKind::TooLarge { problem } = &fault.kind else { panic!("{fault}") };
    assert!(problem.contains(part), "{problem}");
    assert!(fault.outcome_unknown() && !fault.is_unanswered() && !fault.proves_server_up());
    assert!(fault.request.is_some());
}

/// A list with one task that is larger than what a task counts at least. Means success for any call.
fn one_task() -> Vec<u8> {
    let task = wire::Task { task_guid: vec![b'g'; 300].into(), ..wire::Task::default() };
    wire::TasksResponse { error: None, tasks: vec![task] }.encode_to_vec()
}

fn calls() -> impl Iterator<Item = Call> {
    Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents)
}

#[tokio::test]
async fn a_reply_whose_length_exceeds_the_limit_is_given_up_at_once() {
    let body = success();
    let answer = Answer::promising(1 << 40, 200, PROTOBUF, &body).then(Then::Hang);
    let server = Server::start(move |_| answer.clone()).await;
    let client = Client::open(connection(&server.url)).await.unwrap();
    for call in calls() {
        let limit = if call == Call::ListTasks { "1024 MiB; raise reply_limit_mb" } else { "32 MiB" };
        is_too_large(&fault(&client, call).await, &format!("the reply is larger than {limit}"));
    }
}

#[tokio::test]
async fn a_reply_without_a_length_is_given_up_at_the_limit() {
    let chunk = [b"2710\r\n".as_slice(), &[b'0'; 10_000], b"\r\n"].concat();
    let head = format!("HTTP/1.1 200 OK\r\n{PROTOBUF}Transfer-Encoding: chunked\r\n\r\n");
    let answer = Answer { bytes: [head.as_bytes(), &chunk, &chunk].concat(), then: Then::Hang };
    let server = Server::start(move |_| answer.clone()).await;
    let client = limited(&server, 15_000).await;
    for call in calls() {
        is_too_large(&fault(&client, call).await, "the reply is larger than 15000 bytes");
    }
}

#[tokio::test]
async fn a_reply_of_exactly_the_limit_is_read() {
    let body = one_task();
    let length = body.len();
    let server = Server::start(move |_| Answer::protobuf(&body)).await;
    let client = limited(&server, length).await;
    for call in calls() {
        make(&client, call).await.unwrap();
    }
    let client = limited(&server, length - 1).await;
    for call in calls() {
        is_too_large(&fault(&client, call).await, "the reply is larger than");
    }
}

#[tokio::test]
async fn a_list_may_be_read_up_to_the_limit_before_it_is_given_up() {
    let one = one_task();
    let chunk = [format!("{:x}\r\n", one.len()).as_bytes(), &one, b"\r\n"].concat();
    let head = format!("HTTP/1.1 200 OK\r\n{PROTOBUF}Transfer-Encoding: chunked\r\n\r\n");
    let answer = Answer { bytes: [head.as_bytes(), &chunk.repeat(10_000)].concat(), then: Then::Hang };
    let server = Server::start(move |_| answer.clone()).await;
    let client = limited(&server, 5_000 * one.len()).await;
    let mut list = client.open_list(&TaskFilter::default()).await.unwrap();
    let mut tasks = 0;
    let fault = loop {
        match list.next().await.unwrap() {
            Ok(part) => tasks += part.len(),
            Err(fault) => break fault,
        }
    };
    is_too_large(&fault, "the reply is larger than");
    assert!((1..=5_000).contains(&tasks), "{tasks}");
    assert!(list.next().await.is_none(), "nothing after a fault");
}

/// A hundred million empty tasks fit into a gigabyte, but not into memory.
#[tokio::test]
async fn a_list_of_too_many_small_tasks_is_given_up() {
    let body: Vec<u8> = (0_u16..1_000)
        .flat_map(|nth| {
            let task = wire::Task { task_guid: nth.to_string().into(), ..wire::Task::default() };
            wire::TasksResponse { error: None, tasks: vec![task] }.encode_to_vec()
        })
        .collect();
    let length = body.len();
    assert!(length < 100 * 256);
    let server = Server::start(move |_| Answer::protobuf(&body)).await;
    let list = async |limit: usize| limited(&server, limit).await.list_tasks(&TaskFilter::default()).await;
    is_too_large(
        &list(100 * 256).await.unwrap_err(),
        "the list has more than 100 tasks; raise reply_limit_mb if the server holds that much",
    );
    assert_eq!(list(1_000 * 256).await.unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_head_without_end_is_given_up() {
    let lines = "A: b\r\n".repeat(101);
    let endless = format!("{PROTOBUF}X-Long: {}", "x".repeat(1 << 20));
    let heads = [format!("{PROTOBUF}{lines}\r\n"), endless];
    for head in heads {
        let bytes = format!("HTTP/1.1 200 OK\r\n{head}").into_bytes();
        let answer = Answer { bytes, then: Then::Hang };
        let server = Server::start(move |_| answer.clone()).await;
        let client = Client::open(connection(&server.url)).await.unwrap();
        for call in Call::ALL {
            is_too_large(
                &fault(&client, call).await,
                "the head of the reply has more than 100 lines or 400 kB",
            );
        }
    }
}

/// Nobody asked for it, and a small reply could hide a large one. `Server` checks that no request asks.
#[tokio::test]
async fn a_compressed_reply_is_refused() {
    for (encoding, is_refused) in [("gzip", true), ("br", true), ("identity", false)] {
        let headers = format!("{PROTOBUF}Content-Encoding: {encoding}\r\n");
        let server = Server::start(move |_| Answer::reply(200, &headers, &success())).await;
        let client = Client::open(connection(&server.url)).await.unwrap();
        for call in calls() {
            let made = make(&client, call).await;
            assert_eq!(made.is_err(), is_refused, "{made:?}");
            let Err(fault) = made else { continue };
            let sentence =
                format!("the reply is compressed ({encoding}), which taskdeck did not ask for (status 200");
            assert!(fault.to_string().contains(&sentence), "{fault}");
        }
    }
}

#[tokio::test]
async fn an_event_without_end_ends_the_stream() {
    let data = [b"event: task_created\ndata: ".as_slice(), &vec![b'A'; 17 << 20]].concat();
    let chunk = [format!("{:x}\r\n", data.len()).as_bytes(), &data, b"\r\n"].concat();
    let answer = Answer::events(&chunk, Then::Hang);
    let server = Server::start(move |_| answer.clone()).await;
    let client = Client::open(connection(&server.url)).await.unwrap();
    let mut stream = client.task_events().await.unwrap();
    is_too_large(&stream.next().await.unwrap().unwrap_err(), "an event is larger than 16 MiB");
}

//! Writes are sent at most once, and the fault says whether the server may have executed them.

use taskdeck::bbs::Client;
use taskdeck::model::{Call, Fault};

use crate::calls::{client, fault, fault_in_time, make, success, writes};
use crate::pki::{Authority, Files, Purpose};
use crate::server::{Answer, Request, Server, Then};

/// Failing answers to a write, and whether the server may have executed it.
fn failing_answers() -> Vec<(Answer, bool)> {
    let protobuf = "Content-Type: application/x-protobuf\r\n";
    let refusal = b"\x0A\x04\x08\x09\x12\x00";
    vec![
        (Answer::nothing(Then::Reset), true),
        (Answer::nothing(Then::Close), true),
        (Answer::nothing(Then::Hang), true),
        (Answer { bytes: b"HTTP/1.1 200 OK\r\n".to_vec(), then: Then::Reset }, true),
        (Answer { bytes: b"\x15\x03\x01\x00\x02\x02\x16".to_vec(), then: Then::Close }, true),
        (Answer::promising(9, 200, protobuf, b"\x0A").then(Then::Reset), true),
        (Answer::promising(9, 200, protobuf, b"\x0A").then(Then::Hang), true),
        (Answer::protobuf(b"\x0A\x64cut"), true),
        (Answer::protobuf(b"\xFF"), true),
        (Answer::reply(200, "Content-Type: text/html\r\n", b"<html>"), true),
        (Answer::reply(500, "", b""), true),
        (Answer::reply(502, "X-Cf-Routererror: endpoint_failure\r\n", b""), true),
        (Answer::reply(503, "", b""), true),
        (Answer::reply(504, "Content-Type: text/html\r\n", b"<html>"), true),
        (Answer::reply(307, "Location: /v1/tasks/elsewhere\r\n", b""), false),
        (Answer::reply(404, "X-Cf-Routererror: unknown_route\r\n", b""), false),
        (Answer::reply(405, "", b""), false),
        (Answer::reply(408, "Connection: close\r\n", b"").then(Then::Close), false),
        (Answer::reply(429, "Retry-After: 0\r\n", b""), false),
        (Answer::protobuf(refusal), false),
    ]
}

async fn ends(client: &Client, call: Call, server: &Server, hangs: bool) -> Fault {
    if hangs { fault_in_time(client, call, server).await } else { fault(client, call).await }
}

/// Tests every failing answer with every write, on a new and on a reused connection.
async fn test_all(serve: impl AsyncFn(Answer) -> (Server, Client)) {
    for (answer, outcome_unknown) in failing_answers() {
        let answer_text = format!("{:?} {:?}", String::from_utf8_lossy(&answer.bytes), answer.then);
        let hangs = answer.then == Then::Hang;
        for used in [false, true] {
            let (server, client) = serve(answer.clone()).await;
            for call in writes() {
                if used {
                    make(&client, Call::Ping).await.unwrap();
                }
                let before = server.requests().len();
                let fault = ends(&client, call, &server, hangs).await;
                // A retry would have been sent by the time that another call returns.
                make(&client, Call::Ping).await.unwrap();
                let requests = server.requests().split_off(before);
                assert_eq!(requests.len(), 2, "{call} {answer_text}: the write once, and the ping");
                assert_eq!(fault.request.unwrap().to_string(), requests[0].id, "{call} {answer_text}");
                assert_eq!(fault.outcome_unknown(), outcome_unknown, "{call} {answer_text}: {fault}");
            }
        }
    }
}

fn fail_writes(answer: Answer) -> impl Fn(&Request) -> Answer + Send + Sync {
    move |request| if request.path == "/v1/ping" { Answer::protobuf(b"\x08\x01") } else { answer.clone() }
}

#[tokio::test]
async fn a_failing_write_is_sent_once() {
    test_all(async |answer| {
        let server = Server::start(fail_writes(answer)).await;
        let client = client(&server).await;
        (server, client)
    })
    .await;
}

#[tokio::test]
async fn a_write_is_sent_once_over_tls_too() {
    let authority = Authority::new();
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    test_all(async |answer| {
        let server = Server::start_tls(authority.server(), fail_writes(answer)).await;
        let client = files.client(&server).await;
        (server, client)
    })
    .await;
}

#[tokio::test]
async fn a_write_on_a_closing_connection_is_sent_at_most_once() {
    let server = Server::start(|_| Answer::protobuf(&success()).then(Then::Close)).await;
    let client = client(&server).await;
    for _ in 0..100 {
        make(&client, Call::Ping).await.unwrap_or_default();
        let before = writes_in(&server);
        let made = make(&client, Call::Delete).await;
        let sent = writes_in(&server) - before;
        match made {
            Ok(()) => assert_eq!(sent, 1),
            Err(fault) => {
                assert!(sent <= 1 && (sent == 0 || fault.outcome_unknown()), "{sent} sent: {fault}");
            }
        }
    }
}

fn writes_in(server: &Server) -> usize {
    server.paths().iter().filter(|path| *path == "/v1/tasks/delete").count()
}

#[tokio::test]
async fn a_cancelled_write_sends_nothing_more() {
    let server = Server::start(fail_writes(Answer::nothing(Then::Hang))).await;
    let client = client(&server).await;
    for call in writes() {
        let before = server.requests().len();
        let waiting = tokio::spawn({
            let client = client.clone();
            async move { make(&client, call).await }
        });
        server.has_read(before + 1).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        make(&client, Call::Ping).await.unwrap();
        assert_eq!(server.requests().len(), before + 2);
    }
}

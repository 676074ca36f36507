//! Faults from replies: errors of the BBS, replies that are not from a BBS, and malformed messages.

use prost::Message;
use taskdeck::bbs::wire;
use taskdeck::model::{Call, Fault, FaultKind, RefusedType, TaskFilter};

use crate::calls::{client, fault, make, success};
use crate::server::{Answer, Server};

/// Error types with a name in the API; other numbers are those of newer releases.
const KNOWN_TYPES: [i32; 19] = [0, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 24, 26, 27, 28, 29, 30, 31];

/// Asserts what holds for every fault after a request was sent.
fn is_complete(fault: &Fault, call: Call, server: &Server) {
    assert_eq!((fault.call, &fault.target), (call, &server.url));
    let id = fault.request.expect("a sent request has an id").to_string();
    assert_eq!(server.requests().last().unwrap().id, id, "{call}: the id in the server's log");
    let text = fault.to_string();
    assert!(text.starts_with(&format!("could not {call} on {}: ", server.url)), "{text}");
    assert!(text.ends_with(&format!(" (request {id})")), "{text}");
}

#[tokio::test]
async fn an_error_in_a_200_keeps_its_type_and_message() {
    for number in (-1..=40).chain([i32::MAX]) {
        let error = wire::Error { r#type: number, message: format!("no, says {number}").into() };
        let reply = wire::TaskLifecycleResponse { error: Some(error) };
        let server = Server::start(move |_| Answer::message(&reply)).await;
        let fault = fault(&client(&server).await, Call::Cancel).await;
        is_complete(&fault, Call::Cancel, &server);
        let message = format!("no, says {number}");
        assert_eq!(fault.kind, FaultKind::Refused { kind: RefusedType(number), message });
        let error_type = if KNOWN_TYPES.contains(&number) { "(" } else { &format!("(type {number})") };
        assert!(
            fault.to_string().contains(&format!("the BBS refused: no, says {number} {error_type}")),
            "{fault}"
        );
        assert_eq!(fault.is_not_found(), number == 13);
        assert_eq!(fault.outcome_unknown(), matches!(number, 0 | 31), "{fault}");
    }
}

#[tokio::test]
async fn every_call_returns_the_error_in_its_reply() {
    let error = wire::Error { r#type: 9, message: "Cannot transition".into() };
    let reply = wire::TaskLifecycleResponse { error: Some(error) };
    let server = Server::start(move |_| Answer::message(&reply)).await;
    let client = client(&server).await;
    for call in Call::ALL.into_iter().filter(|call| !matches!(call, Call::Ping | Call::TaskEvents)) {
        let fault = fault(&client, call).await;
        is_complete(&fault, call, &server);
        assert!(matches!(fault.kind, FaultKind::Refused { .. }), "{call}: {fault}");
    }
}

/// Whatever the status is: the message counts. It is the answer, so that no older path is asked.
#[tokio::test]
async fn an_error_under_an_error_status_is_the_same_refusal() {
    let error = wire::Error { r#type: 28, message: "deadlock".into() };
    let body = wire::TaskLifecycleResponse { error: Some(error) }.encode_to_vec();
    for status in [400, 404, 500, 503] {
        let body = body.clone();
        let headers = "Content-Type: application/x-protobuf\r\n";
        let server = Server::start(move |_| Answer::reply(status, headers, &body)).await;
        let client = client(&server).await;
        for call in Call::ALL {
            let fault = fault(&client, call).await;
            is_complete(&fault, call, &server);
            let kind = FaultKind::Refused { kind: RefusedType::DEADLOCK, message: "deadlock".to_owned() };
            assert_eq!(fault.kind, kind, "{call}: {status}");
        }
        assert_eq!(server.requests().len(), Call::ALL.len(), "status {status} is not asked again");
    }
}

/// What a router says wins over what it passes on, and of a body without end nothing is believed.
#[tokio::test]
async fn what_only_looks_like_an_error_of_the_bbs_is_none() {
    let error = wire::Error { r#type: 28, message: "deadlock".repeat(20_000).into() };
    let body = wire::TaskLifecycleResponse { error: Some(error) }.encode_to_vec();
    let router = "Content-Type: application/x-protobuf\r\nX-Cf-Routererror: unknown_route\r\n";
    for (status, headers) in [(200, router), (502, router), (500, "Content-Type: application/x-protobuf\r\n")]
    {
        let body = body.clone();
        let server = Server::start(move |_| Answer::reply(status, headers, &body)).await;
        let fault = fault(&client(&server).await, Call::Cancel).await;
        assert!(matches!(fault.kind, FaultKind::NotBbs { .. }), "{status}: {fault}");
    }
}

/// A response that is not from a BBS, and the expected text of the fault.
struct NotBbs {
    status: u16,
    headers: &'static str,
    body: &'static str,
    message: &'static str,
    outcome_unknown: bool,
}

const NOT_BBS: [NotBbs; 10] = [
    NotBbs {
        status: 404,
        headers: "X-Cf-Routererror: unknown_route\r\nContent-Type: text/plain\r\n",
        body: "404 Not Found: Requested route does not exist.",
        message: "a router answered instead of the BBS: unknown_route (status 404, text/plain)",
        outcome_unknown: false,
    },
    NotBbs {
        status: 502,
        headers: "X-Cf-Routererror: endpoint_failure\r\n",
        body: "",
        message: "a router answered instead of the BBS: endpoint_failure (status 502, no content type)",
        outcome_unknown: true,
    },
    NotBbs {
        status: 405,
        headers: "Content-Type: text/plain; charset=utf-8\r\n",
        body: "Method Not Allowed\n",
        message: "the server does not accept POST for this call (status 405, text/plain",
        outcome_unknown: false,
    },
    NotBbs {
        status: 503,
        headers: "",
        body: "",
        message: "the BBS is not ready yet; it may be migrating its database (status 503, no content type)",
        outcome_unknown: true,
    },
    NotBbs {
        status: 200,
        headers: "Content-Type: text/html; charset=utf-8\r\n",
        body: "<html>Please log in</html>",
        message: "(status 200, text/html",
        outcome_unknown: true,
    },
    NotBbs {
        status: 200,
        headers: "",
        body: "\u{8}\u{1}",
        message: "(status 200, no content type)",
        outcome_unknown: true,
    },
    NotBbs {
        status: 204,
        headers: "Content-Type: application/x-protobuf\r\n",
        body: "",
        message: "the reply is not from a BBS (status 204, application/x-protobuf)",
        outcome_unknown: true,
    },
    NotBbs {
        status: 302,
        headers: "Location: http://127.0.0.1:9/v1/ping\r\n",
        body: "",
        message: "the reply is not from a BBS (status 302, no content type)",
        outcome_unknown: false,
    },
    NotBbs {
        status: 400,
        headers: "Content-Type: text/plain\r\n",
        body: "Client sent an HTTP request to an HTTPS server.\n",
        message: "the reply is not from a BBS (status 400, text/plain)",
        outcome_unknown: false,
    },
    NotBbs {
        status: 500,
        headers: "Content-Type: application/x-protobuf\r\n",
        body: "",
        message: "the reply is not from a BBS (status 500, application/x-protobuf)",
        outcome_unknown: true,
    },
];

#[tokio::test]
async fn every_call_detects_a_reply_that_is_not_from_a_bbs() {
    for is in NOT_BBS {
        let server = Server::start(move |_| Answer::reply(is.status, is.headers, is.body.as_bytes())).await;
        let client = client(&server).await;
        for call in Call::ALL {
            let fault = fault(&client, call).await;
            is_complete(&fault, call, &server);
            let FaultKind::NotBbs { status, ref content_type, ref router_error, .. } = fault.kind else {
                panic!("{call}: {fault}");
            };
            assert_eq!(status, is.status);
            assert!(is.headers.contains(content_type.as_str()) && is.headers.contains(router_error.as_str()));
            assert_eq!(router_error.is_empty(), !is.headers.contains("Routererror"));
            assert!(fault.to_string().contains(is.message), "{call}: {fault}");
            let says_expected = fault.to_string().contains("the reply is not from a BBS: expected ");
            assert_eq!(says_expected, is.status == 200, "{call}: {fault}");
            assert_eq!(fault.outcome_unknown(), is.outcome_unknown, "{fault}");
        }
        assert_eq!(server.requests().len(), Call::ALL.len(), "status {} is not retried", is.status);
    }
}

#[tokio::test]
async fn an_event_stream_and_messages_are_not_interchangeable() {
    let server = Server::start(|_| Answer::protobuf(&success())).await;
    let client_of_messages = client(&server).await;
    for call in Call::ALL {
        let made = make(&client_of_messages, call).await;
        assert_eq!(made.is_err(), call == Call::TaskEvents, "{call}: {made:?}");
    }
    let server = Server::start(|_| Answer::reply(200, "Content-Type: text/event-stream\r\n", b"\n")).await;
    let client_of_events = client(&server).await;
    for call in Call::ALL {
        let made = make(&client_of_events, call).await;
        assert_eq!(made.is_ok(), call == Call::TaskEvents, "{call}: {made:?}");
    }
}

/// Invalid for every reply: a length beyond the end, a field without a value, an invalid key, an invalid wire type.
const MALFORMED: [&[u8]; 4] =
    [b"\x12\x64only this", b"\x0A", b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", b"\x0F"];

#[tokio::test]
async fn every_call_detects_a_malformed_reply() {
    for body in MALFORMED {
        let server = Server::start(|_| Answer::protobuf(body)).await;
        let client = client(&server).await;
        for call in Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents) {
            let fault = fault(&client, call).await;
            is_complete(&fault, call, &server);
            assert!(matches!(fault.kind, FaultKind::Malformed { .. }), "{call}: {fault}");
            assert!(fault.outcome_unknown(), "{call}");
        }
    }
}

#[tokio::test]
async fn a_list_that_ends_within_a_task_returns_the_complete_ones_first() {
    let task = |guid| wire::Task { task_guid: guid, domain: "d".into(), ..wire::Task::default() };
    let tasks = vec![task("one".into()), task("two".into()), task("three".into())];
    let body = wire::TasksResponse { error: None, tasks }.encode_to_vec();
    let server = Server::start(move |_| Answer::protobuf(&body[..body.len() - 2])).await;
    let client = client(&server).await;
    let mut list = client.open_list(&TaskFilter::default()).await.unwrap();
    let mut guids = Vec::new();
    let fault = loop {
        match list.next().await.expect("not the end yet") {
            Ok(tasks) => guids.extend(tasks.into_iter().map(|task| task.guid.to_string())),
            Err(fault) => break fault,
        }
    };
    assert_eq!(guids, ["one", "two"]);
    is_complete(&fault, Call::ListTasks, &server);
    assert!(fault.to_string().contains("into a field, after 2 complete tasks"), "{fault}");
    assert!(list.next().await.is_none(), "nothing after a fault");
}

#[tokio::test]
async fn an_error_in_the_middle_of_a_list_is_returned() {
    let task = wire::Task { task_guid: "one".into(), ..wire::Task::default() };
    let mut body = wire::TasksResponse { error: None, tasks: vec![task] }.encode_to_vec();
    let error = wire::Error { r#type: 31, message: "too slow".into() };
    body.extend(wire::TasksResponse { error: Some(error), tasks: Vec::new() }.encode_to_vec());
    let server = Server::start(move |_| Answer::protobuf(&body)).await;
    let fault = fault(&client(&server).await, Call::ListTasks).await;
    is_complete(&fault, Call::ListTasks, &server);
    assert!(matches!(fault.kind, FaultKind::Refused { kind: RefusedType::TIMEOUT, .. }), "{fault}");
}

#[tokio::test]
async fn neither_a_task_nor_an_error_is_malformed() {
    let server = Server::start(|_| Answer::protobuf(b"")).await;
    let fault = fault(&client(&server).await, Call::GetTask).await;
    is_complete(&fault, Call::GetTask, &server);
    assert!(fault.to_string().contains("neither a task nor an error"), "{fault}");
}

#[tokio::test]
async fn an_empty_body_is_success_or_nothing() {
    let server = Server::start(|_| Answer::protobuf(b"")).await;
    let client = client(&server).await;
    for call in Call::ALL.into_iter().filter(|call| !matches!(call, Call::GetTask | Call::TaskEvents)) {
        make(&client, call).await.unwrap();
    }
    assert_eq!(client.list_tasks(&TaskFilter::default()).await.unwrap(), []);
    assert_eq!(client.ping().await, Ok(false));
}

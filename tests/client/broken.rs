//! Connections that fail, break or hang.

use std::sync::atomic::{AtomicUsize, Ordering};

use taskdeck::bbs::{Client, Connection};
use taskdeck::model::{Call, Fault, FaultKind, TaskFilter};
use tokio::net::TcpListener;

use crate::calls::{TIMEOUT, client, connection, fault, fault_in_time, make, success};
use crate::server::{Answer, Server, Then};

fn names_the_request(fault: &Fault, server: &Server) {
    let id = fault.request.expect("a request was sent").to_string();
    assert_eq!(id, server.requests().last().unwrap().id, "{fault}");
    assert!(fault.to_string().ends_with(&format!(" (request {id})")), "{fault}");
}

#[tokio::test]
async fn a_broken_reply_is_unreachable_and_counts_as_sent() {
    let protobuf = "Content-Type: application/x-protobuf\r\n";
    let body = success();
    let half = Answer::promising(body.len(), 200, protobuf, &body[..body.len() / 2]);
    let answers = [
        Answer::nothing(Then::Reset),
        Answer::nothing(Then::Close),
        Answer { bytes: b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(), then: Then::Reset },
        Answer { bytes: b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(), then: Then::Close },
        Answer { bytes: b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), then: Then::Close },
        half.clone().then(Then::Close),
        half.then(Then::Reset),
    ];
    for answer in answers {
        let answer_text = String::from_utf8_lossy(&answer.bytes).into_owned();
        let server = Server::start(move |_| answer.clone()).await;
        let client = client(&server).await;
        for call in Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents) {
            let fault = fault(&client, call).await;
            let FaultKind::Unreachable { ref cause, sent } = fault.kind else { panic!("{call}: {fault}") };
            assert!(sent && fault.outcome_unknown(), "{call} {answer_text}: {fault}");
            assert!(!cause.is_empty());
            names_the_request(&fault, &server);
        }
    }
}

#[tokio::test]
async fn a_refused_connection_counts_as_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::open(connection(&url)).await.unwrap();
    for call in Call::ALL {
        let fault = fault(&client, call).await;
        let FaultKind::Unreachable { ref cause, sent: false } = fault.kind else { panic!("{call}: {fault}") };
        assert!(cause.starts_with("Connection refused"), "{cause}");
        assert!(!fault.outcome_unknown());
        assert!(fault.to_string().contains(&format!("on {url}: unreachable: ")), "{fault}");
        assert!(fault.request.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn a_connect_timeout_counts_as_not_sent() {
    // The operating system accepts the connection, but nobody answers the TLS handshake.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let connection = Connection { request_timeout: None, ..connection(&url) };
    let fault = fault(&Client::open(connection).await.unwrap(), Call::Cancel).await;
    assert!(matches!(fault.kind, FaultKind::Unreachable { sent: false, .. }), "{fault}");
}

#[tokio::test]
async fn a_server_that_does_not_respond_in_time_is_timed_out() {
    let body = success();
    let protobuf = "Content-Type: application/x-protobuf\r\n";
    let answers = [
        Answer::nothing(Then::Hang),
        Answer { bytes: b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec(), then: Then::Hang },
        Answer::promising(body.len(), 200, protobuf, &body[..1]).then(Then::Hang),
    ];
    for (answer, has_head) in answers.into_iter().zip([false, false, true]) {
        let server = Server::start(move |_| answer.clone()).await;
        let client = client(&server).await;
        // An event stream has a different head.
        for call in Call::ALL.into_iter().filter(|call| !(has_head && *call == Call::TaskEvents)) {
            let fault = fault_in_time(&client, call, &server).await;
            assert_eq!(fault.kind, FaultKind::TimedOut { after: TIMEOUT }, "{call}");
            assert!(fault.outcome_unknown());
            assert!(fault.to_string().contains("no answer within 30.0 s"), "{fault}");
            names_the_request(&fault, &server);
        }
    }
}

#[tokio::test]
async fn a_list_may_exceed_the_timeout_but_not_stall() {
    let body = success();
    let whole = [&body[..], &body[..1]].concat();
    let protobuf = "Content-Type: application/x-protobuf\r\n";
    let answer = Answer::promising(whole.len() + 1, 200, protobuf, &whole).then(Then::Hang);
    let server = Server::start(move |_| answer.clone()).await;
    let mut list = client(&server).await.open_list(&TaskFilter::default()).await.unwrap();
    tokio::time::pause();
    tokio::time::advance(2 * TIMEOUT).await;
    assert_eq!(list.next().await.unwrap().unwrap().len(), 1, "the tasks that arrived in time");
    let fault = list.next().await.unwrap().unwrap_err();
    assert_eq!(fault.kind, FaultKind::TimedOut { after: TIMEOUT });
    names_the_request(&fault, &server);
    assert!(list.next().await.is_none());
}

#[tokio::test]
async fn a_client_works_after_faults() {
    let server = Server::start({
        let asked = AtomicUsize::new(0);
        move |_| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::nothing(Then::Reset),
            1 => Answer::nothing(Then::Hang),
            2 => Answer::reply(503, "", b""),
            _ => Answer::protobuf(b"\x08\x01"),
        }
    })
    .await;
    let client = client(&server).await;
    fault(&client, Call::Ping).await;
    fault_in_time(&client, Call::Ping, &server).await;
    fault(&client, Call::Ping).await;
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(client.ping().await, Ok(true));
}

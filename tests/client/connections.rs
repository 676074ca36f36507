//! Connection reuse, keep-alive and request ids.

use std::collections::HashSet;

use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::model::{Call, FaultKind};

use crate::calls::{client, connection, fault, make, success, writes};
use crate::pki::{Authority, Files, Purpose};
use crate::server::{Answer, Server, Then};

/// Returns how many connections the requests used.
fn connections(server: &Server) -> usize {
    let requests = server.requests();
    requests.iter().map(|request| request.connection).collect::<HashSet<_>>().len()
}

#[tokio::test]
async fn one_connection_serves_all_calls() {
    let plain = Server::start(|_| Answer::protobuf(&success())).await;
    let authority = Authority::new();
    let tls = Server::start_tls(authority.server(), |_| Answer::protobuf(&success())).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    for (server, client) in [(&plain, client(&plain).await), (&tls, files.client(&tls).await)] {
        for call in Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents) {
            make(&client, call).await.unwrap();
        }
        assert_eq!((server.requests().len(), connections(server)), (10, 1));
    }
}

#[tokio::test]
async fn a_connection_closed_by_the_server_is_replaced() {
    let server = Server::start(|_| {
        Answer::reply(200, "Connection: close\r\nContent-Type: application/x-protobuf\r\n", b"")
            .then(Then::Close)
    })
    .await;
    let client = client(&server).await;
    for _ in 0..3 {
        make(&client, Call::Ping).await.unwrap();
    }
    assert_eq!(connections(&server), 3);
}

#[tokio::test]
async fn every_call_has_its_own_request_id() {
    let server = Server::start(|_| Answer::protobuf(&success())).await;
    let client = client(&server).await;
    for call in Call::ALL.into_iter().cycle().take(3 * Call::ALL.len()) {
        let _ = make(&client, call).await;
    }
    let requests = server.requests();
    let ids: HashSet<_> = requests.iter().map(|request| &request.id).collect();
    assert_eq!(ids.len(), requests.len());
    let is_hex = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(ids.iter().all(|id| is_hex(id)), "{ids:?}");
}

#[tokio::test]
async fn a_read_only_client_sends_no_write() {
    let server = Server::start(|_| Answer::protobuf(&success())).await;
    let connection = Connection { access: Access::ReadOnly, ..connection(&server.url) };
    let client = Client::open(connection).await.unwrap();
    for call in writes() {
        let fault = fault(&client, call).await;
        assert_eq!((&fault.kind, fault.request, fault.call), (&FaultKind::ReadOnly, None, call));
        assert!(!fault.outcome_unknown());
        assert!(fault.to_string().ends_with("this target is read-only; nothing was sent"), "{fault}");
    }
    assert_eq!(server.paths(), [""; 0]);
    assert_eq!(writes().count(), 5);
    for call in Call::ALL.into_iter().filter(|call| !writes().any(|write| write == *call)) {
        let made = make(&client, call).await;
        assert!(made.is_ok() || call == Call::TaskEvents, "{made:?}");
    }
    assert_eq!(server.paths().len(), 6, "read calls are sent");
}

/// The timer of a connection: `02` means keep-alive, followed by the time to the next probe in hundredths of a second.
/// Source: the kernel's documentation of `/proc/net/tcp`.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_silent_connection_is_probed_within_15_seconds() {
    let server = Server::start(|_| Answer::events(b"", Then::Hang)).await;
    let _stream = client(&server).await.task_events().await.unwrap();
    let local = |port: u16| format!("0100007F:{port:04X}");
    let ends = [local(server.requests()[0].connection.1), local(server.port())];
    let timer = || {
        let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
        let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut own = fields.filter(|fields| fields[1..3] == ends);
        own.next().unwrap()[5].to_owned()
    };
    // The retransmission timer runs first, until the request is acknowledged.
    let timer = loop {
        match timer() {
            timer if timer.starts_with("01:") => tokio::task::yield_now().await,
            timer => break timer,
        }
    };
    let hundredths = timer.strip_prefix("02:").expect("a keep-alive timer");
    let hundredths = u32::from_str_radix(hundredths, 16).unwrap();
    assert!((1..=1500).contains(&hundredths), "{hundredths}");
}

//! Writes to a locked target, and writes faster than the target's rate.

use std::time::{Duration, Instant};

use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::model::{Call, FaultKind, TaskGuid, WriteRate};

use crate::calls::{connection, fault, make, success, writes};
use crate::server::{Answer, Server};

async fn serve(access: Access, rate: Option<WriteRate>) -> (Server, Client) {
    let server = Server::start(|_| Answer::protobuf(&success())).await;
    let connection = Connection { access, writes_per_second: rate, ..connection(&server.url) };
    let client = Client::open(connection).await.unwrap();
    (server, client)
}

#[tokio::test]
async fn a_locked_client_sends_writes_only_while_it_is_open() {
    let (server, client) = serve(Access::Locked, None).await;
    for call in writes() {
        assert_eq!(fault(&client, call).await.kind, FaultKind::ReadOnly);
    }
    assert_eq!(server.paths(), [""; 0]);
    client.open_writes(Duration::from_secs(600));
    for call in writes() {
        make(&client, call).await.unwrap();
    }
    assert_eq!(server.paths().len(), writes().count());
    client.close_writes();
    assert_eq!(fault(&client, Call::Cancel).await.kind, FaultKind::ReadOnly);
    client.open_writes(Duration::from_secs(600));
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(600)).await;
    let late = fault(&client, Call::Cancel).await;
    assert_eq!((&late.kind, late.outcome_unknown()), (&FaultKind::ReadOnly, false));
    assert_eq!(server.paths().len(), writes().count(), "nothing was sent after the deadline");
}

#[tokio::test]
async fn a_write_that_waited_past_the_deadline_is_not_sent() {
    let (server, client) = serve(Access::Locked, WriteRate::per_second(1)).await;
    client.open_writes(Duration::from_secs(600));
    // Paused, so that however slow the machine is, the second one waits for its turn until the first one is on its way.
    tokio::time::pause();
    let (a, b) = (TaskGuid::from("a"), TaskGuid::from("b"));
    let second = async {
        let fault = client.cancel(&b).await.unwrap_err();
        tokio::time::resume();
        fault
    };
    let (first, second, ()) = tokio::join!(client.cancel(&a), second, async { client.close_writes() });
    first.unwrap();
    assert_eq!(second.kind, FaultKind::ReadOnly);
    assert_eq!(server.paths().len(), 1);
}

#[tokio::test]
async fn nothing_opens_a_client_that_is_read_only_for_good() {
    let (server, client) = serve(Access::ReadOnly, None).await;
    client.open_writes(Duration::from_secs(600));
    for call in writes() {
        assert_eq!(fault(&client, call).await.kind, FaultKind::ReadOnly);
    }
    assert_eq!(server.paths(), [""; 0]);
}

#[tokio::test]
async fn writes_of_all_clones_share_one_rate() {
    let (_server, client) = serve(Access::ReadWrite, WriteRate::per_second(20)).await;
    let start = Instant::now();
    let write = |call| {
        let client = client.clone();
        async move { make(&client, call).await.unwrap() }
    };
    tokio::join!(write(Call::Cancel), write(Call::Resolving), write(Call::Delete), write(Call::Desire));
    assert!(start.elapsed() >= Duration::from_millis(150), "three waits: {:?}", start.elapsed());
}

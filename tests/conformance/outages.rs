//! Tests a server that stops, cannot be reached, and returns: its tasks stay, but the events in the meantime are lost.
//!
//! Source: "Transport" and "The event stream" of the API.

use taskdeck::model::FaultKind;
use taskdeck::model::State::Pending;

use crate::targets::simulated;

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_cleanly() {
    simulated(async |bbs, sim| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        sim.end_streams();
        // Events from before the end are still delivered.
        stream.next().await.expect("the creation").unwrap();
        assert!(stream.next().await.is_none());
        assert_eq!(bbs.state(&guid).await, Pending);
    })
    .await;
}

#[tokio::test]
async fn a_broken_stream_is_an_error() {
    simulated(async |bbs, sim| {
        let mut stream = bbs.client.task_events().await.unwrap();
        sim.faults().drop_streams();
        let fault = stream.next().await.expect("an error, not a clean end").unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Unreachable { .. }), "{fault}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_refuses_connections_keeps_its_tasks() {
    simulated(async |bbs, sim| {
        let guid = bbs.desire("one").await;
        sim.faults().refuse_connections(true);
        for _ in 0..3 {
            let fault = bbs.client.ping().await.unwrap_err();
            assert!(matches!(fault.kind, FaultKind::Unreachable { .. }), "{fault}");
        }
        sim.faults().refuse_connections(false);
        assert_eq!(bbs.state(&guid).await, Pending);
    })
    .await;
}

#[tokio::test]
async fn a_migrating_server_answers_503_with_an_empty_body() {
    simulated(async |bbs, sim| {
        sim.faults().status(Some(503));
        let reply = bbs.post("/v1/tasks/list.r3", "").await;
        assert_eq!((reply.status, reply.content_type(), reply.body.len()), (503, "", 0));
        let fault = bbs.client.ping().await.unwrap_err();
        assert!(matches!(fault.kind, FaultKind::NotBbs { status: 503, .. }), "{fault}");
        sim.faults().status(None);
        assert_eq!(bbs.client.ping().await, Ok(true));
    })
    .await;
}

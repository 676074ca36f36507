//! A server that stops, is away, and is back: what it had it has, and what it told meanwhile is lost.

use taskdeck::model::FaultKind;
use taskdeck::model::State::Pending;

use crate::targets::simulated;

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_cleanly() {
    simulated(async |bbs, sim| {
        let mut stream = bbs.client.task_events().await.unwrap();
        let guid = bbs.desire("one").await;
        sim.end_streams();
        // What it was told before is still told.
        stream.next().await.expect("the creation").unwrap();
        assert!(stream.next().await.is_none());
        assert_eq!(bbs.state(&guid).await, Pending);
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_breaks_is_no_clean_end() {
    simulated(async |bbs, sim| {
        let mut stream = bbs.client.task_events().await.unwrap();
        sim.faults().drop_streams();
        let fault = stream.next().await.expect("not a clean end").unwrap_err();
        assert!(matches!(fault.kind, FaultKind::Unreachable { .. }), "{fault}");
    })
    .await;
}

#[tokio::test]
async fn a_server_that_is_away_is_unreachable_and_keeps_its_tasks() {
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
async fn a_server_that_migrates_answers_503_with_nothing() {
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

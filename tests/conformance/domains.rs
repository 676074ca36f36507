//! Tests fresh domains and cell presences.
//!
//! Source: "Routes" and "Transport" of the API.

use std::time::{Duration, Instant};

use taskdeck::bbs::wire::UpsertDomainRequest;
use taskdeck::model::{FaultKind, RefusedType, TaskFilter};

use crate::bbs::{Bbs, error_of};
use crate::targets::{everywhere, simulated, with_presence};

/// Timeout for a domain with a TTL of 1 s to expire.
const EXPIRY_TIMEOUT: Duration = Duration::from_secs(30);

async fn is_fresh(bbs: &Bbs) -> bool {
    bbs.client.domains().await.unwrap().contains(&bbs.domain)
}

#[tokio::test]
async fn only_an_upsert_makes_a_domain_fresh() {
    everywhere(async |bbs| {
        bbs.desire("one").await;
        assert!(!is_fresh(bbs).await, "a task does not make its domain fresh");
        bbs.client.upsert_domain(&bbs.domain, 0).await.unwrap();
        assert!(is_fresh(bbs).await);
        bbs.client.upsert_domain(&bbs.domain, 3600).await.unwrap();
        let fresh = bbs.client.domains().await.unwrap();
        assert_eq!(
            fresh.iter().filter(|domain| **domain == bbs.domain).count(),
            1,
            "a second upsert must not add the domain again"
        );
    })
    .await;
}

#[tokio::test]
async fn a_domain_expires_after_its_ttl() {
    everywhere(async |bbs| {
        bbs.client.upsert_domain(&bbs.domain, 0).await.unwrap();
        bbs.client.upsert_domain(&bbs.domain, 1).await.unwrap();
        let since = Instant::now();
        while is_fresh(bbs).await {
            assert!(since.elapsed() < EXPIRY_TIMEOUT, "the domain did not expire");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_domain_must_not_be_empty() {
    everywhere(async |bbs| {
        let expected = (4, "Invalid field: domain".to_owned());
        assert_eq!(error_of(bbs.client.upsert_domain(&"".into(), 1).await), expected);
        let reply = bbs.post_message("/v1/domains/upsert", &UpsertDomainRequest::default()).await;
        assert_eq!(reply.error(), Some(expected));
    })
    .await;
}

#[tokio::test]
async fn cells_report_their_capacity() {
    with_presence(async |bbs| {
        let cells = bbs.client.cells().await.unwrap();
        for cell in &cells {
            assert!(!cell.id.as_str().is_empty());
            assert!(cell.capacity.containers > 0 && cell.capacity.memory_mb > 0, "{cell:?}");
        }
        assert!(bbs.sim.is_none() || !cells.is_empty(), "the simulated BBS has cells");
    })
    .await;
}

#[tokio::test]
async fn cells_can_fail_while_tasks_are_listed() {
    simulated(async |bbs, sim| {
        sim.faults().fail_cells(true);
        let FaultKind::Refused { kind, message } = bbs.client.cells().await.unwrap_err().kind else {
            panic!("not an error of the server");
        };
        assert_eq!(kind, RefusedType::UNKNOWN);
        assert_eq!(message, "rpc error: code = DeadlineExceeded desc = context deadline exceeded");
        bbs.client.list_tasks(&TaskFilter::default()).await.unwrap();
        sim.faults().fail_cells(false);
        bbs.client.cells().await.unwrap();
    })
    .await;
}

//! Domains that are fresh, and cells that are present.

use std::time::{Duration, Instant};

use taskdeck::bbs::wire::UpsertDomainRequest;
use taskdeck::model::{FaultKind, RefusedType, TaskFilter};

use crate::bbs::{Bbs, refusal};
use crate::targets::{everywhere, simulated, with_presence};

/// Far longer than it takes for a second to pass.
const PATIENCE: Duration = Duration::from_secs(30);

async fn is_fresh(bbs: &Bbs) -> bool {
    bbs.client.domains().await.unwrap().contains(&bbs.domain)
}

#[tokio::test]
async fn a_domain_is_fresh_once_it_was_upserted_and_not_by_its_tasks() {
    everywhere(async |bbs| {
        bbs.desire("one").await;
        assert!(!is_fresh(bbs).await, "a task may have a domain that nobody keeps fresh");
        bbs.client.upsert_domain(&bbs.domain, 0).await.unwrap();
        assert!(is_fresh(bbs).await);
        bbs.client.upsert_domain(&bbs.domain, 3600).await.unwrap();
        let fresh = bbs.client.domains().await.unwrap();
        assert_eq!(fresh.iter().filter(|domain| **domain == bbs.domain).count(), 1, "upserted, not added");
    })
    .await;
}

#[tokio::test]
async fn a_domain_is_fresh_for_its_time_alone() {
    everywhere(async |bbs| {
        bbs.client.upsert_domain(&bbs.domain, 0).await.unwrap();
        bbs.client.upsert_domain(&bbs.domain, 1).await.unwrap();
        let since = Instant::now();
        while is_fresh(bbs).await {
            assert!(since.elapsed() < PATIENCE, "it stays fresh");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_domain_has_a_name() {
    everywhere(async |bbs| {
        let refused = (4, "Invalid field: domain".to_owned());
        assert_eq!(refusal(bbs.client.upsert_domain(&"".into(), 1).await), refused);
        let reply = bbs.say("/v1/domains/upsert", &UpsertDomainRequest::default()).await;
        assert_eq!(reply.refusal(), Some(refused));
    })
    .await;
}

#[tokio::test]
async fn a_cell_says_what_it_has() {
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
            panic!("not refused");
        };
        assert_eq!(kind, RefusedType::UNKNOWN);
        assert_eq!(message, "rpc error: code = DeadlineExceeded desc = context deadline exceeded");
        bbs.client.list_tasks(&TaskFilter::default()).await.unwrap();
        sim.faults().fail_cells(false);
        bbs.client.cells().await.unwrap();
    })
    .await;
}

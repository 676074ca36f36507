//! Tests lists and look-ups of tasks, and the fields of a newly desired task.
//!
//! Source: "Routes" and "Life of a task" of the API.

use taskdeck::bbs::wire::{TaskByGuidRequest, TaskResponse};
use taskdeck::bbs::{decode_definition, wire};
use taskdeck::model::{CellId, Domain, State, Task, TaskFilter};

use crate::bbs::{Bbs, error_of};
use crate::targets::{everywhere, with_cell_calls};
use crate::tasks::{CELL, OTHER_CELL, definition, layered};

async fn guids(bbs: &Bbs, domain: Option<&str>, cell: Option<&str>) -> Vec<String> {
    let filter = TaskFilter { domain: domain.map(Domain::from), cell: cell.map(CellId::from) };
    let listed = bbs.client.list_tasks(&filter).await.unwrap();
    assert!(listed.iter().all(|task| filter.admits(task)), "{filter:?}");
    let own =
        listed.iter().map(|task| task.guid.to_string()).filter(|guid| guid.starts_with(bbs.domain.as_str()));
    let mut own: Vec<_> = own.collect();
    own.sort();
    own
}

#[tokio::test]
async fn a_desired_task_is_pending_and_keeps_its_definition() {
    everywhere(async |bbs| {
        let guid = bbs.desire_as("one", &layered()).await;
        let task = bbs.task(&guid).await;
        assert_eq!((&task.guid, &task.domain, task.state), (&guid, &bbs.domain, State::Pending));
        assert_eq!((task.cell, task.failed), (None, false));
        assert!(task.failure_reason.is_empty() && task.result.is_empty());
        assert!(!task.created_at.is_unset() && task.created_at <= task.updated_at);
        assert!(task.first_completed_at.is_unset());
        let desired = wire::definition_to_model(&layered());
        assert!(decode_definition(&task.definition).unwrap() == desired, "the definition must not change");
    })
    .await;
}

#[tokio::test]
async fn a_list_without_filters_has_the_tasks_of_all_domains() {
    everywhere(async |bbs| {
        let (one, two) = (bbs.desire("one").await, bbs.desire("two").await);
        assert_eq!(guids(bbs, None, None).await, [one.as_str(), two.as_str()]);
        let same = |task: &Task| task.guid == one;
        let listed = bbs.client.list_tasks(&TaskFilter::default()).await.unwrap();
        let (listed, got) = (listed.into_iter().find(same).unwrap(), bbs.task(&one).await);
        assert_eq!(listed, got, "a list and a get must return the same task");
    })
    .await;
}

#[tokio::test]
async fn a_list_filters_by_domain_and_is_empty_for_an_unknown_one() {
    everywhere(async |bbs| {
        let one = bbs.desire("one").await;
        let domain = bbs.domain.as_str();
        assert_eq!(guids(bbs, Some(domain), None).await, [one.as_str()]);
        let unused = format!("{domain}-unused");
        for unknown in [&unused, "taskdeck-conformance"] {
            let filter = TaskFilter { domain: Some(unknown.into()), cell: None };
            assert_eq!(bbs.client.list_tasks(&filter).await.unwrap(), [], "{unknown}");
        }
        let filter = TaskFilter { domain: None, cell: Some("taskdeck-conformance-nowhere".into()) };
        assert_eq!(bbs.client.list_tasks(&filter).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_list_filters_by_domain_and_cell_together() {
    with_cell_calls(async |bbs| {
        let (here, there, nowhere) =
            (bbs.desire("here").await, bbs.desire("there").await, bbs.desire("nowhere").await);
        bbs.start(&here, CELL).await.unwrap();
        bbs.start(&there, OTHER_CELL).await.unwrap();
        let domain = Some(bbs.domain.as_str());
        assert_eq!(guids(bbs, domain, None).await, [here.as_str(), nowhere.as_str(), there.as_str()]);
        assert_eq!(guids(bbs, None, Some(CELL)).await, [here.as_str()]);
        assert_eq!(guids(bbs, domain, Some(OTHER_CELL)).await, [there.as_str()]);
        assert_eq!(guids(bbs, Some("unused"), Some(CELL)).await, [""; 0]);
        assert_eq!(guids(bbs, domain, Some("no-cell")).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn unknown_and_empty_guids_give_different_errors() {
    everywhere(async |bbs| {
        let unknown = error_of(bbs.client.task(&bbs.guid("nope")).await);
        assert_eq!(unknown, (13, "the requested resource could not be found".to_owned()));
        let empty = error_of(bbs.client.task(&"".into()).await);
        assert_eq!(empty, (4, "Invalid field: task_guid".to_owned()));
        let request = TaskByGuidRequest { task_guid: bbs.guid("nope").to_string().into() };
        let reply = bbs.post_message("/v1/tasks/get_by_task_guid.r3", &request).await;
        assert_eq!(reply.message::<TaskResponse>().task, None, "a reply with an error has no task");
    })
    .await;
}

#[tokio::test]
async fn desire_with_a_guid_in_use_fails_and_keeps_the_existing_task() {
    everywhere(async |bbs| {
        let guid = bbs.desire("one").await;
        let before = bbs.task(&guid).await;
        let other = wire::definition_to_model(&wire::TaskDefinition { memory_mb: 77, ..definition() });
        let error = error_of(bbs.client.desire(&guid, &"another-domain".into(), &other).await);
        assert_eq!(error, (12, "the requested resource already exists".to_owned()));
        assert_eq!(bbs.task(&guid).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_guid_can_be_reused_after_its_task_is_deleted() {
    everywhere(async |bbs| {
        let guid = bbs.task_in(State::Resolving, "one").await;
        bbs.client.delete(&guid).await.unwrap();
        assert_eq!(bbs.desire("one").await, guid);
        assert_eq!(bbs.state(&guid).await, State::Pending);
    })
    .await;
}

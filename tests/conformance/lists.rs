//! Which tasks a list holds, and what a task is when it was desired.

use taskdeck::bbs::wire::{TaskByGuidRequest, TaskResponse};
use taskdeck::bbs::{decode_definition, wire};
use taskdeck::model::{CellId, Domain, State, Task, TaskFilter};

use crate::bbs::{Bbs, refusal};
use crate::targets::{everywhere, with_a_cell};
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
async fn a_desired_task_is_pending_and_has_what_it_was_given() {
    everywhere(async |bbs| {
        let guid = bbs.desire_as("one", &layered()).await;
        let task = bbs.task(&guid).await;
        assert_eq!((&task.guid, &task.domain, task.state), (&guid, &bbs.domain, State::Pending));
        assert_eq!((task.cell, task.failed), (None, false));
        assert!(task.failure_reason.is_empty() && task.result.is_empty());
        assert!(!task.created_at.is_unset() && task.created_at <= task.updated_at);
        assert!(task.first_completed_at.is_unset());
        let desired = wire::definition_to_model(&layered());
        assert!(decode_definition(&task.definition).unwrap() == desired, "its definition is as it was sent");
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
        assert_eq!(listed, got, "a list and a get say the same");
    })
    .await;
}

#[tokio::test]
async fn a_domain_filters_and_an_unknown_one_is_an_empty_list() {
    everywhere(async |bbs| {
        let one = bbs.desire("one").await;
        let domain = bbs.domain.as_str();
        assert_eq!(guids(bbs, Some(domain), None).await, [one.as_str()]);
        let nobodys = format!("{domain}-nobodys");
        for unknown in [&nobodys, "taskdeck-conformance"] {
            let filter = TaskFilter { domain: Some(unknown.into()), cell: None };
            assert_eq!(bbs.client.list_tasks(&filter).await.unwrap(), [], "{unknown}");
        }
        let filter = TaskFilter { domain: None, cell: Some("taskdeck-conformance-nowhere".into()) };
        assert_eq!(bbs.client.list_tasks(&filter).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_domain_and_a_cell_apply_together() {
    with_a_cell(async |bbs| {
        let (here, there, nowhere) =
            (bbs.desire("here").await, bbs.desire("there").await, bbs.desire("nowhere").await);
        bbs.start(&here, CELL).await.unwrap();
        bbs.start(&there, OTHER_CELL).await.unwrap();
        let domain = Some(bbs.domain.as_str());
        assert_eq!(guids(bbs, domain, None).await, [here.as_str(), nowhere.as_str(), there.as_str()]);
        assert_eq!(guids(bbs, None, Some(CELL)).await, [here.as_str()]);
        assert_eq!(guids(bbs, domain, Some(OTHER_CELL)).await, [there.as_str()]);
        assert_eq!(guids(bbs, Some("nobodys"), Some(CELL)).await, [""; 0]);
        assert_eq!(guids(bbs, domain, Some("no-cell")).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_not_there_and_one_that_is_not_named_are_refused_differently() {
    everywhere(async |bbs| {
        let unknown = refusal(bbs.client.task(&bbs.guid("nope")).await);
        assert_eq!(unknown, (13, "the requested resource could not be found".to_owned()));
        let unnamed = refusal(bbs.client.task(&"".into()).await);
        assert_eq!(unnamed, (4, "Invalid field: task_guid".to_owned()));
        let request = TaskByGuidRequest { task_guid: bbs.guid("nope").to_string().into() };
        let reply = bbs.say("/v1/tasks/get_by_task_guid.r3", &request).await;
        assert_eq!(reply.message::<TaskResponse>().task, None, "an error comes without a task");
    })
    .await;
}

#[tokio::test]
async fn a_guid_in_use_is_refused_and_its_task_is_left_alone() {
    everywhere(async |bbs| {
        let guid = bbs.desire("one").await;
        let before = bbs.task(&guid).await;
        let other = wire::definition_to_model(&wire::TaskDefinition { memory_mb: 77, ..definition() });
        let refused = refusal(bbs.client.desire(&guid, &"another-domain".into(), &other).await);
        assert_eq!(refused, (12, "the requested resource already exists".to_owned()));
        assert_eq!(bbs.task(&guid).await, before);
    })
    .await;
}

#[tokio::test]
async fn a_guid_can_be_used_again_when_its_task_is_gone() {
    everywhere(async |bbs| {
        let guid = bbs.task_in(State::Resolving, "one").await;
        bbs.client.delete(&guid).await.unwrap();
        assert_eq!(bbs.desire("one").await, guid);
        assert_eq!(bbs.state(&guid).await, State::Pending);
    })
    .await;
}

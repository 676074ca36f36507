//! The life of a task as an operator moves it: every action from every state, and what a refusal says.

use taskdeck::bbs::wire::TaskGuidRequest;
use taskdeck::model::State::{Completed, Pending, Resolving, Running};
use taskdeck::model::{Fault, State, TaskGuid};

use crate::bbs::{Bbs, refusal};
use crate::targets::{everywhere, with_a_cell};
use crate::tasks::CELL;

/// What an operator asks.
#[derive(Debug, Clone, Copy)]
enum Action {
    Cancel,
    Resolving,
    Delete,
}

async fn ask(bbs: &Bbs, action: Action, guid: &TaskGuid) -> Result<(), Fault> {
    match action {
        Action::Cancel => bbs.client.cancel(guid).await,
        Action::Resolving => bbs.client.resolving(guid).await,
        Action::Delete => bbs.client.delete(guid).await,
    }
}

/// Where an action leads from a state: to another one (none is gone), or to a refusal in these words.
type Leads = Result<Option<State>, &'static str>;

const TABLE: [(Action, State, Leads); 12] = [
    (Action::Cancel, Pending, Ok(Some(Completed))),
    (Action::Cancel, Running, Ok(Some(Completed))),
    (Action::Cancel, Completed, Err("Cannot transition from Completed to Completed")),
    (Action::Cancel, Resolving, Err("Cannot transition from Resolving to Completed")),
    (Action::Resolving, Pending, Err("Cannot transition from Pending to Resolving")),
    (Action::Resolving, Running, Err("Cannot transition from Running to Resolving")),
    (Action::Resolving, Completed, Ok(Some(Resolving))),
    (Action::Resolving, Resolving, Err("Cannot transition from Resolving to Resolving")),
    (Action::Delete, Pending, Err("Cannot transition from Pending to Resolving")),
    (Action::Delete, Running, Err("Cannot transition from Running to Resolving")),
    (Action::Delete, Completed, Err("Cannot transition from Completed to Resolving")),
    (Action::Delete, Resolving, Ok(None)),
];

async fn leads(bbs: &Bbs, (action, from, to): (Action, State, Leads)) {
    let guid = bbs.task_in(from, &format!("{action:?}-{from}")).await;
    let before = bbs.task(&guid).await;
    let asked = ask(bbs, action, &guid).await;
    match to {
        Ok(Some(state)) => {
            asked.unwrap();
            let after = bbs.task(&guid).await;
            assert_eq!(after.state, state, "{action:?} from {from}");
            assert!(
                after.updated_at > before.updated_at,
                "{action:?} from {from}: it is seen to have changed"
            );
        }
        Ok(None) => {
            asked.unwrap();
            assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found(), "{action:?} from {from}");
        }
        Err(words) => {
            assert_eq!(refusal(asked), (9, words.to_owned()), "{action:?} from {from}");
            assert_eq!(bbs.task(&guid).await, before, "{action:?} from {from}: a refusal changes nothing");
        }
    }
}

#[tokio::test]
async fn every_action_leads_from_every_state_where_the_table_says() {
    everywhere(async |bbs| {
        for row in TABLE.into_iter().filter(|(_, from, _)| *from != Running) {
            leads(bbs, row).await;
        }
    })
    .await;
    with_a_cell(async |bbs| {
        for row in TABLE.into_iter().filter(|(_, from, _)| *from == Running) {
            leads(bbs, row).await;
        }
    })
    .await;
}

async fn is_cancelled(bbs: &Bbs, guid: &TaskGuid) {
    let before = bbs.task(guid).await;
    bbs.client.cancel(guid).await.unwrap();
    let task = bbs.task(guid).await;
    assert_eq!((task.state, task.failed, &*task.failure_reason), (Completed, true, "task was cancelled"));
    assert_eq!((task.cell, &*task.result), (None, ""));
    assert_eq!(task.created_at, before.created_at);
    assert_eq!(task.first_completed_at, task.updated_at);
    assert_eq!(task.definition, before.definition);
}

#[tokio::test]
async fn a_cancelled_task_has_failed_and_has_no_cell() {
    everywhere(async |bbs| is_cancelled(bbs, &bbs.desire("pending").await).await).await;
    with_a_cell(async |bbs| {
        let running = bbs.task_in(Running, "running").await;
        assert_eq!(bbs.task(&running).await.cell, Some(CELL.into()));
        is_cancelled(bbs, &running).await;
    })
    .await;
}

#[tokio::test]
async fn a_claim_keeps_how_the_task_ended() {
    everywhere(async |bbs| {
        let guid = bbs.task_in(Completed, "one").await;
        let ended = bbs.task(&guid).await;
        bbs.client.resolving(&guid).await.unwrap();
        let claimed = bbs.task(&guid).await;
        assert_eq!(claimed.first_completed_at, ended.first_completed_at);
        assert_eq!((claimed.failed, claimed.failure_reason), (ended.failed, ended.failure_reason));
        // The claim is one: whoever comes second has not got it.
        assert_eq!(refusal(bbs.client.resolving(&guid).await).0, 9);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_guid_and_an_empty_one_are_refused_by_every_action() {
    everywhere(async |bbs| {
        let unknown = (13, "the requested resource could not be found".to_owned());
        let empty = (4, "Invalid field: task_guid".to_owned());
        for action in [Action::Cancel, Action::Resolving, Action::Delete] {
            assert_eq!(refusal(ask(bbs, action, &bbs.guid("nope")).await), unknown, "{action:?}");
            assert_eq!(refusal(ask(bbs, action, &"".into()).await), empty, "{action:?}");
        }
        for path in ["/v1/tasks/cancel", "/v1/tasks/resolving", "/v1/tasks/delete"] {
            assert_eq!(bbs.post(path, "").await.refusal(), Some(empty.clone()), "{path}: an empty body");
        }
    })
    .await;
}

#[tokio::test]
async fn a_success_is_an_empty_body() {
    everywhere(async |bbs| {
        let guid = bbs.desire("one").await;
        for path in ["/v1/tasks/cancel", "/v1/tasks/resolving", "/v1/tasks/delete"] {
            let reply = bbs.say(path, &TaskGuidRequest { task_guid: guid.to_string().into() }).await;
            assert_eq!((reply.status, reply.body.len()), (200, 0), "{path}");
        }
        assert!(bbs.client.task(&guid).await.unwrap_err().is_not_found());
        assert_eq!(refusal(bbs.client.delete(&guid).await).0, 13, "it is gone");
    })
    .await;
}

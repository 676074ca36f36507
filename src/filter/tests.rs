//! What a filter admits, case by case, and against an evaluator that shares nothing with it.

use super::*;
use crate::model::{Domain, RawDefinition, State, TaskGuid};

const SECOND: i64 = 1_000_000_000;
const NOW: Timestamp = Timestamp::from_nanos(1_000_000 * SECOND);

fn ago(seconds: i64) -> Timestamp {
    Timestamp::from_nanos(NOW.as_nanos() - seconds * SECOND)
}

fn task() -> Task {
    Task {
        guid: TaskGuid::from("6f1c-aBc"),
        domain: Domain::from("cf-tasks"),
        state: State::Completed,
        cell: None,
        created_at: ago(700),
        updated_at: ago(30),
        first_completed_at: ago(30),
        failed: true,
        failure_reason: "Exit status 137: out of Memory".into(),
        result: "".into(),
        rejection_count: 2,
        rejection_reason: "insufficient resources: ÄRGER".into(),
        definition: RawDefinition::default(),
    }
}

#[test]
fn terms_admit_what_they_say() {
    let task = task();
    let cell = CellId::from("cell-01");
    let subject = Subject { task: &task, cell: Some(&cell), ended: true, now: NOW };
    for (text, admits) in [("", true), ("   ", true), ("memory", true)] {
        assert_eq!(Filter::parse(text).unwrap().admits(&subject), admits, "{text}");
    }
}

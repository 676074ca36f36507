//! The filter language: any text is a filter or an error with a place in the text, and what decides about many tasks at once decides
//! as the filter does about each.

use taskdeck::filter::{Decision, FIELDS, Filter, Shared, Subject, SyntaxError, Texts, Token, quoted};
use taskdeck::model::{CellId, Domain, State, Task, TaskGuid, Timestamp};

use super::text;

const NOW: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);

/// Takes a text.
pub fn check(input: &[u8]) {
    let text = text(input);
    match Filter::parse(&text) {
        Ok(filter) => check_filter(&filter),
        Err(error) => check_error(&text, &error),
    }
    match Filter::parse_for_script(&text) {
        Ok(filter) => assert_eq!(Filter::parse(&text), Ok(filter), "scripts have a part of the language"),
        Err(error) => check_error(&text, &error),
    }
    check_tokens(&text);
    check_quoted(&text);
}

fn check_filter(filter: &Filter) {
    assert_eq!(Filter::parse(filter.text()).as_ref(), Ok(filter), "its text is the filter");
    assert!(filter.is_narrower_than(filter));
    for task in tasks() {
        let subject = Subject::held(&task, NOW);
        let admitted = filter.admits(&subject);
        assert!(!admitted || filter.for_list().admits(&task), "the server would not list it");
        let decided = match filter.decides(results(filter, &task)) {
            Decision::Admitted => true,
            Decision::Excluded => false,
            Decision::NeedsGuid(open) => filter.admits_guid(open, task.guid.as_str()),
            Decision::NeedsTask => admitted,
        };
        assert_eq!(decided, admitted, "{task:?}");
    }
}

fn check_error(text: &str, error: &SyntaxError) {
    let at = error.at();
    assert!(at.start < at.end && text.get(at).is_some(), "{error:?}");
    let message = error.to_string();
    let names_field = FIELDS.iter().any(|field| message.starts_with(field.name));
    assert!(names_field || message.starts_with(char::is_uppercase), "{message}");
    assert_eq!(error.caret(text).lines().count(), 2);
}

fn check_tokens(text: &str) {
    let cursors = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    for cursor in cursors.take(64) {
        let Some(token) = Token::at(text, cursor) else { continue };
        assert!(token.at.start <= cursor && cursor <= token.at.end, "{token:?} at {cursor}");
        assert!(text.get(token.at).is_some());
    }
}

/// A quoted value stands for itself.
fn check_quoted(value: &str) {
    let filter = Filter::parse(&format!("domain:{}", quoted(value))).expect("a filter");
    let task = Task::blank(TaskGuid::from("a"), Domain::from(value), State::Running);
    assert!(filter.admits(&Subject::held(&task, NOW)), "{filter:?}");
}

fn tasks() -> [Task; 3] {
    let blank = |guid: &str, domain: &str, state| Task::blank(guid.into(), domain.into(), state);
    [
        blank("", "", State::Other(7)),
        Task {
            cell: Some(CellId::from("cell-a")),
            created_at: NOW.shifted(-90_000_000_000),
            updated_at: NOW,
            ..blank("a1b2c3", "cf-tasks", State::Running)
        },
        Task {
            created_at: NOW,
            failed: true,
            failure_reason: "out of memory: 137 Äß".into(),
            result: "{\"a\": 1}".into(),
            rejection_count: 2,
            rejection_reason: "insufficient resources".into(),
            ..blank("ÄÖ-日本", "batch", State::Completed)
        },
    ]
}

fn results(filter: &Filter, task: &Task) -> taskdeck::filter::TermResults {
    let texts = Texts {
        reason: task.reason(),
        failure: &task.failure_reason,
        rejection: &task.rejection_reason,
        result: &task.result,
    };
    let shared = Shared {
        domain: task.domain.as_str(),
        cell: task.cell.as_ref().map_or("", CellId::as_str),
        zone: "",
        state: task.state,
        failed: task.failed,
        cause: None,
    };
    filter.evaluate_shared(&shared).and(filter.evaluate_texts(&texts)).and(filter.evaluate_owner(&task.owner))
}

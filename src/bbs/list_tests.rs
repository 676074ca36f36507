//! Lists and their faults. `tests/properties` compares the ways to decode a list with each other and with prost, however it is
//! split.

use super::super::wire::LazyTask;
use super::*;
use crate::model::{State, TaskGuid};

fn task(guid: &str, state: i32, reason: &[u8]) -> LazyTask {
    LazyTask {
        task_guid: Bytes::copy_from_slice(guid.as_bytes()),
        domain: "cf-tasks".into(),
        cell_id: "cell-a".into(),
        state,
        task_definition: Bytes::copy_from_slice(&[guid.as_bytes(), reason].concat()),
        failure_reason: Bytes::copy_from_slice(reason),
        ..LazyTask::default()
    }
}

/// Encodes a reply with these tasks and unknown fields around each.
fn reply(tasks: &[LazyTask]) -> Vec<u8> {
    let mut reply = Vec::new();
    for task in tasks {
        prost::encoding::message::encode(TASKS, task, &mut reply);
        prost::encoding::uint64::encode(99, &u64::MAX, &mut reply);
        prost::encoding::fixed64::encode(98, &7, &mut reply);
        prost::encoding::fixed32::encode(97, &7, &mut reply);
        prost::encoding::string::encode(96, &"new".to_owned(), &mut reply);
    }
    reply
}

fn read(pieces: &[&[u8]]) -> Result<Vec<Task>, ListProblem> {
    let mut decoder = ListDecoder::default();
    let mut tasks = Vec::new();
    let pushed = pieces.iter().try_for_each(|piece| decoder.push(piece, &mut tasks));
    let read = pushed.and_then(|()| decoder.finish()).map(|()| tasks);
    assert!(read.as_ref().is_ok_and(|tasks| tasks.len() == decoder.tasks()) || read.is_err());
    read
}

#[test]
fn an_empty_reply_is_an_empty_list() {
    assert_eq!(read(&[]), Ok(vec![]));
}

#[test]
fn returns_a_task_as_soon_as_it_is_complete() {
    let reply = reply(&[task("a", 1, b""), task("b", 1, b"")]);
    let mut decoder = ListDecoder::default();
    let mut half = Vec::new();
    decoder.push(&reply[..reply.len() / 2], &mut half).unwrap();
    assert_eq!(half.iter().map(|task| task.guid.clone()).collect::<Vec<_>>(), [TaskGuid::from("a")]);
}

#[test]
fn a_truncated_reply_reports_how_many_tasks_were_decoded() {
    let one = reply(&[task("a", 1, b"")]);
    let two = reply(&[task("a", 1, b""), task("b", 2, b"")]);
    let problem = read(&[&two[..one.len() + 3]]).unwrap_err();
    assert_eq!(problem.to_string(), "truncated 3 bytes into a field, after 1 complete tasks");
}

#[test]
fn rejects_bytes_that_are_not_protobuf_at_once() {
    for bytes in [
        &b"<html><body>"[..],
        &[0xFF; 30],
        &[0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        &[0x13],
        &[0x00],
        &[0x10, 5],
        &[0x08, 1],
    ] {
        assert!(
            matches!(ListDecoder::default().push(bytes, &mut Vec::new()), Err(ListProblem::Malformed { .. })),
            "{bytes:?}"
        );
    }
}

#[test]
fn returns_the_servers_error() {
    let error = wire::Error { r#type: 28, message: "the request failed due to deadlock".into() };
    let mut reply = Vec::new();
    prost::encoding::message::encode(ERROR, &error, &mut reply);
    assert_eq!(read(&[&reply]), Err(ListProblem::Refused(error)));
}

#[test]
fn invalid_utf8_in_one_task_does_not_lose_the_list() {
    let reply = reply(&[task("a", 3, b"exit \xFF\xFE"), task("b", 77, b"")]);
    let tasks = read(&[&reply]).unwrap();
    assert_eq!(&*tasks[0].failure_reason, "exit \u{FFFD}\u{FFFD}");
    assert_eq!(tasks[1].state, State::Other(77));
}

#[test]
fn tasks_share_the_text_of_their_domain_and_cell() {
    let tasks = read(&[&reply(&[task("a", 2, b""), task("b", 2, b"")])]).unwrap();
    assert!(std::ptr::eq(tasks[0].domain.as_str(), tasks[1].domain.as_str()));
    let cell = |n: usize| tasks[n].cell.as_ref().unwrap().as_str();
    assert!(std::ptr::eq(cell(0), cell(1)));
}

//! The streaming decoder against prost's own, at every split, whole and damaged.

use proptest::prelude::*;

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

/// The reply that holds these tasks, with fields of a newer release around each.
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
    assert_eq!(read_where_it_arrived(pieces), [read.clone(), read.clone()], "the other ways to read it");
    read
}

/// The same by the ways that leave bytes where they are: those of the definitions, and those of whole tasks.
fn read_where_it_arrived(pieces: &[&[u8]]) -> [Result<Vec<Task>, ListProblem>; 2] {
    let pieces: Vec<_> = pieces.iter().map(|piece| Bytes::copy_from_slice(piece)).collect();
    let (mut decoder, mut lent) = (ListDecoder::default(), Vec::new());
    let pushed = pieces.iter().try_for_each(|piece| decoder.push_lent(piece, &mut lent));
    let lent = pushed.and_then(|()| decoder.finish()).map(|()| lent);
    let (mut decoder, mut raw) = (ListDecoder::default(), RawTasks::default());
    let pushed = pieces.iter().try_for_each(|piece| decoder.push_raw(piece, &mut raw));
    let interner = &mut Interner::default();
    let tasks = raw.iter().enumerate().map(|(tasks, (within, place))| {
        wire::read_task(&within[place], interner).map_err(|what| ListProblem::Malformed { what, tasks })
    });
    // A task that cannot be read came before whatever ended the list.
    let tasks: Result<Vec<_>, _> = tasks.collect();
    let raw = tasks.and_then(|tasks| pushed.and_then(|()| decoder.finish()).map(|()| tasks));
    [lent, raw]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reads_the_same_at_every_split(
        tasks in prop::collection::vec(("[a-z]{0,9}", 0..9, prop::collection::vec(any::<u8>(), 0..200)), 0..4)
    ) {
        let tasks: Vec<_> = tasks.iter().map(|(guid, state, reason)| task(guid, *state, reason)).collect();
        let reply = reply(&tasks);
        let whole = read(&[&reply]).unwrap();
        prop_assert_eq!(whole.len(), tasks.len());
        for at in 0..=reply.len() {
            let (left, right) = reply.split_at(at);
            prop_assert_eq!(&read(&[left, right]).unwrap(), &whole);
        }
        let single: Vec<&[u8]> = reply.chunks(1).collect();
        prop_assert_eq!(read(&single).unwrap(), whole);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(read(&single).is_ok(), read(&[&bytes]).is_ok());
    }
}

#[test]
fn an_empty_reply_is_an_empty_list() {
    assert_eq!(read(&[]), Ok(vec![]));
}

#[test]
fn a_task_comes_out_as_soon_as_it_is_whole() {
    let reply = reply(&[task("a", 1, b""), task("b", 1, b"")]);
    let mut decoder = ListDecoder::default();
    let mut half = Vec::new();
    decoder.push(&reply[..reply.len() / 2], &mut half).unwrap();
    assert_eq!(half.iter().map(|task| task.guid.clone()).collect::<Vec<_>>(), [TaskGuid::from("a")]);
}

#[test]
fn a_reply_that_is_cut_short_says_how_many_tasks_were_read() {
    let one = reply(&[task("a", 1, b"")]);
    let two = reply(&[task("a", 1, b""), task("b", 2, b"")]);
    let problem = read(&[&two[..one.len() + 3]]).unwrap_err();
    assert_eq!(problem.to_string(), "cut short, 3 bytes into a field, after 1 whole tasks");
}

#[test]
fn what_is_not_protobuf_is_malformed_at_once() {
    for bytes in [&b"<html><body>"[..], &[0xFF; 30], &[0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], &[0x13], &[0x00]]
    {
        assert!(
            matches!(ListDecoder::default().push(bytes, &mut Vec::new()), Err(ListProblem::Malformed { .. })),
            "{bytes:?}"
        );
    }
}

#[test]
fn the_servers_error_is_a_refusal() {
    let error = wire::Error { r#type: 28, message: "the request failed due to deadlock".into() };
    let mut reply = Vec::new();
    prost::encoding::message::encode(ERROR, &error, &mut reply);
    assert_eq!(read(&[&reply]), Err(ListProblem::Refused(error)));
}

#[test]
fn one_tasks_stray_bytes_do_not_lose_the_list() {
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

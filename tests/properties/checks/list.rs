//! The reply to "list tasks": the same tasks however it arrives and whichever decoder reads it, and those that prost reads.

use bytes::Bytes;
use prost::Message as _;
use taskdeck::bbs::decode_definition;
use taskdeck::bbs::list::{ListDecoder, ListProblem, RawTask, RawTasks};
use taskdeck::bbs::wire::{self, Interner, read_task};
use taskdeck::model::Task;

use super::chunked;

type Decoded = Result<Vec<Task>, ListProblem>;

/// Takes the seed of the chunks, and a reply.
pub fn check(input: &[u8]) {
    let (whole, chunks) = chunked(input);
    let decoded = decode(&[whole]);
    assert_eq!(decode(&chunks), decoded, "in chunks");
    assert_eq!(decode_shared(&chunks), decoded, "sharing memory");
    assert_eq!(decode_raw(&chunks), decoded, "undecoded first");
    assert_eq!(decode_filtered(&chunks), decoded.as_ref().map(Vec::len).map_err(Clone::clone), "filtered");
    compare_with_prost(whole, &decoded);
}

fn decode(chunks: &[&[u8]]) -> Decoded {
    let (mut decoder, mut tasks) = (ListDecoder::default(), Vec::new());
    chunks.iter().try_for_each(|chunk| decoder.push(chunk, &mut tasks))?;
    decoder.finish()?;
    assert_eq!(decoder.tasks(), tasks.len());
    Ok(tasks)
}

fn decode_shared(chunks: &[&[u8]]) -> Decoded {
    let (mut decoder, mut tasks) = (ListDecoder::default(), Vec::new());
    let push = |chunk: &&[u8]| decoder.push_shared(&Bytes::copy_from_slice(chunk), &mut tasks);
    chunks.iter().try_for_each(push)?;
    decoder.finish().map(|()| tasks)
}

fn decode_raw(chunks: &[&[u8]]) -> Decoded {
    let (mut decoder, mut raw) = (ListDecoder::default(), RawTasks::default());
    let pushed =
        chunks.iter().try_for_each(|chunk| decoder.push_raw(&Bytes::copy_from_slice(chunk), &mut raw));
    let interner = &mut Interner::default();
    let tasks = raw.iter().enumerate().map(|(tasks, (buffer, range))| {
        read_task(&buffer[range], interner).map_err(|what| ListProblem::Malformed { what, tasks })
    });
    // A malformed task comes before the fault that ended the list.
    let tasks = tasks.collect::<Result<_, _>>()?;
    pushed.and_then(|()| decoder.finish()).map(|()| tasks)
}

fn decode_filtered(chunks: &[&[u8]]) -> Result<usize, ListProblem> {
    let (mut decoder, mut taken) = (ListDecoder::default(), 0);
    let mut take = |_: &RawTask<'_>| {
        taken += 1;
        Ok(())
    };
    chunks.iter().try_for_each(|chunk| decoder.push_filtered(chunk, |_| true, &mut take))?;
    decoder.finish().map(|()| taken)
}

/// Compares with the generated message, which decodes definitions at once.
fn compare_with_prost(reply: &[u8], decoded: &Decoded) {
    match (wire::TasksResponse::decode(reply), decoded) {
        (Ok(wire::TasksResponse { error: Some(_), .. }), decoded) => {
            assert!(decoded.is_err(), "an error of the server: {decoded:?}");
        }
        (Ok(message), Ok(tasks)) => {
            assert_eq!(message.tasks.len(), tasks.len());
            message.tasks.iter().zip(tasks).for_each(|(message, task)| compare_task(message, task));
        }
        // Groups are not of proto3; prost skips them.
        (Ok(_), Err(ListProblem::Malformed { what, .. })) => assert!(what.contains("group"), "{what}"),
        (Ok(_), Err(ListProblem::Refused(error))) => panic!("{error:?}"),
        (Err(_), Err(_)) => {}
        (Err(error), Ok(tasks)) => {
            let is_damaged = |task: &Task| decode_definition(&task.definition).is_err();
            assert!(tasks.iter().any(is_damaged), "{error}");
        }
    }
}

fn compare_task(message: &wire::Task, task: &Task) {
    let whole = read_task(&message.encode_to_vec(), &mut Interner::default()).unwrap();
    let (definition, owner) = (task.definition.clone(), task.owner.clone());
    assert_eq!(&Task { definition, owner, ..whole }, task);
}

//! The event stream: the same events however it arrives, those that another decoder finds, and JSON for each that is usable.

use std::collections::VecDeque;
use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use taskdeck::bbs::json::{self, JsonBuffer, Secrets};
use taskdeck::bbs::sse::{Decoder, Frame, MAX_EVENT_BYTES, TooLarge};
use taskdeck::bbs::wire::Interner;
use taskdeck::bbs::{decode_definition, events};
use taskdeck::model::{Skipped, StreamItem, TaskEvent};

use super::chunked;

/// The first byte of an input that is the payload of one event, and so needs no base64.
const PAYLOAD: u8 = 0xFF;
/// The names of events, by the second byte of such an input.
const NAMES: [&str; 4] = ["task_created", "task_changed", "task_removed", "task_moved"];
/// A limit that inputs exceed.
const LOW_LIMIT: usize = 512;

/// Takes the seed of the chunks and a stream, or [`PAYLOAD`], the number of a name and a payload.
pub fn check(input: &[u8]) {
    if let [PAYLOAD, name, payload @ ..] = input {
        let event = NAMES[usize::from(*name) % NAMES.len()].to_owned();
        return check_frame(&Frame { event: Some(event), data: Some(STANDARD.encode(payload).into_bytes()) });
    }
    let (whole, chunks) = chunked(input);
    for limit in [MAX_EVENT_BYTES, LOW_LIMIT] {
        assert_eq!(decode(&chunks, limit), decode(&[whole], limit), "limit {limit}");
    }
    let (frames, _) = decode(&[whole], MAX_EVENT_BYTES);
    if std::str::from_utf8(whole).is_ok() {
        assert_eq!(frames, decoded_by_another(whole));
    }
    frames.iter().for_each(check_frame);
}

fn decode(chunks: &[&[u8]], limit: usize) -> (Vec<Frame>, Result<(), TooLarge>) {
    let (mut decoder, mut frames) = (Decoder::with_limit(limit), VecDeque::new());
    let result = chunks.iter().try_for_each(|chunk| decoder.push(chunk, &mut frames));
    (frames.into(), result)
}

/// Decodes with `sse-stream` and keeps the fields that we use.
fn decoded_by_another(bytes: &[u8]) -> Vec<Frame> {
    let input = stream::iter([Ok::<_, Infallible>(bytes::Bytes::copy_from_slice(bytes))]);
    sse_stream::SseByteStream::new(input)
        .map(|event| event.expect("the input is UTF-8"))
        .map(|event| Frame { event: event.event, data: event.data.map(String::into_bytes) })
        .filter(|frame| std::future::ready(*frame != Frame::default()))
        .collect::<Vec<_>>()
        .now_or_never()
        .expect("nothing to wait for")
}

/// The two decoders of an event agree, as far as both look at it.
fn check_frame(frame: &Frame) {
    let item = events::decode(frame, &mut Interner::default());
    let mut out = JsonBuffer::default();
    let json = json::event(&mut out, frame).map(|()| out.into_bytes());
    match (&item, &json) {
        (StreamItem::Event(event), Ok(json)) => assert_same_task(event, json),
        (StreamItem::Event(event), Err(why)) => assert!(is_damaged(event), "{why:?}"),
        // The dashboard needs guids, JSON does not.
        (StreamItem::Skipped(Skipped::Malformed { .. }), _) => {}
        (StreamItem::Skipped(skipped), json) => assert_eq!(json.as_ref().err(), Some(skipped)),
    }
    if let StreamItem::Event(event) = &item {
        for secrets in [Secrets::Shown, Secrets::Masked] {
            assert_same_task(event, &json::event_line(event, secrets));
        }
    }
}

fn is_damaged(event: &TaskEvent) -> bool {
    let tasks = match event {
        TaskEvent::Created(task) | TaskEvent::Removed(task) => vec![task],
        TaskEvent::Changed { before, after } => vec![&**before, &**after],
    };
    tasks.iter().any(|task| decode_definition(&task.definition).is_err())
}

fn assert_same_task(event: &TaskEvent, json: &[u8]) {
    let value: serde_json::Value = serde_json::from_slice(json).expect("valid JSON");
    let data = &value["data"];
    let task = data.get("task").or_else(|| data.get("after")).expect("a task");
    assert_eq!(task["task_guid"], event.guid().as_str());
}

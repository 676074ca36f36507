//! Compares the decoder with the `sse-stream` crate, and with itself at every split.

use std::convert::Infallible;

use futures_util::{FutureExt, StreamExt, stream};
use proptest::prelude::*;

use super::*;

fn decode(pieces: &[&[u8]]) -> Vec<Frame> {
    let mut decoder = Decoder::default();
    let mut frames = VecDeque::new();
    for piece in pieces {
        decoder.push(piece, &mut frames).unwrap();
    }
    frames.into()
}

/// Decodes with `sse-stream` and keeps the fields that we use.
fn oracle(bytes: &[u8]) -> Vec<Frame> {
    let input = stream::iter([Ok::<_, Infallible>(bytes::Bytes::copy_from_slice(bytes))]);
    sse_stream::SseByteStream::new(input)
        .map(|event| event.expect("the input is UTF-8"))
        .map(|event| Frame { event: event.event, data: event.data.map(String::into_bytes) })
        .filter(|frame| std::future::ready(*frame != Frame::default()))
        .collect::<Vec<_>>()
        .now_or_never()
        .expect("nothing to wait for")
}

fn stream_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("event: task_created"),
        Just("event:task_changed"),
        Just("event"),
        Just("data: Cq0GCvo="),
        Just("data:  two blanks"),
        Just("data"),
        Just("data:"),
        Just("id: 7"),
        Just(": a comment"),
        Just("unknown: field"),
        Just("dätä: ü"),
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\n\n"),
        Just("\r\n\r\n"),
        Just("\u{feff}"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_another_decoder(text in stream_text()) {
        prop_assert_eq!(decode(&[text.as_bytes()]), oracle(text.as_bytes()));
    }

    #[test]
    fn reads_the_same_at_every_split(text in stream_text()) {
        let whole = decode(&[text.as_bytes()]);
        for at in 0..=text.len() {
            let (left, right) = text.as_bytes().split_at(at);
            prop_assert_eq!(&decode(&[left, right]), &whole, "split at {}", at);
        }
    }

    #[test]
    fn reads_the_same_byte_by_byte(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(decode(&single), decode(&[&bytes]));
    }
}

#[test]
fn an_event_has_a_name_and_its_data_lines() {
    let frames = decode(&[b"id: 0\nevent: task_created\ndata: one\ndata: two\n\n"]);
    let expected = Frame { event: Some("task_created".to_owned()), data: Some(b"one\ntwo".to_vec()) };
    assert_eq!(frames, [expected]);
}

#[test]
fn an_event_without_data_is_still_an_event() {
    let frames = decode(&[b"event: task_removed\n\n", b"event: task_removed\ndata: \n\n"]);
    assert_eq!(frames.iter().map(|frame| frame.data.as_deref()).collect::<Vec<_>>(), [None, Some(&b""[..])]);
}

#[test]
fn an_incomplete_event_is_not_returned() {
    assert_eq!(decode(&[b"event: task_created\ndata: Cq0G\n"]), []);
}

#[test]
fn rejects_an_event_larger_than_the_limit_in_any_field() {
    for text in ["data: 0123456789abcdef", "data: 01234567\ndata: 89abcdef\n", "event: 0123456789abcdef\n"] {
        let mut decoder = Decoder::with_limit(16);
        let mut frames = VecDeque::new();
        let outcome = text.bytes().try_for_each(|byte| decoder.push(&[byte], &mut frames));
        assert_eq!(outcome, Err(TooLarge { limit: 16 }), "{text:?}");
        assert!(Decoder::with_limit(16).push(text.as_bytes(), &mut frames).is_err(), "{text:?}");
    }
}

#[test]
fn the_limit_applies_per_event_and_earlier_events_are_kept() {
    let mut decoder = Decoder::with_limit(16);
    let mut frames = VecDeque::new();
    let outcome =
        decoder.push(b"data: 12345678\n\ndata: 12345678\n\ndata: 0123456789abcdef\n\n", &mut frames);
    assert!(outcome.is_err());
    assert_eq!(frames.len(), 2);
}

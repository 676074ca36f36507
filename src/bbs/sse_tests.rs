//! Events of the stream, and their limit. `tests/properties` compares the decoder with another one, and with itself however the
//! stream is split.

use super::*;

fn decode(pieces: &[&[u8]]) -> Vec<Frame> {
    let mut decoder = Decoder::default();
    let mut frames = VecDeque::new();
    for piece in pieces {
        decoder.push(piece, &mut frames).unwrap();
    }
    frames.into()
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

//! Bytes of a terminal: the same keys however they arrive, none of them a control character, and nothing is kept for ever.

use std::time::{Duration, Instant};

use taskdeck::app::key::KeyCode;
use taskdeck::runtime::input::{Decoded, Decoder};

use super::{Lengths, chunked};

/// Times between two chunks, on both sides of the decoder's timeouts.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(10),
    Duration::from_millis(40),
    Duration::from_millis(200),
    Duration::from_millis(1_500),
    Duration::from_secs(10),
];

/// Takes the seed of the chunks, and what the terminal sends.
pub fn check(input: &[u8]) {
    let (whole, chunks) = chunked(input);
    let at_once = decode(&[whole], |_| Duration::ZERO);
    assert_eq!(decode(&chunks, |_| Duration::ZERO), at_once, "in chunks");
    let mut choice = Lengths { longest: 6, state: u32::from(input.first().copied().unwrap_or_default()) };
    decode(&chunks, |_| PAUSES[(choice.next() - 1) % PAUSES.len()]);
}

/// Decodes chunks with these pauses before them, and then waits until nothing is left.
fn decode(chunks: &[&[u8]], mut pause: impl FnMut(usize) -> Duration) -> Vec<Decoded> {
    let (mut decoder, mut inputs, mut now) = (Decoder::default(), Vec::new(), Instant::now());
    for (nth, chunk) in chunks.iter().enumerate() {
        now += pause(nth);
        decoder.feed(chunk, now, &mut inputs);
        assert!(decoder.deadline().is_none_or(|deadline| deadline > now));
    }
    if let Some(deadline) = decoder.deadline() {
        decoder.expire(deadline, &mut inputs);
    }
    assert_eq!(decoder.deadline(), None, "nothing waits for ever");
    let sent: usize = chunks.iter().map(|chunk| chunk.len()).sum();
    assert!(inputs.len() <= sent, "{} of {sent} bytes", inputs.len());
    for input in &inputs {
        let Decoded::Key(key) = input else { continue };
        assert!(!matches!(key.code, KeyCode::Char(c) if c.is_control()), "{key:?}");
    }
    inputs
}

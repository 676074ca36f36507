//! What must hold of everything that taskdeck reads from outside, whatever it is given. Each `check` takes any bytes, and panics if
//! its property does not hold of them.
//!
//! This is the library of the fuzz targets in `fuzz/`, and a module of the tests beside it. It uses taskdeck's public API alone, and
//! reads no files of the repository: the seeds are the tests' business.

pub mod command_line;
pub mod configuration;
pub mod document;
pub mod events;
pub mod filter;
pub mod http;
pub mod key_name;
pub mod keys;
pub mod list;
pub mod recording;
pub mod sanitise;
pub mod scenario;
pub mod state;
pub mod task;
pub mod terminal;
pub mod theme;

mod dashboard;

use std::borrow::Cow;

/// Returns the input without its first byte, whole and in the chunks that this byte tells: 0 for one chunk, or else the seed of
/// their lengths.
fn chunked(input: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let Some((seed, whole)) = input.split_first() else { return (&[], Vec::new()) };
    let (mut rest, mut chunks, mut lengths) = (whole, Vec::new(), Lengths::new(*seed));
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(lengths.next().min(rest.len()));
        chunks.push(chunk);
        rest = after;
    }
    (whole, chunks)
}

/// The lengths of chunks: from a linear congruential generator, so that an input is always split alike.
struct Lengths {
    longest: u32,
    state: u32,
}

impl Lengths {
    fn new(seed: u8) -> Self {
        Self { longest: u32::from(seed), state: u32::from(seed) }
    }

    fn next(&mut self) -> usize {
        if self.longest == 0 {
            return usize::MAX;
        }
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        1 + ((self.state >> 16) % self.longest) as usize
    }
}

/// Returns the input as text, as taskdeck itself reads text that may not be UTF-8.
fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// Checks that a message begins with the number of a line of the text: `line 3`.
fn assert_names_a_line(message: &str, text: &str) {
    let rest = message.strip_prefix("line ").unwrap_or_default();
    let number = rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|number| number.parse().ok());
    let lines = text.matches('\n').count() + 1;
    assert!(number.is_some_and(|number| (1..=lines).contains(&number)), "{message:?} on {text:?}");
}

//! Random changes of recorded inputs: bytes are replaced, inserted, repeated, left out and cut off. proptest shrinks them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::seeds::Seeds;

/// The most changes of an input.
const MOST_CHANGES: usize = 8;
/// The most bytes of an input.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone)]
enum Change {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    /// Repeats up to this many bytes.
    Repeat(Index, usize),
    LeaveOut(Index, usize),
    CutOff(Index),
}

/// Returns any bytes, or one of the seeds with changes.
pub(crate) fn changed(seeds: Seeds) -> impl Strategy<Value = Vec<u8>> {
    let Seeds { inputs, words } = seeds;
    let changes = prop::collection::vec(change(words.clone()), 0..MOST_CHANGES);
    let of_seeds = (select(inputs), changes).prop_map(|(seed, changes)| changes.iter().fold(seed, apply));
    let of_words = prop::collection::vec(word(words), 0..12).prop_map(|words| words.concat());
    prop_oneof![
        8 => of_seeds,
        2 => of_words,
        1 => prop::collection::vec(any::<u8>(), 0..300),
        1 => any::<String>().prop_map(String::into_bytes),
    ]
}

fn change(words: Vec<Vec<u8>>) -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), word(words)).prop_map(|(at, word)| Change::Insert(at, word)),
        (at(), 1..200_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
        (at(), 1..200_usize).prop_map(|(at, length)| Change::LeaveOut(at, length)),
        at().prop_map(Change::CutOff),
    ]
}

/// Returns a word of the language, or a few bytes.
fn word(words: Vec<Vec<u8>>) -> BoxedStrategy<Vec<u8>> {
    let bytes = prop::collection::vec(any::<u8>(), 1..9);
    let odd = select(vec![
        "\u{301}",
        "\u{202e}",
        "\u{1b}[",
        "日",
        "\u{1F468}\u{200D}\u{1F469}",
        "\0",
        "\n",
        "\r\n",
        "ß",
    ]);
    let odd = odd.prop_map(|word| word.as_bytes().to_vec());
    if words.is_empty() {
        prop_oneof![bytes, odd].boxed()
    } else {
        prop_oneof![bytes, odd, select(words)].boxed()
    }
}

fn apply(mut input: Vec<u8>, change: &Change) -> Vec<u8> {
    let place = |at: &Index, input: &Vec<u8>| at.index(input.len() + 1);
    let stretch = |at: &Index, length: usize, input: &Vec<u8>| {
        let start = place(at, input);
        start..(start + length).min(input.len())
    };
    match change {
        Change::Replace(at, byte) if !input.is_empty() => {
            let at = at.index(input.len());
            input.splice(at..=at, [*byte]);
        }
        Change::Replace(..) => {}
        Change::Insert(at, bytes) => {
            let at = place(at, &input);
            input.splice(at..at, bytes.iter().copied());
        }
        Change::Repeat(at, length) => {
            let range = stretch(at, *length, &input);
            let repeated = input.get(range.clone()).unwrap_or_default().to_vec();
            input.splice(range.end..range.end, repeated);
        }
        Change::LeaveOut(at, length) => drop(input.drain(stretch(at, *length, &input))),
        Change::CutOff(at) => input.truncate(place(at, &input)),
    }
    input.truncate(MOST_BYTES);
    input
}

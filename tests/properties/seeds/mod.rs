//! Recorded inputs of each property, and words of its language. What has chunks begins with a byte that tells them.

mod texts;
mod typed;
mod wire;

use std::fs;

use serde_json::Value;

use crate::root;

pub(crate) use texts::{configuration, document, filter, sanitise, scenario, state, theme};
pub(crate) use typed::{command_line, key_name, keys, terminal};
pub(crate) use wire::{events, http, list, recording, task};

/// Where changes begin.
pub(crate) struct Seeds {
    pub(crate) inputs: Vec<Vec<u8>>,
    pub(crate) words: Vec<Vec<u8>>,
}

impl Seeds {
    /// Returns seeds with words, which are separated by blanks; `␣` stands for a blank in a word.
    fn new(inputs: impl IntoIterator<Item = Vec<u8>>, words: &str) -> Self {
        let words = words.split(' ').map(|word| word.replace('␣', " ").into_bytes()).collect();
        Self { inputs: inputs.into_iter().collect(), words }
    }

    /// Returns the seeds with these bytes in front of each.
    fn after(mut self, head: &[u8]) -> Self {
        self.inputs.iter_mut().for_each(|input| drop(input.splice(..0, head.iter().copied())));
        self
    }
}

/// The two releases whose traffic is recorded.
const RELEASES: [&str; 2] = ["bbs-2024-10", "bbs-2026-06"];

fn fixture(path: &str) -> Vec<u8> {
    fs::read(root().join("tests/fixtures").join(path)).unwrap()
}

/// Returns the files of a directory, in the order of their names.
fn files(directory: &str, extension: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(root().join(directory)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == extension));
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn lines(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// Returns the requests or the replies of the calls whose path begins so.
fn bodies(path: &str, key: &str) -> Vec<Vec<u8>> {
    let exchanges = RELEASES.map(|release| fixture(&format!("{release}/exchanges.jsonl")));
    let exchanges = exchanges.iter().flat_map(|file| file.split(|byte| *byte == b'\n'));
    let exchanges = exchanges.filter(|line| !line.is_empty());
    let exchanges = exchanges.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let called = exchanges.filter(|exchange| exchange["path"].as_str().unwrap().starts_with(path));
    let hex = called.map(|exchange| exchange[key].as_str().unwrap().to_owned());
    let bytes = |hex: String| {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    };
    hex.map(bytes).collect()
}

/// Returns the value of the first field of a message, which is shorter than two megabytes, if it has that number.
fn field(message: &[u8], number: u8) -> Option<Vec<u8>> {
    let mut rest = message.strip_prefix(&[number << 3 | 2])?;
    let length = prost::encoding::decode_varint(&mut rest).ok()?;
    rest.get(..usize::try_from(length).unwrap()).map(<[u8]>::to_vec)
}

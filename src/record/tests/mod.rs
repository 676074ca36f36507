//! Tests of recordings: what is written is read back.

mod documented;
mod replay;
mod round_trip;
mod size;

use std::path::Path;

use super::*;
use crate::model::Timestamp;

/// A time of the tests, to the millisecond.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_nanos((1_700_000_000_000 + millis) * 1_000_000)
}

fn info(target: &str) -> RunInfo {
    RunInfo {
        target: target.to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 4_711,
        started: at(0),
    }
}

fn appender(path: &Path) -> Appender {
    Appender::new(Recording::create(path).unwrap())
}

/// Reads all entries of a run, in parts of this size.
fn read_all(path: &Path, run: RunId, from: Position, part: usize) -> Vec<crate::model::recording::Entry> {
    let recording = Recording::open(path).unwrap();
    let mut reader = recording.entries(run, from);
    let mut all = Vec::new();
    loop {
        let read = reader.read(part).unwrap();
        if read.is_empty() {
            return all;
        }
        all.extend(read);
    }
}

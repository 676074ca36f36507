//! Measures decoding and applying events, compared with decoding their base64: `cargo bench --bench events`.
#![expect(clippy::unwrap_used, reason = "a failure must abort the measurement")]

use std::collections::VecDeque;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use taskdeck::app::Store;
use taskdeck::bbs::sse::{Decoder, Frame};
use taskdeck::bbs::{events, wire};
use taskdeck::model::{StreamItem, Task, TaskEvent, TaskGuid, Timestamp};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// A recorded stream of tasks of every size, from desire to removal.
const RECORDED: &[u8] = include_bytes!("../tests/fixtures/bbs-2026-06/events.raw");
const TIMES: usize = 500;
/// Bytes per read of a connection.
const PIECE: usize = 16 * 1_024;

static STREAM: LazyLock<Vec<u8>> = LazyLock::new(|| RECORDED.repeat(TIMES));
static FRAMES: LazyLock<VecDeque<Frame>> = LazyLock::new(|| frames(&STREAM));

fn main() {
    divan::main();
}

/// The floor: decodes only the base64.
#[divan::bench(sample_count = 50)]
fn floor_base64(bencher: Bencher<'_, '_>) {
    let data = || FRAMES.iter().filter_map(|frame| frame.data.as_deref());
    bencher
        .counter(ItemsCount::new(FRAMES.len()))
        .bench_local(|| data().map(|data| STANDARD.decode(data.trim_ascii()).unwrap().len()).sum::<usize>());
}

/// Decodes bytes into frames and frames into events.
#[divan::bench(sample_count = 50)]
fn read(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(FRAMES.len())).bench_local(|| decode(&frames(black_box(&STREAM))).len());
}

/// Applies events to a store.
#[divan::bench(sample_count = 50)]
fn apply(bencher: Bencher<'_, '_>) {
    let events = distinct(decode(&FRAMES));
    let inputs =
        bencher.counter(ItemsCount::new(events.len())).with_inputs(|| (Store::new(1_000), events.clone()));
    inputs.bench_local_values(|(mut store, events)| {
        for event in events {
            black_box(store.apply_event(event, false, Timestamp::UNSET, &mut ()));
        }
        store
    });
}

fn frames(stream: &[u8]) -> VecDeque<Frame> {
    let (mut decoder, mut frames) = (Decoder::default(), VecDeque::new());
    for piece in stream.chunks(PIECE) {
        decoder.push(piece, &mut frames).unwrap();
    }
    frames
}

/// Gives each repetition of the stream its own guids. Repeated events would be stale, and cheap to drop.
fn distinct(events: Vec<TaskEvent>) -> Vec<TaskEvent> {
    let each = events.len() / TIMES;
    let rename = |task: &mut Task, nth: usize| task.guid = TaskGuid::from(format!("{}-{nth}", task.guid));
    let renamed = events.into_iter().enumerate().map(|(at, mut event)| {
        match &mut event {
            TaskEvent::Created(task) | TaskEvent::Removed(task) => rename(task, at / each),
            TaskEvent::Changed { before, after } => {
                rename(before, at / each);
                rename(after, at / each);
            }
        }
        event
    });
    renamed.collect()
}

fn decode(frames: &VecDeque<Frame>) -> Vec<TaskEvent> {
    let mut interner = wire::Interner::default();
    let event = |frame: &Frame| match events::decode(frame, &mut interner) {
        StreamItem::Event(event) => Some(event),
        StreamItem::Skipped(_) => None,
    };
    frames.iter().filter_map(event).collect()
}

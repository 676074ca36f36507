//! What an event costs once its bytes are here, beside the decoding of its base64: `cargo bench --bench events`.
#![expect(clippy::unwrap_used, reason = "what goes wrong ends the measurement")]

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

/// A recorded stream: tasks of every size, from their desire to their end.
const RECORDED: &[u8] = include_bytes!("../tests/fixtures/bbs-2026-06/events.raw");
const TIMES: usize = 500;
/// As much as is read of a connection at once.
const PIECE: usize = 16 * 1_024;

static STREAM: LazyLock<Vec<u8>> = LazyLock::new(|| RECORDED.repeat(TIMES));
static FRAMES: LazyLock<VecDeque<Frame>> = LazyLock::new(|| frames(&STREAM));

fn main() {
    divan::main();
}

/// The floor: what stands for the tasks becomes their bytes.
#[divan::bench(sample_count = 50)]
fn floor_base64(bencher: Bencher<'_, '_>) {
    let data = || FRAMES.iter().filter_map(|frame| frame.data.as_deref());
    bencher
        .counter(ItemsCount::new(FRAMES.len()))
        .bench_local(|| data().map(|data| STANDARD.decode(data.trim_ascii()).unwrap().len()).sum::<usize>());
}

/// Bytes become frames, and frames events.
#[divan::bench(sample_count = 50)]
fn read(bencher: Bencher<'_, '_>) {
    bencher.counter(ItemsCount::new(FRAMES.len())).bench_local(|| told(&frames(black_box(&STREAM))).len());
}

/// Events come into a store.
#[divan::bench(sample_count = 50)]
fn apply(bencher: Bencher<'_, '_>) {
    let told = distinct(told(&FRAMES));
    let inputs =
        bencher.counter(ItemsCount::new(told.len())).with_inputs(|| (Store::new(1_000), told.clone()));
    inputs.bench_local_values(|(mut store, told)| {
        for event in told {
            black_box(store.apply_event(event, Timestamp::UNSET));
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

/// Each repetition tells of tasks of its own: what came before is late, and soon done with.
fn distinct(told: Vec<TaskEvent>) -> Vec<TaskEvent> {
    let each = told.len() / TIMES;
    let rename = |task: &mut Task, nth: usize| task.guid = TaskGuid::from(format!("{}-{nth}", task.guid));
    let renamed = told.into_iter().enumerate().map(|(at, mut event)| {
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

fn told(frames: &VecDeque<Frame>) -> Vec<TaskEvent> {
    let mut interner = wire::Interner::default();
    let event = |frame: &Frame| match events::decode(frame, &mut interner) {
        StreamItem::Event(event) => Some(event),
        StreamItem::Skipped(_) => None,
    };
    frames.iter().filter_map(event).collect()
}

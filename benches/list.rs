//! Measures decoding, merging and printing a list, compared with copying its bytes: `cargo bench --bench list`.
#![expect(clippy::unwrap_used, reason = "a failure must abort the measurement")]

mod reply;

use std::sync::LazyLock;

use bytes::Bytes;
use divan::counter::{BytesCount, ItemsCount};
use divan::{AllocProfiler, Bencher, black_box};
use taskdeck::app::{Applied, Store};
use taskdeck::bbs::json::{self, JsonBuffer, Secrets};
use taskdeck::bbs::list::{ListDecoder, RawTasks};
use taskdeck::model::{Task, TaskFilter, Timestamp};

use reply::{PIECE, TASKS};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

static REPLY: LazyLock<Vec<u8>> = LazyLock::new(reply::reply);
static DECODED: LazyLock<Vec<Task>> = LazyLock::new(|| reply::decoded(&REPLY));

fn main() {
    divan::main();
}

/// The floor: copies the bytes of the reply.
#[divan::bench(sample_count = 20)]
fn floor_copy(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(REPLY.len())).bench_local(|| black_box(REPLY.as_slice()).to_vec());
}

/// Decodes bytes into tasks, in pieces as they arrive.
#[divan::bench(sample_count = 20)]
fn decode(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(REPLY.len())).bench_local(|| reply::decoded(black_box(&REPLY)));
}

/// Merges tasks into an empty store.
#[divan::bench(sample_count = 20)]
fn merge_first(bencher: Bencher<'_, '_>) {
    let inputs = bencher.counter(ItemsCount::new(TASKS)).with_inputs(|| (Store::new(0), DECODED.clone()));
    inputs.bench_local_values(|(mut store, tasks)| {
        list(&mut store, tasks);
        store
    });
}

/// Merges the same tasks again, as reconciling does every 30 seconds.
#[divan::bench(sample_count = 20)]
fn merge_reconciling(bencher: Bencher<'_, '_>) {
    let mut store = Store::new(0);
    list(&mut store, DECODED.clone());
    let inputs = bencher.counter(ItemsCount::new(TASKS)).with_inputs(|| DECODED.clone());
    inputs.bench_local_values(|tasks| {
        assert_eq!(list(&mut store, tasks), 0, "an unchanged list must change nothing");
    });
}

/// Writes bytes as JSON lines, on one thread.
#[divan::bench(sample_count = 10)]
fn lines_of_json(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::new(REPLY.len())).bench_local(|| {
        let (mut decoder, mut raw, mut text) =
            (ListDecoder::default(), RawTasks::default(), JsonBuffer::default());
        black_box(&REPLY)
            .chunks(PIECE)
            .map(Bytes::copy_from_slice)
            .map(|piece| lines(&mut decoder, &mut raw, &mut text, &piece))
            .sum::<usize>()
    });
}

/// Merges a list and returns the number of changed tasks.
fn list(store: &mut Store, tasks: Vec<Task>) -> usize {
    let mark = store.mark();
    let news = tasks.into_iter().map(|task| store.apply_listed(mark, task, Timestamp::UNSET, &mut ()));
    let changed = news.filter(|applied| *applied == Applied::Changed).count();
    changed + store.finish_list(mark, &TaskFilter::default(), Timestamp::UNSET, &mut ())
}

/// Writes the tasks of a piece as JSON lines and returns their length in bytes.
fn lines(decoder: &mut ListDecoder, raw: &mut RawTasks, text: &mut JsonBuffer, piece: &Bytes) -> usize {
    raw.reset(decoder.tasks());
    decoder.push_raw(piece, raw).unwrap();
    text.truncate(0);
    for (buffer, range) in raw.iter() {
        json::raw_task(text, buffer, range, Secrets::Shown).unwrap();
        text.put(b"\n");
    }
    black_box(text).len()
}

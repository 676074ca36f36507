//! Measures a recording of a busy day: bytes for each task, how fast it is written, and how fast scripts read it.
//!
//! `cargo bench --bench recording` records half an hour at 50 tasks a second; `-- day` a whole day, which takes 2.1 GB and some
//! minutes; `-- N` this many tasks. The file is in the directory for temporary files (`TMPDIR`), and is deleted at the end.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failure must abort the measurement, and the results are printed"
)]

mod workload;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use taskdeck::model::Timestamp;
use taskdeck::present::format;
use taskdeck::record::{Appender, Program, Recording, RunInfo};
use workload::{PER_SECOND, Workload};

const TASKDECK: &str = env!("CARGO_BIN_EXE_taskdeck");
const HALF_AN_HOUR: u64 = PER_SECOND * 1_800;
const DAY: u64 = PER_SECOND * 86_400;
/// How often each query is run.
const RUNS: usize = 11;

fn main() {
    let argument = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let lives = match argument.as_deref() {
        None => HALF_AN_HOUR,
        Some("day") => DAY,
        Some(number) => number.parse().unwrap(),
    };
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("recording.db");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let start = now.saturating_sub(Duration::from_millis(lives * 1_000 / PER_SECOND));
    println!("| {} tasks, {PER_SECOND} a second | bound | here |\n| --- | --- | --- |", format::count(lives));
    let mut workload = Workload::new(Timestamp::from(start), lives);
    write(&file, &mut workload, lives);
    read(&file, &workload);
}

fn row(what: &str, bound: &str, here: &str) {
    println!("| {what} | {bound} | {here} |");
}

/// Writes the recording, a transaction for each second.
fn write(file: &Path, workload: &mut Workload, lives: u64) {
    let mut appender = Appender::new(Recording::create(file).unwrap());
    let run = appender.recording().begin_run(&RunInfo {
        target: "production".to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 1,
        started: workload.start,
    });
    let run = run.unwrap();
    let (mut entries, mut took) = (0, Vec::new());
    while let Some(batch) = workload.next_second() {
        let begun = Instant::now();
        appender.append(run, &batch).unwrap();
        took.push(begun.elapsed());
        entries += batch.len();
    }
    let last = workload.end;
    appender.recording().end_run(run, last).unwrap();
    // Closing the last connection moves what is in the log into the file.
    drop(appender);
    let bytes = fs::metadata(file).unwrap().len();
    let each = bytes / lives;
    row("bytes a task on disk", "≤ 600", &format!("{each} ({} for {entries} changes)", format::bytes(bytes)));
    let total: Duration = took.iter().sum();
    let rate = u128::try_from(entries).unwrap() * 1_000 / total.as_millis().max(1);
    // Five changes a task.
    let times = rate / u128::from(5 * PER_SECOND);
    row("changes written", "", &format!("{rate} a second, {times} × what such a load needs"));
    took.sort_unstable();
    let share = |percent: usize| format::took(took[(took.len() - 1) * percent / 100]);
    let batch = format!("p50 {}, p99 {}, max {}", share(50), share(99), share(100));
    row("a second's changes in one transaction", "", &batch);
}

/// Runs the commands of scripts on the recording.
fn read(file: &Path, workload: &Workload) {
    let hour = format::rfc3339(workload.end.shifted(-3_600_000_000_000));
    let recent = ["--since", &hour];
    let failed = [&["history", "--filter", "failed:true"], recent.as_slice()].concat();
    timed(
        "history --since 1h --filter failed:true",
        "≤ 200 ms",
        file,
        &[&failed[..], &["--output", "json"]].concat(),
    );
    timed("the same as a table", "≤ 200 ms", file, &failed);
    let memory = ["history", "--filter", "failed:true reason:memory domain:cf-tasks", "--output", "json"];
    timed("the same, of memory, in one domain", "≤ 200 ms", file, &[&memory[..], &recent].concat());
    timed("timeline GUID", "", file, &["timeline", &workload.some_guid()]);
    let one = format!("guid:{}", workload.some_guid());
    timed("history --filter guid:GUID", "", file, &["history", "--filter", &one]);
    once(
        "history --filter cell:CELL, everything",
        file,
        &["history", "--filter", "cell:cell-z1-7", "--output", "json"],
    );
    once("history --output csv, everything", file, &["history", "--output", "csv"]);
}

/// Runs a command often, and prints how long it takes.
fn timed(what: &str, bound: &str, file: &Path, arguments: &[&str]) {
    let mut runs: Vec<_> = (0..RUNS).map(|_| run(file, arguments)).collect();
    runs.sort_unstable_by_key(|run| run.took);
    let [first, .., last] = runs.as_slice() else { return };
    let median = &runs[RUNS / 2];
    let [median_took, first, last] = [median.took, first.took, last.took].map(format::took);
    let lines = format::count(median.lines);
    row(what, bound, &format!("{median_took} ({first} to {last}), {lines} lines"));
}

fn once(what: &str, file: &Path, arguments: &[&str]) {
    let Ran { took, lines, peak_kb } = run(file, arguments);
    let (lines, peak) = (format::count(lines), format::bytes(peak_kb * 1_024));
    row(what, "", &format!("{}, {lines} lines, peak memory {peak}", format::took(took)));
}

struct Ran {
    took: Duration,
    lines: u64,
    peak_kb: u64,
}

fn run(file: &Path, arguments: &[&str]) -> Ran {
    let begun = Instant::now();
    let mut command = Command::new(TASKDECK);
    command.args(arguments).arg("--file").arg(file).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::with_capacity(1 << 20, child.stdout.take().unwrap());
    let (mut lines, mut peak_kb) = (0, 0);
    loop {
        let read = out.fill_buf().unwrap();
        if read.is_empty() {
            break;
        }
        lines += u64::try_from(memchr::memchr_iter(b'\n', read).count()).unwrap();
        let length = read.len();
        out.consume(length);
        peak_kb = peak(child.id()).unwrap_or(peak_kb);
    }
    assert!(child.wait().unwrap().success(), "{arguments:?}");
    Ran { took: begun.elapsed(), lines, peak_kb }
}

/// Returns the peak memory of a process in KiB, where `/proc` tells it.
fn peak(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

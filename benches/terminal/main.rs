//! Measures what a user waits for, from outside, in a terminal; each time next to a floor of the same run.
//!
//! Prints Markdown tables for BENCHMARKS.md. `cargo bench --bench terminal` compares the program with its bounds,
//! `-- grow 1000 10000 100000 300000` shows how the cost grows, `-- recorder` the memory of 20,000 ended tasks, and
//! `-- 10000` uses another size than 100,000 tasks.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a failure must abort the measurement, and the results are printed"
)]

mod feed;
mod floor;
mod grow;
mod keys;
mod process;
mod recorder;
mod server;
mod stats;
mod tty;

/// Default number of tasks.
const TASKS: usize = 100_000;

/// A row of the table.
struct Row {
    what: String,
    bound: &'static str,
    here: String,
}

fn row(what: impl Into<String>, bound: &'static str, here: String) -> Row {
    let what = what.into();
    eprintln!("{what}: {here}");
    Row { what, bound, here }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let sizes = || words.iter().filter_map(|word| word.parse().ok());
    match words.first().map(String::as_str) {
        Some(floor::WORD) => floor::run(sizes().next().unwrap_or(TASKS)),
        Some("grow") => grow::print(sizes()),
        Some("recorder") => recorder::print(sizes().next().unwrap_or(TASKS)),
        _ => print(sizes().next().unwrap_or(TASKS)),
    }
}

fn print(tasks: usize) {
    let mut rows = feed::lists(tasks);
    rows.extend(feed::late_lists(tasks));
    rows.extend(keys::rows(tasks));
    rows.extend(keys::rows_by_kind(tasks));
    rows.extend(feed::events(tasks));
    rows.push(feed::steady(tasks));
    rows.push(feed::idle());
    rows.extend(feed::churn(tasks));
    println!("| {tasks} tasks, 160×48 | bound | here |\n| --- | --- | --- |");
    for Row { what, bound, here } in rows {
        println!("| {what} | {bound} | {here} |");
    }
}

//! Measures the time from a key to the last byte of its frame, next to a floor of the same run.

use std::time::Duration;

use crate::server::Server;
use crate::stats::{Times, ms, ratio};
use crate::tty::{SILENCE, Tty};
use crate::{Row, row};

const DOWN: &str = "\x1b[B";
/// More rows than the table shows.
const OVER_THE_EDGE: usize = 60;
/// Number of rounds; each measures the dashboard and the floor.
const ROUNDS: usize = 10;

/// A key to press repeatedly.
pub(crate) struct Keys {
    what: &'static str,
    bound: &'static str,
    before: &'static [&'static str],
    pressed: &'static [&'static str],
    times: usize,
    after: &'static [&'static str],
}

const PLAIN: Keys = Keys {
    what: "",
    bound: "≤ 1.5 × floor, p99 ≤ 16 ms",
    before: &["g"],
    pressed: &[DOWN],
    times: 1,
    after: &[],
};
pub(crate) const INSIDE: Keys =
    Keys {
        what: "Down inside the view", bound: "≤ 1.5 × floor, p99 ≤ 16 ms, ≤ 600 B", times: 15, ..PLAIN
    };
const AT_THE_EDGE: Keys = Keys {
    what: "Down at the edge: a scroll",
    bound: "≤ 1.5 × floor, p99 ≤ 16 ms, ≤ 500 B",
    before: &["g", "over"],
    times: 15,
    ..PLAIN
};
const PAGE: Keys = Keys { what: "a page", pressed: &["\x06"], times: 5, ..PLAIN };
const END: Keys = Keys { what: "G", pressed: &["G"], ..PLAIN };
const START: Keys = Keys { what: "g", before: &["G"], pressed: &["g"], ..PLAIN };
pub(crate) const LETTER: Keys = Keys {
    what: "a letter of the filter `cf-ta`",
    before: &["g", "/"],
    pressed: &["c", "f", "-", "t", "a"],
    after: &["\x1b", "x"],
    ..PLAIN
};
pub(crate) const SORT: Keys = Keys { what: "sort change", pressed: &[">"], times: 4, ..PLAIN };
const BACKSPACE: &str = "\x7f";
const TAKEN_BACK: Keys = Keys {
    what: "a letter of the filter taken back",
    before: &["g", "/", "cf-ta"],
    pressed: &[BACKSPACE],
    times: 5,
    after: &["\x1b"],
    ..PLAIN
};
/// Changes the sort to each column in turn.
const SORTS: Keys = Keys { times: 7, ..SORT };
/// The time of one frame.
const ONE_FRAME: &str = "max ≤ 16 ms";

/// The answers to one kind of key.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Times to the last byte that changed the screen.
    pub(crate) done: Times,
    /// Times to the first byte that changed the screen.
    pub(crate) first: Times,
    bytes: Vec<usize>,
}

impl Answers {
    fn bytes(&self) -> usize {
        let mut sorted = self.bytes.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

impl Keys {
    /// Presses the keys of one round. An answer ends when nothing is written for `silence`.
    pub(crate) fn press(&self, tty: &mut Tty, silence: Duration, answers: &mut Answers) {
        self.before.iter().for_each(|input| settle(tty, input));
        for key in std::iter::repeat_n(self.pressed, self.times).flatten() {
            let answer = tty.answer(key, silence);
            answers.done.push(answer.done);
            answers.first.push(answer.first);
            answers.bytes.push(answer.bytes);
        }
        self.after.iter().for_each(|input| settle(tty, input));
    }

    fn row(&self, dashboard: &mut Tty, floor: &mut Tty) -> Row {
        let (mut here, mut beside) = (Answers::default(), Answers::default());
        for _ in 0..ROUNDS {
            self.press(dashboard, SILENCE, &mut here);
            self.press(floor, SILENCE, &mut beside);
        }
        let (median, least) = (here.done.median(), beside.done.median());
        let text = format!(
            "{:.2} ×: {} (p99 {}), floor {} (p99 {}); {} B, floor {} B",
            ratio(median, least),
            ms(median),
            ms(here.done.percentile(99)),
            ms(least),
            ms(beside.done.percentile(99)),
            here.bytes(),
            beside.bytes()
        );
        row(self.what, self.bound, text)
    }
}

/// Measures letters, letters taken back and sorts on one kind of tasks, without a floor.
fn rows_on(server: &Server, kind: &str) -> Vec<Row> {
    let mut dashboard = Tty::dashboard(server, "");
    dashboard.until_listed();
    dashboard.rest(Duration::from_secs(1));
    let row_of = |keys: &Keys| {
        let mut answers = Answers::default();
        (0..ROUNDS).for_each(|_| keys.press(&mut dashboard, SILENCE, &mut answers));
        let times = &answers.done;
        let text = format!(
            "p50 {}, p99 {}, max {}",
            ms(times.median()),
            ms(times.percentile(99)),
            ms(times.percentile(100))
        );
        row(format!("{}, {kind}", keys.what), ONE_FRAME, text)
    };
    [LETTER, TAKEN_BACK, SORTS].iter().map(row_of).collect()
}

/// Measures the keys that look at every task, on each kind of tasks.
pub(crate) fn rows_by_kind(tasks: usize) -> Vec<Row> {
    [
        (Server::start(tasks, 0), "uniform tasks"),
        (Server::mixed(tasks), "mixed tasks on 200 cells"),
        (Server::numbered(tasks), "guids like `load-000123`"),
    ]
    .iter()
    .flat_map(|(server, kind)| rows_on(server, kind))
    .collect()
}

/// Types unmeasured input and waits for its effect.
fn settle(tty: &mut Tty, input: &str) {
    match input {
        "over" => tty.types(&DOWN.repeat(OVER_THE_EDGE)),
        input => tty.types(input),
    };
    tty.rest(Duration::from_millis(80));
}

/// Measures all keys, each next to the floor.
pub(crate) fn rows(tasks: usize) -> Vec<Row> {
    let server = Server::start(tasks, 0);
    let mut dashboard = Tty::dashboard(&server, "");
    let mut floor = Tty::floor(tasks);
    dashboard.until_listed();
    floor.until("the floor", |screen| screen.contents().contains("by column"));
    dashboard.rest(Duration::from_secs(1));
    let all = [INSIDE, AT_THE_EDGE, PAGE, END, START, LETTER, SORT];
    let mut rows: Vec<_> = all.iter().map(|keys| keys.row(&mut dashboard, &mut floor)).collect();
    rows.push(burst(&mut dashboard));
    rows
}

fn burst(dashboard: &mut Tty) -> Row {
    let mut times = Times::default();
    let mut frames = Vec::new();
    for _ in 0..ROUNDS {
        settle(dashboard, "g");
        let answer = dashboard.answer(&DOWN.repeat(300), SILENCE);
        times.push(answer.done);
        frames.push(answer.frames);
    }
    frames.sort_unstable();
    let (least, most) = (frames.first().unwrap(), frames.last().unwrap());
    let text = format!("{least} to {most} frames, {} (p99 {})", ms(times.median()), ms(times.percentile(99)));
    row("300 Down in one write", "1 or 2 frames, < 10 ms", text)
}

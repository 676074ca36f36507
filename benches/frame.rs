//! Measures a frame, a filter letter and a sort change with 100,000 tasks, without a terminal:
//! `cargo bench --bench frame`.
#![expect(clippy::unwrap_used, reason = "a failure must abort the measurement")]

mod reply;

use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{AllocProfiler, Bencher, black_box};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Style;
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{App, Effect, Msg, SessionEffect, SessionMsg, Settings, StreamId, Target};
use taskdeck::bbs::read_summary;
use taskdeck::clock::Now;
use taskdeck::model::{CellId, State, StreamItem, Task, TaskEvent, TaskFilter, TaskGuid, Timestamp};
use taskdeck::ui::{self, Colours, UiState};

use reply::TASKS;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const COLS: u16 = 160;
const ROWS: u16 = 48;
/// 2026-06-01 12:00:00 UTC.
const NOON: Now =
    Now { mono: Duration::from_secs(100), wall: Timestamp::from_nanos(1_780_315_200_000_000_000) };

fn main() {
    divan::main();
}

/// The dashboard with a complete list, in a test backend.
struct Harness {
    app: App,
    ui: UiState,
    terminal: Terminal<TestBackend>,
}

impl Harness {
    fn listed() -> Self {
        Self::listed_as(|_, guid| guid)
    }

    /// Lists the tasks under other guids, made from their numbers.
    fn listed_as(rename: fn(usize, TaskGuid) -> TaskGuid) -> Self {
        let mut app = App::new(Target::default(), Settings::default());
        let opened = app.update(Msg::Tick, NOON).into_iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::Subscribe { stream }) => {
                Some(Msg::Session(app.shown_session(), SessionMsg::StreamOpened(stream)))
            }
            _ => None,
        });
        let mark = app.update(opened.unwrap(), NOON).into_iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::List { mark, .. }) => Some(mark),
            _ => None,
        });
        let (mark, reply) = (mark.unwrap(), reply::reply());
        let (mut tasks, received) = (reply::decoded(&reply), u64::try_from(reply.len()).unwrap());
        for (nth, task) in tasks.iter_mut().enumerate() {
            task.guid = rename(nth, task.guid.clone());
        }
        app.update(Msg::Session(app.shown_session(), SessionMsg::ListPart { mark, tasks, received }), NOON);
        app.update(
            Msg::Session(
                app.shown_session(),
                SessionMsg::ListDone { mark, filter: TaskFilter::default(), received },
            ),
            NOON,
        );
        let terminal = Terminal::new(TestBackend::new(COLS, ROWS)).unwrap();
        let mut harness = Self { app, ui: UiState::new(Colours::Full), terminal };
        harness.frame();
        harness
    }

    fn press(&mut self, key: Key) {
        self.app.update(Msg::Key(key, NOON.mono), NOON);
        self.frame();
    }

    fn frame(&mut self) {
        self.app.before_frame();
        let (app, ui) = (&self.app, &mut self.ui);
        self.terminal.draw(|frame| black_box(ui::draw(app, ui, NOON, frame)).clear()).unwrap();
        self.app.set_page(self.ui.page());
    }
}

/// The floor of a frame: ratatui draws as many cells of plain text.
#[divan::bench(sample_count = 200)]
fn floor_frame(bencher: Bencher<'_, '_>) {
    let mut terminal = Terminal::new(TestBackend::new(COLS, ROWS)).unwrap();
    let text = "cf-tasks Running 12345678 ".repeat(7);
    bencher.bench_local(|| {
        let drawn = terminal.draw(|frame| {
            let lines = 0..ROWS;
            lines.for_each(|y| {
                frame.buffer_mut().set_stringn(0, y, black_box(&text), COLS.into(), Style::new());
            });
        });
        drawn.unwrap();
    });
}

/// Draws a frame without changes.
#[divan::bench(sample_count = 200)]
fn frame(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    bencher.bench_local(|| harness.frame());
}

/// Draws a frame with 20,000 marks.
#[divan::bench(sample_count = 200)]
fn frame_with_marks(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    for _ in 0..20_000 {
        harness.app.update(Msg::Key(Key::char(' '), NOON.mono), NOON);
    }
    bencher.bench_local(|| harness.frame());
}

/// Marks every row, removes the marks, and draws both frames.
#[divan::bench(sample_count = 50)]
fn mark_all_and_none(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        harness.press(Key::char('a'));
        harness.press(Key::char('u'));
    });
}

/// Asks about 100,000 marked tasks, and answers no.
#[divan::bench(sample_count = 20)]
fn ask_about_all(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.press(Key::char('a'));
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        harness.press(Key::char('C'));
        harness.app.frame_shown(NOON);
        let later = NOON.plus(Duration::from_secs(1));
        harness.app.update(Msg::Key(Key::plain(KeyCode::Esc), later.mono), later);
    });
}

/// Moves the cursor one row down and draws the frame.
#[divan::bench(sample_count = 200)]
fn down(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    bencher.bench_local(|| harness.press(Key::plain(KeyCode::Down)));
}

/// Types the first letter of a filter, which tests every task, and deletes it again; draws a frame after each.
#[divan::bench(sample_count = 50)]
fn letter_and_back(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.press(Key::char('/'));
    bencher.counter(ItemsCount::new(2 * TASKS)).bench_local(|| {
        harness.press(Key::char('a'));
        harness.press(Key::plain(KeyCode::Backspace));
    });
}

/// Types the first letter of a search by name, which tests every guid, and deletes it again; draws a frame after each.
#[divan::bench(sample_count = 50)]
fn find_letter_and_back(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.press(Key::ctrl('p'));
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        harness.press(Key::char('a'));
        harness.press(Key::plain(KeyCode::Backspace));
    });
}

/// Types four letters of a guid into the search and deletes them; draws a frame after each of the eight keys.
#[divan::bench(sample_count = 50)]
fn find_four_letters_and_back(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.press(Key::ctrl('p'));
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        "3a7c".chars().for_each(|c| harness.press(Key::char(c)));
        (0..4).for_each(|_| harness.press(Key::plain(KeyCode::Backspace)));
    });
}

/// Opens the filter prompt, types the name of a field, whose values are then counted, and closes it: five keys.
#[divan::bench(sample_count = 50)]
fn values_of_a_field(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        "/app:".chars().for_each(|c| harness.press(Key::char(c)));
        harness.press(Key::plain(KeyCode::Esc));
    });
}

/// The floor of a sort change: sorts as many keys of 16 bytes.
#[divan::bench(sample_count = 50)]
fn floor_sort(bencher: Bencher<'_, '_>) {
    let mixed = |nth: u128| nth.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    let inputs =
        bencher.counter(ItemsCount::new(TASKS)).with_inputs(|| (1..).take(TASKS).map(mixed).collect());
    inputs.bench_local_values(|mut keys: Vec<u128>| {
        keys.sort_unstable();
        keys
    });
}

/// Sorts by the next column and draws the frame.
#[divan::bench(sample_count = 50)]
fn sort(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| harness.press(Key::char('>')));
}

/// Sorts by the memory limit, for which every definition is read, and draws the frame of each slice.
#[divan::bench(sample_count = 20)]
fn sort_by_memory(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.app.read_summaries_with(read_summary);
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| {
        // From the list of columns, then back to the guid's.
        for column in ['m', 'g'] {
            harness.press(Key::char('s'));
            harness.press(Key::char(column));
            harness.press(Key::plain(KeyCode::Enter));
            while harness.app.work().is_some() {
                harness.frame();
            }
        }
    });
}

/// One slice of a sort by the memory limit, with its frame.
#[divan::bench(sample_count = 100)]
fn sort_by_memory_slice(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed();
    harness.app.read_summaries_with(read_summary);
    bencher.bench_local(|| {
        if harness.app.work().is_none() {
            // Another order, so that there is something to sort.
            harness.press(Key::char('s'));
            harness.press(Key::char('m'));
            harness.press(Key::plain(KeyCode::Enter));
            harness.press(Key::char('S'));
        }
        harness.frame();
    });
}

/// The same where guids begin alike, as those of batch systems do.
#[divan::bench(sample_count = 50)]
fn sort_numbered(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed_as(|nth, _| TaskGuid::from(format!("load-{nth:06}")));
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| harness.press(Key::char('>')));
}

/// The same where several systems number their tasks, so that not all guids begin alike.
#[divan::bench(sample_count = 50)]
fn sort_numbered_apart(bencher: Bencher<'_, '_>) {
    let mut harness = Harness::listed_as(|nth, _| {
        let system = ["nightly-report", "load", "reindex-customers"].into_iter().cycle().nth(nth % 3);
        TaskGuid::from(format!("{}-{nth:06}", system.unwrap_or_default()))
    });
    bencher.counter(ItemsCount::new(TASKS)).bench_local(|| harness.press(Key::char('>')));
}

/// The failures view with 100,000 failures of 200 reasons on 100 cells, and the stream that tells more of them.
struct Incident {
    harness: Harness,
    stream: StreamId,
    failed: usize,
}

impl Incident {
    fn begun() -> Self {
        let mut app = App::new(Target::default(), Settings::default());
        let stream = app.update(Msg::Tick, NOON).into_iter().find_map(|effect| match effect {
            Effect::Session(_, SessionEffect::Subscribe { stream }) => Some(stream),
            _ => None,
        });
        let stream = stream.unwrap();
        app.update(Msg::Session(app.shown_session(), SessionMsg::StreamOpened(stream)), NOON);
        let terminal = Terminal::new(TestBackend::new(COLS, ROWS)).unwrap();
        let harness = Harness { app, ui: UiState::new(Colours::Full), terminal };
        let mut incident = Self { harness, stream, failed: 0 };
        (0..TASKS / 100).for_each(|_| incident.fail(100));
        incident.harness.press(Key::char('2'));
        incident
    }

    /// More tasks fail, within ten minutes and an hour.
    fn fail(&mut self, tasks: usize) {
        let items: Vec<_> = (self.failed..self.failed + tasks).map(failure).collect();
        self.failed += tasks;
        let app = &mut self.harness.app;
        app.update(Msg::Session(app.shown_session(), SessionMsg::StreamItems(self.stream, items)), NOON);
    }
}

fn failure(nth: usize) -> StreamItem {
    let mixed = nth.wrapping_mul(0x9e37_79b9);
    let at = NOON.wall.shifted(-i64::try_from(nth % 3_600).unwrap() * 1_000_000_000);
    let running = Task {
        cell: Some(CellId::from(format!("cell-{}", mixed % 100))),
        created_at: at,
        updated_at: at,
        ..Task::blank(format!("guid-{nth}").into(), "cf-tasks".into(), State::Running)
    };
    let reason = format!("failed to run {}: exit status {nth}", "x".repeat(mixed / 100 % 200));
    let failed = Task {
        cell: None,
        state: State::Completed,
        failed: true,
        failure_reason: reason.into(),
        first_completed_at: at,
        ..running.clone()
    };
    StreamItem::Event(TaskEvent::Changed { before: Box::new(running), after: Box::new(failed) })
}

/// Draws the failures view without changes.
#[divan::bench(sample_count = 200)]
fn frame_failures(bencher: Bencher<'_, '_>) {
    let mut incident = Incident::begun();
    bencher.bench_local(|| incident.harness.frame());
}

/// Takes in 100 more failures, and draws the failures view. Compare with [`frame_while_failing`].
#[divan::bench(sample_count = 200)]
fn failures_while_failing(bencher: Bencher<'_, '_>) {
    let mut incident = Incident::begun();
    bencher.bench_local(|| {
        incident.fail(100);
        incident.harness.frame();
    });
}

/// Takes in 100 more failures, and draws the task table.
#[divan::bench(sample_count = 200)]
fn frame_while_failing(bencher: Bencher<'_, '_>) {
    let mut incident = Incident::begun();
    incident.harness.press(Key::char('1'));
    bencher.bench_local(|| {
        incident.fail(100);
        incident.harness.frame();
    });
}

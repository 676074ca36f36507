//! Measures the pulse with as many apps as are counted on their own, without a terminal: `cargo bench --bench pulse`.
#![expect(clippy::unwrap_used, reason = "a failure must abort the measurement")]

use std::time::Duration;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use taskdeck::app::key::Key;
use taskdeck::app::{App, Msg, Settings, Target};
use taskdeck::clock::Now;
use taskdeck::model::statistics::{Dimension, MOST_SUBJECTS, Observed, Statistics, Window};
use taskdeck::model::{CellId, Domain, Entity, Owner, Ownership, State, Task, TaskGuid, Timestamp};
use taskdeck::ui::{self, Colours, UiState};

/// 2026-06-01 12:00:00 UTC.
const NOON: Now =
    Now { mono: Duration::from_secs(100), wall: Timestamp::from_nanos(1_780_315_200_000_000_000) };

fn main() {
    divan::main();
}

/// Two hours of a busy foundation: 32 tasks a second of 4,000 apps on 200 cells.
const TASKS: u64 = 32 * 7_200;

fn lives() -> impl Iterator<Item = [Task; 3]> {
    let apps = u64::try_from(MOST_SUBJECTS).unwrap();
    let owners: Vec<_> = (0..apps)
        .map(|nth| {
            let entity =
                |what: &str| Entity { guid: format!("{what}-guid-{nth}"), name: format!("{what}-{nth}") };
            Owner::new(Ownership { app: entity("app"), space: entity("space"), org: entity("org") })
        })
        .collect();
    (0..TASKS).map(move |nth| {
        let done = NOON.wall.plus(Duration::from_millis(nth * 1_000 / 32));
        let ran = Duration::from_millis(500 + nth * 7_919 % 60_000);
        let waited = Duration::from_millis(50 + nth * 104_729 % 5_000);
        let ago = |span: Duration| done.shifted(-i64::try_from(span.as_nanos()).unwrap());
        let owner = owners.get(usize::try_from(nth * 31 % apps).unwrap()).unwrap().clone();
        let created_at = ago(ran + waited);
        let guid = TaskGuid::from(format!("task-{nth}"));
        let pending = Task {
            owner,
            created_at,
            updated_at: created_at,
            ..Task::blank(guid, Domain::from("cf-tasks"), State::Pending)
        };
        let running = Task {
            state: State::Running,
            cell: Some(CellId::from(format!("cell-{}", nth % 200))),
            updated_at: ago(ran),
            ..pending.clone()
        };
        let completed = Task {
            state: State::Completed,
            failed: nth % 20 == 0,
            updated_at: done,
            first_completed_at: done,
            ..pending.clone()
        };
        [pending, running, completed]
    })
}

fn hear(statistics: &mut Statistics, [pending, running, completed]: &[Task; 3]) {
    let at = completed.updated_at;
    for (before, after) in [(pending, running), (running, completed)] {
        let (before, told) = (Some(before), Some(before));
        statistics.observe(&Observed { at, offset_ns: 0, before, told, after });
    }
}

fn busy() -> (Statistics, Timestamp) {
    let mut statistics = Statistics::default();
    lives().for_each(|life| hear(&mut statistics, &life));
    (statistics, NOON.wall.plus(Duration::from_secs(7_200)))
}

/// Computes the figures of every app, as listing them once a second does.
#[divan::bench(sample_count = 20, args = Window::ALL)]
fn figures_of_all_apps(bencher: Bencher<'_, '_>, window: Window) {
    let (statistics, now) = busy();
    bencher.counter(ItemsCount::new(MOST_SUBJECTS)).bench_local(|| {
        let apps = statistics.subjects(Dimension::App);
        apps.filter(|app| !statistics.figures(app.series(), window, now).deviations.is_empty()).count()
    });
}

/// Counts the start and the completion of 10,000 tasks.
#[divan::bench(sample_count = 20)]
fn count_lives(bencher: Bencher<'_, '_>) {
    let lives: Vec<_> = lives().take(10_000).collect();
    bencher.counter(ItemsCount::new(lives.len())).bench_local(|| {
        let mut statistics = Statistics::default();
        for life in &lives {
            hear(&mut statistics, life);
        }
        statistics
    });
}

/// Draws a frame of the empty pulse: what it adds to the floor.
#[divan::bench(sample_count = 200)]
fn frame(bencher: Bencher<'_, '_>) {
    let mut app = App::new(Target::default(), Settings::default());
    app.update(Msg::Key(Key::char('4'), NOON.mono), NOON);
    let mut ui = UiState::new(Colours::Full);
    let mut terminal = Terminal::new(TestBackend::new(160, 48)).unwrap();
    bencher.bench_local(|| {
        app.before_frame();
        terminal.draw(|frame| black_box(ui::draw(&app, &mut ui, NOON, frame)).clear()).unwrap();
    });
}

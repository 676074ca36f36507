//! What the dashboard keeps is bounded: nothing that a server sends makes it grow for ever.

use std::path::Path;

use super::presence::cell;
use super::*;
use crate::model::{Entity, Owner, Ownership, RawDefinition};

const DOCUMENT: &str = include_str!("../../../RELIABILITY.md");

/// Tasks that fail within half an hour, so that the ended ones are kept at the same time.
const BURST: usize = 20_500;
/// Tasks of one message.
const BATCH: usize = 250;
/// How many times after that the cells are recreated and events are lost, while some more tasks fail.
const GAPS: usize = 300;

/// What is kept: what it is, how many, and how many at most.
type Bound = (&'static str, usize, usize);

fn bounds(app: &App) -> Vec<Bound> {
    let session = app.session();
    let recorder = &session.recorder;
    let is_present = |cell: &CellId| session.cells.of(cell) == Standing::Present;
    let mut bounds = session.store.bounds().to_vec();
    bounds.push(session.store.bound_of_zones(is_present));
    bounds.push(recorder.event_log.bound());
    bounds.extend(recorder.timelines.bounds());
    bounds.extend(recorder.failures.of(FailureKind::Failures).bounds());
    bounds.extend(recorder.statistics.get().bounds());
    bounds.extend([app.notices().bound(), session.views.bound()]);
    bounds
}

/// A server whose tasks have a guid and a reason of their own, and a cell, an app and a domain that no other task has at once.
struct Churn {
    harness: Harness,
    stream: StreamId,
    next: usize,
    /// The most of each bound that was seen.
    most: Vec<usize>,
}

impl Churn {
    fn new() -> Self {
        let mut harness = Harness::new();
        let stream = harness.go_live(Vec::new());
        Self { harness, stream, next: 0, most: Vec::new() }
    }

    /// Tasks fail.
    fn fail(&mut self, tasks: usize) {
        let items = (0..tasks).flat_map(|_| self.life()).collect();
        self.harness.send(SessionMsg::StreamItems(self.stream, items));
    }

    fn life(&mut self) -> Vec<StreamItem> {
        self.next += 1;
        let (nth, now) = (self.next, self.harness.now.wall);
        let app = Entity { guid: format!("app-{}", nth % 5_000), name: String::new() };
        let domain = Domain::from(format!("domain-{}", nth % 4_999).as_str());
        let pending = Task {
            created_at: now,
            updated_at: now,
            definition: RawDefinition::new(&[b'd'; 900]),
            owner: Owner::new(Ownership { app, ..Ownership::default() }),
            ..Task::blank(TaskGuid::from(format!("task-{nth}")), domain, State::Pending)
        };
        let cell = Some(CellId::from(format!("cell-{}", nth % 4_998).as_str()));
        let running = Task { state: State::Running, cell, ..pending.clone() };
        let completed = Task {
            state: State::Completed,
            failed: true,
            failure_reason: reason(nth).as_str().into(),
            first_completed_at: now,
            ..pending.clone()
        };
        vec![
            StreamItem::Event(TaskEvent::Created(pending.clone())),
            changed(pending, running.clone()),
            changed(running, completed.clone()),
            StreamItem::Event(TaskEvent::Removed(completed)),
        ]
    }

    /// The cells are recreated, with other ids.
    fn recreate_cells(&mut self) {
        let cells = (0..100).map(|_| {
            self.next += 1;
            cell(&format!("recreated-{}", self.next))
        });
        let cells = cells.collect();
        self.harness.send(SessionMsg::Cells(Ok(cells)));
    }

    /// The stream ends, and a new one opens.
    fn lose_events(&mut self) {
        let effects = self.harness.send(SessionMsg::StreamEnded(self.stream, None));
        self.stream = stream_of(&effects).unwrap();
        self.harness.now = self.harness.now.plus(Duration::from_secs(60));
        let effects = self.harness.send(SessionMsg::StreamOpened(self.stream));
        self.answer(effects);
    }

    /// Answers lists: all tasks have left.
    fn answer(&mut self, mut effects: Vec<Effect>) {
        while let Some(mark) = mark_of(&effects) {
            effects = self.harness.list(mark, Vec::new());
        }
    }

    fn wait(&mut self, by: Duration) {
        let effects = self.harness.wait(by);
        self.answer(effects);
        let bounds = bounds(&self.harness.app);
        self.most.resize(bounds.len(), 0);
        for ((what, kept, at_most), most) in bounds.into_iter().zip(&mut self.most) {
            assert!(kept <= at_most, "{kept} {what}, and at most {at_most} are to be kept");
            *most = kept.max(*most);
        }
    }
}

/// A reason that no other failure has. The patterns of reasons leave out numbers.
fn reason(nth: usize) -> String {
    let letters = |digit: char| char::from(b'g' + u8::try_from(digit.to_digit(10).unwrap()).unwrap());
    let word: String = nth.to_string().chars().map(letters).collect();
    format!("{word} {}", "has failed ".repeat(20))
}

#[test]
fn nothing_grows_for_ever() {
    let mut churn = Churn::new();
    churn.harness.press(&"12".repeat(60));
    for _ in 0..BURST / BATCH {
        churn.fail(BATCH);
        churn.wait(Duration::from_secs(12));
    }
    for _ in 0..GAPS {
        churn.fail(2);
        churn.recreate_cells();
        churn.lose_events();
        churn.wait(Duration::from_secs(20 * 60));
    }
    for ((what, _, at_most), most) in bounds(&churn.harness.app).into_iter().zip(churn.most) {
        // So many failures take too long to play: `model::failures` plays them with lower limits.
        let is_reached = most + at_most / 10 >= at_most || what.starts_with("failures");
        assert!(is_reached, "only {most} {what} were kept, so that {at_most} are not tested");
    }
}

/// `TASKDECK_DRAW=1 cargo test --lib bounds` regenerates the table.
#[test]
fn the_document_lists_what_is_kept() {
    const BEGIN: &str = "<!-- bounds -->\n";
    const END: &str = "<!-- /bounds -->\n";
    let rows = bounds(&Harness::new().app)
        .into_iter()
        .map(|(what, _, most)| format!("| {what} | {} |\n", number(most)));
    let table: String =
        std::iter::once("| what is kept | at most |\n| --- | --- |\n".to_owned()).chain(rows).collect();
    let (before, rest) = DOCUMENT.split_once(BEGIN).expect("the table's first marker");
    let (_, after) = rest.split_once(END).expect("the table's last marker");
    let text = [before, BEGIN, &table, END, after].concat();
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RELIABILITY.md");
        return std::fs::write(path, text).unwrap();
    }
    assert!(DOCUMENT == text, "regenerate with TASKDECK_DRAW=1 cargo test --lib bounds");
}

/// Formats a number with its thousands apart, and a number of mebibytes as such.
fn number(of: usize) -> String {
    match of {
        of if of > 0 && of.is_multiple_of(1 << 20) => format!("{} MiB", of >> 20),
        of => crate::present::format::len(of),
    }
}

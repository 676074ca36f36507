//! Measures the feed: lists, events, and an idle stream.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use taskdeck::bbs::Client;
use taskdeck::model::{Action, Domain, StreamItem, TaskDefinition, TaskEvent, TaskGuid};
use tokio::runtime::Runtime;
use vt100::Screen;

use crate::server::Server;
use crate::stats::{Times, mb, ms, ratio, share};
use crate::tty::{Tty, selected};
use crate::{Row, row};

/// Number of measurements, each followed by its floor.
const PAIRS: usize = 5;
const EVENTS: usize = 50;
const WATCHED: Duration = Duration::from_secs(20);
/// Duration that the bound on 1,000 events a second names.
const CHURNED: Duration = Duration::from_secs(60);
/// Configuration that lists as often as possible.
const BUSY: &str = "[feed]\nreconcile = \"1s\"\ncost_factor = 1\n";

/// Measures the first list, ten more lists, and `taskdeck tasks`.
pub(crate) fn lists(tasks: usize) -> Vec<Row> {
    let server = Server::start(tasks, 0);
    let (_, size) = server.download();
    let mut rows = first_list(&server, size);
    rows.push(more_lists(&server));
    rows.extend(printed(&server));
    rows
}

/// Measures lists of a server that is as slow to its first byte as a real BBS.
pub(crate) fn late_lists(tasks: usize) -> [Row; 2] {
    let server = Server::as_late_as_a_real_one(tasks);
    let [mut listed, mut printed, mut floor] = [Times::default(), Times::default(), Times::default()];
    for _ in 0..PAIRS {
        floor.push(server.download().0);
        listed.push(Tty::dashboard(&server, "").until_listed());
        printed.push(server.print_tasks().0);
    }
    let least = floor.median();
    let text = |took| format!("{:.2} ×: {}, curl {}", ratio(took, least), ms(took), ms(least));
    [
        row(
            "a real BBS's 1.7 s before the first byte: the whole list on the screen ÷ curl",
            "",
            text(listed.median()),
        ),
        row("the same: `taskdeck tasks` ÷ curl", "≤ 1.15", text(printed.median())),
    ]
}

fn first_list(server: &Server, size: u64) -> Vec<Row> {
    let [mut frame, mut listed, mut floor] = [Times::default(), Times::default(), Times::default()];
    let mut peak = 0;
    for _ in 0..PAIRS {
        floor.push(server.download().0);
        let mut tty = Tty::dashboard(server, "");
        frame.push(tty.until("the first frame", |screen| screen.contents().contains("https://")));
        listed.push(tty.until_listed());
        tty.rest(Duration::from_secs(1));
        peak = peak.max(tty.process().peak().unwrap());
    }
    let (took, least) = (listed.median(), floor.median());
    let text = format!("{:.2} ×: {}, curl {}", ratio(took, least), ms(took), ms(least));
    let held = format!("{:.2} ×: {}, reply {}", share(peak, size), mb(peak), mb(size));
    vec![
        row("start to first frame", "≤ 30 ms", ms(frame.median())),
        row("start to the whole list on the screen ÷ curl", "≤ 1.5", text),
        row("peak memory of the dashboard ÷ reply", "≤ 1.7", held),
    ]
}

fn more_lists(server: &Server) -> Row {
    let mut tty = Tty::dashboard(server, BUSY);
    tty.until_listed();
    tty.rest(Duration::from_millis(500));
    // The second list needs memory for its tasks next to those held; later lists reuse it.
    let first = tty.process().resident().unwrap();
    let mut resident = |lists: usize| {
        await_lists(&mut tty, lists);
        tty.rest(Duration::from_millis(500));
        tty.process().resident().unwrap()
    };
    let (second, after) = (resident(1), resident(10));
    let text = format!(
        "{} after the first, {} after the second, {} after ten more",
        mb(first),
        mb(second),
        mb(after)
    );
    row("memory over ten reconciling lists", "no growth", text)
}

fn await_lists(tty: &mut Tty, wanted: usize) {
    let (mut lists, mut arriving) = (0, false);
    tty.until("more lists", |screen| {
        let head: String = screen.rows(0, 160).take(2).collect();
        lists += usize::from(arriving && head.contains("last list:"));
        arriving = head.contains(" list: ") && !head.contains("last list:");
        lists == wanted
    });
}

fn printed(server: &Server) -> [Row; 2] {
    let [mut took, mut floor] = [Times::default(), Times::default()];
    let mut peak = 0;
    for _ in 0..PAIRS {
        floor.push(server.download().0);
        let (time, memory) = server.print_tasks();
        took.push(time);
        peak = peak.max(memory);
    }
    let (median, least) = (took.median(), floor.median());
    let text = format!("{:.2} ×: {}, curl {}", ratio(median, least), ms(median), ms(least));
    [row("`taskdeck tasks` ÷ curl", "≤ 2.0", text), row("`taskdeck tasks`: peak memory", "≤ 40 MB", mb(peak))]
}

/// A second client of the event stream, as a reference.
struct Ear {
    created: Receiver<(Instant, TaskGuid)>,
    heard: Arc<AtomicU64>,
}

impl Ear {
    fn open(runtime: &Runtime, client: Client) -> Self {
        let (sender, created) = channel();
        let heard = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&heard);
        runtime.spawn(async move { listen(&client, &sender, &counter).await });
        Self { created, heard }
    }

    fn heard(&self) -> u64 {
        self.heard.load(Ordering::Relaxed)
    }

    /// Returns when the event that created this task arrived.
    fn arrival(&self, guid: &TaskGuid) -> Instant {
        self.created.iter().find(|(_, created)| created == guid).map(|(at, _)| at).unwrap()
    }
}

async fn listen(client: &Client, created: &Sender<(Instant, TaskGuid)>, heard: &AtomicU64) {
    let mut stream = client.task_events().await.unwrap();
    while let Some(item) = stream.next().await {
        heard.fetch_add(1, Ordering::Relaxed);
        if let Ok(StreamItem::Event(TaskEvent::Created(task))) = item {
            let _ = created.send((Instant::now(), task.guid));
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// Measures the time from an event's arrival to its row on the screen: when nothing else happens, and with 50 other
/// events a second.
pub(crate) fn events(tasks: usize) -> [Row; 2] {
    let text = |times: &Times| format!("p50 {}, p99 {}", ms(times.median()), ms(times.percentile(99)));
    let quiet = row(
        "an event's arrival to its row, after a quiet moment",
        "p50 ≤ 30 ms",
        text(&event_times(tasks, 0)),
    );
    let busy = row(
        "an event's arrival to its row, 50 a second",
        "p50 ≤ 60 ms, p99 ≤ 120 ms",
        text(&event_times(tasks, 50)),
    );
    [quiet, busy]
}

fn event_times(tasks: usize, churn: usize) -> Times {
    let (server, runtime) = (Server::start(tasks, churn), runtime());
    let client = runtime.block_on(server.client());
    let mut tty = Tty::dashboard(&server, "");
    tty.until_listed();
    // Hides the event pane, which would show the guid too.
    tty.types("e");
    let ear = Ear::open(&runtime, client.clone());
    tty.rest(Duration::from_secs(1));
    let (domain, definition, mut times) = (Domain::from("bench"), definition(), Times::default());
    for nth in 0..EVENTS {
        let guid = TaskGuid::from(format!("bench-{nth:04}"));
        runtime.block_on(client.desire(&guid, &domain, &definition)).unwrap();
        let shown = tty.seen("the row of the event", |screen| screen.contents().contains(guid.as_str()));
        times.push(shown.saturating_duration_since(ear.arrival(&guid)));
        // The varying pause avoids running in step with the frames. The next row appears at the top, and the selection
        // has stayed on its task, so `g` scrolls back.
        tty.rest(Duration::from_millis(110 + 7 * u64::try_from(nth % 10).unwrap()));
        tty.types("g");
        tty.rest(Duration::from_millis(30));
    }
    times
}

/// Measures the bytes that a steady stream of events costs.
pub(crate) fn steady(tasks: usize) -> Row {
    let server = Server::start(tasks, 200);
    let mut tty = Tty::dashboard(&server, "");
    tty.until_listed();
    tty.rest(Duration::from_secs(3));
    let before = tty.frames();
    let bytes = tty.rest(WATCHED);
    let seconds = WATCHED.as_secs();
    let text = format!(
        "{:.1} kB a second, {:.0} frames a second",
        share(bytes as u64, seconds) / 1_000.0,
        share(tty.frames() - before, seconds)
    );
    row("200 events a second", "≤ 20 kB a second", text)
}

fn definition() -> TaskDefinition {
    let run = Action::Run {
        path: "true".to_owned(),
        args: Vec::new(),
        dir: String::new(),
        env: Vec::new(),
        resource_limits: None,
        user: "vcap".to_owned(),
        log_source: String::new(),
        suppress_log_output: false,
        volume_mounted_files: Vec::new(),
    };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".to_owned(),
        action: Some(run),
        ..TaskDefinition::default()
    }
}

/// Measures the cost of an idle dashboard.
pub(crate) fn idle() -> Row {
    let server = Server::start(1_000, 0);
    let mut tty = Tty::dashboard(&server, "");
    tty.until_listed();
    tty.rest(Duration::from_secs(3));
    let before = tty.process().ticks().unwrap();
    let bytes = tty.rest(WATCHED);
    let used = tty.process().ticks().unwrap() - before;
    let percent = share(used, WATCHED.as_secs());
    let text =
        format!("{percent:.2} % of a core, {} B a second", share(bytes as u64, WATCHED.as_secs()).round());
    row("idle, 1,000 tasks, a live stream", "≤ 0.5 %, the clocks' own cells", text)
}

/// Measures 1,000 events a second, with key presses in between.
pub(crate) fn churn(tasks: usize) -> Vec<Row> {
    let (server, runtime) = (Server::start(tasks, 1_000), runtime());
    let client = runtime.block_on(server.client());
    let mut tty = Tty::dashboard(&server, "");
    tty.until_listed();
    let ear = Ear::open(&runtime, client);
    tty.rest(Duration::from_secs(1));
    let before = (seen(tty.screen()), ear.heard(), tty.frames());
    let (begun, mut times, mut cut_off) = (Instant::now(), Times::default(), false);
    while begun.elapsed() < CHURNED {
        let chosen = selected(tty.screen());
        let pressed = tty.types("\x1b[B");
        times.push(tty.seen("another selection", |screen| selected(screen) != chosen) - pressed);
        tty.watch(Duration::from_millis(60), |screen| {
            cut_off |= screen.contents().contains("event stream");
        });
    }
    let took = begun.elapsed().as_secs();
    let (told, taken) = (ear.heard() - before.1, seen(tty.screen()) - before.0);
    let frames = share(tty.frames() - before.2, took);
    let lost = if cut_off { "the stream broke" } else { "never cut off" };
    let told = format!("{told} told, {taken} taken in, {lost}, {frames:.0} frames a second");
    let keys = format!("p50 {}, p99 {} of {}", ms(times.median()), ms(times.percentile(99)), times.len());
    vec![
        row("1,000 events a second for a minute", "none lost, never cut off", told),
        row("Down meanwhile", "p99 ≤ 16 ms", keys),
    ]
}

/// Returns the number of events that the pane shows in its title.
fn seen(screen: &Screen) -> u64 {
    let contents = screen.contents();
    let (_, after) = contents.split_once("Events  ").unwrap();
    let digits = after.chars().take_while(|c| c.is_ascii_digit() || *c == ',').filter(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}

//! Runs the whole dashboard against the simulated BBS: the shipped event loop and client, with a screen that tests read and
//! keys that they send.
#![expect(clippy::unwrap_used, reason = "test helpers")]

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use taskdeck::app::key::{Key, KeyCode};
use taskdeck::app::{ANSWER_AFTER, App, Pace, Settings, Target};
use taskdeck::bbs::wire::{Action, RunAction, TaskDefinition, action::Kind};
use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::clock::{Clock, Now, SystemClock};
use taskdeck::filter::Filter;
use taskdeck::model::Call;
use taskdeck::runtime::{self, Console, Input};
use taskdeck::sim::{Options, Sim};
use taskdeck::state::StateFile;
use taskdeck::ui::{Colours, ScrollHint};
use tokio::sync::{mpsc, watch};

/// The longest wait for a condition. Far more than any takes: a test that reaches it has failed.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// A console without a terminal.
struct TestConsole {
    terminal: Terminal<TestBackend>,
    inputs: mpsc::UnboundedReceiver<Input>,
    screen: watch::Sender<String>,
}

impl Console for TestConsole {
    fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>) -> Vec<ScrollHint>) -> io::Result<()> {
        self.terminal.draw(|frame| drop(paint(frame))).map_err(io::Error::other)?;
        self.screen.send_replace(self.terminal.backend().to_string());
        Ok(())
    }

    async fn next(&mut self) -> Input {
        self.inputs.recv().await.unwrap_or(Input::Ended)
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn repaint(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
}

/// The system clock, ahead by the time that the operator has taken to read questions.
struct StoryClock {
    clock: SystemClock,
    questions: AtomicU32,
}

impl Clock for StoryClock {
    fn now(&self) -> Now {
        self.clock.now().plus(2 * ANSWER_AFTER * self.questions.load(Ordering::Relaxed))
    }
}

/// Reads the screen and presses keys.
struct Operator<'a> {
    clock: &'a StoryClock,
    keys: mpsc::UnboundedSender<Input>,
    screen: watch::Receiver<String>,
}

impl Operator<'_> {
    /// Waits for a question, and lets the time pass that reading it takes.
    async fn reads(&mut self, question: &str) {
        self.sees(question).await;
        self.clock.questions.fetch_add(1, Ordering::Relaxed);
    }

    /// Reads a question and answers it.
    async fn answers(&mut self, question: &str, key: &str) {
        self.reads(question).await;
        self.press(key);
    }

    fn press(&self, keys: &str) {
        for key in keys.chars() {
            self.keys.send(Input::key(Key::char(key))).unwrap();
        }
    }

    fn tab(&self) {
        self.keys.send(Input::key(Key::plain(KeyCode::Tab))).unwrap();
    }

    fn find(&self) {
        self.keys.send(Input::key(Key::ctrl('p'))).unwrap();
    }

    fn enter(&self) {
        self.keys.send(Input::key(Key::plain(KeyCode::Enter))).unwrap();
    }

    /// Waits until the screen shows `text`.
    async fn sees(&mut self, text: &str) {
        self.until(text, |screen| screen.contains(text)).await;
    }

    async fn until(&mut self, what: &str, holds: impl Fn(&str) -> bool) {
        let mut screen = self.screen.clone();
        let waited = tokio::time::timeout(MAX_WAIT, screen.wait_for(|screen| holds(screen))).await;
        assert!(waited.is_ok(), "never seen: {what}\n{}", *self.screen.borrow());
    }
}

/// Returns settings with short intervals, so that tests need not wait for the next list.
fn settings() -> Settings {
    let pace = Pace {
        reconcile: Duration::from_millis(200),
        poll: Duration::from_millis(50),
        cost_factor: 0,
        backoff_ceiling: Duration::from_millis(100),
        ..Pace::default()
    };
    Settings { pace, ..Settings::default() }
}

async fn story(sim: &Sim, access: Access, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    story_at(&sim.url(), access, script).await;
}

async fn story_at(url: &str, access: Access, script: impl AsyncFnOnce(&mut Operator<'_>)) {
    story_with(settings(), url, access, script).await;
}

async fn story_with(
    settings: Settings,
    url: &str,
    access: Access,
    script: impl AsyncFnOnce(&mut Operator<'_>),
) {
    let connection = Connection {
        url: url.to_owned(),
        tls: None,
        connect_timeout: Duration::from_secs(5),
        request_timeout: Some(Duration::from_secs(5)),
        access,
    };
    let target = Target { url: url.to_owned(), read_only: access == Access::ReadOnly, ..Target::default() };
    let (keys, inputs) = mpsc::unbounded_channel();
    let (screen, seen) = watch::channel(String::new());
    let mut console =
        TestConsole { terminal: Terminal::new(TestBackend::new(160, 40)).unwrap(), inputs, screen };
    let client = Client::open(connection).await.unwrap();
    let clock = StoryClock { clock: SystemClock::start(), questions: AtomicU32::new(0) };
    let run = Box::pin(runtime::run(
        App::new(target, settings),
        client,
        &clock,
        &mut console,
        Colours::Full,
        StateFile::default(),
    ));
    let play = async {
        let mut operator = Operator { clock: &clock, keys, screen: seen };
        script(&mut operator).await;
        operator.press("q");
        operator
    };
    let (ended, _operator) =
        tokio::time::timeout(2 * MAX_WAIT, async { tokio::join!(run, play) }).await.unwrap();
    ended.unwrap();
}

fn definition() -> TaskDefinition {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let action = Action { kind: Some(Kind::RunAction(run)) };
    TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(action),
        ..TaskDefinition::default()
    }
}

fn desire(sim: &Sim, guid: &str, domain: &str) {
    sim.with(|machine, now| machine.desire(guid, domain, definition(), now)).unwrap();
}

fn start(sim: &Sim, guid: &str, cell: &str) {
    sim.with(|machine, now| machine.start(guid, cell, now)).unwrap();
}

async fn quiet_bbs() -> Sim {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    desire(&sim, "task-b", "batch");
    start(&sim, "task-b", "cell-01");
    sim
}

#[tokio::test]
async fn tasks_are_seen_as_they_change_and_filtered_by_domain_and_by_cell() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("task-b").await;
        operator.sees("live").await;
        desire(&sim, "task-c", "cf-tasks");
        operator.sees("task-c").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("d");
        operator.until("the domain's filter alone", |screen| screen.contains("domain batch")).await;
        operator.press("x");
        operator.sees("3/3").await;
        operator.press("/task-b");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("o");
        operator.sees("cell cell-01").await;
    })
    .await;
}

/// Returns the line of titles, of the table and of the pane beside it.
fn titles(screen: &str) -> &str {
    screen.lines().find(|line| line.contains("GUID")).unwrap_or_default()
}

#[tokio::test]
async fn columns_are_chosen_and_sorted_by_what_definitions_hold() {
    let sim = Sim::start(Options::default()).await.unwrap();
    for (guid, memory_mb) in [("task-a", 512), ("task-b", 4_096), ("task-c", 64)] {
        let definition = TaskDefinition { memory_mb, annotation: "mine".into(), ..definition() };
        sim.with(|machine, now| machine.desire(guid, "batch", definition, now)).unwrap();
    }
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.press("s");
        operator.sees("Sort by").await;
        operator.press("m");
        operator.enter();
        operator
            .until("the most memory first", |screen| {
                let at = |guid: &str| screen.find(&format!("│{guid}")).unwrap_or(usize::MAX);
                at("task-b") < at("task-a") && at("task-a") < at("task-c")
            })
            .await;
        // Its column is shown by now. It is moved before STATE, and widened.
        operator.press("c");
        operator.sees("Columns").await;
        operator.press(&"j".repeat(column_index("memory")));
        operator.press("++KKKKKK");
        operator.enter();
        operator
            .until("the column in its place", |screen| {
                let at = |title: &str| titles(screen).find(title);
                !screen.contains("Columns") && at("DOMAIN") < at("MEMORY▼") && at("MEMORY▼") < at("STATE")
            })
            .await;
        operator.until("its values", |screen| screen.contains("4G") && screen.contains("64M")).await;
        operator.press("w");
        operator
            .until("a wide table", |screen| {
                titles(screen).contains("IN STATE") && titles(screen).contains('›')
            })
            .await;
        for _ in 0..column_index("failed") {
            operator.keys.send(Input::key(Key::plain(KeyCode::Right))).unwrap();
        }
        operator
            .until("the last column", |screen| titles(screen).contains("FAILED") && screen.contains("mine"))
            .await;
        operator.press("w");
        operator.until("the chosen columns again", |screen| !titles(screen).contains("FAILED")).await;
    })
    .await;
}

/// Returns the index of a column in the list of columns.
fn column_index(key: &str) -> usize {
    taskdeck::app::column_keys().position(|known| known == key).unwrap()
}

#[tokio::test]
async fn a_task_is_cancelled_then_resolved_and_deleted() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task was cancelled").await;
        operator.sees("task-a is cancelled").await;
        operator.press("R");
        operator.answers("Resolve task task-a?", "y").await;
        operator.sees("Resolving").await;
        operator.sees("task-a is resolved").await;
        operator.press("D");
        operator.answers("Delete task task-a?", "y").await;
        operator.until("the end of the task", |_| sim.with(|machine, _| machine.is_empty())).await;
        // Quitting asks a question as long as the action is in flight.
        operator.sees("task-a is deleted").await;
    })
    .await;
}

#[tokio::test]
async fn a_write_whose_connection_is_dropped_is_looked_up_and_sent_once() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        sim.faults().drop_writes(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("Could not confirm that task-a was cancelled").await;
        sim.faults().drop_writes(false);
        sim.faults().leave_writes_unanswered(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task-a is cancelled").await;
        assert_eq!(sim.received(Call::Cancel), 2, "each was sent once");
    })
    .await;
}

#[tokio::test]
async fn a_task_that_is_rejected_while_it_runs_is_pending_on_its_cell() {
    let sim = quiet_bbs().await;
    sim.with(|machine, now| machine.reject("task-b", "no room", now)).unwrap();
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("1 Held 2").await;
        operator.press("/state:pending cell:cell-01");
        operator.enter();
        operator.sees("1/2").await;
        sim.with(|machine, now| machine.start("task-b", "cell-02", now)).unwrap();
        operator.sees("0/2").await;
    })
    .await;
}

#[tokio::test]
async fn no_is_the_answer_that_enter_takes() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.reads("Cancel task task-a?").await;
        operator.enter();
        operator.until("no dialog", |screen| !screen.contains("Cancel task")).await;
    })
    .await;
    assert!(!sim.with(|machine, _| machine.task("task-a")).unwrap().failed);
}

#[tokio::test]
async fn what_the_state_forbids_is_refused_before_it_is_asked() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-b", "batch");
    start(&sim, "task-b", "cell-01");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("Running").await;
        operator.press("D");
        operator.sees("task-b:").await;
    })
    .await;
    assert_eq!(sim.with(|machine, _| machine.len()), 1);
}

#[tokio::test]
async fn a_task_is_found_by_filter_by_command_and_by_name() {
    let sim = quiet_bbs().await;
    let filters = [("busy".to_owned(), Filter::parse("state:running").unwrap())];
    let settings = Settings { filters: filters.into_iter().collect(), ..settings() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("/dom");
        operator.sees("the domain").await;
        operator.tab();
        operator.sees("cf-tasks").await;
        operator.press("b");
        operator.tab();
        operator.sees("/domain:batch").await;
        operator.sees("1 of 2").await;
        operator.enter();
        operator.sees("1/2 held /domain:batch").await;
        operator.press(":filter bu");
        operator.tab();
        operator.sees(":filter busy").await;
        operator.enter();
        operator.sees("1/2 held /state:running").await;
        operator.find();
        operator.press("task-a");
        operator.sees("Pending in cf-tasks").await;
        operator.enter();
        operator.sees("Cleared the filter, which hid task-a.").await;
        operator.press("q");
    })
    .await;
}

#[tokio::test]
async fn the_help_is_searched_and_says_why_a_command_is_off() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.sees("Enter open").await;
        operator.press("?");
        operator.sees("In the task table").await;
        operator.press("cancel");
        operator.sees("Cancel the selected task (The target is opened read-only)").await;
        operator.until("the rest gives way", |screen| !screen.contains("Redraw the screen")).await;
        operator.press(" nowhere");
        operator.sees("Nothing matches.").await;
        operator.enter();
        operator.until("the help closes", |screen| !screen.contains("Esc clears the filter")).await;
        operator.tab();
        operator.sees("b group by").await;
    })
    .await;
}

#[tokio::test]
async fn a_burst_that_opens_a_question_does_not_answer_it() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("Cy");
        operator.sees("Too soon: key ignored").await;
        assert_eq!(sim.received(Call::Cancel), 0);
        operator.answers("Cancel task", "y").await;
        operator.sees("is cancelled").await;
    })
    .await;
    assert_eq!(sim.received(Call::Cancel), 1);
}

#[tokio::test]
async fn a_read_only_target_is_only_looked_at() {
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "task-a", "cf-tasks");
    story(&sim, Access::ReadOnly, async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        operator.press("C");
        operator.sees("read-only").await;
        operator.press("y");
    })
    .await;
    assert!(!sim.with(|machine, _| machine.task("task-a")).unwrap().failed);
}

#[tokio::test]
async fn a_server_that_dies_leaves_the_rows_and_is_found_again() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().status(Some(503));
        sim.faults().drop_streams();
        operator.sees("STALE").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        desire(&sim, "task-c", "cf-tasks");
        sim.faults().status(None);
        operator.sees("task-c").await;
        operator.until("live again", |screen| screen.contains("live") && !screen.contains("STALE")).await;
    })
    .await;
}

#[tokio::test]
async fn a_list_that_is_cut_in_the_middle_loses_no_row() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("task-a").await;
        operator.sees("live").await;
        sim.faults().cut_list_after(Some(20));
        operator.press("r");
        operator.sees("showing the last known tasks").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
    })
    .await;
}

#[tokio::test]
async fn without_an_event_stream_lists_are_the_feed() {
    let sim = quiet_bbs().await;
    sim.faults().no_event_route(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("polling").await;
        desire(&sim, "task-c", "cf-tasks");
        operator.sees("task-c").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_hangs_with_its_stream_open_is_pinged_and_not_called_live() {
    let sim = quiet_bbs().await;
    let ping = Duration::from_millis(200);
    let settings = Settings { pace: Pace { ping, ..Pace::default() }, ..Settings::default() };
    story_with(settings, &sim.url(), Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().hang(true);
        operator.sees("NOT RESPONDING for").await;
        operator.sees("The server is not responding; showing the last known tasks").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        sim.faults().hang(false);
        operator.sees("Live again after").await;
        operator.until("live", |screen| !screen.contains("NOT RESPONDING")).await;
    })
    .await;
}

#[tokio::test]
async fn it_can_be_quit_while_the_server_hangs() {
    let sim = Sim::start(Options::default()).await.unwrap();
    sim.faults().hang(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| operator.sees("onnecting").await)
        .await;
}

#[tokio::test]
async fn it_can_be_quit_when_the_server_begins_to_hang() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().hang(true);
        operator.press("rC");
        operator.answers("Cancel task", "y").await;
        operator.sees("1 under way").await;
        operator.press("q");
        operator.answers("Quit anyway?", "y").await;
    })
    .await;
}

#[tokio::test]
async fn the_domain_and_the_cell_pane_filter_the_table() {
    let sim = quiet_bbs().await;
    desire(&sim, "task-c", "batch");
    start(&sim, "task-c", "cell-02");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.tab();
        operator.press("j");
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.tab();
        operator.press("jj");
        operator.enter();
        operator.sees("1/3 held domain batch, cell cell-02").await;
        operator.press("x");
        operator.sees("3/3 held no filter").await;
    })
    .await;
}

#[tokio::test]
async fn groups_are_shown_searched_and_combined() {
    let sim = quiet_bbs().await;
    desire(&sim, "task-c", "batch");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("3/3").await;
        operator.press("v");
        operator.sees("Domains  2").await;
        operator.press("/bat");
        operator.sees("Domains /bat  1 of 2").await;
        operator.enter();
        operator.enter();
        operator.sees("2/3 held domain batch").await;
        operator.press("vbs");
        operator.enter();
        operator.sees("States  2").await;
        operator.press("j");
        operator.enter();
        operator.sees("1/3 held domain batch, state Pending").await;
        operator.press("x");
        operator.sees("3/3 held no filter").await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_fails_over_in_the_middle_of_a_list_is_followed_to_the_other() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().cut_list_after(Some(20));
        operator.press("r");
        operator.sees("showing the last known tasks").await;
        // The active one is gone; until another has the lock nobody serves.
        sim.faults().refuse_connections(true);
        operator.sees("STALE").await;
        operator.until("the rows", |screen| screen.contains("task-a") && screen.contains("task-b")).await;
        sim.with(|machine, now| machine.cancel("task-a", now)).unwrap();
        sim.with(|machine, now| machine.resolving("task-a", now)).unwrap();
        sim.with(|machine, _| machine.delete("task-a")).unwrap();
        desire(&sim, "task-c", "batch");
        sim.faults().cut_list_after(None);
        sim.faults().refuse_connections(false);
        operator.sees("task-c").await;
        operator.sees("2/2").await;
        operator.until("live again", |screen| screen.contains("live") && !screen.contains("STALE")).await;
    })
    .await;
}

#[tokio::test]
async fn a_server_that_restarts_is_found_again_with_what_it_has_then() {
    let sim = quiet_bbs().await;
    let url = sim.url();
    let listen = url.trim_start_matches("http://").parse().unwrap();
    story_at(&url, Access::ReadWrite, async move |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("2/2").await;
        drop(sim);
        operator.sees("STALE").await;
        operator.sees("2/2").await;
        let sim = Sim::start(Options { listen, ..Options::default() }).await.unwrap();
        desire(&sim, "task-z", "batch");
        operator.sees("task-z").await;
        operator.sees("1 Held 1 ").await;
        operator.sees("live").await;
    })
    .await;
}

/// Sends as many events as a busy foundation does in a minute, in bursts that fit into a subscriber's queue. The pane counts
/// the events that it received, so the test fails if a single one is lost.
#[tokio::test]
async fn no_event_of_sixty_thousand_is_lost() {
    const BURSTS: usize = 100;
    const TASKS: usize = 120;
    let sim = Sim::start(Options::default()).await.unwrap();
    desire(&sim, "first", "cf-tasks");
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("1/1").await;
        // Told before or after the stream was opened: from here on every event counts.
        let told = |screen: &str| {
            let (_, rest) = screen.split_once("Events  ")?;
            let digits: String =
                rest.chars().take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
            digits.parse::<usize>().ok()
        };
        let before = told(&operator.screen.borrow()).unwrap_or_default();
        for burst in 1..=BURSTS {
            for nth in 0..TASKS {
                let guid = format!("task-{burst}-{nth}");
                desire(&sim, &guid, "batch");
                start(&sim, &guid, "cell-01");
                sim.with(|machine, now| machine.cancel(&guid, now)).unwrap();
                sim.with(|machine, now| machine.resolving(&guid, now)).unwrap();
                sim.with(|machine, _| machine.delete(&guid)).unwrap();
            }
            let all = before + 5 * TASKS * burst;
            operator.until("every event so far", |screen| told(screen) == Some(all)).await;
            assert!(!operator.screen.borrow().contains("not understood"));
        }
        operator.sees("1/1").await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_dead_but_open_is_noticed_and_said() {
    let sim = quiet_bbs().await;
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        sim.faults().mute_streams(true);
        desire(&sim, "task-c", "batch");
        operator.sees("task-c").await;
        operator.sees("was open but silent").await;
        sim.faults().mute_streams(false);
        operator.sees("live").await;
    })
    .await;
}

#[tokio::test]
async fn events_in_the_wrong_order_and_without_their_task_leave_no_wrong_row() {
    let sim = quiet_bbs().await;
    sim.faults().reorder_events(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        let with_callback =
            TaskDefinition { completion_callback_url: "https://nobody.example/done".into(), ..definition() };
        sim.with(|machine, now| machine.desire("task-c", "batch", with_callback, now)).unwrap();
        operator.sees("1 Held 3").await;
        sim.with(|machine, now| machine.cancel("task-c", now)).unwrap();
        operator.sees("1 Held 2").await;
        sim.faults().empty_removals(true);
        sim.with(|machine, now| machine.cancel("task-a", now)).unwrap();
        sim.with(|machine, now| machine.resolving("task-a", now)).unwrap();
        sim.with(|machine, _| machine.delete("task-a")).unwrap();
        operator.sees("1 Held 1 ").await;
    })
    .await;
}

#[tokio::test]
async fn cells_that_cannot_be_listed_do_not_disturb_the_tasks_and_are_not_marked_as_gone() {
    let sim = quiet_bbs().await;
    sim.faults().fail_cells(true);
    story(&sim, Access::ReadWrite, async |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("  cell-01").await;
        operator.sees("Presence unknown since").await;
        operator.sees("2/2").await;
        assert!(!operator.screen.borrow().contains("~ cell-01"));
    })
    .await;
}

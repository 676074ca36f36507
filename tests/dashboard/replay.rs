//! A recording is played in the dashboard: the incident, from the beginning, from its middle, and to its end.

use std::path::Path;
use std::time::Duration;

use taskdeck::app::{App, ReplaySettings, Speed, Target};
use taskdeck::clock::SystemClock;
use taskdeck::model::lifecycle::Step;
use taskdeck::model::plan::Reply;
use taskdeck::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall,
};
use taskdeck::model::{Access, End, Evidence, RequestId, State, Task, TaskAction, Timestamp};
use taskdeck::record::{Appender, Program, Recording, RunInfo};
use taskdeck::runtime::Reel;
use taskdeck::state::StateFile;

use crate::story::{Files, MAX_WAIT, Operator, play_with, settings};

/// 2026-06-01T12:00:00Z.
const NOON: i64 = 1_780_315_200;
const MINUTE: Duration = Duration::from_secs(60);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_nanos((NOON + seconds) * 1_000_000_000)
}

fn change(seconds: i64, before: Option<&Task>, task: &Task, end: Option<End>) -> Entry {
    let evidence = if seconds == 0 { Evidence::List } else { Evidence::Event };
    let entry = TaskEntry { evidence, before: before.cloned(), task: task.clone(), limits: None, end };
    Entry { at: at(seconds), what: Recorded::Task(Box::new(entry)) }
}

/// At 12:00 `steady` runs. `doomed` comes at 12:10 and fails at 12:20; somebody tries to cancel it, too late. Events are
/// lost for two minutes, and at 13:00 the recording ends.
fn incident() -> Vec<Entry> {
    let task = |guid: &str, state, seconds: i64| Task {
        created_at: at(600),
        updated_at: at(seconds),
        cell: (state == State::Running).then(|| "cell-7".into()),
        ..Task::blank(guid.into(), "cf-tasks".into(), state)
    };
    let steady = Task { created_at: at(-60), ..task("steady", State::Running, 0) };
    let [pending, running] =
        [(State::Pending, 600), (State::Running, 605)].map(|(state, at)| task("doomed", state, at));
    let failed = Task {
        failed: true,
        failure_reason: "out of memory".into(),
        first_completed_at: at(1_200),
        ..task("doomed", State::Completed, 1_200)
    };
    let call = WriteCall::Step(Step::Cancel);
    let action = |seconds, progress| {
        let action = ActionEntry { guid: "doomed".into(), intent: Intent::Act(TaskAction::Cancel), progress };
        Entry { at: at(seconds), what: Recorded::Action(action) }
    };
    let gap = |seconds, closed| {
        let gap = GapEntry { start: at(1_500), closed, why: "The server ended the event stream".into() };
        Entry { at: at(seconds), what: Recorded::Gap(gap) }
    };
    vec![
        change(0, None, &steady, None),
        change(600, None, &pending, None),
        change(605, Some(&pending), &running, None),
        change(1_200, Some(&running), &failed, None),
        action(1_210, Progress::Sent { call, request: RequestId(0x00c0_ffee) }),
        action(1_211, Progress::Answered { call, reply: Reply::Refused, message: "it has completed".into() }),
        gap(1_501, false),
        gap(1_620, true),
        change(3_000, Some(&failed), &failed, Some(End::Expired)),
    ]
}

/// Writes the incident to a file, and returns it with what is known of it.
fn recorded(path: &Path, entries: &[Entry]) -> (Reel, (Timestamp, Timestamp)) {
    let mut appender = Appender::new(Recording::create(path).unwrap());
    let info = RunInfo {
        target: "production".to_owned(),
        program: Program::Record,
        user: "vcap".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 4_711,
        started: at(0),
    };
    let run = appender.recording().begin_run(&info).unwrap();
    appender.append(run, entries).unwrap();
    appender.recording().end_run(run, at(3_600)).unwrap();
    let recording = Recording::open(path).unwrap();
    let stretch = recording.stretch(recording.runs().unwrap().first().unwrap()).unwrap().unwrap();
    (Reel { recording, run }, stretch)
}

/// Plays the incident from a second on.
async fn replay(from: i64, entries: &[Entry], script: impl AsyncFnOnce(&mut Operator<'_>)) {
    let home = tempfile::tempdir().unwrap();
    let (reel, (first, last)) = recorded(&home.path().join("incident.db"), entries);
    let replay = ReplaySettings { first, last, from: at(from), speed: Speed::LIFE };
    let settings = taskdeck::app::Settings { replay: Some(replay), ..settings() };
    let target =
        Target { name: Some("production".to_owned()), access: Access::ReadOnly, ..Target::default() };
    let (clock, files) = (SystemClock::start(), Files { state: StateFile::default(), recording: None });
    let played = Box::pin(play_with(&clock, App::new(target, settings), reel, files, script));
    tokio::time::timeout(2 * MAX_WAIT, played).await.unwrap();
}

#[tokio::test]
async fn an_incident_happens_again_in_the_dashboard() {
    replay(0, &incident(), async |operator: &mut Operator<'_>| {
        operator.sees("REPLAY 2026-06-01 12:00:0").await;
        operator.sees("1/1").await;
        operator.sees("recorded 12:00:00 to 13:00:00").await;
        // Ten minutes of the operator's own time: the replay is as fast as life.
        operator.waits(10 * MINUTE + Duration::from_secs(10));
        operator.sees("2/2").await;
        operator.sees("cell-7").await;
        operator.waits(10 * MINUTE + Duration::from_secs(10));
        operator.sees("out of memory").await;
        operator.waits(5 * MINUTE);
        operator.sees("EVENTS LOST").await;
        operator.waits(2 * MINUTE);
        operator.until("the gap is closed", |screen| !screen.contains("EVENTS LOST")).await;
        operator.waits(60 * MINUTE);
        operator.sees("The recording ends here.").await;
        operator.sees("REPLAY 2026-06-01 13:00:00 ×1  end").await;
        operator.press("3");
        operator.sees("✗ expired").await;
    })
    .await;
}

#[tokio::test]
async fn keys_go_through_the_incident() {
    replay(1_260, &incident(), async |operator: &mut Operator<'_>| {
        operator.sees("2/2").await;
        operator.press("p");
        operator.sees("×1  paused").await;
        operator.command("seek 12:11");
        operator.sees("REPLAY 2026-06-01 12:11:00").await;
        operator.until("it runs", |screen| screen.contains("2/2") && !screen.contains("out of memory")).await;
        operator.press("{{");
        operator.sees("REPLAY 2026-06-01 12:09:00").await;
        operator.sees("1/1").await;
        operator.press("}");
        operator.sees("REPLAY 2026-06-01 12:10:00").await;
        operator.press("+++");
        operator.sees("×10  paused").await;
        operator.press("p");
        operator.until("it goes on", |screen| !screen.contains("paused")).await;
        operator.waits(2 * MINUTE);
        operator.sees("out of memory").await;
    })
    .await;
}

#[tokio::test]
async fn nothing_can_be_changed_and_the_timeline_has_what_was_done() {
    replay(1_260, &incident(), async |operator: &mut Operator<'_>| {
        operator.press("p/doomed");
        operator.enter();
        operator.sees("1/2").await;
        operator.press("D");
        operator.sees("Cannot delete doomed: This is a replay.").await;
        operator.enter();
        operator.sees("definitions can contain secrets").await;
        operator.press("l");
        operator.sees("it has completed").await;
        operator.press("q");
    })
    .await;
}

/// The same entries, played by the recording program's own dashboard and read from any place, show the same rows.
#[tokio::test]
async fn a_place_shows_what_playing_up_to_it_shows() {
    let rows = |screen: &str| {
        let held = |line: &&str| line.contains("steady") || line.contains("doomed");
        screen.lines().filter(held).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut shown = Vec::new();
    for from in [0, 1_300] {
        replay(from, &incident(), async |operator: &mut Operator<'_>| {
            operator.sees("REPLAY").await;
            operator.press("pe");
            operator.sees("paused").await;
            operator.command("seek 12:40");
            operator.sees("REPLAY 2026-06-01 12:40:00").await;
            operator.sees("2/2").await;
            shown.push(rows(&operator.screen()));
        })
        .await;
    }
    let [from_the_beginning, from_there] = &shown[..] else { panic!("{shown:?}") };
    assert_eq!(from_the_beginning, from_there);
    assert!(from_there.iter().any(|row| row.contains("out of memory")), "{from_there:?}");
}

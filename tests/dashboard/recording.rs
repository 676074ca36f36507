//! Stories of recording: what is in the file afterwards, and what the operator is told of one that does not work.

use std::fs;
use std::path::Path;

use taskdeck::model::plan::{Outcome, Reply};
use taskdeck::model::recording::{Entry, Intent, Progress, Recorded, TaskEntry, WriteCall};
use taskdeck::model::{End, Evidence, State, TaskAction};
use taskdeck::record::{Position, Recording, Run};
use taskdeck::sim::{Options, Sim};

use crate::story::{Operator, desire, quiet_bbs, start, story_recorded};

/// Returns the runs of a file, each with its entries.
fn read(path: &Path) -> Vec<(Run, Vec<Entry>)> {
    let recording = Recording::open(path).unwrap();
    let entries = |run: &Run| recording.entries(run.id, Position::START).read(100_000).unwrap();
    recording.runs().unwrap().into_iter().map(|run| (run.clone(), entries(&run))).collect()
}

fn changes<'a>(entries: &'a [Entry], guid: &'a str) -> impl Iterator<Item = &'a TaskEntry> {
    entries.iter().filter_map(move |entry| match &entry.what {
        Recorded::Task(change) if change.task.guid.as_str() == guid => Some(&**change),
        _ => None,
    })
}

#[tokio::test]
async fn what_happens_and_what_the_operator_does_is_in_the_file() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    let path = home.path().join("recording.db");
    story_recorded(&path, &sim.url(), async |operator: &mut Operator<'_>| {
        operator.sees("REC").await;
        operator.sees("2/2").await;
        desire(&sim, "task-c", "cf-tasks");
        start(&sim, "task-c", "cell-01");
        operator.sees("3/3").await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/3").await;
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task-a is cancelled").await;
        operator.press("D");
        operator.answers("Delete task task-a?", "y").await;
        operator.sees("task-a is deleted").await;
    })
    .await;
    let [(run, entries)] = &read(&path)[..] else { panic!("one run") };
    assert_eq!(
        (run.target.as_str(), run.program.as_str(), run.user.as_str()),
        (&*sim.url(), "dashboard", "vcap")
    );
    assert!(run.ended.is_some_and(|ended| ended >= run.started));
    let of =
        |guid| changes(entries, guid).map(|change| (change.evidence, change.task.state)).collect::<Vec<_>>();
    assert_eq!(of("task-b"), [(Evidence::List, State::Running)]);
    assert_eq!(of("task-c"), [(Evidence::Event, State::Pending), (Evidence::Event, State::Running)]);
    let last = changes(entries, "task-a").last().unwrap();
    assert_eq!(last.end, Some(End::DeletedByUs));
    let actions: Vec<_> = entries
        .iter()
        .filter_map(|entry| match &entry.what {
            Recorded::Action(action) => Some((action.intent, &action.progress)),
            _ => None,
        })
        .collect();
    let cancel = Intent::Act(TaskAction::Cancel);
    let [(_, Progress::Confirmed { tasks: 1 }), (_, Progress::Sent { call, request }), answered, ended, ..] =
        &actions[..]
    else {
        panic!("{actions:?}")
    };
    assert_eq!((actions[0].0, call.word()), (cancel, "cancel"));
    assert!(request.0 > 0);
    let reply = Progress::Answered { call: *call, reply: Reply::Acknowledged, message: "".into() };
    assert_eq!(*answered, (cancel, &reply));
    assert!(matches!(ended, (_, Progress::Ended { outcome: Outcome::Done, .. })), "{ended:?}");
    let calls = |intent| {
        let sent =
            actions.iter().filter(|(of, _)| *of == intent).filter_map(|(_, progress)| match progress {
                Progress::Sent { call, .. } => Some(call.word()),
                _ => None,
            });
        sent.collect::<Vec<_>>()
    };
    assert_eq!(calls(Intent::Act(TaskAction::Delete)), ["resolve", "delete"]);
}

#[tokio::test]
async fn a_write_that_is_not_answered_is_in_the_file_as_such() {
    let (sim, home) = (Sim::start(Options::default()).await.unwrap(), tempfile::tempdir().unwrap());
    let path = home.path().join("recording.db");
    desire(&sim, "task-a", "cf-tasks");
    story_recorded(&path, &sim.url(), async |operator: &mut Operator<'_>| {
        operator.sees("Pending").await;
        sim.faults().drop_writes(true);
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("Could not confirm that task-a was cancelled").await;
    })
    .await;
    let entries = read(&path).remove(0).1;
    let progress = |matches: fn(&Progress) -> bool| {
        entries.iter().any(|entry| match &entry.what {
            Recorded::Action(action) => matches(&action.progress),
            _ => false,
        })
    };
    let is_missing = |progress: &Progress| {
        matches!(progress, Progress::Answered { call: WriteCall::Step(_), reply: Reply::Missing, message }
            if message.contains("(request "))
    };
    assert!(progress(is_missing), "{entries:?}");
    assert!(progress(|progress| matches!(progress, Progress::Ended { outcome: Outcome::Unknown, .. })));
}

#[tokio::test]
async fn a_failover_is_a_gap_with_what_changed_in_it() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    let (url, path) = (sim.url(), home.path().join("recording.db"));
    let listen = url.trim_start_matches("http://").parse().unwrap();
    story_recorded(&path, &url, async move |operator: &mut Operator<'_>| {
        operator.sees("live").await;
        operator.sees("2/2").await;
        drop(sim);
        operator.sees("STALE").await;
        let sim = Sim::start(Options { listen, ..Options::default() }).await.unwrap();
        desire(&sim, "task-z", "batch");
        operator.sees("task-z").await;
        operator.sees("1 Held 1 ").await;
        operator.sees("live").await;
    })
    .await;
    let entries = read(&path).remove(0).1;
    let gap = |is_closed| {
        entries.iter().position(|entry| matches!(&entry.what, Recorded::Gap(gap) if gap.closed == is_closed))
    };
    let (opened, closed) = (gap(false).unwrap(), gap(true).unwrap());
    assert!(opened < closed);
    let within = &entries[opened..closed];
    assert_eq!(changes(within, "task-a").next().unwrap().end, Some(End::Vanished));
    assert_eq!(changes(within, "task-z").next().unwrap().evidence, Evidence::Reconciled);
}

#[tokio::test]
async fn a_recording_of_a_newer_version_is_said_and_stops_nothing() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    let path = home.path().join("recording.db");
    drop(Recording::create(&path).unwrap());
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    story_recorded(&path, &sim.url(), async |operator: &mut Operator<'_>| {
        operator.sees("NOT RECORDING").await;
        operator.sees("a newer taskdeck wrote it (schema 99").await;
        operator.sees("live").await;
        operator.press("/task-a");
        operator.enter();
        operator.sees("1/2").await;
        operator.press("C");
        operator.answers("Cancel task task-a?", "y").await;
        operator.sees("task-a is cancelled").await;
    })
    .await;
}

#[tokio::test]
async fn a_damaged_recording_is_set_aside_and_said() {
    let (sim, home) = (quiet_bbs().await, tempfile::tempdir().unwrap());
    let path = home.path().join("recording.db");
    fs::write(&path, "x".repeat(10_000)).unwrap();
    story_recorded(&path, &sim.url(), async |operator: &mut Operator<'_>| {
        operator.sees("recording.db was damaged. Renamed it to").await;
        operator.sees("REC").await;
        operator.sees("2/2").await;
    })
    .await;
    assert_eq!(read(&path).len(), 1);
    assert_eq!(fs::read_to_string(home.path().join("recording.db.broken")).unwrap().len(), 10_000);
}

//! What is handed to the recorder, and what the operator is told of it.

use super::*;
use crate::model::lifecycle::Step;
use crate::model::plan::{Outcome, Reply};
use crate::model::recording::{ActionEntry, Entry, Intent, Progress, Recorded, RecorderNews, WriteCall};
use crate::model::{Evidence, RefusedType, TaskAction};

fn recording() -> Harness {
    let settings = Settings { record: true, ..Settings::default() };
    Harness { app: App::new(Target::default(), settings), ..Harness::new() }
}

/// Returns the entries among effects.
fn entries(effects: &[Effect]) -> Vec<&Entry> {
    let recorded = effects.iter().filter_map(|effect| match effect {
        Effect::Record(FIRST, entries) => Some(entries),
        _ => None,
    });
    recorded.flatten().collect()
}

fn progress(effects: &[Effect]) -> Vec<(&str, &Progress)> {
    let actions = entries(effects).into_iter().filter_map(|entry| match &entry.what {
        Recorded::Action(ActionEntry { guid, progress, .. }) => Some((guid.as_str(), progress)),
        _ => None,
    });
    actions.collect()
}

fn begins(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::BeginRecording { session: FIRST, .. }))
}

#[test]
fn nothing_is_recorded_unless_it_is_configured() {
    let mut harness = Harness::live(vec![task("a", State::Running)]);
    let effects = harness.press("Cy");
    assert!(!begins(&effects) && entries(&effects).is_empty(), "{effects:?}");
    assert_eq!(harness.app.recording(), RecordingState::Off);
    assert_eq!(harness.app.due(), None);
}

#[test]
fn an_action_is_recorded_from_the_yes_to_the_outcome() {
    let mut harness = recording();
    harness.go_live(vec![task("a", State::Running)]);
    let effects = harness.press("Cy");
    assert_eq!(progress(&effects), [("a", &Progress::Confirmed { tasks: 1 })]);
    let (call, request) = (WriteCall::Step(Step::Cancel), RequestId(7));
    let effects = harness.send(SessionMsg::Requested { guid: "a".into(), call, request });
    assert_eq!(progress(&effects), [("a", &Progress::Sent { call, request })]);
    let kind = FaultKind::Refused { kind: RefusedType::INVALID_STATE_TRANSITION, message: "no".into() };
    let fault = Fault { call: Call::Cancel, target: "prod".into(), request: Some(request), kind };
    let result = Err(fault.clone());
    let effects = harness.send(SessionMsg::Acted { guid: "a".into(), step: Step::Cancel, result });
    let answered = Progress::Answered { call, reply: Reply::Refused, message: fault.to_string().into() };
    assert_eq!(progress(&effects), [("a", &answered)]);
    let mark = effects.iter().find_map(|effect| match effect {
        Effect::Session(_, SessionEffect::Get { mark, .. }) => Some(*mark),
        _ => None,
    });
    let result = Ok(Some(task("a", State::Running)));
    let effects = harness.send(SessionMsg::Got { guid: "a".into(), mark: mark.unwrap(), result });
    let ended = Progress::Ended { outcome: Outcome::NotDone, found: "the task is Running".into() };
    assert_eq!(progress(&effects), [("a", &ended)]);
    let intents = entries(&effects).into_iter().filter_map(|entry| match &entry.what {
        Recorded::Action(action) => Some(action.intent),
        _ => None,
    });
    assert_eq!(intents.collect::<Vec<_>>(), [Intent::Act(TaskAction::Cancel)]);
}

#[test]
fn a_gap_is_recorded_when_it_begins_and_when_it_ends() {
    let mut harness = recording();
    let stream = harness.go_live(vec![task("a", State::Running)]);
    let effects = harness.send(SessionMsg::StreamEnded(stream, None));
    let [Entry { what: Recorded::Gap(gap), .. }] = entries(&effects)[..] else { panic!("{effects:?}") };
    assert!(!gap.closed && &*gap.why == "The server ended the event stream", "{gap:?}");
}

#[test]
fn tasks_that_are_there_already_are_taken_in_parts() {
    let mut harness = recording();
    let tasks = (0..5_000).map(|nth| task(&format!("task-{nth}"), State::Running)).collect();
    harness.go_live(tasks);
    assert_eq!(harness.app.due(), None);
    let mut effects = harness.send(Msg::Recorder(RecorderNews::BeginAgain));
    assert!(begins(&effects));
    let mut taken = entries(&effects).len();
    for _ in 0..2 {
        assert_eq!(harness.app.due(), Some(Duration::ZERO));
        effects = harness.send(Msg::Due);
        let part = entries(&effects).len();
        assert!((1..=2_000).contains(&part), "{part}");
        taken += part;
    }
    assert_eq!((taken, harness.app.due()), (5_000, None));
    let is_first_sight = |entry: &&Entry| match &entry.what {
        Recorded::Task(change) => change.before.is_none() && change.evidence == Evidence::List,
        _ => false,
    };
    assert!(entries(&effects).iter().all(is_first_sight));
}

#[test]
fn a_problem_of_the_file_is_said_once() {
    let mut harness = recording();
    harness.go_live(Vec::new());
    let fails = RecorderNews::Fails { path: "/var/recording.db".into(), why: "the disk is full".into() };
    for _ in 0..2 {
        harness.send(Msg::Recorder(fails.clone()));
        assert_eq!(harness.app.recording(), RecordingState::Fails);
        harness.wait(Duration::from_secs(20));
        harness.send(Msg::Recorder(RecorderNews::Works));
        assert_eq!(harness.app.recording(), RecordingState::Works);
        assert_eq!(
            harness.notice(),
            "Recording again after 20 s. The recording lacks what happened meanwhile."
        );
    }
    let said: Vec<_> =
        harness.app.notices().all().filter(|notice| notice.text.contains("disk is full")).collect();
    assert_eq!((said.len(), said[0].times), (1, 1));
    assert_eq!(
        said[0].text,
        "Cannot record to /var/recording.db: the disk is full. taskdeck keeps running and retries automatically."
    );
}

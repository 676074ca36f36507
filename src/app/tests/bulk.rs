//! Actions on marked tasks: the question, the pace of the calls, and the outcomes.

use super::*;
use crate::app::bulk::Ending;
use crate::model::lifecycle::Step;
use crate::model::plan::CANCELLED;
use crate::model::{Access, WriteRate};

/// The time between two writes of a default target.
const INTERVAL: Duration = Duration::from_millis(100);

fn guid(text: &str) -> TaskGuid {
    TaskGuid::from(text)
}

/// Returns the steps that are sent, with their tasks.
fn sent(effects: &[Effect]) -> Vec<(&str, Step)> {
    let step = |effect| match effect {
        &Effect::Session(_, SessionEffect::Act { ref guid, step }) => Some((guid.as_str(), step)),
        _ => None,
    };
    effects.iter().filter_map(step).collect()
}

fn looked_up(effects: &[Effect]) -> Vec<(&str, Mark)> {
    let get = |effect| match effect {
        &Effect::Session(_, SessionEffect::Get { ref guid, mark }) => Some((guid.as_str(), mark)),
        _ => None,
    };
    effects.iter().filter_map(get).collect()
}

fn pending(guids: &[&str]) -> Vec<Task> {
    guids.iter().map(|guid| task(guid, State::Pending)).collect()
}

impl Harness {
    /// Lets the time of one write pass.
    fn turn(&mut self) -> Vec<Effect> {
        self.now = self.now.plus(INTERVAL);
        self.send(Msg::Due)
    }

    /// Answers a step, and then the look-up of its task.
    fn answer(
        &mut self,
        text: &str,
        step: Step,
        result: Result<(), Fault>,
        found: Option<Task>,
    ) -> Vec<Effect> {
        let mut effects = self.send(SessionMsg::Acted { guid: guid(text), step, result });
        let mark = looked_up(&effects).first().unwrap().1;
        effects.extend(self.send(SessionMsg::Got { guid: guid(text), mark, result: Ok(found) }));
        effects
    }

    /// Cancels a task successfully.
    fn cancels(&mut self, text: &str) -> Vec<Effect> {
        let after = Task { failed: true, failure_reason: CANCELLED.into(), ..task(text, State::Completed) };
        self.answer(text, Step::Cancel, Ok(()), Some(after))
    }

    fn endings(&self) -> Vec<(&str, Ending)> {
        let outcomes = self.app.run_in(FIRST).unwrap().outcomes().all();
        outcomes.iter().map(|outcome| (outcome.guid.as_str(), outcome.ending)).collect()
    }

    fn question(&self) -> &BulkQuestion {
        match self.app.overlay() {
            Overlay::BulkQuestion(question) => question,
            overlay => panic!("no question: {overlay:?}"),
        }
    }
}

fn timed_out() -> Fault {
    fault(Call::Cancel, FaultKind::TimedOut { after: Duration::from_secs(10) })
}

#[test]
fn calls_are_sent_one_by_one_at_the_pace_of_the_target() {
    let mut harness = Harness::live(pending(&["a", "b", "c"]));
    assert_eq!(sent(&harness.press("aCy")), [("a", Step::Cancel)]);
    assert_eq!(harness.app.due(), None, "a call is in flight");
    assert_eq!(sent(&harness.turn()), []);
    let effects = harness.cancels("a");
    assert_eq!(sent(&effects), [("b", Step::Cancel)], "its time has come while it waited");
    let effects = harness.cancels("b");
    assert_eq!(sent(&effects), [], "too soon after the last call");
    assert_eq!(harness.app.due(), Some(harness.now.mono + INTERVAL));
    assert_eq!(sent(&harness.turn()), [("c", Step::Cancel)]);
    harness.cancels("c");
    assert_eq!(harness.endings(), [("a", Ending::Done), ("b", Ending::Done), ("c", Ending::Done)]);
    assert_eq!((harness.app.due(), harness.app.mark_count()), (None, 0));
    assert_eq!(harness.notice(), "Cancelled 3 of 3 tasks. :outcomes lists them");
    let told: Vec<_> = harness.app.notices().all().collect();
    assert_eq!(told.len(), 1, "one notice for all of them: {told:?}");
}

#[test]
fn the_pace_is_that_of_the_target() {
    let writes_per_second = WriteRate::per_second(2).unwrap();
    let mut harness = Harness::with(Target { writes_per_second, ..Target::default() });
    harness.go_live(pending(&["a", "b"]));
    harness.press("aCy");
    harness.cancels("a");
    assert_eq!(harness.app.due(), Some(harness.now.mono + 5 * INTERVAL));
}

#[test]
fn a_delete_of_a_completed_task_takes_two_turns() {
    let mut harness = Harness::live(vec![task("a", State::Completed)]);
    assert_eq!(sent(&harness.press("aDy")), [("a", Step::Resolving)]);
    let effects = harness.send(SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result: Ok(()) });
    assert_eq!(effects, []);
    assert_eq!(harness.app.pending(&guid("a")).unwrap().phase, Phase::Waiting);
    assert_eq!(sent(&harness.turn()), [("a", Step::Delete)]);
    harness.answer("a", Step::Delete, Ok(()), None);
    assert_eq!(harness.endings(), [("a", Ending::Done)]);
}

#[test]
fn esc_stops_after_the_call_in_flight() {
    let mut harness = Harness::live(pending(&["a", "b", "c"]));
    harness.press("aCy");
    assert_eq!(harness.press("\u{1b}"), [], "the call in flight is awaited");
    assert_eq!(harness.app.due(), None);
    harness.now = harness.now.plus(10 * INTERVAL);
    assert_eq!(sent(&harness.cancels("a")), []);
    let expected = [("a", Ending::Done), ("b", Ending::NotSent), ("c", Ending::NotSent)];
    assert_eq!(harness.endings(), expected);
    assert_eq!(harness.notice(), "Cancelled 1 of 3 tasks (2 not sent). :outcomes lists them");
    harness.press("\u{1b}");
    assert!(matches!(harness.app.overlay(), Overlay::None), "Esc closes what is over");
}

#[test]
fn a_stop_between_two_steps_deletes_nothing() {
    for stops_first in [true, false] {
        let mut harness = Harness::live(vec![task("a", State::Completed)]);
        harness.press("aDy");
        let acted = || SessionMsg::Acted { guid: guid("a"), step: Step::Resolving, result: Ok(()) };
        let effects = if stops_first {
            harness.press("\u{1b}");
            harness.send(acted())
        } else {
            harness.send(acted());
            harness.press("\u{1b}")
        };
        let mark = looked_up(&effects).first().unwrap().1;
        let result = Ok(Some(task("a", State::Resolving)));
        harness.send(SessionMsg::Got { guid: guid("a"), mark, result });
        assert_eq!(sent(&harness.turn()), []);
        let outcome = &harness.app.run_in(FIRST).unwrap().outcomes().all()[0];
        assert_eq!(outcome.ending, Ending::Failed);
        assert_eq!(outcome.reason, "The run was stopped before the last step; the task is Resolving now");
    }
}

#[test]
fn a_lost_reply_is_looked_up_and_the_run_goes_on() {
    let mut harness = Harness::live(pending(&["a", "b", "c"]));
    harness.press("aCy");
    let lost = Err(timed_out());
    harness.answer("a", Step::Cancel, lost, Some(task("a", State::Pending)));
    assert_eq!(sent(&harness.turn()), [("b", Step::Cancel)]);
    let refused = FaultKind::Refused { kind: crate::model::RefusedType::UNKNOWN, message: "boom".into() };
    harness.answer("b", Step::Cancel, Err(fault(Call::Cancel, refused)), None);
    assert_eq!(sent(&harness.turn()), [("c", Step::Cancel)]);
    harness.cancels("c");
    assert_eq!(harness.endings(), [("a", Ending::Unknown), ("b", Ending::Unknown), ("c", Ending::Done)]);
    let outcomes = harness.app.run_in(FIRST).unwrap().outcomes().all();
    let expected =
        "no answer within 10.0 s; the task is Pending now (request 00000000000000000000000000000007)";
    assert_eq!(outcomes[0].reason, expected);
    assert_eq!(harness.notice(), "Cancelled 1 of 3 tasks (2 unknown). :outcomes lists them");
}

#[test]
fn a_silent_bbs_stops_the_run() {
    let mut harness = Harness::live(pending(&["a", "b", "c", "d", "e"]));
    harness.press("aCy");
    for guid in ["a", "b", "c"] {
        harness.answer(guid, Step::Cancel, Err(timed_out()), None);
        harness.turn();
    }
    assert_eq!(harness.endings()[3..], [("d", Ending::NotSent), ("e", Ending::NotSent)]);
}

#[test]
fn what_changed_before_its_turn_is_skipped() {
    let mut harness = Harness::new();
    let stream = harness.go_live(pending(&["a", "b", "c"]));
    harness.press("aCy");
    let after = Task { updated_at: harness.now.wall, ..task("b", State::Completed) };
    harness.send(SessionMsg::StreamItems(stream, vec![changed(task("b", State::Pending), after)]));
    harness.turn();
    assert_eq!(sent(&harness.cancels("a")), [("c", Step::Cancel)], "a skipped task takes no turn");
    harness.cancels("c");
    let outcomes = harness.app.run_in(FIRST).unwrap().outcomes().all();
    assert_eq!((outcomes[0].guid.as_str(), outcomes[0].ending), ("b", Ending::Skipped));
    assert_eq!(outcomes[0].reason, "Task has already completed");
}

#[test]
fn failures_are_retried_as_a_new_question() {
    let mut harness = Harness::live([pending(&["a", "b"]), vec![task("z", State::Completed)]].concat());
    harness.press("aCy");
    assert_eq!(harness.press("r"), []);
    assert_eq!(harness.notice(), "The run is still in progress. Wait for its end, or stop it (Esc)");
    harness.answer("a", Step::Cancel, Err(timed_out()), Some(task("a", State::Pending)));
    harness.turn();
    harness.cancels("b");
    assert_eq!(sent(&harness.turn()), [], "never by itself");
    assert_eq!(harness.press("r"), []);
    let guids: Vec<_> = harness.question().set.tasks().iter().map(|task| task.guid.as_str()).collect();
    assert_eq!(
        (guids, harness.question().chosen_by),
        (vec!["a"], ChosenBy::Retry),
        "tasks that are done or refused are not asked about again"
    );
    assert_eq!(sent(&harness.press("y")), [("a", Step::Cancel)]);
    harness.cancels("a");
    assert_eq!(harness.endings(), [("a", Ending::Done)]);
    harness.press("r");
    assert_eq!(harness.notice(), "Every task is done or was refused. There is nothing to retry");
}

#[test]
fn many_tasks_are_confirmed_by_their_number() {
    let guids: Vec<_> = (0..21).map(|nth| format!("task-{nth:02}")).collect();
    let tasks: Vec<_> = guids.iter().map(|guid| task(guid, State::Pending)).collect();
    let mut harness = Harness::live(tasks.clone());
    assert_eq!(harness.press("aCy\n"), [], "yes does not do");
    assert!(matches!(harness.app.overlay(), Overlay::BulkQuestion(_)));
    assert_eq!(harness.press("\u{1b}"), []);
    assert!(matches!(harness.app.overlay(), Overlay::None));
    assert_eq!(harness.app.mark_count(), 21, "no keeps the marks");
    assert_eq!(sent(&harness.press("C21\n")).len(), 1);
    let mut few = Harness::live(tasks);
    few.press("a ");
    assert_eq!(sent(&few.press("Cy")).len(), 1, "20 are confirmed with yes");
}

#[test]
fn a_number_that_comes_too_soon_does_not_count() {
    let guids: Vec<_> = (0..21).map(|nth| format!("task-{nth:02}")).collect();
    let mut harness = Harness::live(guids.iter().map(|guid| task(guid, State::Pending)).collect());
    for key in ['a', 'C', '2', '1'] {
        harness.send(Msg::Key(Key::char(key), harness.now.mono));
    }
    assert_eq!(harness.send(Msg::Key(Key::plain(KeyCode::Enter), harness.now.mono)), []);
    harness.send(Msg::Paste("21".into()));
    assert_eq!(harness.press("\n"), [], "a paste is nobody's answer, and Enter on nothing is no");
    assert!(matches!(harness.app.overlay(), Overlay::None));
}

#[test]
fn a_target_can_want_its_name_and_the_number() {
    let target = Target { name: Some("prod".into()), confirm: ConfirmPolicy::TypeName, ..Target::default() };
    let guids: Vec<_> = (0..21).map(|nth| format!("task-{nth:02}")).collect();
    let mut harness = Harness::with(target);
    harness.go_live(guids.iter().map(|guid| task(guid, State::Pending)).collect());
    assert_eq!(harness.press("aC21\n"), []);
    harness.press("\u{1b}");
    assert_eq!(sent(&harness.press("Cprod 21\n")).len(), 1);
    let mut few = Harness::with(harness.app.target().clone());
    few.go_live(pending(&["a", "b"]));
    assert_eq!(sent(&few.press("aCprod\n")).len(), 1);
}

#[test]
fn the_question_counts_what_is_refused_and_why() {
    let states =
        [("a", State::Pending), ("b", State::Running), ("c", State::Completed), ("d", State::Resolving)];
    let mut harness = Harness::live(states.map(|(guid, state)| task(guid, state)).to_vec());
    harness.press("aC");
    let question = harness.question();
    assert_eq!((question.set.actionable(), question.set.tasks().len()), (2, 4));
    assert_eq!(question.calls, [(&[Step::Cancel][..], 2)]);
    let refusals: Vec<_> = question.refusals.iter().map(|(why, count)| (why.to_string(), *count)).collect();
    assert_eq!(refusals.len(), 2, "{refusals:?}");
    let states = question.tallies.iter().find(|tally| tally.name == "state").unwrap();
    assert_eq!(states.values, [("Pending".to_owned(), 1), ("Running".to_owned(), 1)]);
    assert_eq!(sent(&harness.press("y")).len(), 1);
    assert_eq!(harness.app.run_in(FIRST).unwrap().outcomes().count(Ending::Refused), 2);
}

#[test]
fn when_all_are_refused_nothing_is_asked() {
    let mut harness = Harness::new();
    let stream = harness.go_live([pending(&["a"]), vec![task("b", State::Completed)]].concat());
    harness.press("a");
    let removed = StreamItem::Event(TaskEvent::Removed(task("a", State::Pending)));
    let again = Task { created_at: harness.now.wall, ..task("a", State::Pending) };
    harness
        .send(SessionMsg::StreamItems(stream, vec![removed, StreamItem::Event(TaskEvent::Created(again))]));
    assert_eq!(harness.press("C"), []);
    assert!(matches!(harness.app.overlay(), Overlay::None));
    let expected = "Cannot cancel 2 tasks: Task has already completed (1); \
                    Task is no longer known: the last list did not include it (1)";
    assert_eq!(harness.notice(), expected);
    assert_eq!(harness.app.mark_count(), 1, "a mark without a task is dropped once it was named");
}

#[test]
fn one_run_at_a_time() {
    let mut harness = Harness::live(pending(&["a", "b", "c"]));
    harness.press("  Cyq");
    assert!(matches!(harness.app.overlay(), Overlay::None), "q hides the run");
    assert!(harness.app.active_run().is_some());
    harness.press("G C");
    assert!(harness.notice().starts_with("Another run is still in progress"), "{}", harness.notice());
    harness.press("m");
    assert!(matches!(harness.app.overlay(), Overlay::Outcomes(_)));
}

#[test]
fn quitting_asks_while_a_run_is_in_progress() {
    let mut harness = Harness::live(pending(&["a", "b"]));
    harness.press("aCy");
    harness.cancels("a");
    harness.now = harness.now.plus(7 * INTERVAL / 8);
    assert_eq!((harness.app.actions_in_flight(), harness.app.tasks_in_runs()), (0, 1));
    harness.press("q");
    assert_eq!(harness.press("q"), []);
    assert!(matches!(harness.app.overlay(), Overlay::Quit(_)));
    assert_eq!(harness.press("y"), [Effect::Quit]);
}

#[test]
fn a_run_stays_in_its_session() {
    let mut harness = Harness::live(pending(&["a", "b"]));
    harness.press("aC");
    let other = harness.open_session(Target::default());
    harness.app.show_session(other, harness.now);
    let first = Effect::Session(FIRST, SessionEffect::Act { guid: guid("a"), step: Step::Cancel });
    assert!(harness.press("y").contains(&first));
    harness.cancels("a");
    let effects = harness.turn();
    assert!(
        effects.contains(&Effect::Session(FIRST, SessionEffect::Act { guid: guid("b"), step: Step::Cancel }))
    );
    assert!(harness.app.run_in(other).is_none());
    harness.cancels("b");
    let end = format!("{}: Cancelled 2 of 2 tasks", Target::default().label());
    assert!(harness.notice().starts_with(&end), "{}", harness.notice());
}

#[test]
fn a_target_that_becomes_read_only_gets_no_more_calls() {
    let mut harness = Harness::live(pending(&["a", "b"]));
    harness.press("aCy");
    harness.app.session_mut().target.access = Access::ReadOnly;
    harness.turn();
    assert_eq!(sent(&harness.cancels("a")), []);
    assert_eq!(harness.endings(), [("b", Ending::Skipped), ("a", Ending::Done)]);
}

#[test]
fn outcomes_are_filtered_copied_and_saved() {
    let mut harness = Harness::live(pending(&["a", "b", "c\u{9b}"]));
    harness.press("aCy");
    harness.answer("a", Step::Cancel, Err(timed_out()), Some(task("a", State::Pending)));
    harness.turn();
    harness.cancels("b");
    assert_eq!(sent(&harness.turn()), [("c\u{9b}", Step::Cancel)]);
    harness.cancels("c\u{9b}");
    assert_eq!(
        harness.press("y"),
        [Effect::Copy(ToCopy::text("3 guids", "c\u{9b}\nb\na"))],
        "the newest first, as they are shown"
    );
    harness.press("/CANCELLED\n");
    assert_eq!(harness.press("y"), [Effect::Copy(ToCopy::text("2 guids", "c\u{9b}\nb"))]);
    let effects = harness.press("s");
    let [Effect::SaveFile(file)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(file.path.to_str(), Some("taskdeck-cancel-20260601T120000Z.jsonl"));
    let expected = "{\"task_guid\":\"c\\u009b\",\"outcome\":\"cancelled\",\"reason\":\"\"}\n\
                    {\"task_guid\":\"b\",\"outcome\":\"cancelled\",\"reason\":\"\"}\n";
    assert_eq!((file.contents.as_str(), file.what.as_str()), (expected, "2 outcomes"));
    harness.press("\u{1b}");
    assert_eq!(
        harness.press("fy"),
        [Effect::Copy(ToCopy::text("2 guids", "c\u{9b}\nb"))],
        "f filters by the first outcome"
    );
    assert_eq!(harness.press("fy"), [Effect::Copy(ToCopy::text("1 guid", "a"))], "then by the next");
    assert_eq!(harness.press("fy").len(), 1, "and then by none");
}

/// Work for a question and for a run must not grow with the square of the marks.
#[test]
fn twenty_thousand_marks() {
    const MANY: usize = 20_000;
    let name = |nth: usize| format!("{nth:08x}-5e1f-4d3c-8a6b-000000000000");
    let mut harness = Harness::live((0..MANY).map(|nth| task(&name(nth), State::Pending)).collect());
    harness.press("aC");
    assert_eq!(harness.question().set.actionable(), MANY);
    let effects = harness.press("20000\n");
    assert_eq!(sent(&effects).len(), 1);
    harness.press("\u{1b}");
    let first = sent(&effects)[0].0.to_owned();
    harness.cancels(&first);
    let outcomes = harness.app.run_in(FIRST).unwrap().outcomes();
    assert_eq!((outcomes.count(Ending::Done), outcomes.count(Ending::NotSent)), (1, MANY - 1));
    harness.press("r");
    assert_eq!(harness.question().set.actionable(), MANY - 1);
}

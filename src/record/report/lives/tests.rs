//! Lives as recordings tell them.

use proptest::prelude::*;

use super::*;
use crate::model::RawDefinition;

const BORN: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);

fn at(seconds: u64) -> Timestamp {
    BORN.plus(Duration::from_secs(seconds))
}

fn task(state: State, updated: u64) -> Task {
    Task {
        created_at: BORN,
        updated_at: at(updated),
        definition: RawDefinition::default().with_callback(true),
        ..Task::blank("a".into(), "cf-tasks".into(), state)
    }
}

fn running() -> Task {
    Task { cell: Some("z1-0".into()), ..task(State::Running, 3) }
}

fn failed() -> Task {
    Task { failed: true, first_completed_at: at(13), ..task(State::Completed, 13) }
}

fn entry(evidence: Evidence, before: Option<&Task>, task: &Task, end: Option<End>) -> TaskEntry {
    TaskEntry { evidence, before: before.cloned(), task: task.clone(), limits: None, end }
}

/// The entries of a whole life.
fn whole() -> Vec<TaskEntry> {
    let (pending, rejected) =
        (task(State::Pending, 0), Task { rejection_count: 1, ..task(State::Pending, 0) });
    let resolving = Task { state: State::Resolving, updated_at: at(14), ..failed() };
    let versions = [pending, rejected, running(), failed(), resolving.clone()];
    let before = [None].into_iter().chain(versions.iter().map(Some));
    let mut entries: Vec<_> =
        before.zip(&versions).map(|(before, task)| entry(Evidence::Event, before, task, None)).collect();
    entries.push(entry(Evidence::Event, Some(&resolving), &resolving, Some(End::CalledBack)));
    entries
}

fn read(lives: &mut Lives, entries: &[TaskEntry]) -> Vec<News> {
    entries.iter().map(|entry| lives.read(BORN, entry, BORN)).collect()
}

/// Adds up what is told.
fn sum(news: &[News]) -> (usize, usize, u64, usize, usize) {
    let count = |is: &dyn Fn(&News) -> bool| news.iter().filter(|news| is(news)).count();
    (
        count(&|news| news.desired),
        count(&|news| news.waited.is_some()),
        news.iter().map(|news| news.rejected).sum(),
        count(&|news| news.completed.is_some()),
        count(&|news| news.left.is_some()),
    )
}

#[test]
fn each_step_of_a_life_is_told_once() {
    let mut lives = Lives::default();
    let news = read(&mut lives, &whole());
    let none = News::default();
    let on_cell = || Some("z1-0".into());
    let seconds = Duration::from_secs;
    let completed = Completion { failed: true, ran: Some(seconds(10)) };
    let left = Left { cause: Cause::CalledBack, instead_of: None };
    let expected = [
        News { desired: true, ..none.clone() },
        News { rejected: 1, ..none.clone() },
        News { waited: Some(seconds(3)), cell: on_cell(), ..none.clone() },
        News { completed: Some(completed), cell: on_cell(), ..none.clone() },
        News { cell: on_cell(), ..none.clone() },
        News { left: Some(left), cell: on_cell(), ..none },
    ];
    assert_eq!(news, expected);
    assert_eq!(sum(&read(&mut lives, &whole())), (0, 0, 0, 0, 0), "another run tells the same");
}

#[test]
fn what_was_before_the_recording_is_no_news() {
    let since = at(100);
    let old = [
        entry(Evidence::List, None, &Task { rejection_count: 2, ..running() }, None),
        entry(Evidence::List, None, &Task { guid: "b".into(), ..failed() }, None),
    ];
    let mut lives = Lives::default();
    let news: Vec<_> = old.iter().map(|entry| lives.read(since, entry, since)).collect();
    assert_eq!(sum(&news), (0, 0, 0, 0, 0));
    let later = Task { first_completed_at: at(103), updated_at: at(103), ..failed() };
    let news = lives.read(since, &entry(Evidence::Event, Some(&running()), &later, None), since);
    let ran = Some(Duration::from_secs(100));
    assert_eq!(news.completed, Some(Completion { failed: true, ran }), "its start was told");
}

#[test]
fn a_task_first_seen_late_is_counted_with_what_it_tells() {
    let mut lives = Lives::default();
    let first = Task { rejection_count: 2, ..failed() };
    let news = lives.read(at(50), &entry(Evidence::Reconciled, None, &first, None), BORN);
    assert!(news.desired);
    assert_eq!((news.rejected, news.waited), (2, None));
    assert_eq!(news.completed, Some(Completion { failed: true, ran: None }), "its start was not seen");
}

#[test]
fn a_recording_that_begins_within_a_life_knows_the_version_before() {
    let mut lives = Lives::default();
    let resolving = Task { state: State::Resolving, updated_at: at(14), ..failed() };
    let news = lives.read(at(14), &entry(Evidence::Event, Some(&failed()), &resolving, None), BORN);
    assert_eq!(sum(&[news]), (0, 0, 0, 0, 0));
}

#[test]
fn a_guid_that_is_used_again_is_another_life() {
    let mut lives = Lives::default();
    read(&mut lives, &whole());
    let again = Task { created_at: at(60), updated_at: at(60), ..task(State::Pending, 0) };
    assert!(lives.read(at(60), &entry(Evidence::Event, None, &again, None), BORN).desired);
}

#[test]
fn each_return_to_completed_counts_once() {
    let mut lives = Lives::default();
    let resolving = |updated| Task { state: State::Resolving, ..task(State::Resolving, updated) };
    let returned = |updated| Task { state: State::Completed, ..resolving(updated) };
    let mut count = 0;
    // The server claims, and returns without a change of `updated_at`; another run tells the same a little later.
    for version in [resolving(20), returned(20), resolving(20), returned(20), resolving(60), returned(60)] {
        count += usize::from(lives.read(BORN, &entry(Evidence::Event, None, &version, None), BORN).returned);
    }
    assert_eq!(count, 2);
}

#[test]
fn our_delete_explains_a_removal_that_an_event_told() {
    let mut lives = Lives::default();
    let last = Task { state: State::Resolving, ..task(State::Resolving, 9) };
    let told = lives.read(BORN, &entry(Evidence::Event, None, &last, Some(End::DeletedByOther)), BORN);
    assert_eq!(told.left, Some(Left { cause: Cause::DeletedByOther, instead_of: None }));
    let ours = entry(Evidence::OurAction, Some(&last), &last, Some(End::DeletedByUs));
    let expected = Left { cause: Cause::DeletedByUs, instead_of: Some(Cause::DeletedByOther) };
    assert_eq!(lives.read(BORN, &ours, BORN).left, Some(expected));
    assert_eq!(lives.read(BORN, &ours, BORN).left, None, "once");
}

#[test]
fn a_late_event_explains_why_a_list_lacked_a_task() {
    let mut lives = Lives::default();
    let last = task(State::Resolving, 9);
    let lacked = lives.read(BORN, &entry(Evidence::List, None, &last, Some(End::Vanished)), BORN);
    assert_eq!(lacked.left, Some(Left { cause: Cause::Vanished, instead_of: None }));
    let told = lives.read(BORN, &entry(Evidence::LateEvent, Some(&last), &last, Some(End::CalledBack)), BORN);
    assert_eq!(told.left, Some(Left { cause: Cause::CalledBack, instead_of: Some(Cause::Vanished) }));
    let again = lives.read(BORN, &entry(Evidence::List, None, &last, Some(End::Vanished)), BORN);
    assert_eq!(again.left, None, "another run's list knows less");
}

#[test]
fn memory_is_bounded() {
    let (max_known, max_ended) = (300, 50);
    let mut lives = Lives::within(max_known, max_ended);
    let of = |number: usize| Task { guid: number.to_string().as_str().into(), ..task(State::Pending, 0) };
    for number in 0..max_ended + 10 {
        lives.read(BORN, &entry(Evidence::Event, None, &of(number), Some(End::Vanished)), BORN);
    }
    assert_eq!((lives.known.len(), lives.ended.len()), (max_ended, max_ended));
    for number in 0..2 * max_known {
        let told = at(u64::try_from(number).unwrap());
        lives.read(told, &entry(Evidence::Event, None, &of(1_000 + number), None), BORN);
        assert!(lives.known.len() <= max_known, "{}", lives.known.len());
    }
    let newest = of(1_000 + 2 * max_known - 1);
    assert!(lives.known.contains_key(&newest.guid), "the newest are kept");
}

/// Returns the entries of a whole life as a run tells it that missed some of its events.
fn without(missed: &[bool]) -> Vec<TaskEntry> {
    let mut told: Vec<TaskEntry> = Vec::new();
    for (entry, _) in whole().into_iter().zip(missed).filter(|(_, missed)| !**missed) {
        let before = told.last().map(|last| last.task.clone());
        told.push(TaskEntry { before, ..entry });
    }
    told
}

proptest! {
    /// However two runs interleave, and whichever entries one of them missed.
    #[test]
    fn two_runs_count_like_one(
        order in proptest::collection::vec(any::<bool>(), 12),
        missed in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let (mut one, mut two) = (whole().into_iter(), without(&missed).into_iter());
        let mut lives = Lives::default();
        let mut news = Vec::new();
        for is_first in order {
            let entry = if is_first { one.next() } else { two.next() };
            news.extend(entry.map(|entry| lives.read(BORN, &entry, BORN)));
        }
        news.extend(one.map(|entry| lives.read(BORN, &entry, BORN)));
        let (desired, waited, rejected, completed, left) = sum(&news);
        prop_assert!(desired <= 1 && waited <= 1 && rejected <= 1);
        prop_assert_eq!((completed, left), (1, 1));
    }
}

//! Property tests with random filters and tasks. `tests/properties` has those with any text.

use proptest::prelude::*;
use proptest::sample::select;

use super::oracle::{Tree, a_tree, short_text};
use super::{NOW, ago};
use crate::filter::{Decision, Filter, Shared, Subject, TermResults, Texts};
use crate::model::{
    Cause, CellId, Domain, Entity, Owner, Ownership, RawDefinition, State, Stuck, StuckSet, Task, TaskGuid,
    TaskText, Timestamp,
};

#[derive(Debug, Clone)]
struct Case {
    task: Task,
    cell: Option<CellId>,
    cause: Option<Cause>,
    stuck: StuckSet,
}

impl Case {
    fn subject(&self) -> Subject<'_> {
        let Self { task, cell, cause, stuck } = self;
        Subject { task, cell: cell.as_ref(), cause: *cause, stuck: *stuck, now: NOW }
    }

    fn silent(mut self) -> Self {
        for text in [&mut self.task.failure_reason, &mut self.task.rejection_reason, &mut self.task.result] {
            *text = TaskText::default();
        }
        self.task.owner = Owner::default();
        self
    }
}

fn a_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![1 => Just(Timestamp::UNSET), 8 => (-2_i64..140).prop_map(ago)]
}

fn an_owner() -> impl Strategy<Value = Owner> {
    let entity = || (short_text(), short_text()).prop_map(|(guid, name)| Entity { guid, name });
    (entity(), entity(), entity()).prop_map(|(app, space, org)| Owner::new(Ownership { app, space, org }))
}

fn a_domain() -> impl Strategy<Value = String> {
    prop_oneof![4 => short_text(), 1 => select(vec!["cf-tasks", "cf-app-staging"]).prop_map(str::to_owned)]
}

fn a_case() -> impl Strategy<Value = Case> {
    let states = [State::ALL.as_slice(), &[State::Invalid, State::Other(7)]].concat();
    let names = (short_text(), a_domain(), prop::option::of(short_text()), prop::option::of(short_text()));
    let reasons = (short_text(), short_text(), short_text(), an_owner());
    let facts = (
        select(states),
        any::<bool>(),
        prop::option::of(select(&Cause::ALL[..])),
        -1_i32..4,
        (a_time(), a_time()),
        prop::collection::vec(select(&Stuck::ALL[..]), 0..3),
    );
    (names, reasons, facts).prop_map(|(names, reasons, facts)| {
        let (guid, domain, cell, last_cell) = names;
        let (failure, rejection, result, owner) = reasons;
        let (state, failed, cause, rejection_count, (created_at, updated_at), kinds) = facts;
        let cell = cell.map(CellId::from);
        let last_cell = cell.clone().or(last_cell.map(CellId::from));
        let task = Task {
            guid: TaskGuid::from(guid),
            domain: Domain::from(domain),
            state,
            cell,
            created_at,
            updated_at,
            first_completed_at: Timestamp::UNSET,
            failed,
            failure_reason: failure.into(),
            result: result.into(),
            rejection_count,
            rejection_reason: rejection.into(),
            definition: RawDefinition::default(),
            owner,
        };
        let kinds = kinds.into_iter().filter(|_| cause.is_none());
        let stuck = kinds.fold(StuckSet::NONE, |set, kind| set.with(kind, true));
        Case { task, cell: last_cell, cause, stuck }
    })
}

fn cases() -> impl Strategy<Value = Vec<Case>> {
    prop::collection::vec(a_case(), 1..12)
}

fn read(tree: &Tree) -> Result<Filter, TestCaseError> {
    let text = tree.write();
    Filter::parse(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn a_filter_admits_what_the_oracle_admits(tree in a_tree(), cases in cases()) {
        let filter = read(&tree)?;
        for case in &cases {
            let subject = case.subject();
            prop_assert_eq!(filter.admits(&subject), tree.admits(&subject), "{} {:?}", tree.write(), case);
        }
    }

    /// Deciding many tasks at once gives the same result as deciding each.
    #[test]
    fn shared_facts_decide_as_each_task_would(tree in a_tree(), cases in cases()) {
        let filter = read(&tree)?;
        for case in cases.iter().flat_map(|case| [case.clone(), case.clone().silent()]) {
            let subject = case.subject();
            let decided = match filter.decides(known(&filter, &subject)) {
                Decision::Admitted => Some(true),
                Decision::Excluded => Some(false),
                Decision::NeedsGuid(open) => Some(filter.admits_guid(open, subject.task.guid.as_str())),
                Decision::NeedsTask => None,
            };
            let told = decided.is_none_or(|admitted| admitted == filter.admits(&subject));
            prop_assert!(told, "{} {:?} {:?}", filter.text(), decided, case);
        }
    }

    #[test]
    fn a_wider_filter_admits_what_a_narrower_one_admits(one in a_tree(), other in a_tree(), cases in cases()) {
        let (one, other) = (read(&one)?, read(&other)?);
        for (narrower, wider) in [(&one, &other), (&other, &one)] {
            let told = narrower.is_narrower_than(wider);
            for case in cases.iter().filter(|_| told) {
                let subject = case.subject();
                let holds = !narrower.admits(&subject) || wider.admits(&subject);
                prop_assert!(holds, "{} | {} | {:?}", narrower.text(), wider.text(), case);
            }
        }
    }

    #[test]
    fn every_admitted_task_is_in_the_filtered_list(tree in a_tree(), cases in cases()) {
        let filter = read(&tree)?;
        let list = filter.for_list();
        for case in &cases {
            let subject = Subject::held(&case.task, NOW);
            prop_assert!(!filter.admits(&subject) || list.admits(&case.task), "{} {:?}", tree.write(), case);
        }
    }
}

fn known(filter: &Filter, of: &Subject<'_>) -> TermResults {
    let task = of.task;
    let texts = Texts {
        reason: task.reason(),
        failure: &task.failure_reason,
        rejection: &task.rejection_reason,
        result: &task.result,
    };
    filter
        .evaluate_shared(&shared(of))
        .and(filter.evaluate_texts(&texts))
        .and(filter.evaluate_owner(&task.owner))
}

fn shared<'a>(of: &Subject<'a>) -> Shared<'a> {
    Shared {
        domain: of.task.domain.as_str(),
        cell: of.cell.map_or("", CellId::as_str),
        zone: "",
        state: of.task.state,
        failed: of.task.failed,
        cause: of.cause,
    }
}

/// Ages and rejections are the task's own, like its guid; everything else is shared.
#[test]
fn most_tasks_are_decided_by_shared_parts() {
    let task = Task {
        guid: TaskGuid::from("6f1c"),
        domain: Domain::from("cf-tasks"),
        failure_reason: "out of memory".into(),
        ..empty()
    };
    let decided = |text: &str| {
        let filter = Filter::parse(text).unwrap();
        match filter.decides(known(&filter, &Subject::held(&task, NOW))) {
            Decision::Admitted => "all",
            Decision::Excluded => "none",
            Decision::NeedsGuid(_) => "by guid",
            Decision::NeedsTask => "by task",
        }
    };
    for (text, how) in [
        ("", "all"),
        ("cf-ta", "all"),
        ("cf-ta !batch", "by guid"),
        ("6f", "by guid"),
        ("guid:6f* domain:batch", "none"),
        ("reason:memory", "all"),
        ("!reason:memory", "none"),
        ("out result:\"\" reason:~^out", "all"),
        ("reason:disk", "none"),
        ("age:>1s", "by task"),
        ("age:>1s state:running", "none"),
    ] {
        assert_eq!(decided(text), how, "{text}");
    }
}

/// More terms than the set has bits.
#[test]
fn terms_beyond_the_bit_set_are_evaluated_too() {
    let task = Task { domain: Domain::from("cf-tasks"), ..empty() };
    let many = "cf-ta ".repeat(70);
    for (text, decision) in
        [(many.clone(), Decision::NeedsTask), (format!("domain:x {many}"), Decision::Excluded)]
    {
        let filter = Filter::parse(&text).unwrap();
        let subject = Subject::held(&task, NOW);
        assert_eq!(filter.decides(known(&filter, &subject)), decision);
    }
    let filter = Filter::parse(&format!("{many} elsewhere")).unwrap();
    let subject = Subject::held(&task, NOW);
    assert_eq!(
        (filter.decides(known(&filter, &subject)), filter.admits(&subject)),
        (Decision::NeedsTask, false)
    );
}

/// Short words over two letters often imply each other, so that the rule above is exercised in both directions.
#[test]
fn a_short_word_is_narrower_exactly_if_it_contains_the_other() {
    let letters = ["a", "A", "b", "*"];
    let words: Vec<String> = letters
        .iter()
        .flat_map(|one| letters.iter().map(move |other| [*one, *other].concat()))
        .chain(letters.map(str::to_owned))
        .collect();
    let texts: Vec<String> = (0..3_usize.pow(4))
        .map(|n| (0..4).map(|place| ["a", "A", "b"][n / 3_usize.pow(place) % 3]).collect())
        .collect();
    let mut told = 0;
    for (narrower, wider) in words.iter().flat_map(|one| words.iter().map(move |other| (one, other))) {
        let admits = |filter: &Filter, text: &String| {
            let task = Task { guid: TaskGuid::from(text.as_str()), ..empty() };
            filter.admits(&Subject::held(&task, NOW))
        };
        let (one, other) = (Filter::parse(narrower).unwrap(), Filter::parse(wider).unwrap());
        if one.is_narrower_than(&other) {
            told += 1;
            let broken = texts.iter().find(|text| admits(&one, text) && !admits(&other, text));
            assert_eq!(broken, None, "{narrower} {wider}");
        }
    }
    assert!(told > words.len() * 2, "{told}");
}

fn empty() -> Task {
    Task {
        state: State::Other(7),
        domain: Domain::from(""),
        failure_reason: "".into(),
        rejection_reason: "".into(),
        failed: false,
        ..super::task()
    }
}

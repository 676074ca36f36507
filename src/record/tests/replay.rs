//! Property: a replay that begins anywhere knows what one from the beginning knows.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::round_trip::{draw, history};
use super::*;
use crate::model::recording::{Entry, Recorded};
use crate::model::{End, Evidence, Task, TaskGuid};

/// What is known: the last version of each task, how it left, and whether a gap is open.
#[derive(Debug, Default, PartialEq)]
struct Known {
    tasks: BTreeMap<(TaskGuid, Timestamp), (Task, Option<End>)>,
    in_gap: bool,
}

impl Known {
    fn of(entries: &[Entry]) -> Self {
        let mut known = Self::default();
        for entry in entries {
            match &entry.what {
                Recorded::Task(change) if change.evidence == Evidence::LateEvent => {}
                Recorded::Task(change) => {
                    let key = (change.task.guid.clone(), change.task.created_at);
                    known.tasks.insert(key, (change.task.clone(), change.end));
                }
                Recorded::Gap(gap) => known.in_gap = !gap.closed,
                Recorded::Action(_) => {}
            }
        }
        known
    }

    /// A place does not tell of tasks that ended long before it.
    fn held(mut self) -> Self {
        self.tasks.retain(|_, (_, end)| end.is_none());
        self
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_time_is_found(
        draws in prop::collection::vec(draw(), 1..60),
        after in -1_i64..120_000,
        part in 1..20_usize,
    ) {
        let entries = history(draws);
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("recording.db");
        let mut appender = appender(&path);
        let run = appender.recording().begin_run(&info("prod")).unwrap();
        appender.append(run, &entries).unwrap();
        let recording = Recording::open(&path).unwrap();
        let mut player = recording.play(run);
        // The lead-in reaches back to the beginning, unless the time is later by more than that.
        for lead_in in [0, 3_600_000] {
            let time = at(after + lead_in);
            let mut played = player.seek(time).unwrap();
            let known = played.len();
            loop {
                let read = player.read(part).unwrap();
                if read.is_empty() {
                    break;
                }
                played.extend(read);
            }
            if lead_in == 0 {
                prop_assert_eq!(known, 0);
                prop_assert_eq!(&played, &entries);
            }
            prop_assert_eq!(Known::of(&played).held(), Known::of(&entries).held());
        }
    }
}

#[test]
fn a_run_lasts_from_its_first_change_to_its_end() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("recording.db");
    let mut appender = appender(&path);
    let empty = appender.recording().begin_run(&info("empty")).unwrap();
    let run = appender.recording().begin_run(&info("prod")).unwrap();
    let task = crate::model::recording::TaskEntry {
        evidence: Evidence::List,
        before: None,
        task: Task::blank("a".into(), "cf-tasks".into(), crate::model::State::Running),
        limits: None,
        end: None,
    };
    appender.append(run, &[Entry { at: at(500), what: Recorded::Task(Box::new(task)) }]).unwrap();
    let recording = Recording::open(&path).unwrap();
    let stretch = |run: RunId| {
        let runs = recording.runs().unwrap();
        recording.stretch(runs.iter().find(|known| known.id == run).unwrap()).unwrap()
    };
    assert_eq!((stretch(empty), stretch(run)), (None, Some((at(500), at(500)))));
    appender.recording().end_run(run, at(9_000)).unwrap();
    assert_eq!(stretch(run), Some((at(500), at(9_000))));
}

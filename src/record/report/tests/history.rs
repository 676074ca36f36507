//! A made-up afternoon of a foundation, always the same: a cell disappears, the others have no room, a completion callback
//! fails, the event stream breaks, and an operator deletes stuck tasks.

use std::convert::Infallible;
use std::time::Duration;

use super::super::Source;
use crate::model::lifecycle::Step;
use crate::model::plan::{CANCELLED, Outcome, Reply};
use crate::model::recording::{
    ActionEntry, Entry, GapEntry, Intent, Progress, Recorded, TaskEntry, WriteCall, recorded,
};
use crate::model::{
    End, Entity, Evidence, Owner, Ownership, RawDefinition, RequestId, State, Task, TaskAction, TaskGuid,
    Timestamp,
};
use crate::record::{Run, RunId};

/// 2026-06-01 12:30 UTC.
pub(super) const START: Timestamp = Timestamp::from_nanos(1_780_317_000_000_000_000);
/// How long it lasts.
pub(super) const LENGTH: Duration = Duration::from_secs(3 * 3_600);
pub(super) const RUN: RunId = RunId(1);

/// Seconds after the start: 14:02:20, when cell z1-3 is lost.
const CELL_LOST: f64 = 92.0 * 60.0 + 20.0;
/// When the last of the trouble is over.
const OVER: f64 = CELL_LOST + 27.0 * 60.0;
/// When no events arrive: 14:10:05 to 14:13:30.
const GAP: (f64, f64) = (100.0 * 60.0 + 5.0, 103.0 * 60.0 + 30.0);

const APPS: [(&str, &str, &str); 6] = [
    ("billing", "production", "finance"),
    ("search-indexer", "production", "shop"),
    ("report-mailer", "production", "shop"),
    ("thumbnails", "media", "shop"),
    ("nightly-export", "data", "analytics"),
    ("migrations", "staging", "shop"),
];

pub(super) fn at(seconds: f64) -> Timestamp {
    START.plus(Duration::from_secs_f64(seconds))
}

/// Numbers that look random and are always the same.
struct Numbers(fastrand::Rng);

impl Numbers {
    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + self.0.f64() * (most - least)
    }

    fn is_likely(&mut self, share: f64) -> bool {
        self.0.f64() < share
    }

    fn guid(&mut self) -> TaskGuid {
        let digits = format!("{:032x}", self.0.u128(..));
        let part = |from: usize, to: usize| digits.get(from..to).expect("digits");
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-").as_str().into()
    }
}

/// A task's versions with their times in seconds, and how and when it left.
struct Life {
    versions: Vec<(f64, Task)>,
    end: Option<(f64, End)>,
}

/// A recording in memory.
#[derive(Debug, Clone)]
pub(in crate::record) struct History {
    pub(in crate::record) runs: Vec<Run>,
    pub(in crate::record) entries: Vec<(RunId, Entry)>,
}

impl Source for History {
    type Fault = Infallible;

    fn read(&self, take: &mut dyn FnMut(RunId, &Entry)) -> Result<(), Infallible> {
        self.entries.iter().for_each(|(run, entry)| take(*run, entry));
        Ok(())
    }
}

/// Returns the afternoon.
pub(in crate::record) fn afternoon() -> History {
    let mut numbers = Numbers(fastrand::Rng::with_seed(7));
    let mut lives = Vec::new();
    let mut born = 1.0;
    while born < LENGTH.as_secs_f64() {
        lives.push(live(born, &mut numbers));
        born += numbers.between(0.5, 5.5);
    }
    let mut entries: Vec<_> = lives.iter().flat_map(told).collect();
    entries.extend(gap());
    entries.extend(deletes(&mut lives));
    entries.sort_by_key(|entry: &Entry| entry.at);
    entries.retain(|entry| entry.at < START.plus(LENGTH));
    History { runs: vec![run(RUN)], entries: entries.into_iter().map(|entry| (RUN, entry)).collect() }
}

pub(super) fn run(id: RunId) -> Run {
    Run {
        id,
        target: "production".to_owned(),
        program: "record".to_owned(),
        version: "0.1.0".to_owned(),
        user: "operator".to_owned(),
        host: "jumpbox".to_owned(),
        pid: 4_242,
        started: START,
        seen: START.plus(LENGTH),
        ended: Some(START.plus(LENGTH)),
    }
}

pub(super) fn blank(numbers_guid: TaskGuid, app: usize, born: f64) -> Task {
    let (app, space, org) = APPS[app % APPS.len()];
    let entity = |name: &str| Entity { guid: format!("{name}-guid"), name: name.to_owned() };
    let owner = Ownership { app: entity(app), space: entity(space), org: entity(org) };
    let mut definition = RawDefinition::default().with_callback(true);
    definition.drop_bytes();
    Task {
        created_at: at(born),
        updated_at: at(born),
        owner: Owner::new(owner),
        definition,
        ..Task::blank(numbers_guid, "cf-tasks".into(), State::Pending)
    }
}

/// Makes up a life that begins at a time.
fn live(born: f64, numbers: &mut Numbers) -> Life {
    let in_trouble = (CELL_LOST - 60.0..OVER).contains(&born);
    let app = if numbers.is_likely(0.35) { 0 } else { numbers.0.usize(..APPS.len()) };
    let task = blank(numbers.guid(), app, born);
    let mut life = Life { versions: vec![(born, task)], end: None };
    let mut now = born;
    let after_loss = born > CELL_LOST && born < OVER - 300.0;
    let rejections = if after_loss && numbers.is_likely(0.4) { numbers.0.i32(1..5) } else { 0 };
    for count in 1..=rejections {
        now += numbers.between(2.0, 20.0);
        life.change(now, |task| {
            task.rejection_count = count;
            task.rejection_reason = "insufficient resources: memory".into();
        });
    }
    if rejections >= 4 {
        return life.fail(now, "insufficient resources: memory", numbers);
    }
    now += if after_loss { numbers.between(4.0, 95.0) } else { numbers.between(0.2, 2.4) };
    // The newest cell gets the most before it is lost: it has the most room.
    let is_favoured = (CELL_LOST - 240.0..CELL_LOST).contains(&now) && numbers.is_likely(0.5);
    let mut cell = if is_favoured { 3 } else { numbers.0.u8(..6) };
    if cell == 3 && now > CELL_LOST && now < OVER {
        cell = 4;
    }
    life.change(now, |task| {
        task.state = State::Running;
        task.cell = Some(format!("z1-{cell}").as_str().into());
        task.updated_at = at(now);
    });
    let ran = numbers.between(4.0, 75.0) * if in_trouble { 1.6 } else { 1.0 };
    if cell == 3 && now < CELL_LOST && now + ran > CELL_LOST {
        let found = CELL_LOST + numbers.between(20.0, 110.0);
        return life.fail(found, "cell disappeared before completion", numbers);
    }
    now += ran;
    if app == 0 && in_trouble && numbers.is_likely(0.65) {
        let number = numbers.0.u32(..900);
        let reason = format!(
            "Exited with status 1: POST https://ledger.internal/v2/batch/{number}: 503 Service Unavailable"
        );
        return life.fail(now, &reason, numbers);
    }
    match numbers.0.f64() {
        luck if luck < 0.012 => life.fail(now, "Exited with status 1", numbers),
        luck if luck < 0.015 => life.fail(now, "Exited with status 137 (out of memory)", numbers),
        luck if luck < 0.017 => life.fail(now, CANCELLED, numbers),
        _ => life.complete(now, numbers),
    }
}

impl Life {
    fn last(&self) -> &Task {
        &self.versions.last().expect("a version").1
    }

    fn change(&mut self, now: f64, change: impl FnOnce(&mut Task)) {
        let mut task = self.last().clone();
        change(&mut task);
        self.versions.push((now, task));
    }

    fn fail(mut self, now: f64, reason: &str, numbers: &mut Numbers) -> Self {
        self.change(now, |task| {
            task.failed = true;
            task.failure_reason = reason.into();
            if reason.starts_with("insufficient") {
                task.rejection_reason = reason.into();
            }
        });
        let (_, task) = self.versions.pop().expect("a version");
        self.versions.push((now, task));
        self.complete_last(now, numbers)
    }

    fn complete(mut self, now: f64, numbers: &mut Numbers) -> Self {
        self.change(now, |_| {});
        self.complete_last(now, numbers)
    }

    /// Completes the last version, and calls the completion callback. From 14:05 to 14:20 that does not answer.
    fn complete_last(mut self, now: f64, numbers: &mut Numbers) -> Self {
        let (_, task) = self.versions.last_mut().expect("a version");
        task.state = State::Completed;
        task.cell = None;
        task.first_completed_at = at(now);
        task.updated_at = at(now);
        let claimed = now + 0.05;
        let resolving = |task: &mut Task| {
            task.state = State::Resolving;
            task.updated_at = at(claimed);
        };
        self.change(claimed, resolving);
        let is_down = (95.0 * 60.0..110.0 * 60.0).contains(&now) && numbers.is_likely(0.25);
        if is_down {
            self.change(claimed + 31.0, |task| task.state = State::Completed);
            self.end = Some((claimed + 121.0, End::Expired));
        } else {
            self.end = Some((claimed + numbers.between(0.1, 0.9), End::CalledBack));
        }
        self
    }
}

fn entry(seconds: f64, evidence: Evidence, before: Option<&Task>, task: &Task, end: Option<End>) -> Entry {
    let entry = TaskEntry { evidence, before: before.map(recorded), task: recorded(task), limits: None, end };
    Entry { at: at(seconds), what: Recorded::Task(Box::new(entry)) }
}

/// Returns what a recorder tells of a life. What happens in the gap comes with the list that closes it.
fn told(life: &Life) -> Vec<Entry> {
    let is_lost = |at: f64| (GAP.0..GAP.1).contains(&at);
    let mut told = Vec::new();
    let mut known: Option<&Task> = None;
    for (at, task) in life.versions.iter().filter(|(at, _)| *at < GAP.0) {
        told.push(entry(*at, Evidence::Event, known, task, None));
        known = Some(task);
    }
    let held = life.versions.iter().filter(|(at, _)| is_lost(*at)).map(|(_, task)| task).last();
    match (held, life.end) {
        (_, Some((at, _))) if is_lost(at) => {
            // The list lacks it, so its last version stays the one that was known.
            if let Some(task) = known {
                told.push(entry(GAP.1, Evidence::Reconciled, Some(task), task, Some(End::Vanished)));
            }
            return told;
        }
        (Some(task), _) => {
            told.push(entry(GAP.1, Evidence::Reconciled, known, task, None));
            known = Some(task);
        }
        (None, _) => {}
    }
    for (at, task) in life.versions.iter().filter(|(at, _)| *at >= GAP.1) {
        told.push(entry(*at, Evidence::Event, known, task, None));
        known = Some(task);
    }
    if let (Some((at, how)), Some(task)) = (life.end, known) {
        told.push(entry(at, Evidence::Event, Some(task), task, Some(how)));
    }
    told
}

fn gap() -> [Entry; 2] {
    let gap = |closed| {
        let why = "the event stream broke: connection reset by peer";
        Recorded::Gap(GapEntry { start: at(GAP.0), closed, why: why.into() })
    };
    [Entry { at: at(GAP.0 + 31.0), what: gap(false) }, Entry { at: at(GAP.1), what: gap(true) }]
}

/// An operator deletes a few tasks whose callback failed. One request has no reply.
fn deletes(lives: &mut [Life]) -> Vec<Entry> {
    let stuck = lives.iter().filter(|life| matches!(life.end, Some((at, End::Expired)) if at > GAP.1 + 60.0));
    let mut entries = Vec::new();
    for (nth, life) in (0_u8..5).zip(stuck) {
        let (end, _) = life.end.expect("an end");
        entries.extend(delete(&life.last().guid, end - 40.0, nth));
    }
    entries
}

fn delete(guid: &TaskGuid, asked: f64, nth: u8) -> Vec<Entry> {
    let intent = Intent::Act(TaskAction::Delete);
    let request =
        |call: u128| RequestId(0x5eed_0000_0000_0000_0000_0000_0000_0000 + u128::from(nth) * 2 + call);
    let (resolving, delete) = (WriteCall::Step(Step::Resolving), WriteCall::Step(Step::Delete));
    let mut steps = vec![
        Progress::Confirmed { tasks: 5 },
        Progress::Sent { call: resolving, request: request(1) },
        Progress::Answered { call: resolving, reply: Reply::Acknowledged, message: "".into() },
        Progress::Sent { call: delete, request: request(2) },
    ];
    if nth == 3 {
        steps.push(Progress::Answered {
            call: delete,
            reply: Reply::Missing,
            message:
                "could not delete the task on https://bbs.service.cf.internal:8889: no answer within 10.0 s"
                    .into(),
        });
        steps.push(Progress::Ended {
            outcome: Outcome::Unknown,
            found: "the look-up got no answer either".into(),
        });
    } else {
        steps.push(Progress::Answered { call: delete, reply: Reply::Acknowledged, message: "".into() });
        steps.push(Progress::Ended { outcome: Outcome::Done, found: "".into() });
    }
    let entry = |(step, progress): (u8, Progress)| Entry {
        at: at(asked + f64::from(nth) * 3.0 + f64::from(step) * 0.02),
        what: Recorded::Action(ActionEntry { guid: guid.clone(), intent, progress }),
    };
    (0..).zip(steps).map(entry).collect()
}

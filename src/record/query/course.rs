//! Reads the course of a task: all of its changes, the gaps in what was seen of it, and what we did to it.

use std::sync::Arc;

use rusqlite::params;

use super::RecordedLife;
use super::rows::{LifeRow, Rows, columns};
use crate::model::lifecycle::Step;
use crate::model::plan::Reply;
use crate::model::recording::{ActionEntry, Intent, Progress, WriteCall};
use crate::model::{End, Ended, Happening, LostEvents, Record, TaskGuid, Timestamp, Unseen, VersionChange};
use crate::record::codes::{Code, Source};
use crate::record::guid::StoredGuid;
use crate::record::version::{VERSION_COLUMNS, Version};
use crate::record::{Position, RecordFault, Recording, Result, Run, read};

/// All that is recorded of a task.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its last version, and what is known of its life.
    pub life: RecordedLife,
    /// What happened, oldest first: its changes, and requests of ours with what went wrong with them.
    pub records: Vec<Record>,
    /// The stretches in which it may have had other events, oldest first.
    pub gaps: Vec<LostEvents>,
    /// The steps of our actions, oldest first.
    pub acts: Vec<Act>,
}

/// A step of an action of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// The user.
    pub user: String,
    /// The machine.
    pub host: String,
    /// The step.
    pub entry: ActionEntry,
}

/// Why nothing is known of a stretch between two runs.
const NOT_RECORDED: &str = "nothing was recorded";

impl Recording {
    /// Returns the courses of the tasks with this guid, oldest first: more than one if the guid was used again, or on
    /// several targets.
    ///
    /// # Errors
    /// A fault of the file.
    pub fn courses(&self, guid: &TaskGuid, target: Option<&str>) -> Result<Vec<Course>> {
        let _transaction = self.db.unchecked_transaction()?;
        let runs = self.runs()?;
        let mut rows = Rows::new(self, &runs);
        let mut tasks: Vec<Vec<LifeRow>> = Vec::new();
        for life in lives(self, &mut rows, guid)? {
            if target.is_some_and(|target| *life.life.target != *target) {
                continue;
            }
            match tasks.iter_mut().find(|lives| lives.first().is_some_and(|first| is_same(first, &life))) {
                Some(lives) => lives.push(life),
                None => tasks.push(vec![life]),
            }
        }
        let mut courses = Vec::new();
        for lives in &tasks {
            courses.extend(Reader { recording: self, rows: &mut rows, runs: &runs, lives }.course()?);
        }
        attach_acts(&mut courses, acts(self, guid, &runs)?);
        Ok(courses)
    }
}

fn is_same(one: &LifeRow, other: &LifeRow) -> bool {
    one.life.target == other.life.target && one.life.task.created_at == other.life.task.created_at
}

/// Reads the lives of a guid in all runs, oldest first.
fn lives(recording: &Recording, rows: &mut Rows<'_>, guid: &TaskGuid) -> Result<Vec<LifeRow>> {
    let sql = format!(
        "SELECT {} FROM lives JOIN changes ON changes.id = lives.last WHERE guid = ?1 ORDER BY lives.first",
        columns()
    );
    let mut select = recording.db.prepare_cached(&sql)?;
    let mut found = select.query([StoredGuid(guid)])?;
    let mut lives = Vec::new();
    while let Some(row) = found.next()? {
        lives.push(rows.read(row)?);
    }
    Ok(lives)
}

/// Reads the course of one task, which has a life in each run that saw it.
struct Reader<'r, 'a> {
    recording: &'a Recording,
    rows: &'r mut Rows<'a>,
    runs: &'r [Run],
    lives: &'r [LifeRow],
}

/// A version in the file, and where it comes from.
struct Told {
    position: Position,
    source: Source,
    version: Version,
    end: Option<End>,
}

impl Reader<'_, '_> {
    fn course(self) -> Result<Option<Course>> {
        let Some(last) = self.lives.iter().max_by_key(|life| life.last) else { return Ok(None) };
        let (recording, runs, lives) = (self.recording, self.runs, self.lives);
        let mut life = last.life.clone();
        life.first_seen = lives.iter().map(|one| one.life.first_seen).min().unwrap_or(life.first_seen);
        let known = lives.iter().rev().map(|one| one.life.started_at).find(|at| !at.is_unset());
        if life.started_at.is_unset() {
            life.started_at = known.unwrap_or(Timestamp::UNSET);
        }
        life.cell = life.cell.or_else(|| lives.iter().rev().find_map(|one| one.life.cell.clone()));
        let of_task = |run: &&Run| lives.iter().any(|life| life.run == run.id);
        life.watched_until =
            lives.iter().map(|one| one.life.watched_until).fold(life.last_changed, Timestamp::max);
        let own: Vec<&Run> = runs.iter().filter(of_task).collect();
        let until = life.end.map_or(life.watched_until, |end| end.at);
        let mut gaps = gaps(recording, &own, life.first_seen, until)?;
        gaps.extend(unrecorded(&own));
        gaps.sort_by_key(|gap| gap.start);
        let records = self.records()?;
        life.end = life.end.map(|end| Ended { unseen: unseen(&end, &records, &gaps), ..end });
        Ok(Some(Course { life, records, gaps, acts: Vec::new() }))
    }

    /// Reads the changes of all lives. What two runs were told is one change.
    fn records(self) -> Result<Vec<Record>> {
        let mut all = Vec::new();
        for (nth, life) in self.lives.iter().enumerate() {
            all.extend(changes(self.recording, life.id)?.into_iter().map(|told| (nth, told)));
        }
        all.sort_by_key(|(_, told)| told.position);
        let mut last_of: Vec<Option<Arc<_>>> = vec![None; self.lives.len()];
        let mut told_by: Vec<(usize, Version, Option<End>)> = Vec::new();
        let mut records: Vec<Record> = Vec::new();
        let mut latest = None;
        for (nth, Told { position, source, version, end }) in all {
            let blank = self.lives.get(nth).map(|life| &life.life.task);
            let Some(blank) = blank else { continue };
            let after = Arc::new((&self.rows.texts.task(blank, version)?).into());
            let Some(last) = last_of.get_mut(nth) else { continue };
            let before = last.replace(Arc::clone(&after)).or_else(|| latest.clone());
            let is_repeated = |(by, told, how): &(usize, Version, Option<End>)| {
                *by != nth && *told == version && (*how == end || end.is_none())
            };
            let is_repeated = told_by.iter().any(is_repeated);
            if self.lives.len() > 1 {
                told_by.push((nth, version, end));
            }
            if let (Source::Change(evidence), false) = (source, is_repeated) {
                let change = VersionChange { evidence, before, after: Arc::clone(&after), end };
                records.push(Record { at: position.time(), what: Happening::Change(change) });
            }
            latest = Some(after);
        }
        Ok(records)
    }
}

fn changes(recording: &Recording, life: i64) -> Result<Vec<Told>> {
    let sql =
        format!("SELECT id, source, changes.end, {VERSION_COLUMNS} FROM changes WHERE life = ?1 ORDER BY id");
    let mut select = recording.db.prepare_cached(&sql)?;
    let mut found = select.query([life])?;
    let mut changes = Vec::new();
    while let Some(row) = found.next()? {
        let source = Source::of_code(row.get(1)?);
        changes.push(Told {
            position: Position(row.get(0)?),
            source: source.ok_or_else(|| RecordFault::Damaged("a row has an unknown source".to_owned()))?,
            version: Version::read(row, 3)?,
            end: row.get::<_, Option<i64>>(2)?.and_then(End::of_code),
        });
    }
    Ok(changes)
}

/// Returns the gaps of these runs that a task of this time may have events in.
fn gaps(recording: &Recording, runs: &[&Run], from: Timestamp, until: Timestamp) -> Result<Vec<LostEvents>> {
    let mut gaps = Vec::new();
    for run in runs {
        let mut open: Vec<LostEvents> = Vec::new();
        let mut select = recording
            .db
            .prepare_cached("SELECT id, start, closed, why FROM gap_entries WHERE run = ?1 ORDER BY id")?;
        let mut found = select.query(params![run.id.0])?;
        while let Some(row) = found.next()? {
            let at = Position(row.get(0)?).time();
            if row.get(2)? {
                gaps.extend(open.drain(..).map(|gap| LostEvents { end: Some(at), ..gap }));
            } else {
                let (start, why) = (Timestamp::from_nanos(row.get(1)?), row.get::<_, String>(3)?);
                open.push(LostEvents { start, end: None, why: why.into() });
            }
        }
        gaps.append(&mut open);
    }
    gaps.retain(|gap| gap.start < until && gap.end.is_none_or(|end| end >= from));
    Ok(gaps)
}

/// Returns the stretches between runs that saw a task, in which no other of them ran.
fn unrecorded(runs: &[&Run]) -> Vec<LostEvents> {
    let mut runs: Vec<_> = runs.iter().map(|run| (run.started, run.ended.unwrap_or(run.seen))).collect();
    runs.sort_unstable();
    let mut gaps = Vec::new();
    let mut covered: Option<Timestamp> = None;
    for (started, end) in runs {
        if let Some(start) = covered.filter(|covered| *covered < started) {
            gaps.push(LostEvents { start, end: Some(started), why: NOT_RECORDED.into() });
        }
        covered = covered.max(Some(end));
    }
    gaps
}

/// Returns the stretch in which a task left that a list found gone: since the last change before that, or the gap.
fn unseen(end: &Ended, records: &[Record], gaps: &[LostEvents]) -> Option<Unseen> {
    let Unseen { is_gap, .. } = end.unseen?;
    let gap = gaps.iter().rev().find(|gap| is_gap && gap.start <= end.at).map(|gap| gap.start);
    let change = records.iter().rev().map(|record| record.at).find(|at| *at < end.at);
    Some(Unseen { since: gap.or(change).unwrap_or(end.at), is_gap })
}

/// Reads the steps of our actions on tasks with this guid, with the target of their run.
fn acts(recording: &Recording, guid: &TaskGuid, runs: &[Run]) -> Result<Vec<(String, Act)>> {
    let mut select = recording.db.prepare_cached(
        "SELECT id, guid, intent, stage, tasks, call, request, reply, outcome, message, run FROM action_entries \
         WHERE guid = ?1 ORDER BY id",
    )?;
    let mut found = select.query([StoredGuid(guid)])?;
    let mut acts = Vec::new();
    while let Some(row) = found.next()? {
        let run: i64 = row.get(10)?;
        let Some(run) = runs.iter().find(|known| known.id.0 == run) else { continue };
        let (at, entry) = (Position(row.get(0)?).time(), read::action(row)?);
        acts.push((run.target.clone(), Act { at, user: run.user.clone(), host: run.host.clone(), entry }));
    }
    Ok(acts)
}

/// Gives each act to the task that it was about, and the requests among them to its records.
fn attach_acts(courses: &mut [Course], acts: Vec<(String, Act)>) {
    for (target, act) in acts {
        let of_target = |course: &&mut Course| *course.life.target == *target;
        let mut courses: Vec<_> = courses.iter_mut().filter(of_target).collect();
        let nth = match act.entry.intent {
            // What is created had not left before.
            Intent::Desire => courses.iter().take_while(|course| has_left(course, act.at)).count(),
            Intent::Act(_) => {
                courses.iter().filter(|course| course.life.first_seen <= act.at).count().saturating_sub(1)
            }
        };
        if let Some(course) = courses.get_mut(nth) {
            course.records.extend(happening(&act).map(|what| Record { at: act.at, what }));
            course.acts.push(act);
        }
    }
    for course in courses {
        course.records.sort_by_key(|record| record.at);
    }
}

fn has_left(course: &Course, at: Timestamp) -> bool {
    course.life.end.is_some_and(|end| end.at <= at)
}

/// Returns what an act is in a task's course: a request, or what went wrong with it.
fn happening(act: &Act) -> Option<Happening> {
    let step = |call: WriteCall| -> Option<Step> {
        match call {
            WriteCall::Step(step) => Some(step),
            WriteCall::Desire => None,
        }
    };
    match &act.entry.progress {
        Progress::Sent { call, request } => Some(Happening::Sent(step(*call)?, *request)),
        Progress::Answered { call, reply: Reply::Refused | Reply::Missing, message } => {
            Some(Happening::Unanswered(step(*call)?, (&**message).into()))
        }
        _ => None,
    }
}

//! What happened to a task, as values for programs: a step for each change, gap and action.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::secret::mask_urls;
use crate::model::{CellId, Happening, LostEvents, Timestamp, Version, VersionChange};
use crate::present::format;
use crate::record::query::{Act, Course, words};

/// A step of a task's course.
pub(super) enum Step<'a> {
    Change(Timestamp, &'a VersionChange),
    Gap(&'a LostEvents),
    Act(&'a Act),
}

/// A step as JSON.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum JsonStep<'a> {
    Change {
        at: String,
        target: &'a str,
        guid: &'a str,
        source: &'static str,
        state: String,
        cell: Option<&'a str>,
        failed: bool,
        failure_reason: Cow<'a, str>,
        rejection_count: i32,
        rejection_reason: Cow<'a, str>,
        first_completed_at: Option<String>,
        how_it_ended: Option<&'static str>,
        /// The values before of the fields that differ; none for the first version.
        before: Option<Map<String, Value>>,
    },
    Gap {
        at: String,
        target: &'a str,
        guid: &'a str,
        end_at: Option<String>,
        why: &'a str,
    },
    Action {
        at: String,
        target: &'a str,
        guid: &'a str,
        user: &'a str,
        host: &'a str,
        action: &'static str,
        stage: &'static str,
        tasks: Option<u32>,
        call: Option<&'static str>,
        request: Option<String>,
        reply: Option<&'static str>,
        outcome: Option<&'static str>,
        message: Option<Cow<'a, str>>,
    },
}

impl<'a> Step<'a> {
    pub(super) const HEADINGS: [&'static str; 9] =
        ["at", "target", "guid", "type", "what", "source", "state", "cell", "detail"];

    /// Returns the steps of a course, oldest first. A gap comes before what happened in it.
    pub(super) fn all(course: &'a Course) -> Vec<Self> {
        let changes = course.records.iter().filter_map(|record| match &record.what {
            Happening::Change(change) => Some(Self::Change(record.at, change)),
            // The actions tell the same and more.
            Happening::Sent(..) | Happening::Unanswered(..) => None,
        });
        let gaps = course.gaps.iter().map(Self::Gap);
        let mut steps: Vec<_> = gaps.chain(changes).chain(course.acts.iter().map(Self::Act)).collect();
        steps.sort_by_key(Self::at);
        steps
    }

    fn at(&self) -> Timestamp {
        match self {
            Self::Change(at, _) => *at,
            Self::Gap(gap) => gap.start,
            Self::Act(act) => act.at,
        }
    }

    pub(super) fn json(&self, course: &'a Course) -> JsonStep<'a> {
        let (at, target, guid) =
            (format::rfc3339(self.at()), &*course.life.target, course.life.task.guid.as_str());
        match *self {
            Self::Change(_, change) => {
                let after: &Version = &change.after;
                JsonStep::Change {
                    at,
                    target,
                    guid,
                    source: words::source(change.evidence),
                    state: after.state.to_string(),
                    cell: after.cell.as_ref().map(CellId::as_str),
                    failed: after.failed,
                    failure_reason: masked(&after.failure_reason),
                    rejection_count: after.rejection_count,
                    rejection_reason: masked(&after.rejection_reason),
                    first_completed_at: point(after.first_completed_at),
                    how_it_ended: change.end.map(words::end),
                    before: change.before.as_ref().map(|before| differences(before, after).collect()),
                }
            }
            Self::Gap(gap) => {
                JsonStep::Gap { at, target, guid, end_at: gap.end.and_then(point), why: &gap.why }
            }
            Self::Act(act) => {
                let words = act.words();
                JsonStep::Action {
                    at,
                    target,
                    guid,
                    user: &act.user,
                    host: &act.host,
                    action: words.action,
                    stage: words.stage,
                    tasks: words.tasks,
                    call: words.call,
                    request: words.request,
                    reply: words.reply,
                    outcome: words.outcome,
                    message: words.message.map(masked),
                }
            }
        }
    }

    pub(super) fn texts(&self, course: &Course) -> [String; 9] {
        let (at, guid) = (format::rfc3339(self.at()), course.life.task.guid.to_string());
        let target = course.life.target.to_string();
        let row = |kind: &str, what: &str, [source, state, cell, detail]: [String; 4]| {
            [
                at.clone(),
                target.clone(),
                guid.clone(),
                kind.to_owned(),
                what.to_owned(),
                source,
                state,
                cell,
                detail,
            ]
        };
        match self {
            Self::Change(_, change) => {
                let after = &change.after;
                let what = match (change.end, &change.before) {
                    (Some(end), _) => words::end(end),
                    (None, None) => "first seen",
                    (None, Some(_)) => "changed",
                };
                let cell = after.cell.as_ref().map_or("", CellId::as_str).to_owned();
                let source = words::source(change.evidence).to_owned();
                row("change", what, [source, after.state.to_string(), cell, detail(change)])
            }
            Self::Gap(LostEvents { end, why, .. }) => {
                let until = end.map(|end| format!(" until {}", format::rfc3339(end))).unwrap_or_default();
                let detail = format!("events lost{until}: {why}");
                row("gap", "", [String::new(), String::new(), String::new(), detail])
            }
            Self::Act(act) => {
                let words = act.words();
                let stage = format!("{} {}", words.action, words.stage);
                let source = format!("{}@{}", act.user, act.host);
                let parts = [words.call, words.request.as_deref(), words.reply, words.outcome, words.message];
                let parts: Vec<_> = parts.into_iter().flatten().map(masked).collect();
                row("action", &stage, [source, String::new(), String::new(), parts.join(", ")])
            }
        }
    }
}

/// Says how a version differs from the one before: `state: Pending -> Running; cell: none -> "cell-1"`.
fn detail(change: &VersionChange) -> String {
    let Some(before) = &change.before else { return masked(&change.after.failure_reason).into_owned() };
    let after: Map<_, _> = differences(&change.after, before).collect();
    let shown = |value: &Value| match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let parts: Vec<_> = differences(before, &change.after)
        .map(|(name, before)| {
            let after = after.get(&name).map(shown).unwrap_or_default();
            format!("{name}: {} -> {after}", shown(&before))
        })
        .collect();
    parts.join("; ")
}

/// Returns the fields of `one` that differ from `other`.
fn differences(one: &Version, other: &Version) -> impl Iterator<Item = (String, Value)> {
    fields(one)
        .into_iter()
        .zip(fields(other))
        .filter(|(one, other)| one != other)
        .map(|((name, value), _)| (name.to_owned(), value))
}

fn fields(version: &Version) -> [(&'static str, Value); 8] {
    let text = |text: &str| if text.is_empty() { Value::Null } else { json!(masked(text)) };
    [
        ("state", json!(version.state.to_string())),
        ("cell", json!(version.cell.as_ref().map(CellId::as_str))),
        ("failed", json!(version.failed)),
        ("failure_reason", text(&version.failure_reason)),
        ("has_result", json!(version.has_result)),
        ("rejection_count", json!(version.rejection_count)),
        ("rejection_reason", text(&version.rejection_reason)),
        ("first_completed_at", json!(point(version.first_completed_at))),
    ]
}

fn masked(text: &str) -> Cow<'_, str> {
    mask_urls(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn point(at: Timestamp) -> Option<String> {
    (!at.is_unset()).then(|| format::rfc3339(at))
}

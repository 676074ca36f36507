//! Describes one happening: what it was, where it was learnt, and the fields that differ.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::super::lines::Lines;
use super::fields::differences;
use super::loops::Loops;
use crate::model::lifecycle::Step;
use crate::model::secret::mask_urls;
use crate::model::{End, Evidence, Happening, Record, State, Version, VersionChange};
use crate::present::{Tone, ending, format};

/// Describes a record. `before` are the loops of the records before it.
pub(super) fn describe(lines: &mut Lines<'_>, record: &Record, before: &Loops, zone: &TimeZone) {
    let at = format::time_of_day(record.at, zone);
    match &record.what {
        Happening::Change(change) => {
            let (title, tone) = title(change, before);
            lines.toned(at, format!("{title} ({})", source(change.evidence)), tone);
            let Some(earlier) = &change.before else { return };
            lines.below(|lines| {
                for (field, values) in differences(earlier, &change.after, zone) {
                    lines.field(field, values);
                }
            });
        }
        Happening::Sent(step, request) => {
            lines.toned(at, format!("{} requested (our action)", word(*step)), Tone::Accent);
            lines.below(|lines| lines.field("request", request.to_string()));
        }
        Happening::Unanswered(step, why) => {
            lines.toned(at, format!("{} failed (our action)", word(*step)), Tone::Bad);
            let why = mask_urls(why).unwrap_or_else(|| why.to_string());
            lines.below(|lines| lines.field("why", why));
        }
    }
}

const fn word(step: Step) -> &'static str {
    match step {
        Step::Cancel => "cancel",
        Step::Resolving => "resolve",
        Step::Delete => "delete",
    }
}

const fn source(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Event => "event",
        Evidence::LateEvent => "late event",
        Evidence::List => "list",
        Evidence::Reconciled => "reconciled by a list",
        Evidence::LookUp => "look-up",
        Evidence::OurAction => "reply to our action",
    }
}

/// Names a change.
fn title(change: &VersionChange, loops: &Loops) -> (Cow<'static, str>, Tone) {
    let bad = |tone| if change.after.failed { Tone::Bad } else { tone };
    match (&change.before, change.end) {
        // Its end was known, and is now known to be none of ours.
        (_, Some(End::DeletedByOther)) if change.evidence == Evidence::OurAction => {
            ("deleted by someone else after all".into(), Tone::Warn)
        }
        (_, Some(end)) => (ending::event(end).into(), bad(Tone::Quiet)),
        (None, None) if change.evidence == Evidence::Event => ("created".into(), Tone::Normal),
        (None, None) => (format!("first seen, {}", change.after.state).into(), Tone::Normal),
        (Some(before), None) => step_title(before, &change.after, loops),
    }
}

fn step_title(before: &Version, after: &Version, loops: &Loops) -> (Cow<'static, str>, Tone) {
    match (before.state, after.state) {
        (_, State::Pending) if after.rejection_count > before.rejection_count => {
            ("rejected".into(), Tone::Warn)
        }
        (from, to) if from == to => ("changed".into(), Tone::Normal),
        (State::Resolving, State::Completed) => {
            ("demoted to Completed: not deleted in time".into(), Tone::Warn)
        }
        (State::Completed, State::Resolving) => (loops.claim().into(), Tone::Normal),
        (_, State::Completed) if after.failed => ("failed".into(), Tone::Bad),
        (_, State::Completed) => ("completed".into(), Tone::Good),
        (State::Pending, State::Running) => ("started".into(), Tone::Normal),
        (from, to) => (format!("{from} → {to}").into(), Tone::Normal),
    }
}

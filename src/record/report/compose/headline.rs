//! What happened, in a few sentences and figures.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Writer;
use crate::record::report::Report;
use crate::record::report::incident::{Incident, Unclear, Verdict};
use crate::record::report::phrase::Phrase;
use crate::record::report::reasons::Reasons;
use crate::record::report::series::{Counts, share};
use crate::record::report::shares::Shares;

/// A cell or a reason is named in the lead if it has at least this share.
const MOST: f64 = 0.5;

pub(super) fn name(writer: &Writer<'_>) -> Phrase {
    kicker(writer.report).say(", ").full_time(writer.described().start, &writer.times)
}

pub(super) fn kicker(report: &Report) -> Phrase {
    let targets: BTreeSet<_> = report.runs.iter().map(|run| &*run.target).collect();
    let phrase = Phrase::words("Incident report");
    let join = |phrase: Phrase, (nth, target): (usize, &str)| {
        phrase.say(if nth == 0 { ": " } else { ", " }).quote(target)
    };
    targets.into_iter().enumerate().fold(phrase, join)
}

pub(super) fn title(writer: &Writer<'_>) -> Phrase {
    let counts = writer.described_counts();
    match &writer.report.verdict {
        Verdict::Incident(incident) => {
            let minutes = &incident.episode.minutes;
            let phrase = if counts.failed > 0 {
                let phrase = Phrase::default().counted(counts.failed, "task").say(" failed");
                if counts.rejected > counts.failed {
                    phrase.say(" and cells rejected tasks ").counted(counts.rejected, "time")
                } else {
                    phrase
                }
            } else {
                Phrase::words("Cells rejected tasks ").counted(counts.rejected, "time")
            };
            phrase
                .say(" between ")
                .minute(minutes.start, &writer.times)
                .say(" and ")
                .minute(minutes.end, &writer.times)
                .say(" ")
                .zone(minutes.end.start(), &writer.times)
        }
        Verdict::Unclear(Unclear::NoTrouble) => Phrase::words("No task failed and none was rejected"),
        Verdict::Unclear(_) => Phrase::words("No clear incident: ")
            .counted(counts.failed, "failure")
            .say(", ")
            .counted(counts.rejected, "rejection"),
    }
}

pub(super) fn span(writer: &Writer<'_>) -> Phrase {
    let span = &writer.report.scope.span;
    let phrase = Phrase::words("Recorded from ")
        .full_time(span.start, &writer.times)
        .say(" to ")
        .full_time(span.end, &writer.times)
        .say(" (")
        .lasted(span.end.since(span.start))
        .say(")");
    let filter = &writer.report.scope.filter;
    if filter.is_empty() {
        return phrase;
    }
    phrase.say("; only tasks that match ").quote(filter.text())
}

pub(super) fn lead(writer: &Writer<'_>) -> Vec<Phrase> {
    let mut lead = match &writer.report.verdict {
        Verdict::Incident(incident) => vec![rate(writer, incident)],
        Verdict::Unclear(Unclear::NoTrouble) => vec![],
        Verdict::Unclear(Unclear::TooShort) => vec![Phrase::words(
            "The recording is too short to tell what is usual, so this report describes all of it. \
             To find an incident, include more of the time before (--since).",
        )],
        Verdict::Unclear(Unclear::Steady) => vec![Phrase::words(
            "At no time were there far more failures and rejections than usual, so this report describes the whole \
             recording. If the trouble fills most of it, include more of the time before (--since).",
        )],
    };
    lead.extend(causes(writer));
    lead.extend(caveats(writer));
    lead
}

fn rate(writer: &Writer<'_>, incident: &Incident) -> Phrase {
    let episode = &incident.episode;
    let (at, most) = episode.peak;
    let lasted = episode.minutes.end.since(episode.minutes.start);
    let per = |trouble: f64, minutes: i64| Phrase::default().rate(trouble / float(minutes)).say(" a minute");
    let phrase = Phrase::words("Failures and rejections averaged ")
        .join(per(float(signed(episode.counts.trouble())), lasted));
    let phrase = if lasted > incident.width {
        let peak = phrase.say(" and peaked at ").join(per(float(signed(most)), incident.width));
        peak.say(" (").minute(at, &writer.times).say(")")
    } else {
        phrase
    };
    if incident.usual > 0.0 {
        let usual = per(incident.usual, incident.width);
        phrase.say(". The usual rate in this recording is ").join(usual).say(".")
    } else {
        phrase.say(". Usually there are none.")
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "a rate has two figures")]
const fn float(count: i64) -> f64 {
    count as f64
}

/// Returns what most failures have in common.
fn causes(writer: &Writer<'_>) -> Option<Phrase> {
    let account = &writer.report.account;
    let mut phrase = Phrase::default();
    let failed = writer.described_counts().failed;
    if let Some((pattern, share)) = main_reason(&account.failures) {
        let part = part(share, "All failures", " of the failures");
        phrase = phrase.join(part).join(with_reason(pattern));
        if let Some((cell, share)) = main_place(&account.cells, failed) {
            phrase = phrase.say("; ").join(part_of_them(share)).say(" ran on cell ").quote(cell);
        }
        if let Some((app, share)) = main_place(&account.apps, failed) {
            let name = account.owner(app).map_or(app, |owner| owner.app().label());
            phrase = phrase.say("; ").join(part_of_them(share)).say(" belong to app ").quote(name);
        }
        phrase = phrase.say(".");
    }
    if let Some((pattern, share)) = main_reason(&account.rejections) {
        phrase = if phrase.is_empty() { phrase } else { phrase.say(" ") };
        let part = part(share, "All rejections", " of the rejections");
        phrase = phrase.join(part).join(with_reason(pattern)).say(".");
    }
    (!phrase.is_empty()).then_some(phrase)
}

/// Says which part has something in common.
fn part(share: f64, all: &'static str, of: &'static str) -> Phrase {
    if share >= 1.0 { Phrase::words(all) } else { Phrase::default().percent(share).say(of) }
}

fn with_reason(pattern: &str) -> Phrase {
    match pattern {
        "" => Phrase::words(" have no reason"),
        pattern => Phrase::words(" have the reason ").quote(pattern),
    }
}

fn part_of_them(share: f64) -> Phrase {
    part(share, "all failed tasks", " of the failed tasks")
}

/// Returns the cell or app that most failed tasks have, with its share.
fn main_place(shares: &Shares, failed: u64) -> Option<(&str, f64)> {
    let (name, split) = shares.by_trouble().into_iter().next()?;
    Some((name, share_of(split.during.failed, failed)?))
}

/// Returns the reason that most have, with its share.
fn main_reason(reasons: &Reasons) -> Option<(&str, f64)> {
    let most = reasons.clusters.reasons().max_by_key(|reason| (reason.count(), reason.id()))?;
    Some((most.pattern()?, share_of(most.count().into(), reasons.clusters.total().into())?))
}

fn share_of(part: u64, whole: u64) -> Option<f64> {
    share(part, whole).filter(|share| *share >= MOST)
}

fn caveats(writer: &Writer<'_>) -> Vec<Phrase> {
    let mut caveats = Vec::new();
    if writer.incident().is_some_and(|incident| incident.begin_unseen) {
        caveats.push(Phrase::words("It may have begun earlier: it was under way when the recording began."));
    }
    if writer.incident().is_some_and(|incident| incident.end_unseen) {
        caveats.push(Phrase::words(
            "It may have gone on: it was under way when the recording ended, or had just ended.",
        ));
    }
    let unknown = writer.unknown_in(&writer.described());
    if unknown > Duration::ZERO {
        let lost = Phrase::words("Events were lost, or nothing was recorded, for ").took(unknown);
        let of = if writer.incident().is_some() { " of the incident" } else { "" };
        caveats.push(lost.say(of).say(", so more may have failed than is counted here."));
    }
    caveats
}

impl Writer<'_> {
    /// Returns what happened in the incident or, if there is none, in the whole span.
    pub(super) fn described_counts(&self) -> Counts {
        match self.incident() {
            Some(incident) => incident.episode.counts,
            None => self.report.series.total(self.report.minutes()),
        }
    }
}

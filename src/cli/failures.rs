//! `failures`: prints the failures of a recording by reason: how many, where most of them were, and when.
//!
//! Calls no BBS.

use std::borrow::Cow;
use std::io;

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::failure::{Failure, Status};
use super::output::{self, OUTPUT, Output};
use super::recorded::{Form, PartArgs, ReadFailure, RecordingArgs, TextRows};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Paths;
use crate::model::failures::{self, Clusters, Dimension, Place, Reason, Value};
use crate::model::secret::mask_urls;
use crate::present::columns::Align;
use crate::present::failures::{percent, reason_text, value_text};
use crate::present::format;
use crate::record::query::LifeQuery;

/// Arguments of `failures`.
#[derive(Debug, Args)]
#[command(after_help = "\
Counts each failed task once. Reasons that differ only in guids, numbers, paths or hosts count as \
one. The most frequent reason comes first, with the cell, app and domain of most of its failures. \
--since and --until select by the time of the failure. Times are in UTC. Credentials in URLs are \
masked.

Exit status:
  0  printed, even if nothing failed
  3  invalid filter, argument or setting, or a target that was not recorded
  5  no recording, or it could not be read")]
pub(super) struct Arguments {
    #[command(flatten)]
    part: PartArgs,
    /// How to print the failures
    #[arg(long, value_name = "FORM", value_enum, default_value = "table", help_heading = OUTPUT)]
    output: Form,
    #[command(flatten)]
    recording: RecordingArgs,
}

/// Prints the failures.
pub(super) fn run(arguments: &Arguments, paths: &Paths) -> Result<Status, Failure> {
    let now = SystemClock::start().now().wall;
    let filter = arguments.part.failed_filter()?;
    let opened = arguments.recording.open(paths)?;
    let query = LifeQuery {
        filter: &filter,
        target: arguments.recording.target.as_deref(),
        since: arguments.part.since(now),
        until: arguments.part.until(now),
        now,
    };
    let mut clusters = Clusters::without_end();
    let read = opened.recording.for_each_life(&query, |life| -> Result<(), ReadFailure> {
        let is_meant =
            |at| query.since.is_none_or(|since| at >= since) && query.until.is_none_or(|until| at < until);
        if let Some(at) = life.failed_at().filter(|at| is_meant(*at)) {
            let task = &life.task;
            let place = Place { cell: life.cell.as_ref(), owner: &task.owner, domain: &task.domain };
            clusters.add(&failures::Failure { guid: &task.guid, at, reason: task.reason(), place });
        }
        Ok(())
    });
    read.map_err(|fault| opened.failure(&fault))?;
    let mut reasons: Vec<_> = clusters.reasons().collect();
    reasons.sort_by(|one, other| {
        let order = |reason: &Reason<'_>| (std::cmp::Reverse(reason.count()), reason.pattern().is_none());
        order(one).cmp(&order(other)).then_with(|| one.pattern().cmp(&other.pattern()))
    });
    match arguments.output {
        Form::Table => table(&reasons)?,
        Form::Json => json(&reasons)?,
        Form::Csv => csv(&reasons)?,
    }
    opened.warn_if_over(query.since);
    Ok(Status::Done)
}

fn table(reasons: &[Reason<'_>]) -> io::Result<()> {
    let headings = [
        ("COUNT", Align::Right),
        ("SHARE", Align::Right),
        ("MOST ON CELL", Align::Left),
        ("MOST OF APP", Align::Left),
        ("MOST IN DOMAIN", Align::Left),
        ("FIRST", Align::Right),
        ("LAST", Align::Right),
        ("REASON", Align::Left),
    ];
    let mut rows = TextRows::table(headings.into_iter().map(|(title, align)| (title.into(), align)), true);
    for reason in reasons {
        let (first, last) = reason.seen();
        let most = |dimension| {
            let (value, count) = reason.values(dimension).next()?;
            let share = percent(f64::from(count) / f64::from(reason.count()));
            Some(format!("{} ({share})", value_text(dimension, value)))
        };
        let [cell, app, domain] = Dimension::ALL.map(|dimension| most(dimension).unwrap_or_default());
        let [first, last] = [first, last].map(|at| format::timestamp(at, &TimeZone::UTC));
        let (count, share) = (format::count(reason.count().into()), percent(reason.share()));
        let texts = [count, share, cell, app, domain, first, last, reason_text(reason).to_owned()];
        rows.row(texts.into_iter().map(Cow::Owned))?;
    }
    rows.finish()
}

/// A reason as JSON and as CSV.
#[derive(Serialize)]
struct Line {
    /// None for the reasons beyond the limit.
    reason: Option<String>,
    count: u32,
    /// Of all failures, from 0 to 1.
    share: f64,
    top_cell: Option<String>,
    top_cell_count: u32,
    cells: usize,
    top_app: Option<String>,
    top_app_guid: Option<String>,
    top_app_count: u32,
    apps: usize,
    top_domain: Option<String>,
    top_domain_count: u32,
    domains: usize,
    first_seen: String,
    last_seen: String,
}

impl Line {
    const HEADINGS: [&'static str; 15] = [
        "reason",
        "count",
        "share",
        "top_cell",
        "top_cell_count",
        "cells",
        "top_app",
        "top_app_guid",
        "top_app_count",
        "apps",
        "top_domain",
        "top_domain_count",
        "domains",
        "first_seen",
        "last_seen",
    ];

    fn of(reason: &Reason<'_>) -> Self {
        let top = |dimension| reason.values(dimension).next().unwrap_or((&Value::Unknown, 0));
        let named = |value: &Value| value.id().map(|_| masked(value.label()));
        let ((cell, top_cell_count), (app, top_app_count)) = (top(Dimension::Cell), top(Dimension::App));
        let (domain, top_domain_count) = top(Dimension::Domain);
        let (first, last) = reason.seen();
        Self {
            reason: reason.pattern().map(masked),
            count: reason.count(),
            share: (reason.share() * 10_000.0).round() / 10_000.0,
            top_cell: named(cell),
            top_cell_count,
            cells: reason.distinct(Dimension::Cell),
            top_app: named(app),
            top_app_guid: app.id().map(masked),
            top_app_count,
            apps: reason.distinct(Dimension::App),
            top_domain: named(domain),
            top_domain_count,
            domains: reason.distinct(Dimension::Domain),
            first_seen: format::rfc3339(first),
            last_seen: format::rfc3339(last),
        }
    }

    fn texts(self) -> [String; 15] {
        [
            self.reason.unwrap_or_default(),
            self.count.to_string(),
            self.share.to_string(),
            self.top_cell.unwrap_or_default(),
            self.top_cell_count.to_string(),
            self.cells.to_string(),
            self.top_app.unwrap_or_default(),
            self.top_app_guid.unwrap_or_default(),
            self.top_app_count.to_string(),
            self.apps.to_string(),
            self.top_domain.unwrap_or_default(),
            self.top_domain_count.to_string(),
            self.domains.to_string(),
            self.first_seen,
            self.last_seen,
        ]
    }
}

fn masked(text: &str) -> String {
    mask_urls(text).unwrap_or_else(|| text.to_owned())
}

fn json(reasons: &[Reason<'_>]) -> io::Result<()> {
    let mut output = Output::new();
    for reason in reasons {
        output.lines(&output::json_line(&Line::of(reason)))?;
    }
    output.flush()
}

fn csv(reasons: &[Reason<'_>]) -> io::Result<()> {
    let mut rows = TextRows::csv(Line::HEADINGS.into_iter(), true)?;
    for reason in reasons {
        rows.row(Line::of(reason).texts().into_iter().map(Cow::Owned))?;
    }
    rows.finish()
}

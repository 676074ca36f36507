//! `history`: prints the tasks of a recording, each as it was last seen.
//!
//! Rows are written as they are read. Calls no BBS.

use std::borrow::Cow;

use clap::Args;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::failure::{Failure, Status};
use super::output::{self, OUTPUT, Output};
use super::recorded::{Form, Opened, PartArgs, ReadFailure, RecordingArgs, TextRows};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Paths;
use crate::model::secret::mask_urls;
use crate::model::{CellId, Clocks, DefinitionSummary, Timestamp};
use crate::present::columns::{self, Align, Column, NO_SUMMARY, RowFacts, Times};
use crate::present::{format, sanitise};
use crate::record::query::{LifeQuery, RecordedLife};
use crate::suggest::did_you_mean;

/// Arguments of `history`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints each task once, as it was last seen; the task that changed last is at the end. --since \
leaves out tasks that did not change after that time, --until tasks that were first seen after it. \
Times are in UTC. The columns are those of `taskdeck tasks`, and `target`. Columns that are not \
recorded, such as those of the definition, are empty.

Exit status:
  0  printed, even if there was nothing to print
  3  invalid filter, argument or setting, or a target that was not recorded
  5  no recording, or it could not be read")]
pub(super) struct Arguments {
    #[command(flatten)]
    part: PartArgs,
    /// How to print the tasks
    #[arg(long, value_name = "FORM", value_enum, default_value = "table", help_heading = OUTPUT)]
    output: Form,
    /// Columns of a table or of CSV, like guid,state,cell,reason
    #[arg(long, value_name = "NAMES", help_heading = OUTPUT)]
    columns: Option<String>,
    #[command(flatten)]
    recording: RecordingArgs,
}

/// A column of the output.
#[derive(Debug, Clone, Copy)]
enum Cell {
    Target,
    Column(&'static Column),
}

const TARGET: &str = "target";

/// Prints the tasks.
pub(super) fn run(arguments: &Arguments, paths: &Paths) -> Result<Status, Failure> {
    let now = SystemClock::start().now().wall;
    let filter = arguments.part.filter()?;
    let cells = arguments.columns.as_deref().map(cells).transpose()?;
    if arguments.output == Form::Json && cells.is_some() {
        let message = "--columns goes with --output table or csv; JSON has all fields of a task";
        return Err(Failure::usage(message));
    }
    let opened = arguments.recording.open(paths)?;
    let query = LifeQuery {
        filter: &filter,
        target: arguments.recording.target.as_deref(),
        since: arguments.part.since(now),
        until: arguments.part.until(now),
        now,
    };
    let printed = match arguments.output {
        Form::Json => json(&opened, &query),
        Form::Table => {
            let usual = || usual(query.target.is_none() && opened.targets().len() > 1);
            table(&opened, &query, &cells.unwrap_or_else(usual))
        }
        Form::Csv => csv(&opened, &query, &cells.unwrap_or_else(|| usual(true))),
    };
    printed.map_err(|fault| opened.failure(&fault))?;
    opened.warn_if_over(query.since);
    Ok(Status::Done)
}

/// Returns the columns of `tasks`, after the target if that is shown.
fn usual(has_target: bool) -> Vec<Cell> {
    has_target.then_some(Cell::Target).into_iter().chain(columns::shown().map(Cell::Column)).collect()
}

fn cells(keys: &str) -> Result<Vec<Cell>, Failure> {
    let find = |key: &str| match key.trim() {
        TARGET => Ok(Cell::Target),
        key => columns::find(key).map(Cell::Column).ok_or_else(|| {
            let key = sanitise::clean(key);
            let meant = did_you_mean(&key, columns::COLUMNS.iter().map(|column| column.key).chain([TARGET]));
            let keys = columns::keys();
            Failure::usage(format!("Unknown column {key:?}.{meant} The columns are {TARGET}, {keys}."))
        }),
    };
    keys.split(',').map(find).collect()
}

fn table(opened: &Opened, query: &LifeQuery<'_>, cells: &[Cell]) -> Result<(), ReadFailure> {
    let heading = |cell: &Cell| match cell {
        Cell::Target => (Cow::Borrowed("TARGET"), Align::Left),
        Cell::Column(column) => (column.title_of_points(), column.align),
    };
    let mut rows = TextRows::table(cells.iter().map(heading), true);
    opened.recording.for_each_life(query, |life| -> Result<(), ReadFailure> {
        with_row(life, |facts| {
            Ok(rows.row(cells.iter().map(|cell| match cell {
                Cell::Target => Cow::Borrowed(&*life.target),
                Cell::Column(column) => (column.text)(facts),
            }))?)
        })
    })?;
    Ok(rows.finish()?)
}

fn csv(opened: &Opened, query: &LifeQuery<'_>, cells: &[Cell]) -> Result<(), ReadFailure> {
    let heading = |cell: &Cell| match cell {
        Cell::Target => TARGET,
        Cell::Column(column) => column.plain_name(),
    };
    let mut rows = TextRows::csv(cells.iter().map(heading), true)?;
    opened.recording.for_each_life(query, |life| -> Result<(), ReadFailure> {
        with_row(life, |facts| {
            Ok(rows.row(cells.iter().map(|cell| match cell {
                Cell::Target => Cow::Borrowed(&*life.target),
                Cell::Column(column) => column.plain_text(facts),
            }))?)
        })
    })?;
    Ok(rows.finish()?)
}

/// Gives what columns show of a life to `read`.
fn with_row<T>(life: &RecordedLife, read: impl FnOnce(&RowFacts<'_>) -> T) -> T {
    let limits = life.limits.map(|limits| DefinitionSummary {
        memory_mb: limits.memory_mb,
        disk_mb: limits.disk_mb,
        ..NO_SUMMARY.clone()
    });
    read(&RowFacts {
        cell: life.cell.as_ref(),
        summary: limits.as_ref().unwrap_or(&NO_SUMMARY),
        started_at: life.started_at,
        end: life.end.as_ref(),
        clocks: &Clocks::DEFAULT,
        times: Times::In(&TimeZone::UTC),
        // Nothing is known of it since then.
        ..RowFacts::of(&life.task, life.watched_until)
    })
}

/// A task as JSON. The names are those of the view `tasks` in the file.
#[derive(Serialize)]
struct Line<'a> {
    target: &'a str,
    guid: &'a str,
    domain: &'a str,
    app: &'a str,
    space: &'a str,
    org: &'a str,
    app_guid: &'a str,
    space_guid: &'a str,
    org_guid: &'a str,
    memory_mb: Option<i32>,
    disk_mb: Option<i32>,
    state: String,
    cell: &'a str,
    failed: bool,
    failure_reason: Cow<'a, str>,
    result: Cow<'a, str>,
    rejection_count: i32,
    rejection_reason: Cow<'a, str>,
    created_at: Option<String>,
    started_at: Option<String>,
    first_completed_at: Option<String>,
    updated_at: Option<String>,
    first_seen: Option<String>,
    last_changed: Option<String>,
    ended_at: Option<String>,
    how_it_ended: Option<&'static str>,
    cause: Option<&'static str>,
}

impl<'a> Line<'a> {
    fn of(life: &'a RecordedLife) -> Self {
        let RecordedLife { target, task, limits, cell, started_at, first_seen, last_changed, end, .. } = life;
        let (app, space, org) = (task.owner.app(), task.owner.space(), task.owner.org());
        let text = |text: &'a str| mask_urls(text).map_or(Cow::Borrowed(text), Cow::Owned);
        Self {
            target,
            guid: task.guid.as_str(),
            domain: task.domain.as_str(),
            app: &app.name,
            space: &space.name,
            org: &org.name,
            app_guid: &app.guid,
            space_guid: &space.guid,
            org_guid: &org.guid,
            memory_mb: limits.map(|limits| limits.memory_mb),
            disk_mb: limits.map(|limits| limits.disk_mb),
            state: task.state.to_string(),
            cell: cell.as_ref().map_or("", CellId::as_str),
            failed: task.failed,
            failure_reason: text(&task.failure_reason),
            result: text(&task.result),
            rejection_count: task.rejection_count,
            rejection_reason: text(&task.rejection_reason),
            created_at: point(task.created_at),
            started_at: point(*started_at),
            first_completed_at: point(task.first_completed_at),
            updated_at: point(task.updated_at),
            first_seen: point(*first_seen),
            last_changed: point(*last_changed),
            ended_at: end.and_then(|end| point(end.at)),
            how_it_ended: life.how_it_ended(),
            cause: end.map(|end| end.cause(task).name()),
        }
    }
}

/// Formats a time for JSON; none if it is not known.
fn point(at: Timestamp) -> Option<String> {
    (!at.is_unset()).then(|| format::rfc3339(at))
}

fn json(opened: &Opened, query: &LifeQuery<'_>) -> Result<(), ReadFailure> {
    let mut output = Output::new();
    opened.recording.for_each_life(query, |life| -> Result<(), ReadFailure> {
        Ok(output.lines(&output::json_line(&Line::of(life)))?)
    })?;
    Ok(output.flush()?)
}

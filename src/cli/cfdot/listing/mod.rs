//! `tasks` with taskdeck's own flags: a filter, columns, a table or CSV, and secrets masked. Without these flags the
//! command behaves as `cfdot`'s does, and this module is not used.
//!
//! JSON and CSV are written while the list arrives. Only a table is collected first, because its widths depend on all
//! rows.

mod rows;

use crossterm::terminal;

use super::exit::Exit;
use super::flags::FlagValues;
use crate::bbs::json::{JsonBuffer, Secrets};
use crate::bbs::{Client, TaskList};
use crate::cli::output::Output;
use crate::clock::{Clock, SystemClock};
use crate::filter::{Filter, Subject};
use crate::model::{Clocks, Task, TaskFilter, Timestamp};
use crate::present::columns::{self, Column};
use crate::present::csv::{CsvWriter, Reader};
use crate::present::sanitise;
use crate::present::text_table::TextTable;
use crate::suggest::did_you_mean;
use rows::Rows;

/// What a list contains, and how it is written.
#[derive(Debug)]
pub(super) struct Listing {
    filter: Filter,
    form: Form,
    secrets: Secrets,
}

#[derive(Debug)]
enum Form {
    Json,
    Table(Vec<&'static Column>),
    Csv(Vec<&'static Column>),
}

/// Reads the flags. Returns none if none of them is set.
pub(super) fn read(values: &FlagValues) -> Result<Option<Listing>, Exit> {
    if values.filter.is_none() && values.columns.is_none() && values.output.is_none() {
        return Ok(None);
    }
    let filter = values.filter.as_deref().map(filter).transpose()?.unwrap_or_default();
    let columns = values.columns.as_deref().map(columns_of).transpose()?;
    let shown = || columns::shown().collect();
    let form = match (values.output.as_deref(), columns) {
        (Some("json") | None, None) => Form::Json,
        (Some("json"), Some(_)) => {
            let message = "--columns goes with --output table or csv; JSON has all fields of a task";
            return Err(Exit::invalid_value(message));
        }
        (Some("csv"), columns) => Form::Csv(columns.unwrap_or_else(shown)),
        (Some("table") | None, columns) => Form::Table(columns.unwrap_or_else(shown)),
        (Some(other), _) => {
            let other = sanitise::clean(other);
            return Err(Exit::invalid_value(format!("--output must be json, table or csv, not {other:?}")));
        }
    };
    let secrets = if values.reveal { Secrets::Shown } else { Secrets::Masked };
    Ok(Some(Listing { filter, form, secrets }))
}

fn filter(text: &str) -> Result<Filter, Exit> {
    Filter::parse_for_script(text).map_err(|mistake| {
        let mut message = format!("invalid filter: {}", sanitise::clean(&mistake.to_string()));
        for line in mistake.caret(text).lines() {
            message.extend(["\n  ", &sanitise::clean(line)]);
        }
        Exit::invalid_value(message)
    })
}

fn columns_of(keys: &str) -> Result<Vec<&'static Column>, Exit> {
    let find = |key: &str| {
        columns::find(key.trim()).ok_or_else(|| {
            let (key, keys) = (sanitise::clean(key), columns::keys());
            let meant = did_you_mean(&key, columns::COLUMNS.iter().map(|column| column.key));
            Exit::invalid_value(format!("Unknown column {key:?}.{meant} The columns are {keys}."))
        })
    };
    keys.split(',').map(find).collect()
}

/// Lists the tasks that match both the server's filter and ours.
pub(super) async fn list(
    client: &Client,
    asked: TaskFilter,
    listing: &Listing,
    clocks: Clocks,
) -> Result<(), Exit> {
    let ours = listing.filter.for_list();
    let asked = TaskFilter { domain: asked.domain.or(ours.domain), cell: asked.cell.or(ours.cell) };
    let mut list = client.open_list(&asked).await.map_err(Exit::of)?;
    // Ages use the server's clock, as the timestamps do.
    let now = list.server_time().unwrap_or_else(|| SystemClock::start().now().wall);
    match &listing.form {
        Form::Json => json(&mut list, listing, now).await,
        Form::Csv(columns) => {
            let rows = Rows::new(client, columns, clocks, now).await;
            csv(&mut list, listing, columns, now, &rows).await
        }
        Form::Table(columns) => {
            let rows = Rows::new(client, columns, clocks, now).await;
            table(&mut list, listing, columns, now, &rows).await
        }
    }
}

async fn json(list: &mut TaskList, listing: &Listing, now: Timestamp) -> Result<(), Exit> {
    let (mut output, mut lines) = (Output::new(), JsonBuffer::default());
    let admits = |task: &Task| listing.filter.admits(&Subject::held(task, now));
    while let Some(arrived) = list.next_filtered_lines(&mut lines, listing.secrets, admits).await {
        output.lines(lines.as_bytes())?;
        lines.truncate(0);
        if let Err(fault) = arrived {
            // The tasks received before the fault are valid.
            output.flush()?;
            return Err(Exit::of_reply(fault));
        }
    }
    Ok(output.flush()?)
}

async fn csv(
    list: &mut TaskList,
    listing: &Listing,
    columns: &[&'static Column],
    now: Timestamp,
    rows: &Rows,
) -> Result<(), Exit> {
    let mut output = Output::new();
    let reader = if output.is_terminal() { Reader::Terminal } else { Reader::Program };
    let masked = listing.secrets == Secrets::Masked;
    let mut head = CsvWriter::new(Vec::new(), reader, masked);
    head.head(columns.iter().map(|column| column.plain_name()))?;
    output.lines(&head.finish()?)?;
    let ended = loop {
        let tasks = match list.next().await {
            None => break Ok(()),
            Some(Err(fault)) => break Err(Exit::of_reply(fault)),
            Some(Ok(tasks)) => tasks,
        };
        let mut lines = CsvWriter::new(Vec::new(), reader, masked);
        for task in admitted(&tasks, listing, now) {
            let summary = rows.summary(task);
            let facts = rows.facts(task, &summary);
            lines.record(columns.iter().map(|column| column.plain_text(&facts)))?;
        }
        output.lines(&lines.finish()?)?;
    };
    output.flush()?;
    ended
}

async fn table(
    list: &mut TaskList,
    listing: &Listing,
    columns: &[&'static Column],
    now: Timestamp,
    rows: &Rows,
) -> Result<(), Exit> {
    let titles = columns.iter().map(|column| (column.title, column.align));
    let mut table = TextTable::new(titles, listing.secrets == Secrets::Masked);
    let ended = loop {
        match list.next().await {
            None => break Ok(()),
            Some(Err(fault)) => break Err(Exit::of_reply(fault)),
            Some(Ok(tasks)) => {
                for task in admitted(&tasks, listing, now) {
                    let summary = rows.summary(task);
                    let facts = rows.facts(task, &summary);
                    table.row(columns.iter().map(|column| (column.text)(&facts)));
                }
            }
        }
    };
    let mut output = Output::new();
    // Lines are cut only on a terminal.
    let room = output.is_terminal().then(terminal::size).and_then(Result::ok).map(|(width, _)| width.into());
    for line in table.lines(room) {
        output.lines(line.as_bytes())?;
    }
    output.flush()?;
    ended
}

fn admitted<'a>(tasks: &'a [Task], listing: &'a Listing, now: Timestamp) -> impl Iterator<Item = &'a Task> {
    tasks.iter().filter(move |task| listing.filter.admits(&Subject::held(task, now)))
}

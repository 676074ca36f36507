//! Executes the commands and prints their results. Commands that change something print nothing.

use std::io::{self, Write as _};
use std::time::Duration;

use super::arguments::Request;
use super::exit::Exit;
use super::unanswered::check;
use crate::bbs::json::{JsonBuffer, TaskSpec};
use crate::bbs::{Client, EventLine};
use crate::cli::output::{self, Output};
use crate::model::{CellId, Domain, Skipped, TaskFilter, TaskGuid};

/// Executes the command.
pub(super) async fn execute(client: &Client, request: Request) -> Result<(), Exit> {
    match request {
        Request::Tasks(filter) => tasks(client, &filter).await,
        Request::Task(guid) => print([client.task_line(&guid).await.map_err(Exit::of)?]),
        Request::Create(spec) => create(client, spec).await,
        Request::Cancel(guid) => check(client, &guid, client.cancel(&guid).await).await,
        Request::Resolve(guid) => check(client, &guid, client.resolving(&guid).await).await,
        Request::Delete(guid) => delete(client, &guid).await,
        Request::TaskEvents => output::while_read(task_events(client)).await,
        Request::Cells => {
            let cells = client.cell_lines().await.map_err(Exit::of)?;
            print(cells.into_iter().map(|cell| cell.line))
        }
        Request::Cell(id) => cell(client, &id).await,
        Request::Domains => print(client.domain_lines().await.map_err(Exit::of)?),
        Request::SetDomain(domain, ttl) => set_domain(client, &domain, ttl).await,
    }
}

fn print(lines: impl IntoIterator<Item = Vec<u8>>) -> Result<(), Exit> {
    let mut output = Output::new();
    for line in lines {
        output.lines(&line)?;
    }
    Ok(output.flush()?)
}

/// Prints the list as it arrives, without holding it in memory.
async fn tasks(client: &Client, filter: &TaskFilter) -> Result<(), Exit> {
    let mut list = client.open_list(filter).await.map_err(Exit::of)?.into_lines();
    let mut output = Output::new();
    while let Some(mut lines) = list.next().await {
        output.lines(lines.text.as_bytes())?;
        if let Some(fault) = lines.fault.take() {
            // Tasks that arrived before the fault are still printed.
            output.flush()?;
            return Err(Exit::of_reply(fault));
        }
        list.reuse(lines);
    }
    Ok(output.flush()?)
}

async fn cell(client: &Client, id: &CellId) -> Result<(), Exit> {
    let cells = client.cell_lines().await.map_err(Exit::of)?;
    match cells.into_iter().find(|cell| cell.id == *id) {
        Some(cell) => print([cell.line]),
        None => Err(Exit::failed("Cell not found")),
    }
}

async fn create(client: &Client, spec: TaskSpec) -> Result<(), Exit> {
    let guid = spec.guid();
    check(client, &guid, client.desire_spec(spec).await).await
}

/// Claims the deletion, then deletes. As in `cfdot`, the BBS refuses a task that is already claimed.
async fn delete(client: &Client, guid: &TaskGuid) -> Result<(), Exit> {
    check(client, guid, client.resolving(guid).await).await?;
    check(client, guid, client.delete(guid).await).await
}

async fn set_domain(client: &Client, domain: &Domain, ttl: Duration) -> Result<(), Exit> {
    let most = u32::MAX;
    let seconds =
        u32::try_from(ttl.as_secs()).map_err(|_| Exit::usage(format!("ttl is more than {most} seconds")))?;
    if seconds == 0 && !ttl.is_zero() {
        note("a ttl below one second keeps the domain fresh forever");
    }
    client.upsert_domain(domain, seconds).await.map_err(Exit::of)
}

/// Prints events until the server ends the stream. A broken connection is an error because events are lost.
async fn task_events(client: &Client) -> Result<(), Exit> {
    let mut stream = client.task_events().await.map_err(Exit::of)?;
    let (mut output, mut lines) = (Output::new(), JsonBuffer::default());
    while let Some(next) = stream.next_line(&mut lines).await {
        note_skipped(
            next.map_err(|fault| Exit::failed(format!("the event stream broke; events are lost: {fault}")))?,
        );
        // Drain everything that has arrived: the server cuts off slow readers.
        while let Some(more) = stream.ready_line(&mut lines) {
            note_skipped(more);
        }
        output.lines(lines.as_bytes())?;
        output.flush()?;
        lines.truncate(0);
    }
    Ok(())
}

/// Prints a note about an event that could not be printed. Servers are known to send empty ones; they get no note.
fn note_skipped(event: EventLine) {
    match event {
        EventLine::Written | EventLine::Skipped(Skipped::Empty { .. }) => {}
        EventLine::Skipped(Skipped::Unknown { event }) => {
            note(&format!("skipped an event with an unknown name: {event:?}"));
        }
        EventLine::Skipped(Skipped::Malformed { event, problem }) => {
            note(&format!("skipped an unreadable event: {event:?}: {problem}"));
        }
    }
}

/// Prints a note on standard error.
fn note(text: &str) {
    // There is nowhere to report this error.
    let _ = writeln!(io::stderr(), "Note: {text}");
}

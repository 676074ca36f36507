//! The calls behind the commands, and what they print. A command that changes something prints nothing.

use std::io::{self, Write as _};
use std::time::Duration;

use super::arguments::Request;
use super::exit::Exit;
use super::unanswered::check;
use crate::bbs::json::{JsonBuffer, TaskSpec};
use crate::bbs::{Client, EventLine};
use crate::cli::output::{self, Output};
use crate::model::{CellId, Domain, Skipped, TaskFilter, TaskGuid};

/// Does what was asked for.
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

/// The list is written as it arrives; it is never held.
async fn tasks(client: &Client, filter: &TaskFilter) -> Result<(), Exit> {
    let mut list = client.open_list(filter).await.map_err(Exit::of)?.into_lines();
    let mut output = Output::new();
    while let Some(mut lines) = list.next().await {
        output.lines(lines.text.as_bytes())?;
        if let Some(fault) = lines.fault.take() {
            // What came before the fault is data all the same.
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

/// The claim, then the deletion; a task that somebody has claimed already is refused, as scripts expect.
async fn delete(client: &Client, guid: &TaskGuid) -> Result<(), Exit> {
    check(client, guid, client.resolving(guid).await).await?;
    check(client, guid, client.delete(guid).await).await
}

async fn set_domain(client: &Client, domain: &Domain, ttl: Duration) -> Result<(), Exit> {
    let most = u32::MAX;
    let seconds =
        u32::try_from(ttl.as_secs()).map_err(|_| Exit::usage(format!("ttl is more than {most} seconds")))?;
    if seconds == 0 && !ttl.is_zero() {
        note("a ttl of less than a second keeps the domain fresh for ever");
    }
    client.upsert_domain(domain, seconds).await.map_err(Exit::of)
}

/// Prints events until the server ends the stream, which is its right; a connection that breaks is an error, since
/// events are lost with it.
async fn task_events(client: &Client) -> Result<(), Exit> {
    let mut stream = client.task_events().await.map_err(Exit::of)?;
    let (mut output, mut lines) = (Output::new(), JsonBuffer::default());
    while let Some(next) = stream.next_line(&mut lines).await {
        tell(
            next.map_err(|fault| Exit::failed(format!("the event stream broke, events are lost: {fault}")))?,
        );
        // All that has arrived is written at once: whoever falls behind is cut off by the server.
        while let Some(more) = stream.ready_line(&mut lines) {
            tell(more);
        }
        output.lines(lines.as_bytes())?;
        output.flush()?;
        lines.truncate(0);
    }
    Ok(())
}

/// An event that cannot be printed is not lost without a word; but that the server sends empty ones is known.
fn tell(event: EventLine) {
    match event {
        EventLine::Written | EventLine::Skipped(Skipped::Empty { .. }) => {}
        EventLine::Skipped(Skipped::Unknown { event }) => {
            note(&format!("passed over an event of an unknown name: {event:?}"));
        }
        EventLine::Skipped(Skipped::Malformed { event, problem }) => {
            note(&format!("passed over an event that cannot be read: {event:?}: {problem}"));
        }
    }
}

/// Something to know that is no error.
fn note(text: &str) {
    // Nobody is left to be told when this fails.
    let _ = writeln!(io::stderr(), "Note: {text}");
}

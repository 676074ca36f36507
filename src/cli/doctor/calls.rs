//! The calls that look, one after the other.

use tokio::time::Instant;

use super::report::{Report, StepError, elapsed, skip_all};
use super::steps::CALLS;
use crate::bbs::Client;
use crate::cli::failure::{Failure, Status, status_of};
use crate::model::{Fault, FaultKind, TaskFilter};
use crate::present::format;

type Went = Result<((), String), StepError>;

/// Makes the calls.
pub(super) async fn look(report: &mut Report, client: &Client) -> Result<(), Failure> {
    let [ping, list, events, cells] = CALLS;
    let went = ask_ping(client).await;
    let is_broken = went.as_ref().is_err_and(|trouble| trouble.status == Status::Failed);
    report.step(ping, went)?;
    if is_broken {
        return Ok(skip_all(&[list, events, cells], "ping comes first")?);
    }
    report.step(list, ask_list(client).await)?;
    report.step(events, ask_events(client).await)?;
    report.step(cells, ask_cells(client).await)?;
    Ok(())
}

async fn ask_ping(client: &Client) -> Went {
    let start = Instant::now();
    match client.ping().await {
        Ok(true) => Ok(((), elapsed(start))),
        Ok(false) => {
            Err(StepError::new("the BBS says that it is not available", "it may be starting: try again"))
        }
        Err(fault) => Err(trouble(&fault, "")),
    }
}

async fn ask_list(client: &Client) -> Went {
    let start = Instant::now();
    let slow = "a long list takes its time: give more with --call-timeout";
    let count = count_tasks(client).await.map_err(|fault| trouble(&fault, slow))?;
    Ok(((), format!("{} tasks, {}", format::len(count), elapsed(start))))
}

/// None of them is held: there may be a great many.
async fn count_tasks(client: &Client) -> Result<usize, Fault> {
    let mut list = client.open_list(&TaskFilter::default()).await?;
    let mut count = 0;
    while let Some(tasks) = list.next().await {
        count += tasks?.len();
    }
    Ok(count)
}

async fn ask_events(client: &Client) -> Went {
    let start = Instant::now();
    let stream =
        client.task_events().await.map_err(|fault| trouble(&fault, "the dashboard polls instead"))?;
    Ok(((), format!("subscribed {} (request {})", elapsed(start), stream.request())))
}

async fn ask_cells(client: &Client) -> Went {
    let start = Instant::now();
    let hint = "tasks work all the same: the BBS asks Locket for the cells, look there";
    let cells = client.cells().await.map_err(|fault| trouble(&fault, hint))?;
    Ok(((), format!("{} cells, {}", format::len(cells.len()), elapsed(start))))
}

/// What went wrong with a call; what its kind says of what to do, or else `hint`.
fn trouble(fault: &Fault, hint: &str) -> StepError {
    let known = match &fault.kind {
        FaultKind::NotBbs { status: 503, .. } => "wait for the migration, or ask the BBS's log",
        FaultKind::NotBbs { router_error, .. } if !router_error.is_empty() => {
            "the router cannot reach the BBS"
        }
        FaultKind::NotBbs { .. } | FaultKind::Malformed { .. } if hint.is_empty() => {
            "is this the BBS's own address and port, and not a proxy's or another job's?"
        }
        FaultKind::Tls { .. } => {
            "get a client certificate that the BBS takes (CLIENT_CERT_FILE, CLIENT_KEY_FILE)"
        }
        FaultKind::Unreachable { .. } => "it broke off: is the BBS restarting, or is something in between?",
        _ => hint,
    };
    StepError { what: fault.to_string(), hint: known.to_owned(), status: status_of(fault) }
}

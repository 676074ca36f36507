//! Checks the read-only calls: ping, list, events and cells.

use tokio::time::Instant;

use super::report::{Report, StepError, elapsed, skip_all};
use super::steps::CALLS;
use crate::bbs::Client;
use crate::cli::failure::{Failure, Status, status_of};
use crate::model::{Fault, FaultKind, TaskFilter};
use crate::present::format;

type StepResult = Result<((), String), StepError>;

/// Makes the calls and reports each.
pub(super) async fn check(report: &mut Report, client: &Client) -> Result<(), Failure> {
    let [ping, list, events, cells] = CALLS;
    let result = ping_step(client).await;
    let is_broken = result.as_ref().is_err_and(|error| error.status == Status::Failed);
    report.step(ping, result)?;
    if is_broken {
        return Ok(skip_all(&[list, events, cells], "requires ping")?);
    }
    report.step(list, list_step(client).await)?;
    report.step(events, events_step(client).await)?;
    report.step(cells, cells_step(client).await)?;
    Ok(())
}

async fn ping_step(client: &Client) -> StepResult {
    let start = Instant::now();
    match client.ping().await {
        Ok(true) => Ok(((), elapsed(start))),
        Ok(false) => {
            Err(StepError::new("the BBS reports that it is not available", "it may be starting; try again"))
        }
        Err(fault) => Err(step_error(&fault, "")),
    }
}

async fn list_step(client: &Client) -> StepResult {
    let start = Instant::now();
    let slow = "a long list takes time; raise --call-timeout";
    let count = count_tasks(client).await.map_err(|fault| step_error(&fault, slow))?;
    Ok(((), format!("{} tasks, {}", format::len(count), elapsed(start))))
}

/// Counts the tasks without keeping them: there may be very many.
async fn count_tasks(client: &Client) -> Result<usize, Fault> {
    let mut list = client.open_list(&TaskFilter::default()).await?;
    let mut count = 0;
    while let Some(tasks) = list.next().await {
        count += tasks?.len();
    }
    Ok(count)
}

async fn events_step(client: &Client) -> StepResult {
    let start = Instant::now();
    let stream = client
        .task_events()
        .await
        .map_err(|fault| step_error(&fault, "the dashboard falls back to polling"))?;
    Ok(((), format!("subscribed {} (request {})", elapsed(start), stream.request())))
}

async fn cells_step(client: &Client) -> StepResult {
    let start = Instant::now();
    let hint = "tasks still work; the BBS gets cells from Locket, so check Locket";
    let cells = client.cells().await.map_err(|fault| step_error(&fault, hint))?;
    Ok(((), format!("{} cells, {}", format::len(cells.len()), elapsed(start))))
}

/// Converts a fault into a failed step. The hint depends on the kind of fault; `hint` is the default.
fn step_error(fault: &Fault, hint: &str) -> StepError {
    let known = match &fault.kind {
        FaultKind::NotBbs { status: 503, .. } => {
            "wait for the migration to finish, or check the log of the BBS"
        }
        FaultKind::NotBbs { router_error, .. } if !router_error.is_empty() => {
            "the router cannot reach the BBS"
        }
        FaultKind::NotBbs { .. } | FaultKind::Malformed { .. } if hint.is_empty() => {
            "check that this is the BBS's address and port, not a proxy's or another job's"
        }
        FaultKind::TooLarge { .. } => "if this is the BBS, raise reply_limit_mb of the target",
        FaultKind::Tls { .. } => {
            "get a client certificate that the BBS accepts (CLIENT_CERT_FILE, CLIENT_KEY_FILE)"
        }
        FaultKind::Unreachable { .. } => {
            "the connection broke; check whether the BBS is restarting or a proxy is in between"
        }
        _ => hint,
    };
    StepError { what: fault.to_string(), hint: known.to_owned(), status: status_of(fault) }
}

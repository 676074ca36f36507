//! Checks the read-only calls: ping, list, events and cells.

use tokio::time::Instant;

use super::clock::{self, Reading};
use super::names::CALLS;
use crate::bbs::Client;
use crate::bbs::diagnose;
use crate::cli::failure::{Failure, Status, status_of};
use crate::cli::next_step;
use crate::cli::steps::{StepError, Steps, elapsed};
use crate::clock::{Clock as _, SystemClock};
use crate::model::{Call, Fault, FaultKind, TaskFilter};
use crate::present::format;

type StepResult = Result<((), String), StepError>;

/// Makes the calls and reports each.
pub(super) async fn check(steps: &mut Steps, client: &Client) -> Result<(), Failure> {
    let [ping, clock, list, events, cells] = CALLS;
    let result = ping_step(client).await;
    let is_broken = result.as_ref().is_err_and(|error| error.status == Status::Failed);
    match steps.step(ping, result)? {
        Some(reading) => {
            steps.step(clock, Ok(((), clock::compare(reading))))?;
        }
        None if is_broken => return Ok(steps.skip_all(&[clock, list, events, cells], "requires ping")?),
        None => steps.skip(clock, "requires ping")?,
    }
    steps.step(list, list_step(client).await)?;
    steps.step(events, events_step(client).await)?;
    steps.step(cells, cells_step(client).await)?;
    Ok(())
}

async fn ping_step(client: &Client) -> Result<(Reading, String), StepError> {
    let (start, clock) = (Instant::now(), SystemClock::start());
    let asked = clock.now().wall;
    match diagnose::ping(client).await {
        Ok(pinged) if pinged.is_available => {
            let reading = Reading { date: pinged.date, asked, answered: clock.now().wall };
            Ok((reading, answered(client, Call::Ping, start)))
        }
        Ok(_) => Err(StepError::new(
            "the BBS reports that it is not available",
            "it may be starting; try again in a minute",
        )),
        Err(fault) => Err(step_error(&fault, "")),
    }
}

/// Returns how long a call took, and the path of the revision that the server supports.
fn answered(client: &Client, call: Call, start: Instant) -> String {
    format!("{} ({})", elapsed(start), client.path(call))
}

async fn list_step(client: &Client) -> StepResult {
    let start = Instant::now();
    let count = count_tasks(client).await.map_err(|fault| step_error(&fault, ""))?;
    Ok(((), format!("{} tasks, {}", format::len(count), answered(client, Call::ListTasks, start))))
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
    let answered = answered(client, Call::TaskEvents, start);
    Ok(((), format!("subscribed {answered}, request {}", stream.request())))
}

async fn cells_step(client: &Client) -> StepResult {
    let start = Instant::now();
    let hint = "tasks still work; the BBS gets cells from Locket, so check Locket";
    let cells = client.cells().await.map_err(|fault| step_error(&fault, hint))?;
    Ok(((), format!("{} cells, {}", format::len(cells.len()), answered(client, Call::Cells, start))))
}

/// Converts a fault into a failed step. `meaning` says what it means that this call is not answered, if the rest works.
fn step_error(fault: &Fault, meaning: &str) -> StepError {
    let is_about_the_call = matches!(
        fault.kind,
        FaultKind::Refused { .. } | FaultKind::TimedOut { .. } | FaultKind::NotBbs { status: 404, .. }
    );
    let is_plain = fault.target.starts_with("http://");
    let hint = match &fault.kind {
        FaultKind::Unreachable { .. } if is_plain => {
            "if the server speaks TLS, use an https:// URL; else check whether the BBS is restarting or a proxy is in between"
        }
        _ if is_about_the_call && !meaning.is_empty() => meaning,
        kind => next_step::for_fault(kind),
    };
    StepError { what: fault.to_string(), hint: hint.to_owned(), status: status_of(fault) }
}

//! `watch`: prints task events as lines of JSON and reconnects when the connection breaks.
//!
//! Must not lose events silently: a gap, and an event that cannot be read, is a line of its own.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::backoff::Backoff;
use super::connect::{self, ConnectionArgs};
use super::failure::{Failure, Status};
use super::output::{self, Output, Reveal};
use super::signals::{self, ShutdownSignals};
use crate::bbs::json::{self, Secrets};
use crate::bbs::{Client, EventStream};
use crate::clock::{Clock as _, SystemClock};
use crate::filter::{Filter, Subject};
use crate::model::{Cause, End, Skipped, StreamItem, Task, TaskEvent, Timestamp};
use crate::present::format;

/// A stream that lasted longer than this resets the backoff.
const STABLE: Duration = Duration::from_secs(10);

/// Arguments of `watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints a line of JSON for each event, like task-events, but with secrets masked.

When the connection breaks or the server ends the stream, events are lost. taskdeck then \
subscribes again and prints a line about the gap:
  {\"type\":\"gap\",\"since\":\"2026-06-01T12:00:07.123Z\",
   \"until\":\"2026-06-01T12:00:09.456Z\",\"reason\":\"…\"}

An event that cannot be read is printed as skipped (some servers send removals without the task):
  {\"type\":\"skipped\",\"event\":\"task_removed\",\"reason\":\"event has no task\"}

Exit status:
  0  ended by SIGINT or SIGTERM, or the reader closed the pipe
  3  invalid filter, argument or setting
  4  the BBS refused the first subscription
  5  the BBS could not be reached for the first subscription")]
pub(super) struct Arguments {
    /// Print only events of tasks that match before or after the event
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    #[command(flatten)]
    reveal: Reveal,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// A period in which events were lost.
#[derive(Serialize)]
struct Gap<'a> {
    r#type: &'static str,
    since: String,
    until: String,
    reason: &'a str,
}

/// An event that could not be read.
#[derive(Serialize)]
struct SkippedEvent<'a> {
    r#type: &'static str,
    event: &'a str,
    reason: &'a str,
}

struct Watch {
    filter: Filter,
    secrets: Secrets,
    output: Output,
    clock: SystemClock,
    backoff: Backoff,
}

/// Watches until a signal arrives or the reader goes away.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let text = arguments.filter.as_deref().unwrap_or_default();
    let filter = Filter::parse_for_script(text).map_err(|mistake| Failure::filter(&mistake, text))?;
    let config = arguments.connection.config(environment)?;
    let client = connect::client(&config).await?;
    let mut signals = signals::listen()?;
    let mut watch = Watch {
        filter,
        secrets: arguments.reveal.secrets(),
        output: Output::new(),
        clock: SystemClock::start(),
        backoff: Backoff::up_to(config.settings.pace.backoff_ceiling),
    };
    output::while_read(watch.subscribe_and_follow(&client, &mut signals)).await?;
    Ok(Status::Done)
}

impl Watch {
    /// Subscribes and prints events. The first subscription must succeed.
    async fn subscribe_and_follow(
        &mut self,
        client: &Client,
        signals: &mut ShutdownSignals,
    ) -> Result<(), Failure> {
        let stream = tokio::select! {
            stream = client.task_events() => stream?,
            () = signals.received() => return Ok(()),
        };
        self.follow_with_reconnect(client, stream, signals).await
    }

    /// Follows the stream and its successors until a signal arrives.
    async fn follow_with_reconnect(
        &mut self,
        client: &Client,
        mut stream: EventStream,
        signals: &mut ShutdownSignals,
    ) -> Result<(), Failure> {
        loop {
            let mut since = self.clock.now().wall;
            let begun = self.clock.now().mono;
            let reason = tokio::select! {
                reason = self.follow(&mut stream, &mut since) => reason?,
                () = signals.received() => return Ok(()),
            };
            output::print_message(&format!(
                "connection lost, events are being missed; reconnecting: {reason}"
            ));
            if self.clock.now().mono.saturating_sub(begun) > STABLE {
                self.backoff.reset();
            }
            let next = tokio::select! {
                next = self.resubscribe(client) => Some(next),
                () = signals.received() => None,
            };
            self.print_gap(since, &reason)?;
            match next {
                Some(next) => stream = next,
                None => return Ok(()),
            }
        }
    }

    /// Prints events until the stream ends and returns the reason. Keeps `since` at the time up to which no event is missing.
    async fn follow(&mut self, stream: &mut EventStream, since: &mut Timestamp) -> Result<String, Failure> {
        loop {
            match stream.next().await {
                Some(Ok(item)) => self.print(&item)?,
                Some(Err(fault)) => return Ok(fault.to_string()),
                None => return Ok("the server ended the stream".to_owned()),
            }
            // Drain everything that has arrived: the server cuts off slow readers.
            while let Some(item) = stream.ready() {
                self.print(&item)?;
            }
            self.output.flush()?;
            *since = self.clock.now().wall;
        }
    }

    /// Retries until a subscription succeeds.
    async fn resubscribe(&mut self, client: &Client) -> EventStream {
        let mut reported = None;
        loop {
            tokio::time::sleep(self.backoff.next()).await;
            match client.task_events().await {
                Ok(stream) => return stream,
                Err(fault) => {
                    // Report an error once, not on every try.
                    if reported.as_ref() != Some(&fault.kind) {
                        output::print_message(&format!("still reconnecting: {fault}"));
                    }
                    reported = Some(fault.kind);
                }
            }
        }
    }

    fn print(&mut self, item: &StreamItem) -> Result<(), Failure> {
        match item {
            StreamItem::Event(event) if self.matches(event) => {
                Ok(self.output.lines(&json::event_line(event, self.secrets))?)
            }
            StreamItem::Event(_) => Ok(()),
            StreamItem::Skipped(skipped) => {
                let (event, reason) = match skipped {
                    Skipped::Empty { event } => (event, "event has no task"),
                    Skipped::Unknown { event } => (event, "unknown event name"),
                    Skipped::Malformed { event, problem } => (event, problem.as_str()),
                };
                let line = output::json_line(&SkippedEvent { r#type: "skipped", event, reason });
                Ok(self.output.lines(&line)?)
            }
        }
    }

    /// Returns whether the task matches before or after the event. A completed task has no cell, so the change that
    /// completes it matches by the cell before.
    fn matches(&self, event: &TaskEvent) -> bool {
        let now = self.clock.now().wall;
        let held = |task: &Task| self.filter.admits(&Subject::held(task, now));
        match event {
            TaskEvent::Created(task) => held(task),
            TaskEvent::Changed { before, after } => {
                let cell = after.cell.as_ref().or(before.cell.as_ref());
                held(before) || self.filter.admits(&Subject { cell, ..Subject::held(after, now) })
            }
            TaskEvent::Removed(task) => {
                let cause = Some(Cause::of(task, End::of_removed(task)));
                held(task) || self.filter.admits(&Subject { cause, ..Subject::held(task, now) })
            }
        }
    }

    fn print_gap(&mut self, since: Timestamp, reason: &str) -> Result<(), Failure> {
        let (since, until) = (format::rfc3339(since), format::rfc3339(self.clock.now().wall));
        self.output.lines(&output::json_line(&Gap { r#type: "gap", since, until, reason }))?;
        Ok(self.output.flush()?)
    }
}

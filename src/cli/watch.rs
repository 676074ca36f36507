//! `watch`: the events of tasks as lines of JSON, over breaks of the connection. Nothing is lost without a word: where
//! events are missing, a line of its own says from when to when, and why; so does one for an event without its task.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::backoff::Backoff;
use super::connect::{self, ConnectionArgs};
use super::failure::{Failure, Status};
use super::output::{self, Output, Reveal};
use super::signals::ShutdownSignals;
use crate::bbs::json::{self, Secrets};
use crate::bbs::{Client, EventStream};
use crate::clock::{Clock as _, SystemClock};
use crate::filter::{Filter, Subject};
use crate::model::{Skipped, StreamItem, Task, TaskEvent, Timestamp};
use crate::present::format;

/// A stream that lasted longer was worth its subscription: the wait before the next one is short again.
const STABLE: Duration = Duration::from_secs(10);

/// What is watched, and how it is shown.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints a line of JSON for each event, as task-events does, but with its secrets masked.
When the connection breaks or the server ends the stream, events are lost: it subscribes
again, says so in a line of its own, and goes on:
  {\"type\":\"gap\",\"since\":\"2026-06-01T12:00:07.123Z\",\"until\":\"2026-06-01T12:00:09.456Z\",\"reason\":\"…\"}
An event that does not tell its task (servers send removals so at times) is a line too:
  {\"type\":\"skipped\",\"event\":\"task_removed\",\"reason\":\"it came without its task\"}

Exit status:
  0  ended by SIGINT or SIGTERM, or nobody reads any more
  3  a faulty filter, argument or setting
  4  the BBS refused the first subscription
  5  the BBS could not be reached for the first subscription")]
pub(super) struct Arguments {
    /// Only events of tasks that it admits, before or after the event
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    #[command(flatten)]
    reveal: Reveal,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Events that are missing.
#[derive(Serialize)]
struct Gap<'a> {
    r#type: &'static str,
    since: String,
    until: String,
    reason: &'a str,
}

/// An event that came and says nothing of a task.
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

/// Watches until it is asked to end.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let text = arguments.filter.as_deref().unwrap_or_default();
    let filter = Filter::parse(text).map_err(|mistake| Failure::filter(&mistake, text))?;
    let config = arguments.connection.config(environment)?;
    let client = connect::client(&config).await?;
    let mut end = ShutdownSignals::listen()?;
    let mut watch = Watch {
        filter,
        secrets: arguments.reveal.secrets(),
        output: Output::new(),
        clock: SystemClock::start(),
        backoff: Backoff::up_to(config.settings.pace.backoff_ceiling),
    };
    output::while_read(watch.all(&client, &mut end)).await?;
    Ok(Status::Done)
}

impl Watch {
    /// Subscribes and prints until it is asked to end.
    async fn all(&mut self, client: &Client, end: &mut ShutdownSignals) -> Result<(), Failure> {
        let stream = tokio::select! {
            stream = client.task_events() => stream?,
            () = end.asked_for() => return Ok(()),
        };
        self.go_on(client, stream, end).await
    }

    async fn go_on(
        &mut self,
        client: &Client,
        mut stream: EventStream,
        end: &mut ShutdownSignals,
    ) -> Result<(), Failure> {
        loop {
            let mut since = self.clock.now().wall;
            let begun = self.clock.now().mono;
            let reason = tokio::select! {
                reason = self.follow(&mut stream, &mut since) => reason?,
                () = end.asked_for() => return Ok(()),
            };
            output::say(&format!("events are being lost, subscribing again: {reason}"));
            if self.clock.now().mono.saturating_sub(begun) > STABLE {
                self.backoff.reset();
            }
            let again = tokio::select! {
                again = self.subscribe(client) => Some(again),
                () = end.asked_for() => None,
            };
            self.tell_gap(since, &reason)?;
            match again {
                Some(again) => stream = again,
                None => return Ok(()),
            }
        }
    }

    /// Prints what comes; why no more does. `since` is kept at the moment up to which all is known to have come.
    async fn follow(&mut self, stream: &mut EventStream, since: &mut Timestamp) -> Result<String, Failure> {
        loop {
            match stream.next().await {
                Some(Ok(item)) => self.tell(&item)?,
                Some(Err(fault)) => return Ok(fault.to_string()),
                None => return Ok("the server ended the stream".to_owned()),
            }
            // All that has arrived is written at once: whoever falls behind is cut off by the server.
            while let Some(item) = stream.ready() {
                self.tell(&item)?;
            }
            self.output.flush()?;
            *since = self.clock.now().wall;
        }
    }

    async fn subscribe(&mut self, client: &Client) -> EventStream {
        let mut said = None;
        loop {
            tokio::time::sleep(self.backoff.next()).await;
            match client.task_events().await {
                Ok(stream) => return stream,
                Err(fault) => {
                    // The same trouble is said once, not with every try.
                    if said.as_ref() != Some(&fault.kind) {
                        output::say(&format!("still trying: {fault}"));
                    }
                    said = Some(fault.kind);
                }
            }
        }
    }

    fn tell(&mut self, item: &StreamItem) -> Result<(), Failure> {
        match item {
            StreamItem::Event(event) if self.admits(event) => {
                Ok(self.output.lines(&json::event_line(event, self.secrets))?)
            }
            StreamItem::Event(_) => Ok(()),
            StreamItem::Skipped(skipped) => {
                let (event, reason) = match skipped {
                    Skipped::Empty { event } => (event, "it came without its task"),
                    Skipped::Unknown { event } => (event, "its name is not known"),
                    Skipped::Malformed { event, problem } => (event, problem.as_str()),
                };
                let line = output::json_line(&SkippedEvent { r#type: "skipped", event, reason });
                Ok(self.output.lines(&line)?)
            }
        }
    }

    /// A completed task has forgotten its cell: the event that completes it is still about the cell.
    fn admits(&self, event: &TaskEvent) -> bool {
        let now = self.clock.now().wall;
        let held = |task: &Task| self.filter.admits(&Subject::held(task, now));
        match event {
            TaskEvent::Created(task) => held(task),
            TaskEvent::Changed { before, after } => {
                let cell = after.cell.as_ref().or(before.cell.as_ref());
                held(before) || self.filter.admits(&Subject { cell, ..Subject::held(after, now) })
            }
            TaskEvent::Removed(task) => {
                held(task) || self.filter.admits(&Subject { ended: true, ..Subject::held(task, now) })
            }
        }
    }

    fn tell_gap(&mut self, since: Timestamp, reason: &str) -> Result<(), Failure> {
        let (since, until) = (format::rfc3339(since), format::rfc3339(self.clock.now().wall));
        self.output.lines(&output::json_line(&Gap { r#type: "gap", since, until, reason }))?;
        Ok(self.output.flush()?)
    }
}

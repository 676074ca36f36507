//! `wait`: waits until a task reaches a state.
//!
//! Subscribes to the events before looking the task up, so that no change falls in between. Looks it up again
//! periodically, since events may be lost.

mod goal;

use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, sleep, timeout_at};

use super::backoff::Backoff;
use super::connect::{self, ConnectionArgs, parse_duration};
use super::failure::{Failure, Status};
use super::output::{self, Output, Reveal};
use crate::bbs::json;
use crate::bbs::{Client, EventStream};
use crate::model::{Fault, StreamItem, Task, TaskGuid};
use goal::{Goal, Verdict};

/// Interval of look-ups while the event stream is open.
const POLL_WITH_STREAM: Duration = Duration::from_secs(10);
/// How late events may arrive, and the delay of the look-up after an unreadable event.
const EVENT_GRACE: Duration = Duration::from_secs(1);
/// Longest interval of look-ups without an event stream.
const POLL_WITHOUT_STREAM: Duration = Duration::from_secs(2);

/// Arguments of `wait`.
#[derive(Debug, Args)]
#[command(after_help = "\
States:
  running    the task is Running, or has completed without failing
  completed  the task has completed without failing
  gone       the BBS does not hold the task (or never did)

Prints the task in its last known state as one line of JSON, with secrets masked.

Exit status:
  0  state reached
  1  state no longer reachable: the task failed, or was gone before it was seen in that state
  2  state not reached in time
  3  invalid argument or setting
  4  no such task, or the BBS refused or did not answer in time, or the answer was not from a BBS
  5  the BBS could not be reached")]
pub(super) struct Arguments {
    /// Guid of the task
    #[arg(value_name = "GUID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    guid: String,
    /// State to wait for
    #[arg(long = "for", value_name = "STATE", value_enum)]
    goal: Goal,
    /// How long to wait, like 30s, 5m or 1h30m [default: no limit]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    timeout: Option<Duration>,
    #[command(flatten)]
    reveal: Reveal,
    #[command(flatten)]
    connection: ConnectionArgs,
}

struct Wait<'a> {
    client: &'a Client,
    guid: TaskGuid,
    goal: Goal,
    /// The last observation. Once there is one, errors no longer end the wait.
    last: Option<Task>,
    /// The BBS answered that it does not hold the task. Late events may still tell how it ended.
    gone: Option<Fault>,
    backoff: Backoff,
}

/// Waits, then prints the last observation of the task.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let config = arguments.connection.config(environment)?;
    let client = connect::client(&config).await?;
    let guid = TaskGuid::from(arguments.guid);
    let mut wait = Wait {
        client: &client,
        guid: guid.clone(),
        goal: arguments.goal,
        last: None,
        gone: None,
        backoff: Backoff::up_to(POLL_WITHOUT_STREAM),
    };
    let deadline = arguments.timeout.and_then(|limit| Instant::now().checked_add(limit));
    let verdict = match deadline {
        None => Some(wait.verdict().await),
        Some(deadline) => timeout_at(deadline, wait.verdict()).await.ok(),
    };
    if let Some(last) = &wait.last {
        let mut output = Output::new();
        output.lines(&json::task_line(last, arguments.reveal.secrets()))?;
        output.flush()?;
    }
    match verdict.unwrap_or_else(|| wait.timed_out())? {
        Verdict::Reached => Ok(Status::Done),
        Verdict::Missed(why) => Err(Failure::with(Status::Missed, format!("{guid}: {why}"))),
    }
}

impl Wait<'_> {
    /// Returns the result at the deadline. A task known to be gone counts as gone, without its last events.
    fn timed_out(&mut self) -> Result<Verdict, Failure> {
        if let Some(fault) = self.gone.take() {
            return self.was_gone(fault);
        }
        let so_far = match &self.last {
            Some(task) => format!("timed out; task is still {}", task.state),
            None => "timed out; the BBS did not answer".to_owned(),
        };
        Err(Failure::with(Status::Late, format!("{}: {so_far}", self.guid)))
    }

    async fn verdict(&mut self) -> Result<Verdict, Failure> {
        loop {
            // Without a stream, poll. The look-up reports a server that cannot be reached.
            let mut stream = self.client.task_events().await.ok();
            let verdict = match self.look_up(stream.as_mut()).await? {
                Some(verdict) => Some(verdict),
                None => self.follow(stream.as_mut()).await?,
            };
            if let Some(verdict) = verdict {
                return Ok(verdict);
            }
            sleep(self.backoff.next()).await;
        }
    }

    /// Looks the task up.
    async fn look_up(&mut self, stream: Option<&mut EventStream>) -> Result<Option<Verdict>, Failure> {
        match self.client.task(&self.guid).await {
            Ok(task) => Ok(self.observe(task)),
            Err(fault) if fault.is_not_found() => self.not_found(stream, fault).await.map(Some),
            Err(fault) if self.last.is_some() => {
                output::print_message(&format!("still waiting: {fault}"));
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Handles that the task is gone. Waits briefly for its last events, which may arrive after the answer.
    async fn not_found(
        &mut self,
        stream: Option<&mut EventStream>,
        fault: Fault,
    ) -> Result<Verdict, Failure> {
        if self.goal == Goal::Gone {
            return Ok(self.goal.judge_gone());
        }
        self.gone = Some(fault.clone());
        if let Some(stream) = stream {
            let soon = Instant::now() + EVENT_GRACE;
            while let Ok(Some(Ok(item))) = timeout_at(soon, stream.next()).await {
                if let Some(verdict) = self.handle(item) {
                    return Ok(verdict);
                }
            }
        }
        self.was_gone(fault)
    }

    /// Returns the result without last events. A task that was never observed is an error: the guid may be wrong.
    fn was_gone(&self, fault: Fault) -> Result<Verdict, Failure> {
        if self.last.is_some() { Ok(self.goal.judge_gone()) } else { Err(fault.into()) }
    }

    /// Follows events until one decides or the stream ends.
    async fn follow(&mut self, stream: Option<&mut EventStream>) -> Result<Option<Verdict>, Failure> {
        let Some(stream) = stream else { return Ok(None) };
        let mut next_look_up = Instant::now() + POLL_WITH_STREAM;
        loop {
            let verdict = match timeout_at(next_look_up, stream.next()).await {
                Ok(Some(Ok(StreamItem::Skipped(_)))) => {
                    // The event may have been about this task.
                    next_look_up = next_look_up.min(Instant::now() + EVENT_GRACE);
                    None
                }
                Ok(Some(Ok(item))) => {
                    self.backoff.reset();
                    self.handle(item)
                }
                Ok(Some(Err(_)) | None) => return Ok(None),
                Err(_) => {
                    next_look_up = Instant::now() + POLL_WITH_STREAM;
                    self.look_up(Some(stream)).await?
                }
            };
            if verdict.is_some() {
                return Ok(verdict);
            }
        }
    }

    fn handle(&mut self, item: StreamItem) -> Option<Verdict> {
        let StreamItem::Event(event) = item else { return None };
        if *event.guid() != self.guid {
            return None;
        }
        let verdict = self.goal.judge_event(&event);
        self.remember(event.task().clone(), verdict.is_some());
        verdict
    }

    fn observe(&mut self, task: Task) -> Option<Verdict> {
        let verdict = self.goal.judge(&task);
        self.remember(task, verdict.is_some());
        verdict
    }

    /// Remembers the observation, unless it is older than the last one and decides nothing.
    fn remember(&mut self, task: Task, decides: bool) {
        let is_older = self.last.as_ref().is_some_and(|last| last.updated_at > task.updated_at);
        if decides || !is_older {
            self.last = Some(task);
        }
    }
}

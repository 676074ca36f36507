//! `wait`: until a task is where it should be. Subscribes first, then looks, then follows the events; looks again from
//! time to time, since an event may be lost.

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

/// Between two looks while the stream is there.
const POLL_WITH_STREAM: Duration = Duration::from_secs(10);
/// Until the next look after an event that cannot be read, and how late events may come.
const EVENT_GRACE: Duration = Duration::from_secs(1);
/// Between two looks while it is not, at the most.
const POLL_WITHOUT_STREAM: Duration = Duration::from_secs(2);

/// What is waited for.
#[derive(Debug, Args)]
#[command(after_help = "\
States:
  running    reached when the task is seen Running, or has completed without failing
  completed  reached when it has completed without failing
  gone       reached when the BBS does not hold it, be it from the beginning

Prints the task as it was last seen, as one line of JSON with its secrets masked.

Exit status:
  0  reached
  1  it cannot be reached any more: the task failed, or was gone before it was seen there
  2  not reached in time
  3  a faulty argument or setting
  4  there is no such task, or the BBS refused
  5  the BBS could not be reached")]
pub(super) struct Arguments {
    /// The task
    #[arg(value_name = "GUID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    guid: String,
    /// What to wait for
    #[arg(long = "for", value_name = "STATE", value_enum)]
    goal: Goal,
    /// How long to wait, like 30s, 5m or 1h30m [default: for ever]
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
    /// As it was last seen. Once it has been seen, trouble is waited out.
    last: Option<Task>,
    /// The BBS does not hold it, and said so; only the events of the last moment may still tell how it ended.
    gone: Option<Fault>,
    backoff: Backoff,
}

/// Waits, and prints the task as it was last seen.
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
    match verdict.unwrap_or_else(|| wait.time_is_up())? {
        Verdict::Reached => Ok(Status::Done),
        Verdict::Missed(why) => Err(Failure::with(Status::Missed, format!("{guid}: {why}"))),
    }
}

impl Wait<'_> {
    /// That it is gone is known before its last events are; no event came in time to say more.
    fn time_is_up(&mut self) -> Result<Verdict, Failure> {
        if let Some(fault) = self.gone.take() {
            return self.was_gone(fault);
        }
        let so_far = match &self.last {
            Some(task) => format!("it was still {} when the time was up", task.state),
            None => "the BBS did not answer before the time was up".to_owned(),
        };
        Err(Failure::with(Status::Late, format!("{}: {so_far}", self.guid)))
    }

    async fn verdict(&mut self) -> Result<Verdict, Failure> {
        loop {
            // A server without the stream is polled; whether it is there at all, the look says.
            let mut stream = self.client.task_events().await.ok();
            let verdict = match self.look(stream.as_mut()).await? {
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
    async fn look(&mut self, stream: Option<&mut EventStream>) -> Result<Option<Verdict>, Failure> {
        match self.client.task(&self.guid).await {
            Ok(task) => Ok(self.saw(task)),
            Err(fault) if fault.is_not_found() => self.found_none(stream, fault).await.map(Some),
            Err(fault) if self.last.is_some() => {
                output::say(&format!("still waiting: {fault}"));
                Ok(None)
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Gone; the events of the last moment may tell how it ended, and may come after the answer.
    async fn found_none(
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
                if let Some(verdict) = self.heard(item) {
                    return Ok(verdict);
                }
            }
        }
        self.was_gone(fault)
    }

    /// What it means that no event told how it ended: a task that the BBS never held is a mistake of the caller's.
    fn was_gone(&self, fault: Fault) -> Result<Verdict, Failure> {
        if self.last.is_some() { Ok(self.goal.judge_gone()) } else { Err(fault.into()) }
    }

    /// Follows the events until one of them decides, or the stream ends.
    async fn follow(&mut self, stream: Option<&mut EventStream>) -> Result<Option<Verdict>, Failure> {
        let Some(stream) = stream else { return Ok(None) };
        let mut look_at = Instant::now() + POLL_WITH_STREAM;
        loop {
            let verdict = match timeout_at(look_at, stream.next()).await {
                Ok(Some(Ok(StreamItem::Skipped(_)))) => {
                    // It may have been about this task.
                    look_at = look_at.min(Instant::now() + EVENT_GRACE);
                    None
                }
                Ok(Some(Ok(item))) => {
                    self.backoff.reset();
                    self.heard(item)
                }
                Ok(Some(Err(_)) | None) => return Ok(None),
                Err(_) => {
                    look_at = Instant::now() + POLL_WITH_STREAM;
                    self.look(Some(stream)).await?
                }
            };
            if verdict.is_some() {
                return Ok(verdict);
            }
        }
    }

    fn heard(&mut self, item: StreamItem) -> Option<Verdict> {
        let StreamItem::Event(event) = item else { return None };
        if *event.guid() != self.guid {
            return None;
        }
        let verdict = self.goal.judge_event(&event);
        self.keep(event.task().clone(), verdict.is_some());
        verdict
    }

    fn saw(&mut self, task: Task) -> Option<Verdict> {
        let verdict = self.goal.judge(&task);
        self.keep(task, verdict.is_some());
        verdict
    }

    /// Keeps what was seen, unless it is older than what is kept and decides nothing.
    fn keep(&mut self, task: Task, decides: bool) {
        let is_older = self.last.as_ref().is_some_and(|last| last.updated_at > task.updated_at);
        if decides || !is_older {
            self.last = Some(task);
        }
    }
}

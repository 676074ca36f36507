//! `cancel` and `delete`: what is done to the tasks of a filter, or to those that are named.
//!
//! The guids are frozen before anything is sent. Each task is looked up again before it is touched; what has changed
//! is left alone. Nothing is sent twice.

mod act;
mod confirm;
mod outcome;

use std::num::NonZeroUsize;
use std::pin::pin;
use std::time::Duration;

use clap::Args;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use super::connect::{self, ConnectionArgs};
use super::failure::{Failure, Status};
use super::output::{self, Output};
use super::signals::ShutdownSignals;
use crate::bbs::{Access, Client};
use crate::clock::{Clock as _, SystemClock};
use crate::filter::{Filter, Subject};
use crate::model::{TaskAction, TaskGuid};
use act::{Act, Listed, SelectedTask, ServerClock};
use outcome::{Outcome, Word};

/// Said below the help of both.
const HELP: &str = "\
The tasks are listed once, and are asked about if there is more than one. Each is looked up
before it is touched, and left alone if it no longer matches or its state forbids it. Each call
is sent once and never again; then the task is looked up. A line of JSON says what became of it:
  {\"task_guid\":\"…\",\"outcome\":\"cancelled\",\"reason\":\"\"}
The outcome is cancelled, deleted, skipped, failed, or unknown (no answer came, and the look-up
does not tell); with --dry-run it is planned or skipped. Interrupted, it ends with the task that
it is at.

Exit status:
  0  done; nothing has failed
  3  a faulty filter, argument or setting; not confirmed; or the target is read-only
  4  the BBS refused the list, or a task has failed or is of unknown outcome
  5  the BBS could not be reached, nobody reads the outcomes any more, or interrupted";

/// Which tasks, and how.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// Send nothing; say what would be done
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// At most so many tasks a second
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<Duration>,
    /// Stop after so many that have failed or are of unknown outcome
    #[arg(long, value_name = "N")]
    max_failures: Option<NonZeroUsize>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The tasks
    #[arg(value_name = "GUID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    guids: Vec<String>,
    /// All that it admits, like 'state:pending age:>10m domain:cf-*'
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Every task that the BBS holds
    #[arg(long)]
    all: bool,
}

/// The time from one task to the next.
fn rate(text: &str) -> Result<Duration, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| (0.001..=10_000.0).contains(rate));
    rate.map(|rate| Duration::from_secs_f64(1.0 / rate))
        .ok_or_else(|| "it must be a number a second, 0.001 to 10000".to_owned())
}

/// Does it to all that are selected.
pub(super) async fn run(
    action: TaskAction,
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let filter = arguments.which.filter()?;
    let config = arguments.connection.config(environment)?;
    if config.connection.access == Access::ReadOnly && !arguments.dry_run {
        return Err(Failure::usage(format!(
            "{} is opened read-only: nothing was sent",
            config.connection.url
        )));
    }
    let client = connect::client(&config).await?;
    let (selected, clock) = match &filter {
        Some(filter) => list(&client, filter).await?,
        None => (arguments.which.named(), None),
    };
    if selected.is_empty() {
        output::say("no task matches");
    }
    let act = Act { client: &client, action, filter: filter.as_ref().zip(clock) };
    if arguments.dry_run {
        return dry_run(&act, &selected).await;
    }
    if selected.len() > 1 && !arguments.yes {
        confirm::ask(action, client.url(), &selected).await?;
    }
    Run::new(&arguments).go(&act, &selected).await
}

impl Which {
    /// What is selected from the list; none if the tasks are named. An empty filter is hardly ever meant.
    fn filter(&self) -> Result<Option<Filter>, Failure> {
        let Some(text) = &self.filter else { return Ok(self.all.then(Filter::default)) };
        let filter = Filter::parse(text).map_err(|mistake| Failure::filter(&mistake, text))?;
        if filter.is_empty() {
            return Err(Failure::usage("an empty filter admits every task: say --all if that is meant"));
        }
        Ok(Some(filter))
    }

    /// Each guid once, in the order given.
    fn named(&self) -> Vec<SelectedTask> {
        let mut selected: Vec<SelectedTask> = Vec::new();
        for guid in self.guids.iter().map(|guid| TaskGuid::from(guid.as_str())) {
            if !selected.iter().any(|known| known.guid == guid) {
                selected.push(SelectedTask { guid, listed: None });
            }
        }
        selected
    }
}

/// The tasks that the filter admits, sorted by their guids, and the clock of the server that listed them.
async fn list(client: &Client, filter: &Filter) -> Result<(Vec<SelectedTask>, Option<ServerClock>), Failure> {
    let mut list = client.open_list(&filter.for_list()).await?;
    let then = list.server_time().unwrap_or_else(|| SystemClock::start().now().wall);
    let clock = ServerClock { then, when: Instant::now() };
    let mut selected = Vec::new();
    while let Some(tasks) = list.next().await {
        let tasks = tasks?;
        let admitted = tasks.iter().filter(|task| filter.admits(&Subject::held(task, then)));
        selected.extend(admitted.map(|task| SelectedTask {
            guid: task.guid.clone(),
            listed: Some(Listed { created_at: task.created_at, state: task.state }),
        }));
    }
    selected.sort_by(|one, other| one.guid.cmp(&other.guid));
    Ok((selected, Some(clock)))
}

async fn dry_run(act: &Act<'_>, selected: &[SelectedTask]) -> Result<Status, Failure> {
    let mut output = Output::new();
    let mut failures = 0;
    for one in selected {
        let outcome = act.dry_run(one).await;
        failures += usize::from(outcome.is_failure());
        output.lines(&output::json_line(&outcome))?;
    }
    output.flush()?;
    Ok(if failures == 0 { Status::Done } else { Status::Refused })
}

/// One after the other.
struct Run {
    output: Output,
    pace: Option<Interval>,
    max_failures: usize,
    failures: usize,
    told: usize,
}

impl Run {
    fn new(arguments: &Arguments) -> Self {
        let pace = arguments.rate.map(|every| {
            let mut pace = interval(every);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            pace
        });
        let max_failures = arguments.max_failures.map_or(usize::MAX, NonZeroUsize::get);
        Self { output: Output::new(), pace, max_failures, failures: 0, told: 0 }
    }

    async fn go(mut self, act: &Act<'_>, selected: &[SelectedTask]) -> Result<Status, Failure> {
        let mut end = ShutdownSignals::listen()?;
        for (at, one) in selected.iter().enumerate() {
            if self.failures >= self.max_failures {
                let why = format!("not tried: stopped after {} failures", self.failures);
                return self.leave(selected.get(at..).unwrap_or_default(), &why, Status::Refused);
            }
            let mut is_asked_to_end = tokio::select! {
                () = self.next_turn() => false,
                () = end.asked_for() => true,
            };
            if !is_asked_to_end {
                let mut acting = pin!(act.execute(one));
                // What was begun is finished: its outcome would be lost otherwise.
                let outcome = tokio::select! {
                    outcome = acting.as_mut() => outcome,
                    () = end.asked_for() => { is_asked_to_end = true; acting.await }
                };
                self.tell(&outcome, selected.len())?;
            }
            if is_asked_to_end {
                let left = selected.get(self.told..).unwrap_or_default();
                return self.leave(left, "not tried: interrupted", Status::Failed);
            }
        }
        Ok(if self.failures == 0 { Status::Done } else { Status::Refused })
    }

    async fn next_turn(&mut self) {
        if let Some(pace) = &mut self.pace {
            pace.tick().await;
        }
    }

    /// An outcome that nobody reads ends it: what follows would be done unseen.
    fn tell(&mut self, outcome: &Outcome, all: usize) -> Result<(), Failure> {
        self.failures += usize::from(outcome.is_failure());
        self.told += 1;
        let told = self.output.lines(&output::json_line(outcome)).and_then(|()| self.output.flush());
        told.map_err(|error| {
            let done = self.told;
            Failure::other(format!(
                "the outcomes cannot be written any more, stopped after {done} of {all}: {error}"
            ))
        })
    }

    /// Says of those that are left why they were not tried.
    fn leave(mut self, left: &[SelectedTask], why: &str, status: Status) -> Result<Status, Failure> {
        for one in left {
            self.output.lines(&output::json_line(&Outcome::of(&one.guid, Word::Skipped, why)))?;
        }
        self.output.flush()?;
        Ok(status)
    }
}

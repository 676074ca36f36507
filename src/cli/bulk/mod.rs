//! `cancel` and `delete`: act on tasks given by guid or by a filter.
//!
//! Fixes the set of guids before sending anything, looks each task up again before acting on it, and skips a task that has
//! changed. Never sends a request twice.

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
use super::signals;
use crate::bbs::Client;
use crate::clock::{Clock as _, SystemClock};
use crate::filter::{Filter, Subject};
use crate::model::plan::{ActionSet, PlannedTask, Report};
use crate::model::secret::masked;
use crate::model::{TaskAction, TaskGuid};
use act::{Act, ServerClock};
use outcome::{Word, outcome};

/// Help below the options of both commands.
const HELP: &str = "\
With --filter or --all, taskdeck lists the tasks once. It asks for confirmation if there is more \
than one. Before acting on a task it looks it up again, and skips it if it no longer matches or if \
its state forbids the action. It never sends a call twice. Afterwards it looks the task up and \
prints the outcome as a line of JSON:
  {\"task_guid\":\"…\",\"outcome\":\"cancelled\",\"reason\":\"\"}

The outcome is cancelled, deleted, skipped, failed, or unknown (no answer came, and the look-up \
was not conclusive); with --dry-run it is planned or skipped. When interrupted, taskdeck finishes \
the current task first.

Exit status:
  0  no task failed
  3  invalid filter, argument or setting; not confirmed; or the target is read-only
  4  the BBS refused the list, or the outcome of a task is failed or unknown
  5  the BBS could not be reached, the outcomes could not be written, or interrupted";

/// Arguments of `cancel` and `delete`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    #[command(flatten)]
    selection: Selection,
    /// Send nothing; print what would be done
    #[arg(long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long)]
    yes: bool,
    /// Process at most N tasks a second
    #[arg(long, value_name = "N", value_parser = rate)]
    rate: Option<Duration>,
    /// Stop after N failed or unknown outcomes
    #[arg(long, value_name = "N")]
    max_failures: Option<NonZeroUsize>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Selection {
    /// Guids of the tasks
    #[arg(value_name = "GUID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    guids: Vec<String>,
    /// Select the tasks that match, like 'state:pending age:>10m domain:cf-*'
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Select every task that the BBS holds
    #[arg(long)]
    all: bool,
}

/// Parses a rate into the interval between two tasks.
fn rate(text: &str) -> Result<Duration, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| (0.001..=10_000.0).contains(rate));
    rate.map(|rate| Duration::from_secs_f64(1.0 / rate))
        .ok_or_else(|| "expected tasks a second, from 0.001 to 10000".to_owned())
}

/// Acts on every selected task.
pub(super) async fn run(
    action: TaskAction,
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let filter = arguments.selection.filter()?;
    let config = arguments.connection.config(environment)?;
    if config.connection.access.is_read_only() && !arguments.dry_run {
        return Err(Failure::usage(format!(
            "{} is opened read-only; nothing was sent. Remove `read_only` from the target, or use another one",
            masked(&config.connection.url)
        )));
    }
    let client = connect::client(&config).await?;
    let (set, clock) = match &filter {
        Some(filter) => list(&client, filter, action).await?,
        None => (arguments.selection.guids(action), None),
    };
    if set.tasks().is_empty() {
        output::print_message("no task matches");
    }
    let act = Act { client: &client, set: &set, filter: filter.as_ref().zip(clock) };
    if arguments.dry_run {
        return dry_run(&act).await;
    }
    if set.tasks().len() > 1 && !arguments.yes {
        confirm::ask(&set, client.url()).await?;
    }
    Run::new(&arguments).execute(&act).await
}

impl Selection {
    /// Returns the filter for the list, or `None` if guids are given. Rejects an empty filter, which is usually a mistake.
    fn filter(&self) -> Result<Option<Filter>, Failure> {
        let Some(text) = &self.filter else { return Ok(self.all.then(Filter::default)) };
        let filter = Filter::parse_for_script(text).map_err(|mistake| Failure::filter(&mistake, text))?;
        if filter.is_empty() {
            return Err(Failure::usage("an empty filter matches every task; pass --all to confirm"));
        }
        Ok(Some(filter))
    }

    /// Returns each guid once, in the order given.
    fn guids(&self, action: TaskAction) -> ActionSet {
        let mut set = ActionSet::new(action);
        set.add_guids(self.guids.iter().map(|guid| TaskGuid::from(guid.as_str())));
        set
    }
}

/// Lists the tasks that match, sorted by guid, and returns them with the server's clock.
async fn list(
    client: &Client,
    filter: &Filter,
    action: TaskAction,
) -> Result<(ActionSet, Option<ServerClock>), Failure> {
    let mut list = client.open_list(&filter.for_list()).await?;
    let then = list.server_time().unwrap_or_else(|| SystemClock::start().now().wall);
    let clock = ServerClock { then, when: Instant::now() };
    let mut set = ActionSet::new(action);
    while let Some(tasks) = list.next().await {
        let tasks = tasks?;
        let admitted = tasks.iter().filter(|task| filter.admits(&Subject::held(task, then)));
        admitted.for_each(|task| set.add(task));
    }
    set.sort();
    Ok((set, Some(clock)))
}

async fn dry_run(act: &Act<'_>) -> Result<Status, Failure> {
    let mut output = Output::new();
    let mut failures = 0;
    for one in act.set.tasks() {
        let outcome = act.dry_run(one).await;
        failures += usize::from(outcome.is_failure());
        output.lines(&output::json_line(&outcome))?;
    }
    output.flush()?;
    Ok(if failures == 0 { Status::Done } else { Status::Refused })
}

/// A run over the selected tasks, one after the other.
struct Run {
    output: Output,
    pace: Option<Interval>,
    max_failures: usize,
    failures: usize,
    reported: usize,
}

impl Run {
    fn new(arguments: &Arguments) -> Self {
        let pace = arguments.rate.map(|every| {
            let mut pace = interval(every);
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            pace
        });
        let max_failures = arguments.max_failures.map_or(usize::MAX, NonZeroUsize::get);
        Self { output: Output::new(), pace, max_failures, failures: 0, reported: 0 }
    }

    async fn execute(mut self, act: &Act<'_>) -> Result<Status, Failure> {
        let mut signals = signals::listen()?;
        let tasks = act.set.tasks();
        for (at, one) in tasks.iter().enumerate() {
            if self.failures >= self.max_failures {
                let why = format!("not tried: stopped after {} failures", self.failures);
                return self.skip(tasks.get(at..).unwrap_or_default(), &why, Status::Refused);
            }
            let mut interrupted = tokio::select! {
                () = self.next_tick() => false,
                () = signals.received() => true,
            };
            if !interrupted {
                let mut acting = pin!(act.execute(one));
                // Finish this task even when interrupted: otherwise its outcome would be lost.
                let outcome = tokio::select! {
                    outcome = acting.as_mut() => outcome,
                    () = signals.received() => { interrupted = true; acting.await }
                };
                self.report(&outcome, tasks.len())?;
            }
            if interrupted {
                let left = tasks.get(self.reported..).unwrap_or_default();
                return self.skip(left, "not tried: interrupted", Status::Failed);
            }
        }
        Ok(if self.failures == 0 { Status::Done } else { Status::Refused })
    }

    async fn next_tick(&mut self) {
        if let Some(pace) = &mut self.pace {
            pace.tick().await;
        }
    }

    /// Prints an outcome. Fails if it cannot be written, since further actions would go unseen.
    fn report(&mut self, outcome: &Report, all: usize) -> Result<(), Failure> {
        self.failures += usize::from(outcome.is_failure());
        self.reported += 1;
        let written = self.output.lines(&output::json_line(outcome)).and_then(|()| self.output.flush());
        written.map_err(|error| {
            let done = self.reported;
            Failure::other(format!(
                "could not write an outcome; stopped after {done} of {all} tasks: {error}"
            ))
        })
    }

    /// Reports the remaining tasks as skipped.
    fn skip(mut self, left: &[PlannedTask], why: &str, status: Status) -> Result<Status, Failure> {
        for one in left {
            self.output.lines(&output::json_line(&outcome(&one.guid, Word::Skipped, why)))?;
        }
        self.output.flush()?;
        Ok(status)
    }
}

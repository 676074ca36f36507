//! `replay`: plays a recording in the dashboard.
//!
//! Calls no BBS, and keeps nothing for the next run of the dashboard.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;

use super::dashboard;
use super::failure::{Failure, Status};
use super::recorded::{RecordingArgs, unreadable};
use crate::app::own_commands::OwnCommands;
use crate::app::{Place, ReplaySettings, Settings, Speed, Target};
use crate::bbs::Access;
use crate::config::{self, Flags, Paths};
use crate::model::Timestamp;
use crate::present::format;
use crate::record::{RecordFault, Recording, Run};
use crate::runtime::Reel;

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Plays in the dashboard what `taskdeck record` or the dashboard recorded: views, filters, sorts, \
timelines and statistics show what they showed then. Nothing is sent to a BBS, and actions are \
disabled. Recordings do not contain definitions.

Keys: p pauses, + and - change the speed, { and } go back and forward a minute, and \
`:seek 10:32` goes to a time (UTC).

A file can contain several runs, one for each start of a program that recorded to it and for each \
target. Without --run, taskdeck plays the last run, or the last one that contains the time of --from.

Exit status:
  0  ended by the operator
  3  invalid argument or setting, a run or time that was not recorded, or no terminal
  5  no recording, it could not be read, or it is empty")]
pub(super) struct Arguments {
    /// Recording to play [default: the configured one, or recording.db in the platform's state directory]
    #[arg(value_name = "FILE", conflicts_with = "file")]
    path: Option<PathBuf>,
    /// How many times as fast as it happened, 1 to 3600
    #[arg(long, value_name = "FACTOR", value_parser = Speed::parse, default_value = "1")]
    speed: Speed,
    /// Where to begin: a time (UTC) like 10:32 or 2026-06-01T10:32, +5m after the beginning, or end [default: start]
    #[arg(long, value_name = "TIME", value_parser = Place::parse)]
    from: Option<Place>,
    /// Number of the run to play
    #[arg(long, value_name = "N")]
    run: Option<i64>,
    #[command(flatten)]
    recording: RecordingArgs,
}

/// A run with the stretch of time that it has.
struct Playable {
    run: Run,
    stretch: (Timestamp, Timestamp),
}

/// Plays the recording until the operator ends it.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    let opened = arguments.recording.open_at(arguments.path.clone(), paths)?;
    let Playable { run, stretch } = arguments.choose(&opened.recording, opened.runs())?;
    let from = arguments.from.unwrap_or(Place::Start).resolve(stretch.0, stretch);
    let from = from.map_err(|why| Failure::usage(format!("--from: {why}")))?;
    let flags = Flags { config: arguments.recording.config(), ..Flags::default() };
    let (settings, looks) =
        config::load_dashboard(&flags, paths).map_err(|mistake| Failure::configuration(&mistake, paths))?;
    let target = Target {
        name: Some(run.target.clone()),
        url: format!("recorded by {}@{}", run.user, run.host),
        access: Access::ReadOnly,
        ..Target::default()
    };
    let (first, last) = stretch;
    let replay = Some(ReplaySettings { first, last, from, speed: arguments.speed });
    let settings = Settings {
        replay,
        record: false,
        restore_view: false,
        // They would act on what is there now.
        own_commands: OwnCommands::default(),
        ..settings
    };
    let reel = Reel { recording: opened.recording, run: run.id };
    dashboard::replay(target, reel, settings, &looks, environment).await?;
    Ok(Status::Done)
}

impl Arguments {
    /// Returns the run to play.
    fn choose(&self, recording: &Recording, runs: &[Run]) -> Result<Playable, Failure> {
        let mut playable = Vec::new();
        for run in runs.iter().filter(|run| self.selects(run)) {
            let stretch = recording.stretch(run).map_err(|fault| not_read(recording, &fault))?;
            playable.extend(stretch.map(|stretch| Playable { run: run.clone(), stretch }));
        }
        if let Some(number) = self.run
            && !runs.iter().any(|run| run.id.number() == number)
        {
            return Err(Failure::usage(format!(
                "the recording has no run {number}; its runs:{}",
                listed(runs)
            )));
        }
        let Some(last) = playable.last() else {
            let path = recording.path().display();
            let message = format!("nothing was recorded in {path}: there is nothing to play");
            return Err(Failure::with(Status::Failed, message));
        };
        if playable.iter().any(|one| one.run.target != last.run.target) {
            let runs: Vec<_> = playable.into_iter().map(|one| one.run).collect();
            let message =
                format!("the recording has several targets; choose with --target or --run:{}", listed(&runs));
            return Err(Failure::usage(message));
        }
        let from = self.from.unwrap_or(Place::Start);
        let at = playable.iter().rposition(|one| from.resolve(one.stretch.0, one.stretch).is_ok());
        // If no run has the time, the last one says which times it has.
        let at = at.unwrap_or(playable.len() - 1);
        Ok(playable.swap_remove(at))
    }

    fn selects(&self, run: &Run) -> bool {
        self.recording.target.as_ref().is_none_or(|target| *target == run.target)
            && self.run.is_none_or(|number| run.id.number() == number)
    }
}

fn not_read(recording: &Recording, fault: &RecordFault) -> Failure {
    unreadable(&recording.path().display().to_string(), fault)
}

/// Returns a line for each run.
fn listed(runs: &[Run]) -> String {
    let line = |run: &Run| {
        let [started, seen] = [run.started, run.seen].map(|at| format::timestamp(at, &TimeZone::UTC));
        format!("\n  {}: {}, {started} to {seen} UTC", run.id.number(), run.target)
    };
    runs.iter().map(line).collect()
}

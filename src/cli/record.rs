//! `record`: records what happens on a BBS to a file, without a screen.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::connect::{self, ConnectionArgs, parse_duration, warn_of_exposed_key};
use super::failure::{Failure, Status};
use super::output::{self, Output};
use super::signals;
use super::{log, metrics, recording};
use crate::app::{App, Notice, RecordingState, Settings};
use crate::bbs::{Access, Client, Connection};
use crate::clock::SystemClock;
use crate::config::Paths;
use crate::present::format;
use crate::record::{Program, RecordFault, Recording, WriterOptions};
use crate::runtime::headless::{self, Headless, Progress, Report};

/// Arguments of `record`.
#[derive(Debug, Args)]
#[command(after_help = "\
Records every change of every task, and the times when events were lost. Records no secrets: no \
definitions and no environments. Continues after restarts and failovers of the server. `taskdeck \
history`, `failures`, `timeline`, `replay` and `report` read the file, also while it is being \
written; so does sqlite3. The dashboard can record to the same file at the same time. The keys under \
[record] in the configuration file also limit the file's size and age.

With --metrics 9124, Prometheus can scrape http://127.0.0.1:9124/metrics; `taskdeck docs metrics` \
lists the metrics. On any address but loopback, everyone who can reach it can read them.

Prints a line once the tasks are listed, then every minute, and at the end:
  2026-06-01T12:00:07.123Z live, 1,204 tasks, 81,312 entries recorded, 12 MB

Exit status:
  0  ended by --for, SIGINT or SIGTERM, or the reader closed the pipe
  3  invalid argument or setting, or the port of --metrics is in use
  5  the file cannot be written to")]
pub(super) struct Arguments {
    /// End after this time, like 30m or 8h
    #[arg(long = "for", value_name = "DURATION", value_parser = parse_duration)]
    time: Option<Duration>,
    /// Record to this file instead of the configured one
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Serve metrics for Prometheus on this port of the loopback address, or on an address like 0.0.0.0:9124
    #[arg(long, value_name = "[HOST:]PORT", value_parser = metrics::parse_address)]
    metrics: Option<SocketAddr>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Records until the time is over or a signal arrives.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let config = arguments.connection.config(environment)?;
    let (_log, warning) = log::start(config.log_file.as_deref(), environment);
    if let Some(warning) = warning {
        output::print_message(&warning);
    }
    let file = arguments.file.or_else(|| recording::file(&config.record, &Paths::platform()));
    let file = file.ok_or_else(|| Failure::usage("there is no state directory to record to; pass --file"))?;
    let options = recording::options(file, Program::Record, &config.record, environment);
    let mut signals = signals::listen()?;
    let (observers, _serving) = metrics::serve(arguments.metrics, config.target.label()).await?;
    check(&options)?;
    // It only looks.
    let connection = Connection { access: Access::ReadOnly, ..config.connection };
    warn_of_exposed_key(&connection);
    let client = Client::open(connection).await.map_err(|problem| connect::unusable_files(&problem))?;
    // What has ended is in the file.
    let mut settings = Settings { record: true, ended_kept: 1_000, events_kept: 0, ..config.settings };
    settings.pace.jitter_seed = fastrand::u32(..);
    let mut report = Printed { output: Output::new(), path: options.path.display().to_string() };
    let headless = Headless { app: App::new(config.target, settings), client, recording: options, observers };
    let stop = async {
        tokio::select! {
            () = signals.received() => {}
            () = tokio::time::sleep(arguments.time.unwrap_or(Duration::MAX)) => {}
        }
    };
    let clock = SystemClock::start();
    let work = Box::pin(headless::run(headless, &clock, &mut report, stop));
    match output::while_read(work).await? {
        RecordingState::Fails => Err(Failure::other("the last changes could not be recorded")),
        _ => Ok(Status::Done),
    }
}

/// Checks that the file can be written to, before anybody relies on it. A damaged one is replaced later.
fn check(options: &WriterOptions) -> Result<(), Failure> {
    match Recording::create(&options.path) {
        Ok(_) | Err(RecordFault::Damaged(_) | RecordFault::Locked) => Ok(()),
        Err(RecordFault::NoDatabase) if options.replace_foreign => Ok(()),
        Err(fault) => {
            let path = options.path.display();
            Err(Failure::other(format!("could not open the recording {path}: {fault}")))
        }
    }
}

/// Prints reports.
struct Printed {
    output: Output,
    path: String,
}

impl Report for Printed {
    fn progress(&mut self, progress: &Progress) -> io::Result<()> {
        let Progress { at, feed, recording, written } = progress;
        let problem = match recording {
            RecordingState::Fails => format!(", NOT RECORDING to {}", self.path),
            RecordingState::Waits => format!(", waiting for {}", self.path),
            RecordingState::Off | RecordingState::Starts | RecordingState::Works => String::new(),
        };
        let line = format!(
            "{} {}, {}, {} entries recorded, {}{problem}\n",
            format::rfc3339(at.to_millis()),
            feed.health,
            format::counted(feed.held, "task"),
            format::count(written.written),
            format::bytes(written.bytes),
        );
        self.output.lines(line.as_bytes())?;
        self.output.flush()
    }

    fn notice(&mut self, notice: &Notice) {
        output::print_message(&notice.text);
    }
}

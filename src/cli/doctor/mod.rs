//! `doctor`: diagnoses the connection to a BBS step by step, and concludes whether it is usable. Changes nothing on the server.

mod calls;
mod clock;
mod files;
mod names;
mod network;
mod ticket;
mod verdict;

use std::io::{self, Write as _};

use clap::Args;

use super::advice;
use super::connect::ConnectionArgs;
use super::failure::{Failure, Status};
use super::steps::{Found, StepError, Steps};
use crate::bbs::{Client, Connection, Verify};
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
pub(super) use files::check as check_files;
use names::{CALLS, FILES, NETWORK, SETTINGS};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Checks the settings, CA certificate, client certificate and key, name look-up, TCP and TLS, then
the calls ping, list, events and cells, and compares the clocks. Each step is ok, FAILED or
skipped, or has a warning; a failed one is followed by what to do. The last line says whether the
BBS is usable. Changes nothing on the server.

Exit status:
  0  no step failed; otherwise, by the first step that failed:
  3  settings
  4  a call: the BBS refused or did not answer in time, or the answer was not from a BBS
  5  a file, the name look-up, TCP or TLS")]
pub(super) struct Arguments {
    /// Print a report for a ticket, as Markdown without secrets
    #[arg(long)]
    report: bool,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the steps and reports the result of each.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let config = arguments.connection.config(environment);
    if arguments.report {
        let mut steps = Steps::kept();
        let can_write = run_steps(&mut steps, config).await?;
        let now = SystemClock::start().now().wall;
        let report = ticket::markdown(&steps, &verdict::conclude(&steps, can_write), now);
        let mut out = io::stdout().lock();
        out.write_all(report.as_bytes())?;
        out.flush()?;
        return Ok(steps.status());
    }
    diagnose(config).await
}

/// Runs the steps, prints each, and concludes whether the BBS is usable.
pub(super) async fn diagnose(config: Result<Config, Failure>) -> Result<Status, Failure> {
    let mut steps = Steps::printed();
    if let Err(Failure::NoTarget { config_file }) = &config {
        steps.step(SETTINGS, Err::<((), String), _>(StepError::setting(NO_TARGET)))?;
        steps.print_paragraph(&advice::page(config_file.as_deref()))?;
        return Ok(steps.status());
    }
    let can_write = run_steps(&mut steps, config).await?;
    steps.print_paragraph(&verdict::conclude(&steps, can_write).sentences())?;
    Ok(steps.status())
}

const NO_TARGET: &str = "no BBS is configured";

/// Runs the steps. Returns whether the target allows changes.
async fn run_steps(steps: &mut Steps, config: Result<Config, Failure>) -> Result<bool, Failure> {
    let has_target = !matches!(config, Err(Failure::NoTarget { .. }));
    let Some(connection) = steps.step(SETTINGS, settings(config)?)? else {
        // Without a target there is nothing to skip.
        if has_target {
            steps.skip_all(FILES.iter().chain(&NETWORK).chain(&CALLS), "requires the settings")?;
        }
        return Ok(false);
    };
    let can_write = !connection.access.is_read_only();
    let files_are_valid = files::check(steps, &connection)?;
    let is_connected = network::check(steps, &connection, files_are_valid).await?;
    if files_are_valid && is_connected {
        let client = Client::open(connection).await.map_err(Failure::usage)?;
        calls::check(steps, &client).await?;
    } else {
        steps.skip_all(&CALLS, "requires a connection")?;
    }
    Ok(can_write)
}

/// Describes the settings. An error that is no message ends the command.
fn settings(config: Result<Config, Failure>) -> Result<Result<(Connection, Found), StepError>, Failure> {
    let config = match config {
        Ok(config) => config,
        Err(Failure::NoTarget { .. }) => {
            let hint = "run `taskdeck config init`, pass --bbs-url, or set BBS_URL";
            return Ok(Err(StepError { hint: hint.to_owned(), ..StepError::setting(NO_TARGET) }));
        }
        Err(Failure::Message { status, message }) => {
            return Ok(Err(StepError { status, ..StepError::setting(message) }));
        }
        Err(Failure::Filter { message, excerpt }) => {
            return Ok(Err(StepError::setting([message, excerpt].join("\n"))));
        }
        Err(other) => return Err(other),
    };
    let mut parts = vec![config.connection.url.clone()];
    parts.extend(config.target.name.map(|target| format!("target {target}")));
    if config.connection.access.is_read_only() {
        parts.push("read-only".to_owned());
    }
    let text = parts.join(", ");
    let found = if config.connection.tls.as_ref().is_some_and(|tls| tls.verify == Verify::Skip) {
        let advice = "anyone on the way can read and change everything; set ca_cert and stop skipping the verification";
        Found::doubtful(format!("{text}, SERVER NOT VERIFIED"), advice)
    } else {
        text.into()
    };
    Ok(Ok((config.connection, found)))
}

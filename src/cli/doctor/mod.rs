//! `doctor`: diagnoses the connection to a BBS step by step. Changes nothing on the server.

mod calls;
mod files;
mod network;
mod report;
mod steps;

use clap::Args;

use super::advice;
use super::connect::ConnectionArgs;
use super::failure::{Failure, Status};
use crate::bbs::{Client, Connection, Verify};
use crate::config::Config;
use report::{Report, StepError, skip_all};
use steps::{CALLS, FILES, NETWORK};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Checks the settings, CA certificate, client certificate and key, name look-up, TCP and TLS, then
the calls ping, list, events and cells. Each step is ok, FAILED or skipped; a failed one is
followed by what to do. Changes nothing on the server.

Exit status:
  0  no step failed; otherwise, by the first step that failed:
  3  settings
  4  a call: the BBS refused or did not answer in time, or the answer was not from a BBS
  5  a file, the name look-up, TCP or TLS")]
pub(super) struct Arguments {
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Runs the steps and reports the result of each.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let mut report = Report::new();
    let config = match arguments.connection.config(environment) {
        Err(Failure::NoTarget { config_file }) => {
            report::stop("settings", "no BBS is configured", &advice::page(config_file.as_deref()))?;
            return Ok(Status::Usage);
        }
        config => config,
    };
    let Some(connection) = report.step("settings", settings(config)?)? else {
        skip_all(FILES.iter().chain(&NETWORK).chain(&CALLS), "requires the settings")?;
        return Ok(report.status());
    };
    let files_are_valid = files::check(&mut report, &connection)?;
    let is_connected = network::check(&mut report, &connection, files_are_valid).await?;
    if files_are_valid && is_connected {
        let client = Client::open(connection).await.map_err(Failure::usage)?;
        calls::check(&mut report, &client).await?;
    } else {
        skip_all(&CALLS, "requires a connection")?;
    }
    Ok(report.status())
}

/// Describes the settings. An error that is no message ends the command.
fn settings(config: Result<Config, Failure>) -> Result<Result<(Connection, String), StepError>, Failure> {
    let config = match config {
        Ok(config) => config,
        Err(Failure::Message { status, message }) => {
            return Ok(Err(StepError { what: message, hint: String::new(), status }));
        }
        Err(other) => return Err(other),
    };
    let mut parts = vec![config.connection.url.clone()];
    parts.extend(config.target.name.map(|target| format!("target {target}")));
    if config.connection.access.is_read_only() {
        parts.push("read-only".to_owned());
    }
    if config.connection.tls.as_ref().is_some_and(|tls| tls.verify == Verify::Skip) {
        parts.push("SERVER NOT VERIFIED".to_owned());
    }
    Ok(Ok((config.connection, parts.join(", "))))
}

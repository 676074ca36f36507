//! `doctor`: which step of a connection fails, for an operator who has no time. Changes nothing on the server.

mod calls;
mod files;
mod network;
mod report;
mod steps;

use clap::Args;

use super::advice;
use super::connect::ConnectionArgs;
use super::failure::{Failure, Status};
use crate::bbs::{Access, Client, Connection, Verify};
use crate::config::Config;
use report::{Report, StepError, skip_all};
use steps::{CALLS, FILES, NETWORK};

/// Which BBS.
#[derive(Debug, Args)]
#[command(after_help = "\
Goes step by step: settings, CA certificate, client certificate and key, name look-up, TCP,
TLS, then the calls ping, list, events and cells. Each is ok, FAILED or skipped; below one
that fails stands what to do about it. Nothing is changed on the server.

Exit status:
  0  all steps are well; otherwise the first that fails counts:
  3  the settings
  4  the BBS refused a call or did not answer it in time, or something else answered
  5  a file, the name, TCP or TLS")]
pub(super) struct Arguments {
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Makes the steps, and says of each how it went.
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
        skip_all(FILES.iter().chain(&NETWORK).chain(&CALLS), "the settings come first")?;
        return Ok(report.status());
    };
    let files_are_well = files::look(&mut report, &connection)?;
    let is_reached = network::look(&mut report, &connection, files_are_well).await?;
    if files_are_well && is_reached {
        let client = Client::open(connection).await.map_err(Failure::usage)?;
        calls::look(&mut report, &client).await?;
    } else {
        skip_all(&CALLS, "there is no connection")?;
    }
    Ok(report.status())
}

/// What the settings say; a failure to say anything ends the command.
fn settings(config: Result<Config, Failure>) -> Result<Result<(Connection, String), StepError>, Failure> {
    let config = match config {
        Ok(config) => config,
        Err(Failure::Message { status, message }) => {
            return Ok(Err(StepError { what: message, hint: String::new(), status }));
        }
        Err(other) => return Err(other),
    };
    let mut parts = vec![config.connection.url.clone()];
    parts.extend(config.target.map(|target| format!("target {target}")));
    if config.connection.access == Access::ReadOnly {
        parts.push("read-only".to_owned());
    }
    if config.connection.tls.as_ref().is_some_and(|tls| tls.verify == Verify::Skip) {
        parts.push("THE SERVER IS NOT VERIFIED".to_owned());
    }
    Ok(Ok((config.connection, parts.join(", "))))
}

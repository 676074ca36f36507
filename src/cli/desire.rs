//! `desire`: creates a task from JSON and rejects unknown fields, which `create-task` ignores.

use std::io::{self, Read as _};

use clap::Args;

use super::connect::{self, ConnectionArgs};
use super::failure::{Failure, Status, status_of};
use super::unanswered;
use crate::bbs::json::TaskSpec;

/// Arguments of `desire`.
#[derive(Debug, Args)]
#[command(after_help = "\
The task is a JSON object as printed by `task`: task_guid, domain and the fields of its definition. \
Other fields that `task` prints are ignored, so that you can create an old task again. Unknown \
fields and masked secrets are errors. Prints nothing on success.

If the connection breaks before the BBS answers, taskdeck looks the task up once and prints what \
it found on standard error. It does not send the request again.

Exit status:
  0  created
  3  unreadable file, or invalid JSON, argument or setting
  4  the BBS refused the task or did not answer in time, or the answer was not from a BBS
  5  the BBS could not be reached")]
pub(super) struct Arguments {
    /// JSON text, or @ and the name of a file that contains it; @- reads standard input
    #[arg(value_name = "SPEC|@FILE")]
    spec: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Sends the task once.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let (source, text) = read(&arguments.spec).map_err(Failure::usage)?;
    // Windows editors write a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let spec = TaskSpec::parse_strictly(text)
        .map_err(|mistake| Failure::usage(format!("{source} is not a valid task: {mistake}")))?;
    let config = arguments.connection.config(environment)?;
    let client = connect::client(&config).await?;
    let guid = spec.guid();
    let Err(fault) = client.desire_spec(spec).await else { return Ok(Status::Done) };
    if !fault.outcome_unknown() {
        return Err(fault.into());
    }
    let found = unanswered::look_up(&client, &guid).await;
    Err(Failure::with(status_of(&fault), format!("{fault}. {found}")))
}

/// Returns the name of the source, for messages, and the text.
fn read(spec: &str) -> Result<(&str, String), String> {
    match spec.strip_prefix('@') {
        None => Ok(("the spec", spec.to_owned())),
        Some("-") => {
            let mut text = String::new();
            let read = io::stdin().read_to_string(&mut text);
            read.map(|_| ("standard input", text))
                .map_err(|error| format!("could not read standard input: {error}"))
        }
        Some(path) => std::fs::read_to_string(path)
            .map(|text| (path, text))
            .map_err(|error| format!("could not read {path}: {error}")),
    }
}

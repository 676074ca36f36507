//! `desire`: a new task, of which every field must be known. `create-task` passes over what it does not know.

use std::io::{self, Read as _};

use clap::Args;

use super::connect::{self, ConnectionArgs};
use super::failure::{Failure, Status, status_of};
use super::unanswered;
use crate::bbs::json::TaskSpec;

/// The task.
#[derive(Debug, Args)]
#[command(after_help = "\
The task is one object as task prints it: task_guid, domain and the fields of its definition. What
task says beyond that is passed over, so that an old task can be desired again. A field that is
not known is a mistake, and so is a secret that was masked. Prints nothing.

If the connection breaks before the BBS answers, the task is looked up once, standard error says
what was found, and nothing is sent again.

Exit status:
  0  desired
  3  a file that cannot be read, faulty JSON, a faulty argument or setting
  4  the BBS refused
  5  the BBS could not be reached")]
pub(super) struct Arguments {
    /// The text itself, or the file that it is in; @- is standard input
    #[arg(value_name = "SPEC|@FILE")]
    spec: String,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// Desires it.
pub(super) async fn run(
    arguments: Arguments,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Status, Failure> {
    let (source, text) = read(&arguments.spec).map_err(Failure::usage)?;
    // A byte order mark, as editors on Windows write it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let spec = TaskSpec::parse_strictly(text)
        .map_err(|mistake| Failure::usage(format!("{source} is no task: {mistake}")))?;
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

/// What to call the text, and the text.
fn read(spec: &str) -> Result<(&str, String), String> {
    match spec.strip_prefix('@') {
        None => Ok(("the spec", spec.to_owned())),
        Some("-") => {
            let mut text = String::new();
            let read = io::stdin().read_to_string(&mut text);
            read.map(|_| ("standard input", text))
                .map_err(|error| format!("standard input cannot be read: {error}"))
        }
        Some(path) => std::fs::read_to_string(path)
            .map(|text| (path, text))
            .map_err(|error| format!("{path} cannot be read: {error}")),
    }
}

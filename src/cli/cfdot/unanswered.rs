//! Handles writes whose connection broke before the BBS answered.

use super::exit::Exit;
use crate::bbs::Client;
use crate::cli::unanswered;
use crate::model::{Fault, FaultKind, TaskGuid};

/// Checks the answer to a write. If the connection broke before the BBS answered, the write may have been carried out, so
/// looks the task up once. Treats a timeout like `cfdot`.
pub(super) async fn check(client: &Client, guid: &TaskGuid, answer: Result<(), Fault>) -> Result<(), Exit> {
    let Err(fault) = answer else { return Ok(()) };
    if !matches!(fault.kind, FaultKind::Unreachable { sent: true, .. }) {
        return Err(Exit::of(fault));
    }
    let found = unanswered::look_up(client, guid).await;
    Err(Exit::Unanswered { exit: Box::new(Exit::of(fault)), found })
}

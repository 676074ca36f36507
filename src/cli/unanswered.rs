//! Looks a task up after a write that got no answer. Never sends the write again.

use crate::bbs::Client;
use crate::model::TaskGuid;
use crate::present::format;

/// Looks the task up once and returns a sentence on what was found. It cannot tell whether the write caused it.
pub(super) async fn look_up(client: &Client, guid: &TaskGuid) -> String {
    let found = match client.task(guid).await {
        Ok(task) => {
            format!("task {guid} exists, {}, created at {}", task.state, format::rfc3339(task.created_at))
        }
        Err(fault) if fault.is_not_found() => format!("task {guid} does not exist"),
        Err(fault) => fault.to_string(),
    };
    format!("The outcome is unknown; nothing was sent again. Looked up once: {found}")
}

//! `create-task`: one request, sent once.

use super::exit::Exit;
use super::unanswered::check;
use crate::bbs::Client;
use crate::bbs::json::TaskSpec;

/// Desires the task. Prints nothing.
pub(super) async fn create(client: &Client, spec: TaskSpec) -> Result<(), Exit> {
    let guid = spec.guid();
    check(client, &guid, client.desire_spec(spec).await).await
}

//! `create-task`: one request, sent once.

use super::exit::Ending;
use crate::bbs::Client;
use crate::bbs::json::TaskSpec;

/// Desires the task. Prints nothing.
pub(super) async fn create(client: &Client, spec: TaskSpec) -> Result<(), Ending> {
    client.desire_spec(spec).await.map_err(Ending::of)
}

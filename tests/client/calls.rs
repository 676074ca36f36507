//! All calls of the client by name, so that tests can loop over them.

use std::time::Duration;

use prost::Message;
use taskdeck::bbs::routes::route;
use taskdeck::bbs::wire;
use taskdeck::bbs::{Access, Client, Connection};
use taskdeck::model::{Call, Fault, TaskDefinition, TaskFilter, TaskGuid};

use crate::server::Server;

/// Far longer than any test takes.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) fn connection(url: &str) -> Connection {
    Connection {
        url: url.to_owned(),
        tls: None,
        connect_timeout: TIMEOUT,
        request_timeout: Some(TIMEOUT),
        access: Access::ReadWrite,
        writes_per_second: None,
        reply_limit: taskdeck::model::ReplyLimit::default(),
    }
}

/// Opens a client for the server.
pub(crate) async fn client(server: &Server) -> Client {
    Client::open(connection(&server.url)).await.unwrap()
}

/// Makes the call.
pub(crate) async fn make(client: &Client, call: Call) -> Result<(), Fault> {
    let guid = TaskGuid::from("some-guid");
    match call {
        Call::Ping => client.ping().await.map(drop),
        Call::ListTasks => client.list_tasks(&TaskFilter::default()).await.map(drop),
        Call::GetTask => client.task(&guid).await.map(drop),
        Call::Desire => client.desire(&guid, &"some-domain".into(), &TaskDefinition::default()).await,
        Call::Cancel => client.cancel(&guid).await,
        Call::Resolving => client.resolving(&guid).await,
        Call::Delete => client.delete(&guid).await,
        Call::TaskEvents => client.task_events().await.map(drop),
        Call::Domains => client.domains().await.map(drop),
        Call::UpsertDomain => client.upsert_domain(&"some-domain".into(), 60).await,
        Call::Cells => client.cells().await.map(drop),
    }
}

/// Makes the call and returns its fault.
pub(crate) async fn fault(client: &Client, call: Call) -> Fault {
    make(client, call).await.expect_err("a fault")
}

/// Like [`fault`], but advances the clock to the timeout once the server has received the request.
pub(crate) async fn fault_in_time(client: &Client, call: Call, server: &Server) -> Fault {
    let asked = server.requests().len();
    let (fault, ()) = tokio::join!(fault(client, call), async {
        server.has_read(asked + 1).await;
        tokio::time::pause();
    });
    tokio::time::resume();
    fault
}

pub(crate) fn writes() -> impl Iterator<Item = Call> {
    Call::ALL.into_iter().filter(|call| route(*call).is_write)
}

/// A reply that means success for any call except the event stream.
pub(crate) fn success() -> Vec<u8> {
    let task = wire::Task { task_guid: "some-guid".into(), ..wire::Task::default() };
    wire::TasksResponse { error: None, tasks: vec![task] }.encode_to_vec()
}

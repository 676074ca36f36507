//! One method per API call: encodes the request and decodes the reply. Source: "Routes" of the API.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use reqwest::header::DATE;

use super::{Client, Reply, header, new_request_id};
use crate::bbs::stream::{EventStream, TaskList};
use crate::bbs::wire::{self, Interner, LazyTaskResponse};
use crate::model::lifecycle::Step;
use crate::model::{
    Call, Cell, Domain, Fault, FaultKind, NewTask, RequestId, Task, TaskDefinition, TaskFilter, TaskGuid,
};

/// Timeout for opening an event stream if calls have no timeout.
const STREAM_OPEN_TIMEOUT: Duration = Duration::from_secs(30);

impl Client {
    /// Returns whether the BBS reports itself available.
    pub async fn ping(&self) -> Result<bool, Fault> {
        let (request, body) = self.exchange(Call::Ping, Vec::new()).await?;
        let reply: wire::PingResponse = self.decode(Call::Ping, request, body)?;
        Ok(reply.available)
    }

    /// Like [`Self::ping`], and also returns the date in the head of the reply, empty if it has none.
    pub(in crate::bbs) async fn ping_with_date(&self) -> Result<(bool, String), Fault> {
        let (call, request) = (Call::Ping, new_request_id());
        let limit = self.shared.connection.request_timeout;
        self.with_timeout(call, request, limit, async {
            let Reply { response, .. } = self.send(call, request, Vec::new()).await?;
            let date = header(&response, DATE.as_str());
            let body = self.whole_body(call, request, response).await?;
            let reply: wire::PingResponse = self.decode(call, request, body)?;
            Ok((reply.available, date))
        })
        .await
    }

    /// Sends a list request. Read the tasks from the returned list as they arrive.
    pub async fn open_list(&self, filter: &TaskFilter) -> Result<TaskList, Fault> {
        let body = wire::filter_from_model(filter).encode_to_vec();
        let (request, limit) = (new_request_id(), self.shared.connection.request_timeout);
        let sent = self.send(Call::ListTasks, request, body);
        let reply = self.with_timeout(Call::ListTasks, request, limit, sent).await?;
        self.check_length(Call::ListTasks, request, reply.response.content_length().unwrap_or_default())?;
        Ok(TaskList::new(self.clone(), reply, limit))
    }

    /// Returns all tasks that match `filter`, at once.
    pub async fn list_tasks(&self, filter: &TaskFilter) -> Result<Vec<Task>, Fault> {
        let mut list = self.open_list(filter).await?;
        let mut tasks = Vec::new();
        while let Some(part) = list.next().await {
            tasks.extend(part?);
        }
        Ok(tasks)
    }

    /// Returns one task.
    ///
    /// # Errors
    /// If there is no such task, the fault is [`Fault::is_not_found`].
    pub async fn task(&self, guid: &TaskGuid) -> Result<Task, Fault> {
        let call = Call::GetTask;
        let body = wire::TaskByGuidRequest { task_guid: bytes(guid.as_str()) }.encode_to_vec();
        let (request, body) = self.exchange(call, body).await?;
        let reply: LazyTaskResponse = self.decode(call, request, body)?;
        self.check_error(call, request, reply.error)?;
        let task = reply.task.ok_or_else(|| self.no_task(request))?;
        Ok(wire::task_to_model(&task, &mut Interner::default()))
    }

    /// Returns one task as a wire message.
    pub(in crate::bbs) async fn wire_task(&self, guid: &TaskGuid) -> Result<wire::Task, Fault> {
        let call = Call::GetTask;
        let body = wire::TaskByGuidRequest { task_guid: bytes(guid.as_str()) }.encode_to_vec();
        let (request, body) = self.exchange(call, body).await?;
        let reply: wire::TaskResponse = self.decode(call, request, body)?;
        self.check_error(call, request, reply.error)?;
        reply.task.ok_or_else(|| self.no_task(request))
    }

    fn no_task(&self, request: RequestId) -> Fault {
        let problem = "neither a task nor an error".to_owned();
        self.fault(Call::GetTask, Some(request), FaultKind::Malformed { problem })
    }

    /// Creates (desires) a task.
    pub async fn desire(
        &self,
        guid: &TaskGuid,
        domain: &Domain,
        definition: &TaskDefinition,
    ) -> Result<(), Fault> {
        let body = wire::DesireTaskRequest {
            task_definition: Some(wire::definition_from_model(definition)),
            task_guid: bytes(guid.as_str()),
            domain: bytes(domain.as_str()),
        };
        self.desire_wire(&body).await
    }

    /// Creates a task whose definition is encoded already, with this request id, which is then known before the reply.
    pub async fn desire_new_as(&self, request_id: RequestId, task: &NewTask) -> Result<(), Fault> {
        let request = wire::LazyDesireTaskRequest {
            task_definition: Bytes::copy_from_slice(task.definition.as_bytes()),
            task_guid: bytes(task.guid.as_str()),
            domain: bytes(task.domain.as_str()),
        };
        self.write(Call::Desire, request_id, request.encode_to_vec()).await
    }

    /// Creates a task from a request that may be incomplete; the server validates it.
    pub(in crate::bbs) async fn desire_wire(&self, request: &wire::DesireTaskRequest) -> Result<(), Fault> {
        self.write(Call::Desire, new_request_id(), request.encode_to_vec()).await
    }

    /// Cancels a Pending or Running task.
    pub async fn cancel(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.act(guid, Step::Cancel).await
    }

    /// Moves a Completed task to Resolving, which claims its deletion.
    pub async fn resolving(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.act(guid, Step::Resolving).await
    }

    /// Deletes a Resolving task.
    pub async fn delete(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.act(guid, Step::Delete).await
    }

    /// Sends one step of an action.
    pub async fn act(&self, guid: &TaskGuid, step: Step) -> Result<(), Fault> {
        self.act_as(new_request_id(), guid, step).await
    }

    /// Sends one step of an action with this request id, which is then known before the reply.
    pub async fn act_as(&self, request: RequestId, guid: &TaskGuid, step: Step) -> Result<(), Fault> {
        let call = match step {
            Step::Cancel => Call::Cancel,
            Step::Resolving => Call::Resolving,
            Step::Delete => Call::Delete,
        };
        let body = wire::TaskGuidRequest { task_guid: bytes(guid.as_str()) };
        self.write(call, request, body.encode_to_vec()).await
    }

    /// Returns the fresh domains.
    pub async fn domains(&self) -> Result<Vec<Domain>, Fault> {
        Ok(self.wire_domains().await?.iter().map(|domain| Domain::from(wire::text(domain))).collect())
    }

    /// Like [`Self::domains`], but returns the names as received.
    pub(in crate::bbs) async fn wire_domains(&self) -> Result<Vec<Bytes>, Fault> {
        let (request, body) = self.exchange(Call::Domains, Vec::new()).await?;
        let reply: wire::DomainsResponse = self.decode(Call::Domains, request, body)?;
        self.check_error(Call::Domains, request, reply.error)?;
        Ok(reply.domains)
    }

    /// Keeps a domain fresh for `seconds`; 0 means forever.
    pub async fn upsert_domain(&self, domain: &Domain, seconds: u32) -> Result<(), Fault> {
        let body = wire::UpsertDomainRequest { domain: bytes(domain.as_str()), ttl: seconds };
        self.write(Call::UpsertDomain, new_request_id(), body.encode_to_vec()).await
    }

    /// Returns the cells that are present.
    pub async fn cells(&self) -> Result<Vec<Cell>, Fault> {
        Ok(self.wire_cells().await?.iter().map(wire::cell_to_model).collect())
    }

    /// Like [`Self::cells`], but returns wire messages.
    pub(in crate::bbs) async fn wire_cells(&self) -> Result<Vec<wire::CellPresence>, Fault> {
        let (request, body) = self.exchange(Call::Cells, Vec::new()).await?;
        let reply: wire::CellsResponse = self.decode(Call::Cells, request, body)?;
        self.check_error(Call::Cells, request, reply.error)?;
        Ok(reply.cells)
    }

    /// Subscribes to the events of all tasks.
    pub async fn task_events(&self) -> Result<EventStream, Fault> {
        let limit = self.shared.connection.request_timeout.unwrap_or(STREAM_OPEN_TIMEOUT);
        let request = new_request_id();
        let sent = self.send(Call::TaskEvents, request, Vec::new());
        let reply = self.with_timeout(Call::TaskEvents, request, Some(limit), sent).await?;
        Ok(EventStream::new(self.clone(), reply))
    }

    /// Sends a write call. Its reply is empty or contains an error.
    async fn write(&self, call: Call, request: RequestId, body: Vec<u8>) -> Result<(), Fault> {
        let body = self.exchange_as(call, request, body).await?;
        let reply: wire::TaskLifecycleResponse = self.decode(call, request, body)?;
        self.check_error(call, request, reply.error)
    }
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

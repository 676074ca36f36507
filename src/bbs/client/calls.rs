//! The calls of the API, one method each: what is asked, and what of the answer is wanted. Source: "Routes" of the API.

use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;

use super::{Client, new_request_id};
use crate::bbs::stream::{EventStream, TaskList};
use crate::bbs::wire::{self, Interner, LazyTaskResponse};
use crate::model::lifecycle::Step;
use crate::model::{
    Call, Cell, Domain, Fault, FaultKind, RequestId, Task, TaskDefinition, TaskFilter, TaskGuid,
};

/// Longer than this nobody waits for the head of an event stream, whatever a call may take.
const STREAM_HEAD: Duration = Duration::from_secs(30);

impl Client {
    /// Whether the BBS is there and serving.
    pub async fn ping(&self) -> Result<bool, Fault> {
        let (request, body) = self.exchange(Call::Ping, Vec::new()).await?;
        let reply: wire::PingResponse = self.decode(Call::Ping, request, body)?;
        Ok(reply.available)
    }

    /// Asks for the tasks of `filter`; they are read as they arrive.
    pub async fn open_list(&self, filter: &TaskFilter) -> Result<TaskList, Fault> {
        let body = wire::filter_from_model(filter).encode_to_vec();
        let (request, limit) = (new_request_id(), self.shared.connection.request_timeout);
        let sent = self.send(Call::ListTasks, request, body);
        let answer = self.within(Call::ListTasks, request, limit, sent).await?;
        Ok(TaskList::new(self.clone(), answer, limit))
    }

    /// The tasks of `filter`, all at once.
    pub async fn list_tasks(&self, filter: &TaskFilter) -> Result<Vec<Task>, Fault> {
        let mut list = self.open_list(filter).await?;
        let mut tasks = Vec::new();
        while let Some(part) = list.next().await {
            tasks.extend(part?);
        }
        Ok(tasks)
    }

    /// One task. That there is none is a fault: see [`Fault::is_not_found`].
    pub async fn task(&self, guid: &TaskGuid) -> Result<Task, Fault> {
        let call = Call::GetTask;
        let body = wire::TaskByGuidRequest { task_guid: bytes(guid.as_str()) }.encode_to_vec();
        let (request, body) = self.exchange(call, body).await?;
        let reply: LazyTaskResponse = self.decode(call, request, body)?;
        self.refused(call, request, reply.error)?;
        let task = reply.task.ok_or_else(|| self.no_task(request))?;
        Ok(wire::task_to_model(&task, &mut Interner::default()))
    }

    /// One task, as it came.
    pub(in crate::bbs) async fn wire_task(&self, guid: &TaskGuid) -> Result<wire::Task, Fault> {
        let call = Call::GetTask;
        let body = wire::TaskByGuidRequest { task_guid: bytes(guid.as_str()) }.encode_to_vec();
        let (request, body) = self.exchange(call, body).await?;
        let reply: wire::TaskResponse = self.decode(call, request, body)?;
        self.refused(call, request, reply.error)?;
        reply.task.ok_or_else(|| self.no_task(request))
    }

    fn no_task(&self, request: RequestId) -> Fault {
        let problem = "neither a task nor an error".to_owned();
        self.fault(Call::GetTask, Some(request), FaultKind::Malformed { problem })
    }

    /// Desires a task.
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

    /// Desires a task, whole or not: the server says what is missing.
    pub(in crate::bbs) async fn desire_wire(&self, request: &wire::DesireTaskRequest) -> Result<(), Fault> {
        self.change(Call::Desire, request.encode_to_vec()).await
    }

    /// Ends a task that is Pending or Running.
    pub async fn cancel(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.change_task(Call::Cancel, guid).await
    }

    /// Claims the deletion of a Completed task.
    pub async fn resolving(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.change_task(Call::Resolving, guid).await
    }

    /// Deletes a task whose deletion was claimed.
    pub async fn delete(&self, guid: &TaskGuid) -> Result<(), Fault> {
        self.change_task(Call::Delete, guid).await
    }

    /// Sends the step.
    pub async fn act(&self, guid: &TaskGuid, step: Step) -> Result<(), Fault> {
        match step {
            Step::Cancel => self.cancel(guid).await,
            Step::Resolving => self.resolving(guid).await,
            Step::Delete => self.delete(guid).await,
        }
    }

    /// The domains that somebody keeps fresh.
    pub async fn domains(&self) -> Result<Vec<Domain>, Fault> {
        Ok(self.wire_domains().await?.iter().map(|domain| Domain::from(wire::text(domain))).collect())
    }

    /// [`Self::domains`], as they came.
    pub(in crate::bbs) async fn wire_domains(&self) -> Result<Vec<Bytes>, Fault> {
        let (request, body) = self.exchange(Call::Domains, Vec::new()).await?;
        let reply: wire::DomainsResponse = self.decode(Call::Domains, request, body)?;
        self.refused(Call::Domains, request, reply.error)?;
        Ok(reply.domains)
    }

    /// Keeps a domain fresh for `seconds`; 0 is for ever.
    pub async fn upsert_domain(&self, domain: &Domain, seconds: u32) -> Result<(), Fault> {
        let body = wire::UpsertDomainRequest { domain: bytes(domain.as_str()), ttl: seconds };
        self.change(Call::UpsertDomain, body.encode_to_vec()).await
    }

    /// The cells that are present.
    pub async fn cells(&self) -> Result<Vec<Cell>, Fault> {
        Ok(self.wire_cells().await?.iter().map(wire::cell_to_model).collect())
    }

    /// [`Self::cells`], as they came.
    pub(in crate::bbs) async fn wire_cells(&self) -> Result<Vec<wire::CellPresence>, Fault> {
        let (request, body) = self.exchange(Call::Cells, Vec::new()).await?;
        let reply: wire::CellsResponse = self.decode(Call::Cells, request, body)?;
        self.refused(Call::Cells, request, reply.error)?;
        Ok(reply.cells)
    }

    /// Subscribes to the events of all tasks.
    pub async fn task_events(&self) -> Result<EventStream, Fault> {
        let limit = self.shared.connection.request_timeout.unwrap_or(STREAM_HEAD);
        let request = new_request_id();
        let sent = self.send(Call::TaskEvents, request, Vec::new());
        let answer = self.within(Call::TaskEvents, request, Some(limit), sent).await?;
        Ok(EventStream::new(self.clone(), answer))
    }

    async fn change_task(&self, call: Call, guid: &TaskGuid) -> Result<(), Fault> {
        let body = wire::TaskGuidRequest { task_guid: bytes(guid.as_str()) };
        self.change(call, body.encode_to_vec()).await
    }

    /// Every write: its reply holds an error or nothing.
    async fn change(&self, call: Call, body: Vec<u8>) -> Result<(), Fault> {
        let (request, body) = self.exchange(call, body).await?;
        let reply: wire::TaskLifecycleResponse = self.decode(call, request, body)?;
        self.refused(call, request, reply.error)
    }
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

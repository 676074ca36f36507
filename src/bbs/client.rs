//! The client: one generic call under every call of the API.
//!
//! Nothing is sent twice: a 404 says that the path is unknown there, so nothing was done, and the older revision is
//! tried; nothing else leads to a second request. Writes are refused here when the target is read-only. Source:
//! "Transport" and "Routes" of the API.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use prost::Message;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::connection::{Access, Connection, TlsFiles};
use super::routes::route;
use super::stream::{EventStream, TaskList};
use super::tls;
use super::trouble;
use super::wire::{self, LazyTaskResponse, Names};
use crate::model::lifecycle::Step;
use crate::model::{
    Call, Cell, Domain, Fault, FaultKind, RefusedType, RequestId, Task, TaskDefinition, TaskFilter, TaskGuid,
};

/// Longer than this nobody waits for the head of an event stream, whatever a call may take.
const STREAM_HEAD: Duration = Duration::from_secs(30);
const PROTOBUF: &str = "application/x-protobuf";
const EVENTS: &str = "text/event-stream";

/// A BBS. Clones share its connections and what was learned of its revisions.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    connection: Connection,
    http: ArcSwap<reqwest::Client>,
    /// What the files were when they were read; the lock is held by whoever reads them again.
    age: Mutex<tls::Age>,
    /// For every call the path that the server knew last.
    revisions: [AtomicUsize; Call::ALL.len()],
}

/// An answer whose head has come.
pub(super) struct Answer {
    pub(super) request: RequestId,
    pub(super) response: Response,
}

impl Client {
    /// Reads the files of mutual TLS; nothing is sent yet. The error is a sentence about the file at fault.
    pub async fn open(connection: Connection) -> Result<Self, String> {
        let age = match &connection.tls {
            Some(files) => tls::age(files).await,
            None => tls::Age::new(),
        };
        let http = http_client(&connection)?;
        let shared = Shared {
            connection,
            http: ArcSwap::from_pointee(http),
            age: Mutex::new(age),
            revisions: std::array::from_fn(|_| AtomicUsize::new(0)),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Scheme, host and port.
    pub fn url(&self) -> &str {
        &self.shared.connection.url
    }

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
        Ok(wire::task_to_model(&task, &mut Names::default()))
    }

    /// One task, as it came.
    pub(super) async fn wire_task(&self, guid: &TaskGuid) -> Result<wire::Task, Fault> {
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
    pub(super) async fn desire_wire(&self, request: &wire::DesireTaskRequest) -> Result<(), Fault> {
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
    pub(super) async fn wire_domains(&self) -> Result<Vec<Bytes>, Fault> {
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
    pub(super) async fn wire_cells(&self) -> Result<Vec<wire::CellPresence>, Fault> {
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

    async fn exchange(&self, call: Call, body: Vec<u8>) -> Result<(RequestId, Bytes), Fault> {
        let (request, limit) = (new_request_id(), self.shared.connection.request_timeout);
        self.within(call, request, limit, async {
            let Answer { response, .. } = self.send(call, request, body).await?;
            match response.bytes().await {
                Ok(body) => Ok((request, body)),
                Err(error) => Err(self.broken(call, request, &error)),
            }
        })
        .await
    }

    pub(super) async fn within<T>(
        &self,
        call: Call,
        request: RequestId,
        limit: Option<Duration>,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        let Some(after) = limit else { return work.await };
        match timeout(after, work).await {
            Ok(done) => done,
            Err(_) => Err(self.fault(call, Some(request), FaultKind::TimedOut { after })),
        }
    }

    /// Sends a request under the newest path that the server knows, and waits for the head of its answer. It has one
    /// id under all the paths that are tried.
    async fn send(&self, call: Call, request: RequestId, body: Vec<u8>) -> Result<Answer, Fault> {
        let route = route(call);
        if route.needs == Access::ReadWrite && self.shared.connection.access == Access::ReadOnly {
            return Err(self.fault(call, None, FaultKind::ReadOnly));
        }
        self.reload_files().await;
        let body = Bytes::from(body);
        let known = Call::ALL.iter().position(|other| *other == call);
        let revision = known.and_then(|at| self.shared.revisions.get(at));
        let first = revision.map_or(0, |revision| revision.load(Ordering::Relaxed));
        let mut last = None;
        for at in (first..route.paths.len()).chain(0..first) {
            let Some(path) = route.paths.get(at) else { continue };
            let answer = self.post(call, request, path, body.clone()).await?;
            if !is_unknown_path(&answer.response) {
                if let Some(revision) = revision {
                    revision.store(at, Ordering::Relaxed);
                }
                return self.check(call, answer);
            }
            last = Some(answer);
        }
        let Some(answer) = last else { unreachable!("every route has a path") };
        self.check(call, answer)
    }

    async fn post(&self, call: Call, request: RequestId, path: &str, body: Bytes) -> Result<Answer, Fault> {
        let http = self.shared.http.load_full();
        let response = http
            .post(format!("{}{path}", self.shared.connection.url))
            .header(CONTENT_TYPE, PROTOBUF)
            .header("X-Vcap-Request-Id", request.to_string())
            .body(body)
            .send()
            .await
            .map_err(|error| self.broken(call, request, &error))?;
        Ok(Answer { request, response })
    }

    /// Whether the answer is a BBS's at all.
    fn check(&self, call: Call, answer: Answer) -> Result<Answer, Fault> {
        let status = answer.response.status();
        let content_type = header(&answer.response, CONTENT_TYPE.as_str());
        let wanted = if call == Call::TaskEvents { EVENTS } else { PROTOBUF };
        if status == StatusCode::OK && content_type.starts_with(wanted) {
            return Ok(answer);
        }
        let router = header(&answer.response, "X-Cf-Routererror");
        let problem = match status.as_u16() {
            _ if !router.is_empty() => format!("a router in between answered: {router}"),
            200 => format!("something answered that is not a BBS: {wanted} was expected"),
            404 => "this server knows no revision of the call".to_owned(),
            405 => "this server does not take the call as a POST".to_owned(),
            503 => "the BBS is not serving yet, it may be migrating its database".to_owned(),
            _ => "something answered that is not a BBS".to_owned(),
        };
        let kind = FaultKind::NotBbs { status: status.as_u16(), content_type, router_error: router, problem };
        Err(self.fault(call, Some(answer.request), kind))
    }

    fn decode<M: Message + Default>(&self, call: Call, request: RequestId, body: Bytes) -> Result<M, Fault> {
        M::decode(body).map_err(|error| {
            self.fault(call, Some(request), FaultKind::Malformed { problem: error.to_string() })
        })
    }

    fn refused(&self, call: Call, request: RequestId, error: Option<wire::Error>) -> Result<(), Fault> {
        match error {
            Some(error) => Err(self.refusal(call, request, &error)),
            None => Ok(()),
        }
    }

    pub(super) fn refusal(&self, call: Call, request: RequestId, error: &wire::Error) -> Fault {
        let (kind, message) = (RefusedType(error.r#type), wire::text(&error.message));
        self.fault(call, Some(request), FaultKind::Refused { kind, message })
    }

    pub(super) fn broken(&self, call: Call, request: RequestId, error: &reqwest::Error) -> Fault {
        self.fault(call, Some(request), trouble::kind_of(error))
    }

    pub(super) fn fault(&self, call: Call, request: Option<RequestId>, kind: FaultKind) -> Fault {
        Fault { call, target: self.shared.connection.url.clone(), request, kind }
    }

    /// Reads the files again if they changed on disk. Faulty ones are not taken: they may be half written.
    async fn reload_files(&self) {
        let Some(files) = &self.shared.connection.tls else { return };
        let age = tls::age(files).await;
        let mut known = self.shared.age.lock().await;
        if *known == age {
            return;
        }
        match http_client(&self.shared.connection) {
            Ok(http) => {
                self.shared.http.store(Arc::new(http));
                *known = age;
                tracing::info!(target = self.url(), "the certificate files changed and were read again");
            }
            Err(problem) => tracing::warn!(problem, "the certificate files changed and cannot be used yet"),
        }
    }
}

fn http_client(connection: &Connection) -> Result<reqwest::Client, String> {
    let tls = match &connection.tls {
        Some(TlsFiles { .. }) if connection.url.starts_with("http://") => tls::unused_config()?,
        Some(files) => tls::client_config(files)?,
        None => tls::unused_config()?,
    };
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        // Its own notion of what may be sent again is not ours.
        .retry(reqwest::retry::never())
        .connect_timeout(connection.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        // A stream that is dead but open is found by these: 15 s of silence, then three questions.
        .tcp_keepalive(Duration::from_secs(15))
        .tcp_keepalive_interval(Duration::from_secs(5))
        .tcp_keepalive_retries(3)
        .build()
        .map_err(|error| error.to_string())
}

/// A 404 of the BBS itself: it does not know the path. One of a router says nothing of the BBS.
fn is_unknown_path(response: &Response) -> bool {
    response.status() == StatusCode::NOT_FOUND && !response.headers().contains_key("X-Cf-Routererror")
}

pub(super) fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

fn bytes(text: &str) -> Bytes {
    Bytes::copy_from_slice(text.as_bytes())
}

/// Random enough to be found in a log: the standard library seeds its hashers from the system.
fn new_request_id() -> RequestId {
    let half = || u128::from(RandomState::new().build_hasher().finish());
    RequestId(half() << 64 | half())
}

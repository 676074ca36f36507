//! HTTP client of the BBS: sends requests and checks replies. The API's calls are in [`calls`].
//!
//! Must never send a request twice. The only exception is a 404 from the BBS: the server does not know the path and did
//! nothing, so the client tries an older revision. Write calls to a read-only target are rejected here, and the others wait for
//! their turn ([`write_gate`]). Source: "Transport" and "Routes" of the API.

mod calls;
mod limits;
mod write_gate;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use bytes::Bytes;
use prost::Message;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::connection::{Connection, TlsFiles};
use super::http_fault;
use super::routes::route;
use super::tls;
use super::wire;
use crate::model::secret::masked;
use crate::model::{Call, Fault, FaultKind, RefusedType, RequestId};
use write_gate::WriteGate;

const PROTOBUF: &str = "application/x-protobuf";
/// Header that a router sets when it answers instead of the BBS.
const ROUTER_ERROR: &str = "X-Cf-Routererror";
const EVENTS: &str = "text/event-stream";

/// Largest body read for an error under an error status; longer bodies are not from a BBS.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// Client of one BBS. Clones share the connection pool and the known revisions.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    connection: Connection,
    writes: WriteGate,
    http: ArcSwap<reqwest::Client>,
    /// Identifies the certificate files in use; the task that reloads them holds the lock.
    files: Mutex<tls::Fingerprint>,
    /// Why changed certificate files cannot be used, so that the previous ones still are.
    unusable_files: ArcSwapOption<String>,
    /// For each call, the index of the path that the server supported last.
    revisions: [AtomicUsize; Call::ALL.len()],
}

/// A response whose head has arrived.
pub(super) struct Reply {
    pub(super) request: RequestId,
    pub(super) response: Response,
}

impl Client {
    /// Reads the TLS files and creates a client. Does not connect yet.
    ///
    /// # Errors
    /// Names the faulty file and what is wrong with it.
    pub async fn open(connection: Connection) -> Result<Self, String> {
        let files = match &connection.tls {
            Some(files) => tls::fingerprint(files).await,
            None => tls::Fingerprint::new(),
        };
        let http = http_client(&connection)?;
        let shared = Shared {
            writes: WriteGate::new(&connection),
            connection,
            http: ArcSwap::from_pointee(http),
            files: Mutex::new(files),
            unusable_files: ArcSwapOption::empty(),
            revisions: std::array::from_fn(|_| AtomicUsize::new(0)),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Returns the scheme, host and port.
    pub fn url(&self) -> &str {
        &self.shared.connection.url
    }

    /// Opens a target for writes for a time, if it is [`Access::Locked`](crate::model::Access::Locked). A later call
    /// replaces the time of an earlier one. The client's own clock ends it, whatever its caller does.
    pub fn open_writes(&self, time: Duration) {
        self.shared.writes.open_for(time);
    }

    /// Closes a locked target for writes again.
    pub fn close_writes(&self) {
        self.shared.writes.close();
    }

    async fn exchange(&self, call: Call, body: Vec<u8>) -> Result<(RequestId, Bytes), Fault> {
        let request = new_request_id();
        Ok((request, self.exchange_as(call, request, body).await?))
    }

    /// Sends a request with this id, and returns the body of the reply.
    async fn exchange_as(&self, call: Call, request: RequestId, body: Vec<u8>) -> Result<Bytes, Fault> {
        let limit = self.shared.connection.request_timeout;
        if route(call).is_write {
            self.refuse_writes_if_closed(call)?;
            // The timeout of the call does not count the wait.
            self.shared.writes.pass().await;
        }
        self.with_timeout(call, request, limit, async {
            let Reply { response, .. } = self.send(call, request, body).await?;
            self.whole_body(call, request, response).await
        })
        .await
    }

    /// Runs `work` and fails with [`FaultKind::TimedOut`] after `limit`.
    pub(super) async fn with_timeout<T>(
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

    /// Sends a request to the newest path that the server supports and waits for the head of the response. All attempts
    /// carry the same request id.
    async fn send(&self, call: Call, request: RequestId, body: Vec<u8>) -> Result<Reply, Fault> {
        let route = route(call);
        self.reload_files().await;
        if route.is_write {
            // Again, since the time may have run out while the write waited for its turn.
            self.refuse_writes_if_closed(call)?;
        }
        let body = Bytes::from(body);
        let known = Call::ALL.iter().position(|other| *other == call);
        let revision = known.and_then(|at| self.shared.revisions.get(at));
        let first = revision.map_or(0, |revision| revision.load(Ordering::Relaxed));
        let mut last = None;
        for at in (first..route.paths.len()).chain(0..first) {
            let Some(path) = route.paths.get(at) else { continue };
            let reply = self.post(call, request, path, body.clone()).await?;
            if !is_unknown_path(&reply.response) {
                if let Some(revision) = revision {
                    revision.store(at, Ordering::Relaxed);
                }
                return self.check(call, reply).await;
            }
            last = Some(reply);
        }
        let Some(reply) = last else { unreachable!("every route has a path") };
        self.check(call, reply).await
    }

    /// Returns the path of a call: that of the revision which the server supported last, or else the newest one.
    pub fn path(&self, call: Call) -> &'static str {
        let known = Call::ALL.iter().position(|other| *other == call);
        let revision = known.and_then(|at| self.shared.revisions.get(at));
        let revision = revision.map_or(0, |revision| revision.load(Ordering::Relaxed));
        route(call).paths.get(revision).copied().unwrap_or_default()
    }

    fn refuse_writes_if_closed(&self, call: Call) -> Result<(), Fault> {
        if self.shared.writes.is_open() { Ok(()) } else { Err(self.fault(call, None, FaultKind::ReadOnly)) }
    }

    async fn post(&self, call: Call, request: RequestId, path: &str, body: Bytes) -> Result<Reply, Fault> {
        let http = self.shared.http.load_full();
        let response = http
            .post(format!("{}{path}", self.shared.connection.url))
            .header(CONTENT_TYPE, PROTOBUF)
            .header("X-Vcap-Request-Id", request.to_string())
            .body(body)
            .send()
            .await
            .map_err(|error| self.transport_fault(call, request, &error))?;
        Ok(Reply { request, response })
    }

    /// Checks that the response comes from a BBS. A response with an error status may also carry an error of the BBS.
    async fn check(&self, call: Call, mut reply: Reply) -> Result<Reply, Fault> {
        let status = reply.response.status();
        let content_type = header(&reply.response, CONTENT_TYPE.as_str());
        let wanted = if call == Call::TaskEvents { EVENTS } else { PROTOBUF };
        let router = header(&reply.response, ROUTER_ERROR);
        let compressed = limits::compression_problem(&reply.response);
        let is_expected = status == StatusCode::OK && content_type.starts_with(wanted);
        if is_expected && router.is_empty() && compressed.is_none() {
            return Ok(reply);
        }
        let may_be_an_error = status != StatusCode::OK && is_protobuf(&reply.response) && router.is_empty();
        if may_be_an_error && let Some(error) = read_error(&mut reply.response).await {
            return Err(self.refused(call, reply.request, &error));
        }
        let problem = match (status.as_u16(), compressed) {
            _ if !router.is_empty() => format!("a router answered instead of the BBS: {router}"),
            (_, Some(compressed)) => compressed,
            (200, None) => format!("the reply is not from a BBS: expected {wanted}"),
            (404, None) => "the server does not support any revision of this call".to_owned(),
            (405, None) => "the server does not accept POST for this call".to_owned(),
            (503, None) => "the BBS is not ready yet; it may be migrating its database".to_owned(),
            _ => "the reply is not from a BBS".to_owned(),
        };
        let kind = FaultKind::NotBbs { status: status.as_u16(), content_type, router_error: router, problem };
        Err(self.fault(call, Some(reply.request), kind))
    }

    fn decode<M: Message + Default>(&self, call: Call, request: RequestId, body: Bytes) -> Result<M, Fault> {
        M::decode(body).map_err(|error| {
            self.fault(call, Some(request), FaultKind::Malformed { problem: error.to_string() })
        })
    }

    fn check_error(&self, call: Call, request: RequestId, error: Option<wire::Error>) -> Result<(), Fault> {
        match error {
            Some(error) => Err(self.refused(call, request, &error)),
            None => Ok(()),
        }
    }

    pub(super) fn refused(&self, call: Call, request: RequestId, error: &wire::Error) -> Fault {
        let (kind, message) = (RefusedType(error.r#type), wire::text(&error.message));
        self.fault(call, Some(request), FaultKind::Refused { kind, message })
    }

    pub(super) fn transport_fault(&self, call: Call, request: RequestId, error: &reqwest::Error) -> Fault {
        let mut kind = http_fault::fault_kind(error);
        if let (FaultKind::Tls { problem }, Some(why)) = (&mut kind, &*self.shared.unusable_files.load()) {
            // The likely reason: the other side has replaced its certificate, and the new files here are incomplete.
            *problem =
                format!("the new certificate files cannot be used: {why}; with the previous ones, {problem}");
        }
        self.fault(call, Some(request), kind)
    }

    pub(super) fn fault(&self, call: Call, request: Option<RequestId>, kind: FaultKind) -> Fault {
        Fault { call, target: masked(&self.shared.connection.url).into_owned(), request, kind }
    }

    /// Reloads the certificate files if they changed on disk. Keeps the old ones if the new ones are faulty: they may be
    /// half written.
    async fn reload_files(&self) {
        let Some(files) = &self.shared.connection.tls else { return };
        let current = tls::fingerprint(files).await;
        let mut known = self.shared.files.lock().await;
        if *known == current {
            self.shared.unusable_files.store(None);
            return;
        }
        match http_client(&self.shared.connection) {
            Ok(http) => {
                self.shared.http.store(Arc::new(http));
                *known = current;
                self.shared.unusable_files.store(None);
                tracing::info!(target = self.url(), "reloaded the certificate files after a change");
            }
            Err(problem) => {
                tracing::warn!(
                    problem,
                    "the certificate files changed but cannot be used; keeping the previous ones"
                );
                self.shared.unusable_files.store(Some(Arc::new(problem)));
            }
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
        // reqwest must not resend anything on its own: writes are sent once.
        .retry(reqwest::retry::never())
        .connect_timeout(connection.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        // Detects a dead event stream: after 15 s without data, three probes.
        .tcp_keepalive(Duration::from_secs(15))
        .tcp_keepalive_interval(Duration::from_secs(5))
        .tcp_keepalive_retries(3)
        .build()
        .map_err(|error| error.to_string())
}

/// Returns whether this is a 404 from the BBS itself. A router's 404 says nothing about the BBS, and a protobuf body is an
/// answer to the call.
fn is_unknown_path(response: &Response) -> bool {
    let is_from_router = response.headers().contains_key(ROUTER_ERROR);
    response.status() == StatusCode::NOT_FOUND && !is_from_router && !is_protobuf(response)
}

fn is_protobuf(response: &Response) -> bool {
    header(response, CONTENT_TYPE.as_str()).starts_with(PROTOBUF)
}

/// Reads the error of the BBS from a response. It is field 1 of every reply.
async fn read_error(response: &mut Response) -> Option<wire::Error> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.ok()? {
        body.extend_from_slice(&part);
        if body.len() > MAX_ERROR_BYTES {
            return None;
        }
    }
    wire::TaskLifecycleResponse::decode(body.as_slice()).ok()?.error
}

pub(super) fn header(response: &Response, name: &str) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Returns a random id, unique enough to find the request in the server's log.
pub fn new_request_id() -> RequestId {
    RequestId(fastrand::u128(..))
}

//! The client: the one exchange under every call of the API; the calls themselves are in [`calls`].
//!
//! Nothing is sent twice: a 404 says that the path is unknown there, so nothing was done, and the older revision is
//! tried; nothing else leads to a second request. Writes are refused here when the target is read-only. Source:
//! "Transport" and "Routes" of the API.

mod calls;

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
use super::http_fault;
use super::routes::route;
use super::tls;
use super::wire;
use crate::model::{Call, Fault, FaultKind, RefusedType, RequestId};

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
        self.fault(call, Some(request), http_fault::kind_of(error))
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

/// Unique enough to be found in the server's log.
fn new_request_id() -> RequestId {
    RequestId(fastrand::u128(..))
}

//! A BBS under test: requests through our client, and raw requests for what the client cannot send.

use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, RequestBuilder};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use taskdeck::bbs::wire::{DesireTaskRequest, Error, TaskDefinition, TaskLifecycleResponse};
use taskdeck::bbs::{Access, Client, Connection, TlsFiles, Verify, wire};
use taskdeck::model::{Domain, Fault, FaultKind, State, Task, TaskFilter, TaskGuid};
use taskdeck::sim::Sim;
use tempfile::TempDir;

/// Timeout of a request, far longer than any request takes.
const TIMEOUT: Duration = Duration::from_secs(30);

/// PEM files for mutual TLS.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) ca: PathBuf,
    pub(crate) cert: PathBuf,
    pub(crate) key: PathBuf,
}

/// A BBS under test, with a domain that belongs to one check.
pub(crate) struct Bbs {
    pub(crate) url: String,
    pub(crate) client: Client,
    /// The server, if it is simulated.
    pub(crate) sim: Option<Sim>,
    /// Directory of a simulated server's certificates. It must live as long as the client.
    pub(crate) dir: Option<TempDir>,
    /// Domain of this check's tasks; no other check uses it.
    pub(crate) domain: Domain,
    /// TLS configuration for raw connections.
    pub(crate) tls: Arc<ClientConfig>,
    http: reqwest::Client,
}

/// Reply to a raw request.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn content_type(&self) -> &str {
        self.headers.get(CONTENT_TYPE).map_or("", |value| value.to_str().unwrap())
    }

    /// Decodes the body. Panics if the reply is not a protobuf message.
    pub(crate) fn message<M: Message + Default>(&self) -> M {
        assert_eq!((self.status, self.content_type()), (200, "application/x-protobuf"));
        M::decode(self.body.clone()).unwrap()
    }

    /// Returns the type and message of the error, if any. Every reply has the error in field 1.
    pub(crate) fn error(&self) -> Option<(i32, String)> {
        let error = self.message::<TaskLifecycleResponse>().error;
        error.map(|Error { r#type, message }| (r#type, wire::text(&message)))
    }
}

impl Bbs {
    pub(crate) async fn new(url: String, files: Option<Files>) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let run = RandomState::new().hash_one(std::process::id());
        let domain = format!("taskdeck-conformance-{run:016x}-{}", COUNT.fetch_add(1, Ordering::SeqCst));
        let tls = Arc::new(files.as_ref().map_or_else(no_tls, tls));
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(ClientConfig::clone(&tls))
            .no_proxy()
            .http1_only()
            .timeout(TIMEOUT);
        let client = Client::open(connection(url.clone(), files)).await.unwrap();
        Self { url, client, sim: None, dir: None, domain: domain.into(), tls, http: http.build().unwrap() }
    }

    /// Returns a guid that no other check uses.
    pub(crate) fn guid(&self, name: &str) -> TaskGuid {
        format!("{}-{name}", self.domain).into()
    }

    /// Returns a request to desire a task with any definition, valid or not.
    pub(crate) fn request(&self, name: &str, definition: TaskDefinition) -> DesireTaskRequest {
        DesireTaskRequest {
            task_definition: Some(definition),
            task_guid: self.guid(name).to_string().into(),
            domain: self.domain.to_string().into(),
        }
    }

    fn raw_request(&self, method: Method, path: &str, body: Vec<u8>) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.header(CONTENT_TYPE, "application/x-protobuf").body(body)
    }

    /// Returns whether the server closes the connection instead of answering the message.
    pub(crate) async fn is_dropped(&self, path: &str, message: &impl Message) -> bool {
        let sent = self.raw_request(Method::POST, path, message.encode_to_vec()).send().await;
        sent.is_err_and(|error| error.is_request() && !error.is_connect() && !error.is_timeout())
    }

    /// Sends a raw request.
    pub(crate) async fn send(&self, method: Method, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        let response = self.raw_request(method, path, body.into()).send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, body: response.bytes().await.unwrap() }
    }

    /// Posts a raw body.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.send(Method::POST, path, body).await
    }

    /// Posts an encoded message.
    pub(crate) async fn post_message(&self, path: &str, message: &impl Message) -> Reply {
        self.post(path, message.encode_to_vec()).await
    }

    /// Deletes this check's tasks and lets its domain expire. Returns the tasks that remain.
    pub(crate) async fn clean_up(&self) -> Vec<Task> {
        let filter = TaskFilter { domain: Some(self.domain.clone()), cell: None };
        for task in self.client.list_tasks(&filter).await.unwrap_or_default() {
            // Depending on the task's state, some of these calls fail.
            let _ = self.client.cancel(&task.guid).await;
            let _ = self.client.resolving(&task.guid).await;
            let _ = self.client.delete(&task.guid).await;
        }
        if self.client.domains().await.is_ok_and(|fresh| fresh.contains(&self.domain)) {
            let _ = self.client.upsert_domain(&self.domain, 1).await;
        }
        self.client.list_tasks(&filter).await.unwrap_or_default()
    }

    pub(crate) async fn task(&self, guid: &TaskGuid) -> Task {
        self.client.task(guid).await.unwrap()
    }

    pub(crate) async fn state(&self, guid: &TaskGuid) -> State {
        self.task(guid).await.state
    }
}

/// Returns the client settings for a server under test.
pub(crate) fn connection(url: String, files: Option<Files>) -> Connection {
    Connection {
        url,
        tls: files.map(|Files { ca, cert, key }| TlsFiles { verify: Verify::Ca(ca), cert, key }),
        connect_timeout: TIMEOUT,
        request_timeout: Some(TIMEOUT),
        access: Access::ReadWrite,
        writes_per_second: None,
        reply_limit: taskdeck::model::ReplyLimit::default(),
    }
}

/// Returns the type and message of the server's error. Panics on success and on any other fault.
pub(crate) fn error_of<T: std::fmt::Debug>(result: Result<T, Fault>) -> (i32, String) {
    match result.unwrap_err().kind {
        FaultKind::Refused { kind, message } => (kind.0, message),
        other => panic!("not an error of the server: {other}"),
    }
}

fn no_tls() -> ClientConfig {
    config(RootCertStore::empty()).with_no_client_auth()
}

fn tls(files: &Files) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&files.ca).unwrap() {
        roots.add(certificate.unwrap()).unwrap();
    }
    let chain = CertificateDer::pem_file_iter(&files.cert).unwrap().collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_file(&files.key).unwrap();
    config(roots).with_client_auth_cert(chain, key).unwrap()
}

fn config(roots: RootCertStore) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
}

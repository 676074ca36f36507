//! Tests the server over a socket.

use bytes::Bytes;
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::bbs::wire::{
    Action, CellsResponse, DesireTaskRequest, RunAction, TaskDefinition, TaskLifecycleResponse,
    TasksResponse, TryAction, action::Kind,
};

async fn connect(sim: &Sim) -> TcpStream {
    TcpStream::connect(sim.address).await.unwrap()
}

async fn send(socket: &mut TcpStream, method: &str, path: &str, body: &[u8]) {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: bbs\r\nContent-Length: {}\r\n\r\n", body.len());
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body).await.unwrap();
}

/// Reads until the input ends with `end`.
async fn read_until(socket: &mut TcpStream, end: &[u8]) -> Vec<u8> {
    let mut read = Vec::new();
    while !read.ends_with(end) {
        read.push(socket.read_u8().await.unwrap());
    }
    read
}

async fn reply(socket: &mut TcpStream) -> (String, Bytes) {
    let head = String::from_utf8(read_until(socket, b"\r\n\r\n").await).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    socket.read_exact(&mut body).await.unwrap();
    (head, body.into())
}

fn desired(guid: &'static str) -> DesireTaskRequest {
    let run = RunAction { path: "/bin/true".into(), user: "vcap".into(), ..RunAction::default() };
    let definition = TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        ..TaskDefinition::default()
    };
    DesireTaskRequest { task_definition: Some(definition), task_guid: guid.into(), domain: "batch".into() }
}

#[tokio::test]
async fn a_task_is_desired_and_listed_over_one_connection() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    let request = desired("one").encode_to_vec();
    send(&mut socket, "POST", "/v1/tasks/desire.r2", &request).await;
    let (head, body) = reply(&mut socket).await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nDate: "), "{head}");
    assert!(body.is_empty(), "an empty body is success");
    send(&mut socket, "POST", "/v1/tasks/desire.r2", &request).await;
    let error = TaskLifecycleResponse::decode(reply(&mut socket).await.1).unwrap().error.unwrap();
    assert_eq!(error.r#type, 12);
    send(&mut socket, "POST", "/v1/tasks/list.r3", b"").await;
    let tasks = TasksResponse::decode(reply(&mut socket).await.1).unwrap().tasks;
    assert_eq!(tasks.len(), 1);
}

#[tokio::test]
async fn unknown_routes_methods_and_bodies_give_different_errors() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    send(&mut socket, "POST", "/v1/tasks/list.r1", b"").await;
    assert!(reply(&mut socket).await.0.starts_with("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain"));
    send(&mut socket, "GET", "/v1/tasks/list.r3", b"").await;
    assert!(reply(&mut socket).await.0.starts_with("HTTP/1.1 405 "));
    send(&mut socket, "POST", "/v1/tasks/list.r3", b"\xff\xff\xff not protobuf").await;
    let error = TasksResponse::decode(reply(&mut socket).await.1).unwrap().error.unwrap();
    assert_eq!(error.message, "the request received is invalid");
}

#[tokio::test]
async fn an_empty_inner_action_drops_the_connection_and_creates_no_task() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    let mut request = desired("one");
    let attempt = TryAction { action: Some(Box::default()), ..TryAction::default() };
    request.task_definition.as_mut().unwrap().action =
        Some(Action { kind: Some(Kind::TryAction(Box::new(attempt))) });
    send(&mut socket, "POST", "/v1/tasks/desire.r2", &request.encode_to_vec()).await;
    let read = socket.read(&mut [0; 64]).await.unwrap();
    assert_eq!(read, 0, "the connection is closed without an answer");
    assert!(sim.with(|machine, _| machine.is_empty()));
    let mut another = connect(&sim).await;
    send(&mut another, "POST", "/v1/ping", b"").await;
    assert!(reply(&mut another).await.0.contains("200"));
}

#[tokio::test]
async fn events_are_numbered_chunks_and_end_cleanly() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    send(&mut socket, "POST", "/v1/events/tasks.r1", b"").await;
    read_until(&mut socket, b"\r\n\r\n").await;
    sim.with(|machine, now| {
        let request = desired("one");
        machine.desire(request.task_guid, request.domain, request.task_definition, now).unwrap();
        machine.cancel("one", now).unwrap();
    });
    let first = String::from_utf8(read_until(&mut socket, b"\n\n\r\n").await).unwrap();
    assert!(first.contains(";\r\nid: 0\nevent: task_created\ndata: "), "{first}");
    let second = String::from_utf8(read_until(&mut socket, b"\n\n\r\n").await).unwrap();
    assert!(second.contains(";\r\nid: 1\nevent: task_changed\ndata: "), "{second}");
    sim.end_streams();
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"0\r\n\r\n");
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_cleanly() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    send(&mut socket, "POST", "/v1/events/tasks.r1", b"").await;
    read_until(&mut socket, b"\r\n\r\n").await;
    sim.serve_until(std::future::ready(())).await;
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest, b"0\r\n\r\n");
}

#[tokio::test]
async fn faults_change_the_replies() {
    let sim = Sim::start(Options::default()).await.unwrap();
    let mut socket = connect(&sim).await;
    sim.faults().status(Some(503));
    send(&mut socket, "POST", "/v1/ping", b"").await;
    assert!(reply(&mut socket).await.0.starts_with("HTTP/1.1 503 "));
    sim.faults().status(None);
    sim.faults().no_event_route(true);
    send(&mut socket, "POST", "/v1/events/tasks.r1", b"").await;
    assert!(reply(&mut socket).await.0.starts_with("HTTP/1.1 404 "));
    sim.faults().refuse_connections(true);
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    assert!(rest.is_empty(), "closed while waiting for a request");
}

#[tokio::test]
async fn cells_can_fail_while_tasks_are_listed() {
    let sim = Sim::start(Options { tasks: 2, ..Options::default() }).await.unwrap();
    let mut socket = connect(&sim).await;
    sim.faults().fail_cells(true);
    send(&mut socket, "POST", "/v1/cells/list.r1", b"").await;
    let response = CellsResponse::decode(reply(&mut socket).await.1).unwrap();
    let error = response.error.unwrap();
    assert_eq!(error.r#type, 0);
    assert_eq!(error.message, "rpc error: code = DeadlineExceeded desc = context deadline exceeded");
    send(&mut socket, "POST", "/v1/tasks/list.r3", b"").await;
    assert_eq!(TasksResponse::decode(reply(&mut socket).await.1).unwrap().tasks.len(), 2);
    sim.faults().fail_cells(false);
    send(&mut socket, "POST", "/v1/cells/list.r1", b"").await;
    assert_eq!(CellsResponse::decode(reply(&mut socket).await.1).unwrap().cells.len(), 4);
}

#[tokio::test]
async fn a_list_can_be_cut_off() {
    let sim = Sim::start(Options { tasks: 5, ..Options::default() }).await.unwrap();
    sim.faults().cut_list_after(Some(100));
    let mut socket = connect(&sim).await;
    send(&mut socket, "POST", "/v1/tasks/list.r3", b"").await;
    read_until(&mut socket, b"\r\n\r\n").await;
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).await.unwrap();
    assert_eq!(rest.len(), 100);
}

#[tokio::test]
async fn a_delayed_list_does_not_delay_other_calls() {
    let hour = Duration::from_secs(3_600);
    let sim = Sim::start(Options { tasks: 5, list_delay: hour, ..Options::default() }).await.unwrap();
    let (mut waiting, mut other) = (connect(&sim).await, connect(&sim).await);
    send(&mut waiting, "POST", "/v1/tasks/list.r3", b"").await;
    send(&mut other, "POST", "/v1/domains/list", b"").await;
    assert!(reply(&mut other).await.0.contains("200"));
    assert_eq!(sim.answered(Call::ListTasks), 0);
    sim.faults().delay_lists(Duration::ZERO);
    send(&mut other, "POST", "/v1/tasks/list.r3", b"").await;
    assert_eq!(TasksResponse::decode(reply(&mut other).await.1).unwrap().tasks.len(), 5);
}

#[tokio::test]
async fn with_tls_only_clients_with_a_certificate_of_the_ca_are_answered() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let sim = Sim::start(Options { tls: Some(dir.path().to_owned()), ..Options::default() }).await.unwrap();
    assert!(sim.url().starts_with("https://127.0.0.1:"));
    let (ca, certificate, key) = sim.tls_files().unwrap();
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(ping(&sim, &ca, Some((&certificate, &key))).await.is_ok());
    assert!(ping(&sim, &ca, None).await.is_err());
}

async fn ping(sim: &Sim, ca: &PathBuf, client: Option<(&PathBuf, &PathBuf)>) -> anyhow::Result<()> {
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca)?)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots);
    let config = match client {
        None => config.with_no_client_auth(),
        Some((certificate, key)) => config.with_client_auth_cert(
            vec![CertificateDer::from_pem_file(certificate)?],
            PrivateKeyDer::from_pem_file(key)?,
        )?,
    };
    let socket = TcpStream::connect(sim.address).await?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let mut socket = connector.connect(ServerName::try_from("127.0.0.1")?, socket).await?;
    socket.write_all(b"POST /v1/ping HTTP/1.1\r\nConnection: close\r\n\r\n").await?;
    let mut read = Vec::new();
    socket.read_to_end(&mut read).await?;
    anyhow::ensure!(read.ends_with(b"\x08\x01"), "no ping");
    Ok(())
}

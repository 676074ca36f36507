//! Mutual TLS: which side rejects which certificate, and the resulting messages.

use std::sync::Arc;

use rustls::crypto::{WebPkiSupportedAlgorithms, ring};
use rustls::version::{TLS12, TLS13};
use rustls::{DEFAULT_VERSIONS, ServerConfig, SignatureScheme};
use taskdeck::bbs::{Client, Connection, TlsFiles, Verify};
use taskdeck::model::{Call, FaultKind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::calls::{connection, fault, make, success};
use crate::pki::{Authority, Files, Identity, Purpose, serve};
use crate::server::{Answer, Server, Then};

/// How often the server's alert may arrive too early before the test fails.
const MAX_ATTEMPTS: usize = 100;

async fn serving(tls: Arc<ServerConfig>) -> Server {
    Server::start_tls(tls, |_| Answer::protobuf(&success())).await
}

/// Asserts that a write fails with `expected` and does not reach the server.
async fn fails_with(server: &Server, files: &Files, expected: &str) {
    let client = files.client(server).await;
    let mut reported = fault(&client, Call::Cancel).await;
    // The alert may arrive before the client sends the request; its text is lost then.
    for _ in 0..MAX_ATTEMPTS {
        if !reported.to_string().contains("before the request was sent") {
            break;
        }
        assert!(!reported.outcome_unknown(), "{reported}");
        reported = fault(&client, Call::Cancel).await;
    }
    let fault = reported;
    assert!(!fault.outcome_unknown(), "{fault}");
    let FaultKind::Tls { problem } = &fault.kind else { panic!("{fault}") };
    assert!(problem.contains(expected), "{problem}");
    let id = fault.request.unwrap();
    assert_eq!(
        fault.to_string(),
        format!("could not cancel the task on {}: TLS: {problem} (request {id})", server.url)
    );
    assert_eq!(server.paths(), [""; 0]);
}

fn trusted_files(authority: &Authority) -> Files {
    Files::new(authority, &authority.issue(Purpose::Client))
}

#[tokio::test]
async fn client_and_server_of_one_ca_trust_each_other() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let client = trusted_files(&authority).client(&server).await;
    for call in Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents) {
        make(&client, call).await.unwrap();
    }
}

#[tokio::test]
async fn tls_1_2_and_1_3_are_supported() {
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new();
        let identity = authority.issue(Purpose::Server);
        let server = serving(serve(&identity, authority.der(), ring::default_provider(), &[version])).await;
        make(&trusted_files(&authority).client(&server).await, Call::Cancel).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_of_another_ca_is_rejected() {
    let (ours, other) = (Authority::named("our CA"), Authority::named("their CA"));
    let server = serving(other.server()).await;
    fails_with(
        &server,
        &trusted_files(&ours),
        "check that the CA file belongs to this foundation and is current (",
    )
    .await;
}

#[tokio::test]
async fn a_ca_with_the_same_name_but_another_key_is_rejected() {
    let server = serving(Authority::new().server()).await;
    fails_with(
        &server,
        &trusted_files(&Authority::new()),
        "the server's certificate is not signed by this CA;",
    )
    .await;
}

#[tokio::test]
async fn an_expired_server_certificate_is_rejected() {
    let authority = Authority::new();
    let server = serving(authority.server_as(&authority.issue(Purpose::ExpiredServer))).await;
    fails_with(&server, &trusted_files(&authority), "the server's certificate has expired (").await;
}

#[tokio::test]
async fn a_server_with_another_host_name_is_rejected() {
    let authority = Authority::new();
    let server = serving(authority.server_as(&authority.issue(Purpose::OtherServer))).await;
    fails_with(&server, &trusted_files(&authority), "is not valid for the host in the URL (").await;
}

#[tokio::test]
async fn an_expired_client_certificate_is_reported() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Purpose::ExpiredClient));
    fails_with(&server, &files, "the server reports that the client certificate has expired (").await;
}

#[tokio::test]
async fn a_client_certificate_of_another_ca_is_reported() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &Authority::named("their CA").issue(Purpose::Client));
    fails_with(&server, &files, "the server rejected the client certificate;").await;
}

#[tokio::test]
async fn a_certificate_without_client_authentication_is_reported() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Server));
    fails_with(&server, &files, "the server rejected the client certificate;").await;
}

/// A server that accepts RSA keys only: a client with another key sends no certificate.
fn rsa_only(server: &Identity, authority: &Authority) -> Arc<ServerConfig> {
    let mut provider = ring::default_provider();
    let WebPkiSupportedAlgorithms { all, mapping } = provider.signature_verification_algorithms;
    let is_rsa = |scheme: SignatureScheme| format!("{scheme:?}").starts_with("RSA_PSS");
    let rsa: Vec<_> = mapping.iter().filter(|(scheme, _)| is_rsa(*scheme)).copied().collect();
    let mapping = Box::leak(rsa.into_boxed_slice());
    provider.signature_verification_algorithms = WebPkiSupportedAlgorithms { all, mapping };
    serve(server, authority.der(), provider, DEFAULT_VERSIONS)
}

#[tokio::test]
async fn a_missing_client_certificate_is_reported() {
    let authority = Authority::new();
    let server = serving(rsa_only(&authority.issue(Purpose::Server), &authority)).await;
    fails_with(&server, &trusted_files(&authority), "the server requires a client certificate (").await;
}

#[tokio::test]
async fn a_server_without_tls_is_reported() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = Authority::new();
    let files = trusted_files(&authority);
    let tls = TlsFiles {
        verify: Verify::Ca(files.path("ca.crt")),
        cert: files.path("client.crt"),
        key: files.path("client.key"),
    };
    let url = format!("https://{}", listener.local_addr().unwrap());
    let client = Client::open(Connection { tls: Some(tls), ..connection(&url) }).await.unwrap();
    let (fault, ()) = tokio::join!(fault(&client, Call::Cancel), async {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        // Kept open, so that only the response causes the fault.
        let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
    });
    assert!(matches!(fault.kind, FaultKind::Tls { .. }), "{fault}");
    assert!(!fault.outcome_unknown());
}

#[tokio::test]
async fn without_verification_any_server_is_accepted_and_gets_the_client_certificate() {
    let (ours, other) = (Authority::named("our CA"), Authority::named("their CA"));
    let theirs = other.issue(Purpose::ExpiredServer);
    let server = serving(serve(&theirs, ours.der(), ring::default_provider(), DEFAULT_VERSIONS)).await;
    let files = trusted_files(&ours);
    let tls =
        TlsFiles { verify: Verify::Skip, cert: files.path("client.crt"), key: files.path("client.key") };
    let client = Client::open(Connection { tls: Some(tls), ..connection(&server.url) }).await.unwrap();
    make(&client, Call::Cancel).await.unwrap();
    assert!(server.requests()[0].peer.is_some());
}

#[tokio::test]
async fn a_session_that_breaks_after_the_request_has_an_unknown_outcome() {
    for then in [Then::Garble, Then::Reset, Then::Close] {
        let authority = Authority::new();
        let answer = Answer::nothing(then.clone());
        let server = Server::start_tls(authority.server(), move |_| answer.clone()).await;
        let fault = fault(&trusted_files(&authority).client(&server).await, Call::Delete).await;
        assert!(matches!(fault.kind, FaultKind::Unreachable { sent: true, .. }), "{then:?}: {fault}");
        assert!(fault.outcome_unknown());
        assert_eq!(server.requests().len(), 1);
        assert_eq!(fault.request.unwrap().to_string(), server.requests()[0].id);
        assert_eq!(fault.to_string().contains("the TLS session failed"), then == Then::Garble, "{fault}");
    }
}

//! Mutual TLS: who is not trusted, by which end, and what is said of it.

use std::sync::Arc;

use rustls::crypto::{WebPkiSupportedAlgorithms, ring};
use rustls::version::{TLS12, TLS13};
use rustls::{DEFAULT_VERSIONS, ServerConfig, SignatureScheme};
use taskdeck::bbs::{Client, Connection, TlsFiles, Verify};
use taskdeck::model::{Call, FaultKind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::calls::{connection, fault, make, success};
use crate::pki::{Authority, Files, Identity, Of, serve};
use crate::server::{Answer, Server, Then};

/// How often a server's word may come too early before something else must be wrong.
const TRIES: usize = 100;

async fn serving(tls: Arc<ServerConfig>) -> Server {
    Server::start_tls(tls, |_| Answer::protobuf(&success())).await
}

/// Asserts that a write to the server fails for `said`, and that it did not reach it.
async fn is_not_trusted(server: &Server, files: &Files, said: &str) {
    let client = files.client(server).await;
    let mut said_to_us = fault(&client, Call::Cancel).await;
    // The server's word may come before the client is ready to ask, and is not heard then.
    for _ in 0..TRIES {
        if !said_to_us.to_string().contains("before it was asked anything") {
            break;
        }
        assert!(!said_to_us.outcome_unknown(), "{said_to_us}");
        said_to_us = fault(&client, Call::Cancel).await;
    }
    let fault = said_to_us;
    assert!(!fault.outcome_unknown(), "{fault}");
    let FaultKind::Tls { problem } = &fault.kind else { panic!("{fault}") };
    assert!(problem.contains(said), "{problem}");
    let id = fault.request.unwrap();
    assert_eq!(
        fault.to_string(),
        format!("could not cancel the task on {}: TLS: {problem} (request {id})", server.url)
    );
    assert_eq!(server.paths(), [""; 0]);
}

fn both(authority: &Authority) -> Files {
    Files::new(authority, &authority.issue(Of::Client))
}

#[tokio::test]
async fn both_ends_of_one_authority_trust_each_other() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let client = both(&authority).client(&server).await;
    for call in Call::ALL.into_iter().filter(|call| *call != Call::TaskEvents) {
        make(&client, call).await.unwrap();
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    for version in [&TLS12, &TLS13] {
        let authority = Authority::new();
        let identity = authority.issue(Of::Server);
        let server = serving(serve(&identity, authority.der(), ring::default_provider(), &[version])).await;
        make(&both(&authority).client(&server).await, Call::Cancel).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_of_another_authority_is_not_trusted() {
    let (ours, other) = (Authority::named("our CA"), Authority::named("their CA"));
    let server = serving(other.server()).await;
    is_not_trusted(&server, &both(&ours), "is the CA file the one of this foundation, and current? (").await;
}

#[tokio::test]
async fn an_authority_of_the_same_name_with_a_new_key_is_another_one() {
    let server = serving(Authority::new().server()).await;
    is_not_trusted(&server, &both(&Authority::new()), "the server's certificate is not of this CA;").await;
}

#[tokio::test]
async fn an_expired_server_is_not_trusted() {
    let authority = Authority::new();
    let server = serving(authority.server_as(&authority.issue(Of::ExpiredServer))).await;
    is_not_trusted(&server, &both(&authority), "the server's certificate has expired (").await;
}

#[tokio::test]
async fn a_server_of_another_name_is_not_trusted() {
    let authority = Authority::new();
    let server = serving(authority.server_as(&authority.issue(Of::OtherServer))).await;
    is_not_trusted(&server, &both(&authority), "is for another name than the one in the URL (").await;
}

#[tokio::test]
async fn an_expired_client_is_told_so() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Of::ExpiredClient));
    is_not_trusted(&server, &files, "the server says that our certificate has expired (").await;
}

#[tokio::test]
async fn a_client_of_another_authority_is_told_so() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &Authority::named("their CA").issue(Of::Client));
    is_not_trusted(&server, &files, "the server does not accept our client certificate;").await;
}

#[tokio::test]
async fn a_certificate_that_is_not_a_clients_is_not_accepted() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Of::Server));
    is_not_trusted(&server, &files, "the server does not accept our client certificate;").await;
}

/// A server that takes RSA keys alone: a client with another one has no certificate for it.
fn of_rsa_alone(server: &Identity, authority: &Authority) -> Arc<ServerConfig> {
    let mut provider = ring::default_provider();
    let WebPkiSupportedAlgorithms { all, mapping } = provider.signature_verification_algorithms;
    let is_rsa = |scheme: SignatureScheme| format!("{scheme:?}").starts_with("RSA_PSS");
    let rsa: Vec<_> = mapping.iter().filter(|(scheme, _)| is_rsa(*scheme)).copied().collect();
    let mapping = Box::leak(rsa.into_boxed_slice());
    provider.signature_verification_algorithms = WebPkiSupportedAlgorithms { all, mapping };
    serve(server, authority.der(), provider, DEFAULT_VERSIONS)
}

#[tokio::test]
async fn a_server_that_gets_no_client_certificate_demands_one() {
    let authority = Authority::new();
    let server = serving(of_rsa_alone(&authority.issue(Of::Server), &authority)).await;
    is_not_trusted(&server, &both(&authority), "the server demands a client certificate (").await;
}

#[tokio::test]
async fn a_server_without_tls_is_said_to_have_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let authority = Authority::new();
    let files = both(&authority);
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
        // Held open, so that nothing but what was said is the fault.
        let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
    });
    assert!(matches!(fault.kind, FaultKind::Tls { .. }), "{fault}");
    assert!(!fault.outcome_unknown());
}

#[tokio::test]
async fn whoever_is_not_verified_is_trusted_and_still_shown_our_certificate() {
    let (ours, other) = (Authority::named("our CA"), Authority::named("their CA"));
    let theirs = other.issue(Of::ExpiredServer);
    let server = serving(serve(&theirs, ours.der(), ring::default_provider(), DEFAULT_VERSIONS)).await;
    let files = both(&ours);
    let tls =
        TlsFiles { verify: Verify::Skip, cert: files.path("client.crt"), key: files.path("client.key") };
    let client = Client::open(Connection { tls: Some(tls), ..connection(&server.url) }).await.unwrap();
    make(&client, Call::Cancel).await.unwrap();
    assert!(server.requests()[0].peer.is_some());
}

#[tokio::test]
async fn a_session_that_breaks_after_the_request_is_of_unknown_outcome() {
    for then in [Then::Garble, Then::Reset, Then::Close] {
        let authority = Authority::new();
        let answer = Answer::nothing(then.clone());
        let server = Server::start_tls(authority.server(), move |_| answer.clone()).await;
        let fault = fault(&both(&authority).client(&server).await, Call::Delete).await;
        assert!(matches!(fault.kind, FaultKind::Unreachable { sent: true, .. }), "{then:?}: {fault}");
        assert!(fault.outcome_unknown());
        assert_eq!(server.requests().len(), 1);
        assert_eq!(fault.request.unwrap().to_string(), server.requests()[0].id);
        assert_eq!(fault.to_string().contains("TLS broke"), then == Then::Garble, "{fault}");
    }
}

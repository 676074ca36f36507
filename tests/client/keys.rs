//! The files of mutual TLS: the forms that keys come in, sentences about what is wrong with a file, and files that are
//! replaced while the client runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{DEFAULT_VERSIONS, ServerConfig};
use taskdeck::model::Call;

use crate::calls::{fault, make, success};
use crate::pki::{Authority, Files, Of, open, serve};
use crate::server::{Answer, Server, Then};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pki").join(name)
}

async fn serving(tls: Arc<ServerConfig>) -> Server {
    Server::start_tls(tls, |_| Answer::protobuf(&success())).await
}

/// A server that takes the clients of the fixtures.
async fn of_fixtures(authority: &Authority) -> Server {
    let clients = CertificateDer::from_pem_file(fixture("ca.crt")).unwrap();
    serving(serve(&authority.issue(Of::Server), clients, ring::default_provider(), DEFAULT_VERSIONS)).await
}

#[tokio::test]
async fn keys_are_taken_in_every_form() {
    let authority = Authority::new();
    let server = of_fixtures(&authority).await;
    let files = Files::new(&authority, &authority.issue(Of::Client));
    let forms = [
        ("rsa.crt", "rsa.pkcs1.key", "BEGIN RSA PRIVATE KEY"),
        ("rsa.crt", "rsa.pkcs8.key", "BEGIN PRIVATE KEY"),
        ("ec.crt", "ec.sec1.key", "BEGIN EC PRIVATE KEY"),
        ("ec.crt", "ec.pkcs8.key", "BEGIN PRIVATE KEY"),
    ];
    for (cert, key, form) in forms {
        assert!(std::fs::read_to_string(fixture(key)).unwrap().contains(form), "{key}");
        let client = open(&server, &files.path("ca.crt"), &fixture(cert), &fixture(key)).await.unwrap();
        make(&client, Call::Cancel).await.unwrap();
        let shown = CertificateDer::from_pem_file(fixture(cert)).unwrap();
        assert_eq!(server.requests().last().unwrap().peer.as_deref(), Some(shown.as_ref()), "{key}");
    }
}

#[tokio::test]
async fn a_file_at_fault_is_named_before_anything_is_sent() {
    let authority = Authority::new();
    let server = of_fixtures(&authority).await;
    let files = Files::new(&authority, &authority.issue(Of::Client));
    files.put("empty", "");
    files.put("half", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    files.put("nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let [ca, cert, key] = ["ca.crt", "client.crt", "client.key"].map(|name| files.path(name));
    let [empty, half, nonsense, gone] = ["empty", "half", "nonsense", "gone"].map(|name| files.path(name));
    let (rsa, rsa_key, ec_key) = (fixture("rsa.crt"), fixture("rsa.pkcs8.key"), fixture("ec.sec1.key"));
    let (old, new) = (fixture("rsa.encrypted.pkcs1.key"), fixture("rsa.encrypted.pkcs8.key"));
    // The three files, which of them is at fault, and what is said of it.
    let cases = [
        ([&gone, &cert, &key], &gone, "cannot be read: No such file"),
        ([&ca, &gone, &key], &gone, "cannot be read: No such file"),
        ([&ca, &cert, &gone], &gone, "cannot be read: No such file"),
        ([&empty, &cert, &key], &empty, "holds no certificate: it must be PEM, BEGIN CERTIFICATE"),
        ([&ca, &empty, &key], &empty, "holds no certificate: it must be PEM, BEGIN CERTIFICATE"),
        ([&ca, &key, &key], &key, "holds no certificate: it must be PEM, BEGIN CERTIFICATE"),
        ([&ca, &half, &key], &half, "cannot be read"),
        ([&nonsense, &cert, &key], &nonsense, "the CA certificate"),
        ([&ca, &cert, &empty], &empty, "holds no private key that can be used (PEM: PKCS#1, PKCS#8 or SEC1)"),
        ([&ca, &cert, &cert], &cert, "holds no private key that can be used (PEM: PKCS#1, PKCS#8 or SEC1)"),
        ([&ca, &rsa, &old], &old, "is encrypted: give one without a passphrase"),
        ([&ca, &rsa, &new], &new, "is encrypted: give one without a passphrase"),
        ([&ca, &rsa, &ec_key], &ec_key, "does not go with the certificate"),
        ([&ca, &cert, &rsa_key], &rsa_key, "does not go with the certificate"),
    ];
    for ([ca, cert, key], at_fault, said) in cases {
        let problem = open(&server, ca, cert, key).await.unwrap_err();
        assert!(problem.contains(said), "{problem}");
        assert!(problem.contains(&at_fault.display().to_string()), "{problem}");
    }
    assert_eq!(server.paths(), [""; 0]);
}

#[tokio::test]
async fn files_that_are_replaced_are_used_by_the_next_connection() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let (first, second) = (authority.issue(Of::Client), authority.issue(Of::Client));
    let files = Files::new(&authority, &first);
    let client = files.client(&server).await;
    let shown = || server.requests().last().unwrap().peer.clone().unwrap();
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), first.certificate.der().to_vec());
    files.put("client.crt", &second.certificate.pem());
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), first.certificate.der().to_vec(), "a certificate without its key is not taken");
    files.put("client.key", &second.key.serialize_pem());
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), second.certificate.der().to_vec());
    // A clone is the same client.
    make(&client.clone(), Call::Cancel).await.unwrap();
    assert_eq!(shown(), second.certificate.der().to_vec());
}

#[tokio::test]
async fn a_stream_that_is_open_goes_on_while_the_files_are_replaced() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.server(), |request| {
        if request.path.contains("events") {
            Answer::events(b"", Then::Hang)
        } else {
            Answer::protobuf(&success())
        }
    })
    .await;
    let files = Files::new(&authority, &authority.issue(Of::Client));
    let client = files.client(&server).await;
    let mut stream = client.task_events().await.unwrap();
    let second = authority.issue(Of::Client);
    files.put("client.crt", &second.certificate.pem());
    files.put("client.key", &second.key.serialize_pem());
    make(&client, Call::Ping).await.unwrap();
    let connections: Vec<_> = server.requests().iter().map(|request| request.connection).collect();
    assert_ne!(connections[0], connections[1], "the new files, a new connection");
    tokio::select! {
        biased;
        next = stream.next() => panic!("the old one has ended: {next:?}"),
        made = make(&client, Call::Ping) => made.unwrap(),
    }
}

#[tokio::test]
async fn an_authority_that_is_replaced_is_trusted_without_a_restart() {
    let (old, new) = (Authority::new(), Authority::new());
    let server = serving(old.server()).await;
    let files = Files::new(&old, &old.issue(Of::Client));
    let client = files.client(&server).await;
    make(&client, Call::Ping).await.unwrap();
    server.set_tls(new.server());
    let second = new.issue(Of::Client);
    files.put("client.crt", &second.certificate.pem());
    files.put("client.key", &second.key.serialize_pem());
    let fault = fault(&client, Call::Cancel).await;
    assert!(fault.to_string().contains("the server's certificate is not of this CA;"), "{fault}");
    files.put("ca.crt", &new.pem());
    make(&client, Call::Cancel).await.unwrap();
}

#[tokio::test]
async fn a_file_that_vanishes_for_a_while_stops_nobody() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Of::Client));
    let client = files.client(&server).await;
    std::fs::remove_file(files.path("client.key")).unwrap();
    make(&client, Call::Cancel).await.unwrap();
}

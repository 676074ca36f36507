//! Files for mutual TLS: key formats, messages about faulty files, and files that are replaced while the client runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{DEFAULT_VERSIONS, ServerConfig};
use taskdeck::model::Call;

use crate::calls::{fault, make, success};
use crate::pki::{Authority, Files, Purpose, open, serve};
use crate::server::{Answer, Server, Then};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/pki").join(name)
}

async fn serving(tls: Arc<ServerConfig>) -> Server {
    Server::start_tls(tls, |_| Answer::protobuf(&success())).await
}

/// Starts a server that trusts the clients of the fixtures.
async fn trusting_fixtures(authority: &Authority) -> Server {
    let clients = CertificateDer::from_pem_file(fixture("ca.crt")).unwrap();
    serving(serve(&authority.issue(Purpose::Server), clients, ring::default_provider(), DEFAULT_VERSIONS))
        .await
}

#[tokio::test]
async fn all_key_formats_are_accepted() {
    let authority = Authority::new();
    let server = trusting_fixtures(&authority).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
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
async fn a_faulty_file_is_named_before_anything_is_sent() {
    let authority = Authority::new();
    let server = trusting_fixtures(&authority).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    files.put("empty", "");
    files.put("half", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    files.put("nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let [ca, cert, key] = ["ca.crt", "client.crt", "client.key"].map(|name| files.path(name));
    let [empty, half, nonsense, gone] = ["empty", "half", "nonsense", "gone"].map(|name| files.path(name));
    let (rsa, rsa_key, ec_key) = (fixture("rsa.crt"), fixture("rsa.pkcs8.key"), fixture("ec.sec1.key"));
    let (old, new) = (fixture("rsa.encrypted.pkcs1.key"), fixture("rsa.encrypted.pkcs8.key"));
    // The three files, the faulty one, and the expected message.
    let cases = [
        ([&gone, &cert, &key], &gone, "cannot be read: No such file"),
        ([&ca, &gone, &key], &gone, "cannot be read: No such file"),
        ([&ca, &cert, &gone], &gone, "cannot be read: No such file"),
        ([&empty, &cert, &key], &empty, "contains no certificate; expected PEM (BEGIN CERTIFICATE)"),
        ([&ca, &empty, &key], &empty, "contains no certificate; expected PEM (BEGIN CERTIFICATE)"),
        ([&ca, &key, &key], &key, "contains no certificate; expected PEM (BEGIN CERTIFICATE)"),
        ([&ca, &half, &key], &half, "cannot be read"),
        ([&nonsense, &cert, &key], &nonsense, "the CA certificate"),
        ([&ca, &cert, &empty], &empty, "contains no usable private key (PEM: PKCS#1, PKCS#8 or SEC1)"),
        ([&ca, &cert, &cert], &cert, "contains no usable private key (PEM: PKCS#1, PKCS#8 or SEC1)"),
        ([&ca, &rsa, &old], &old, "is encrypted; use a key without a passphrase"),
        ([&ca, &rsa, &new], &new, "is encrypted; use a key without a passphrase"),
        ([&ca, &rsa, &ec_key], &ec_key, "does not match the certificate"),
        ([&ca, &cert, &rsa_key], &rsa_key, "does not match the certificate"),
    ];
    for ([ca, cert, key], faulty, expected) in cases {
        let problem = open(&server, ca, cert, key).await.unwrap_err();
        assert!(problem.contains(expected), "{problem}");
        assert!(problem.contains(&faulty.display().to_string()), "{problem}");
    }
    assert_eq!(server.paths(), [""; 0]);
}

#[tokio::test]
async fn replaced_files_are_used_by_the_next_connection() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let (first, second) = (authority.issue(Purpose::Client), authority.issue(Purpose::Client));
    let files = Files::new(&authority, &first);
    let client = files.client(&server).await;
    let shown = || server.requests().last().unwrap().peer.clone().unwrap();
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), first.certificate.der().to_vec());
    files.put("client.crt", &second.certificate.pem());
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), first.certificate.der().to_vec(), "a certificate without its key is not used");
    files.put("client.key", &second.key.serialize_pem());
    make(&client, Call::Ping).await.unwrap();
    assert_eq!(shown(), second.certificate.der().to_vec());
    // Clones share the files.
    make(&client.clone(), Call::Cancel).await.unwrap();
    assert_eq!(shown(), second.certificate.der().to_vec());
}

#[tokio::test]
async fn an_open_stream_continues_when_the_files_are_replaced() {
    let authority = Authority::new();
    let server = Server::start_tls(authority.server(), |request| {
        if request.path.contains("events") {
            Answer::events(b"", Then::Hang)
        } else {
            Answer::protobuf(&success())
        }
    })
    .await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    let client = files.client(&server).await;
    let mut stream = client.task_events().await.unwrap();
    let second = authority.issue(Purpose::Client);
    files.put("client.crt", &second.certificate.pem());
    files.put("client.key", &second.key.serialize_pem());
    make(&client, Call::Ping).await.unwrap();
    let connections: Vec<_> = server.requests().iter().map(|request| request.connection).collect();
    assert_ne!(connections[0], connections[1], "new files need a new connection");
    tokio::select! {
        biased;
        next = stream.next() => panic!("the old stream ended: {next:?}"),
        made = make(&client, Call::Ping) => made.unwrap(),
    }
}

#[tokio::test]
async fn a_replaced_ca_is_trusted_without_a_restart() {
    let (old, new) = (Authority::new(), Authority::new());
    let server = serving(old.server()).await;
    let files = Files::new(&old, &old.issue(Purpose::Client));
    let client = files.client(&server).await;
    make(&client, Call::Ping).await.unwrap();
    server.set_tls(new.server());
    let second = new.issue(Purpose::Client);
    files.put("client.crt", &second.certificate.pem());
    files.put("client.key", &second.key.serialize_pem());
    let fault = fault(&client, Call::Cancel).await;
    assert!(fault.to_string().contains("TLS: the server's certificate is not signed by this CA;"), "{fault}");
    files.put("ca.crt", &new.pem());
    make(&client, Call::Cancel).await.unwrap();
}

#[tokio::test]
async fn new_files_that_cannot_be_used_are_named_in_the_fault() {
    let (old, new) = (Authority::new(), Authority::new());
    let server = serving(old.server()).await;
    let files = Files::new(&old, &old.issue(Purpose::Client));
    let client = files.client(&server).await;
    server.set_tls(new.server());
    let second = new.issue(Purpose::Client);
    files.put("ca.crt", &new.pem());
    files.put("client.crt", &second.certificate.pem());
    let fault = fault(&client, Call::Cancel).await;
    let sentence = format!(
        "TLS: the new certificate files cannot be used: the key {} does not match the certificate {}",
        files.path("client.key").display(),
        files.path("client.crt").display(),
    );
    assert!(fault.to_string().contains(&sentence), "{fault}");
    let rest = "; with the previous ones, the server's certificate is not signed by this CA;";
    assert!(fault.to_string().contains(rest), "{fault}");
    files.put("client.key", &second.key.serialize_pem());
    make(&client, Call::Cancel).await.unwrap();
}

#[tokio::test]
async fn a_missing_file_does_not_stop_a_running_client() {
    let authority = Authority::new();
    let server = serving(authority.server()).await;
    let files = Files::new(&authority, &authority.issue(Purpose::Client));
    let client = files.client(&server).await;
    std::fs::remove_file(files.path("client.key")).unwrap();
    make(&client, Call::Cancel).await.unwrap();
}

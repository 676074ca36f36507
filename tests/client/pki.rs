//! Private CAs and certificates, created for each test, and the client's files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{DEFAULT_VERSIONS, RootCertStore, ServerConfig, SupportedProtocolVersion};
use taskdeck::bbs::{Client, Connection, TlsFiles, Verify};
use tempfile::TempDir;

use crate::calls::connection;
use crate::server::Server;

/// A private CA. By default all have the same name, like a CA that was recreated under its old name.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key.
pub(crate) struct Identity {
    pub(crate) certificate: rcgen::Certificate,
    pub(crate) key: KeyPair,
}

/// Purpose of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Server,
    ExpiredServer,
    /// A server with another host name.
    OtherServer,
    Client,
    ExpiredClient,
}

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("BBS CA")
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn issue(&self, purpose: Purpose) -> Identity {
        let hosts: &[&str] = match purpose {
            Purpose::Server | Purpose::ExpiredServer => &["127.0.0.1"],
            Purpose::OtherServer => &["bbs.elsewhere.example.com"],
            Purpose::Client | Purpose::ExpiredClient => &[],
        };
        let mut params =
            CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).unwrap();
        params.extended_key_usages = vec![match purpose {
            Purpose::Client | Purpose::ExpiredClient => ExtendedKeyUsagePurpose::ClientAuth,
            _ => ExtendedKeyUsagePurpose::ServerAuth,
        }];
        if matches!(purpose, Purpose::ExpiredServer | Purpose::ExpiredClient) {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        Identity { certificate: params.signed_by(&key, &self.0).unwrap(), key }
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn der(&self) -> CertificateDer<'static> {
        self.0.as_ref().der().clone()
    }

    /// A TLS server with a certificate of this CA that requires client certificates of the same CA.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        self.server_as(&self.issue(Purpose::Server))
    }

    pub(crate) fn server_as(&self, server: &Identity) -> Arc<ServerConfig> {
        serve(server, self.der(), ring::default_provider(), DEFAULT_VERSIONS)
    }
}

/// A TLS server that requires client certificates signed by the CA `clients`.
pub(crate) fn serve(
    server: &Identity,
    clients: CertificateDer<'static>,
    provider: CryptoProvider,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ServerConfig> {
    let provider = Arc::new(provider);
    let mut roots = RootCertStore::empty();
    roots.add(clients).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![server.certificate.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

/// The client's files in a temporary directory.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new(authority: &Authority, client: &Identity) -> Self {
        let files = Self(TempDir::new().unwrap());
        files.put("ca.crt", &authority.pem());
        files.put("client.crt", &client.certificate.pem());
        files.put("client.key", &client.key.serialize_pem());
        files
    }

    /// Replaces a file atomically.
    pub(crate) fn put(&self, name: &str, content: &str) {
        let new = self.0.path().join("new");
        fs::write(&new, content).unwrap();
        fs::rename(new, self.path(name)).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) async fn client(&self, server: &Server) -> Client {
        open(server, &self.path("ca.crt"), &self.path("client.crt"), &self.path("client.key")).await.unwrap()
    }
}

/// Opens a client with these files, or returns the message about the faulty one.
pub(crate) async fn open(server: &Server, ca: &Path, cert: &Path, key: &Path) -> Result<Client, String> {
    let [ca, cert, key] = [ca, cert, key].map(Path::to_owned);
    let tls = Some(TlsFiles { verify: Verify::Ca(ca), cert, key });
    Client::open(Connection { tls, ..connection(&server.url) }).await
}

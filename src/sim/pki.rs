//! Generates a private CA and the certificates of one server and one client at every start.
//!
//! For development only: the keys are unencrypted files, readable by their owner only.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::platform::files;

pub(super) const CA: &str = "ca.crt";
pub(super) const CLIENT_CERTIFICATE: &str = "client.crt";
pub(super) const CLIENT_KEY: &str = "client.key";
const SERVER_CERTIFICATE: &str = "server.crt";
const SERVER_KEY: &str = "server.key";

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    All,
    Owner,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

/// Writes the files and returns the server's TLS configuration.
pub(super) fn write(dir: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let authority = authority()?;
    let names = ["localhost", "127.0.0.1", "::1", "bbs.service.cf.internal"].map(str::to_owned);
    let (server, server_key) =
        issue(&authority, "bbs.service.cf.internal", names.to_vec(), ExtendedKeyUsagePurpose::ServerAuth)?;
    let (client, client_key) =
        issue(&authority, "taskdeck", Vec::new(), ExtendedKeyUsagePurpose::ClientAuth)?;
    write_file(dir, CA, &authority.pem(), Readers::All)?;
    write_file(dir, SERVER_CERTIFICATE, &server.pem(), Readers::All)?;
    write_file(dir, SERVER_KEY, &server_key.serialize_pem(), Readers::Owner)?;
    write_file(dir, CLIENT_CERTIFICATE, &client.pem(), Readers::All)?;
    write_file(dir, CLIENT_KEY, &client_key.serialize_pem(), Readers::Owner)?;
    configure(&authority, &server, &server_key)
}

fn authority() -> anyhow::Result<Authority> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "simulated BBS CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}

fn issue(
    authority: &Authority,
    name: &str,
    hosts: Vec<String>,
    usage: ExtendedKeyUsagePurpose,
) -> anyhow::Result<(rcgen::Certificate, KeyPair)> {
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name.push(DnType::CommonName, name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    Ok((certificate, key))
}

/// Requires a client certificate of the same CA, as the BBS does.
fn configure(
    authority: &Authority,
    server: &rcgen::Certificate,
    key: &KeyPair,
) -> anyhow::Result<Arc<ServerConfig>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.as_ref().der().clone())?;
    let verifier =
        WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![server.der().clone()], key)?;
    Ok(Arc::new(config))
}

/// Replaces the file. Writing to an existing file would keep its mode.
fn write_file(dir: &Path, name: &str, content: &str, readers: Readers) -> anyhow::Result<()> {
    let path = dir.join(name);
    let _ = std::fs::remove_file(&path);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if readers == Readers::Owner {
        files::private(&mut options);
    }
    let mut file = options.open(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.write_all(content.as_bytes())?;
    Ok(())
}

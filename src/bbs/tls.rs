//! Mutual TLS from PEM files: the private CA only, our certificate, and when to read them again.
//!
//! Reads files, opens no connection. The sentences name the file and what would be right in it.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::connection::{TlsFiles, Verify};

/// Of UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What each file was when it was looked at; two that differ mean that the files must be read again. A file may be put
/// in another's place with its time kept, so the time alone does not tell.
pub(super) type Age = Vec<Option<(SystemTime, u64)>>;

/// What the files are now.
pub(super) async fn age(files: &TlsFiles) -> Age {
    let mut age = Vec::new();
    for path in paths(files) {
        let now = tokio::fs::metadata(path).await;
        age.push(now.and_then(|file| Ok((file.modified()?, file.ino()))).ok());
    }
    age
}

fn paths(files: &TlsFiles) -> impl Iterator<Item = &PathBuf> {
    let ca = match &files.verify {
        Verify::Ca(path) => Some(path),
        Verify::Skip => None,
    };
    ca.into_iter().chain([&files.cert, &files.key])
}

/// What a connection is made with, or a sentence about the file that is at fault.
///
/// Sessions are not resumed: a resumed one would go on with a certificate that was replaced on disk.
pub(super) fn client_config(files: &TlsFiles) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let verifier = verifier(&files.verify, &provider)?;
    let chain = certificates(&files.cert)?;
    let mut config = builder
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_auth_cert(chain, key(&files.key)?)
        .map_err(|error| {
            let (key, cert) = (files.key.display(), files.cert.display());
            format!("the key {key} does not go with the certificate {cert}: {error}")
        })?;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// TLS for an address without files: no connection with it will ever be made.
pub(super) fn unused_config() -> Result<ClientConfig, String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
}

fn verifier(verify: &Verify, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, String> {
    let Verify::Ca(path) = verify else {
        return Ok(Arc::new(Unverified(Arc::clone(provider))));
    };
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| format!("the CA certificate {}: {error}", path.display()))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| format!("the CA certificate {}: {error}", path.display()))?;
    Ok(verifier)
}

pub(super) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let pem = read(path)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(format!("{} holds no certificate: it must be PEM, BEGIN CERTIFICATE", path.display())),
        Err(error) => Err(format!("the certificate {} cannot be read: {error}", path.display())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let pem = read(path)?;
    if pem.windows(9).any(|part| part == b"ENCRYPTED") {
        let path = path.display();
        return Err(format!("the key {path} is encrypted: give one without a passphrase"));
    }
    PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        let path = path.display();
        format!("{path} holds no private key that can be used (PEM: PKCS#1, PKCS#8 or SEC1): {error}")
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut pem =
        std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    // Editors on Windows begin a file with it; the line that follows would not count as the beginning of a PEM block.
    if pem.starts_with(BYTE_ORDER_MARK) {
        pem.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(pem)
}

/// Takes any server for the right one; the screen says so for as long as it lasts.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

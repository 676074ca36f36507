//! Builds the mutual TLS configuration from PEM files and detects when they change.
//!
//! Trusts the private CA only. Must not open connections. Error messages name the file and what is expected in it.

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
use crate::platform::files;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Modification time and identity of each file; a difference means that the files must be reloaded. The time alone is not
/// enough: a replacement may keep it.
pub(super) type Fingerprint = Vec<Option<(SystemTime, files::Identity)>>;

/// Returns the current fingerprint of the files.
pub(super) async fn fingerprint(files: &TlsFiles) -> Fingerprint {
    let mut fingerprint = Vec::new();
    for path in paths(files) {
        let metadata = tokio::fs::metadata(path).await;
        fingerprint.push(metadata.and_then(|file| Ok((file.modified()?, files::identity(&file)))).ok());
    }
    fingerprint
}

fn paths(files: &TlsFiles) -> impl Iterator<Item = &PathBuf> {
    let ca = match &files.verify {
        Verify::Ca(path) => Some(path),
        Verify::Skip => None,
    };
    ca.into_iter().chain([&files.cert, &files.key])
}

/// Builds the client configuration.
///
/// Session resumption is disabled: a resumed session would keep using a certificate that was replaced on disk.
///
/// # Errors
/// Names the faulty file and what is wrong with it.
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
            format!("the key {key} does not match the certificate {cert}: {error}")
        })?;
    config.resumption = rustls::client::Resumption::disabled();
    Ok(config)
}

/// Returns a configuration for plain `http` URLs. It is never used: `reqwest` just needs one.
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
        Ok(_) => Err(format!("{} contains no certificate; expected PEM (BEGIN CERTIFICATE)", path.display())),
        Err(error) => Err(format!("the certificate {} cannot be read: {error}", path.display())),
    }
}

fn key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let pem = read(path)?;
    if pem.windows(9).any(|part| part == b"ENCRYPTED") {
        let path = path.display();
        return Err(format!("the key {path} is encrypted; use a key without a passphrase"));
    }
    PrivateKeyDer::from_pem_slice(&pem).map_err(|error| {
        let path = path.display();
        format!("{path} contains no usable private key (PEM: PKCS#1, PKCS#8 or SEC1): {error}")
    })
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    let mut pem =
        std::fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    // Some editors write it; the PEM parser would not recognize the first line.
    if pem.starts_with(BYTE_ORDER_MARK) {
        pem.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(pem)
}

/// Accepts any server certificate. The screen shows a warning the whole time.
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

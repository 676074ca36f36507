//! Runs the steps of a connection one by one, to find the one that fails.
//!
//! Must not make any API call except ping, which changes nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::fmt::rfc2822;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::connection::{TlsFiles, Verify};
use super::{Client, http_fault, tls};
use crate::model::{Fault, Timestamp};

/// How long to wait for the server to reject our certificate. Silence after that counts as acceptance; whether the
/// server replies at all is a separate check.
const REJECTION_TIMEOUT: Duration = Duration::from_secs(2);

/// The relevant fields of a certificate. Its texts are untrusted: sanitize them before printing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Distinguished name of the subject.
    pub subject: String,
    /// Distinguished name of the issuer.
    pub issuer: String,
    /// Start of the validity period.
    pub not_before: Timestamp,
    /// End of the validity period.
    pub not_after: Timestamp,
    /// DNS names and IP addresses (subject alternative names).
    pub hosts: Vec<String>,
}

/// Result of a TLS handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// TLS version, such as `TLSv1_3`.
    pub version: String,
    /// The server's certificate; `None` if it could not be parsed.
    pub server: Option<Certificate>,
    /// Why the server rejected the client certificate; `None` if it did not.
    pub refusal: Option<String>,
}

/// The reply to a ping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pinged {
    /// Whether the BBS reports itself available.
    pub is_available: bool,
    /// The time of the server in the head of the reply, to the second.
    pub date: Option<Timestamp>,
}

/// Pings the BBS.
pub async fn ping(client: &Client) -> Result<Pinged, Fault> {
    let (is_available, date) = client.ping_with_date().await?;
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date).ok();
    let date = date.map(|date| Timestamp::from_nanos(date.as_second().saturating_mul(1_000_000_000)));
    Ok(Pinged { is_available, date })
}

/// Returns the host and port of a BBS URL.
///
/// # Errors
/// Says why the URL is not usable.
pub fn address(url: &str) -> Result<(String, u16), String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| format!("{url} is not a valid URL: {error}"))?;
    let host = parsed.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
    host.zip(parsed.port_or_known_default()).ok_or_else(|| format!("{url} has no host"))
}

/// Returns the certificates in a PEM file.
///
/// # Errors
/// Names the file and what is wrong with it.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    let parse = |der| {
        parse_certificate(der)
            .ok_or_else(|| format!("{} contains a certificate that cannot be read", path.display()))
    };
    tls::certificates(path)?.iter().map(parse).collect()
}

/// Checks that the TLS files are usable and match each other.
///
/// # Errors
/// Names the faulty file and what is wrong with it.
pub fn check_files(files: &TlsFiles) -> Result<(), String> {
    tls::client_config(files).map(|_| ())
}

/// Performs a TLS handshake over `socket` and checks whether the server accepts the client certificate.
///
/// # Errors
/// Says why the handshake failed.
pub async fn handshake(files: &TlsFiles, host: &str, socket: TcpStream) -> Result<Handshake, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| format!("{host}: {error}"))?;
    let connector = TlsConnector::from(Arc::new(tls::client_config(files)?));
    let mut socket = connector
        .connect(name, socket)
        .await
        .map_err(|error| http_fault::describe_handshake_error(&error))?;
    let refusal = timeout(REJECTION_TIMEOUT, rejection(&mut socket, host)).await.ok().flatten();
    let (_, session) = socket.get_ref();
    Ok(Handshake {
        refusal,
        version: session.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
        server: session.peer_certificates().and_then(|chain| chain.first()).and_then(parse_certificate),
    })
}

/// Returns why the server rejects the client certificate. With TLS 1.3 the handshake completes on our side before the
/// server checks the certificate; a rejection arrives in place of the first response, so we send a request.
async fn rejection(socket: &mut TlsStream<TcpStream>, host: &str) -> Option<String> {
    let ping =
        format!("POST /v1/ping HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    // Even if the server has closed the connection, its alert may still be readable.
    let _ = socket.write_all(ping.as_bytes()).await;
    let _ = socket.flush().await;
    let error = socket.read(&mut [0]).await.err()?;
    http_fault::rejects_client(&error).then(|| http_fault::describe_handshake_error(&error))
}

/// Returns the server's certificate without verifying it. Sends nothing except the client certificate.
pub async fn unverified_certificate(files: &TlsFiles, host: &str, socket: TcpStream) -> Option<Certificate> {
    let unverified = TlsFiles { verify: Verify::Skip, ..files.clone() };
    handshake(&unverified, host, socket).await.ok()?.server
}

fn parse_certificate(der: &CertificateDer<'_>) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let validity = certificate.validity();
    let nanos = |seconds: i64| Timestamp::from_nanos(seconds.saturating_mul(1_000_000_000));
    let names = certificate.subject_alternative_name().ok().flatten();
    Some(Certificate {
        subject: certificate.subject().to_string(),
        issuer: certificate.issuer().to_string(),
        not_before: nanos(validity.not_before.timestamp()),
        not_after: nanos(validity.not_after.timestamp()),
        hosts: names
            .map(|names| names.value.general_names.iter().filter_map(host).collect())
            .unwrap_or_default(),
    })
}

fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match *bytes {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).to_string()),
            bytes => {
                <[u8; 16]>::try_from(bytes).ok().map(|bytes| std::net::Ipv6Addr::from(bytes).to_string())
            }
        },
        _ => None,
    }
}

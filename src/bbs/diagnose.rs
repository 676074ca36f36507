//! What a connection takes, one step at a time, for whoever looks for the step that fails. Makes no call of
//! the API but ping, which changes nothing.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::connection::{TlsFiles, Verify};
use super::{http_fault, tls};
use crate::model::Timestamp;

/// A server that has not answered by then has not refused us: whether it answers at all is another question.
const VERDICT: Duration = Duration::from_secs(2);

/// What is to know of a certificate. The texts are those of whoever made it: not safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when it holds.
    pub not_after: Timestamp,
    /// The names and addresses that it is for.
    pub hosts: Vec<String>,
}

/// What a handshake came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    /// The version of TLS, like `TLSv1_3`.
    pub version: String,
    /// The server's certificate; none if it cannot be read.
    pub server: Option<Certificate>,
    /// Why the server does not take our certificate; none if it does.
    pub refusal: Option<String>,
}

/// Host and port of a BBS's URL; the error is what is wrong with it.
pub fn address(url: &str) -> Result<(String, u16), String> {
    let parsed = reqwest::Url::parse(url).map_err(|error| format!("{url} is no URL: {error}"))?;
    let host = parsed.host_str().map(|host| host.trim_matches(['[', ']']).to_owned());
    host.zip(parsed.port_or_known_default()).ok_or_else(|| format!("{url} names no host"))
}

/// The certificates in a file; the error is a sentence about the file.
pub fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    let read =
        |der| read(der).ok_or_else(|| format!("{} holds a certificate that cannot be read", path.display()));
    tls::certificates(path)?.iter().map(read).collect()
}

/// Whether our files can be used, and go together; the error is a sentence about the one that is at fault.
pub fn files(files: &TlsFiles) -> Result<(), String> {
    tls::client_config(files).map(|_| ())
}

/// Shakes hands over the connection, and asks what the server says to our certificate.
pub async fn handshake(files: &TlsFiles, host: &str, socket: TcpStream) -> Result<Handshake, String> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| format!("{host}: {error}"))?;
    let connector = TlsConnector::from(Arc::new(tls::client_config(files)?));
    let mut socket =
        connector.connect(name, socket).await.map_err(|error| http_fault::of_handshake(&error))?;
    let refusal = timeout(VERDICT, refusal(&mut socket, host)).await.ok().flatten();
    let (_, session) = socket.get_ref();
    Ok(Handshake {
        refusal,
        version: session.protocol_version().map(|version| format!("{version:?}")).unwrap_or_default(),
        server: session.peer_certificates().and_then(|chain| chain.first()).and_then(read),
    })
}

/// Why the server does not take our certificate. With TLS 1.3 the handshake is over for us before it has judged: its
/// verdict comes in place of its first answer, so it is asked for one.
async fn refusal(socket: &mut TlsStream<TcpStream>, host: &str) -> Option<String> {
    let ping =
        format!("POST /v1/ping HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    // A connection that is closed already may still hold the verdict.
    let _ = socket.write_all(ping.as_bytes()).await;
    let _ = socket.flush().await;
    let error = socket.read(&mut [0]).await.err()?;
    http_fault::is_refusal(&error).then(|| http_fault::of_handshake(&error))
}

/// The certificate that a server shows, whoever it is: nothing is sent to it but our own.
pub async fn shown(files: &TlsFiles, host: &str, socket: TcpStream) -> Option<Certificate> {
    let unverified = TlsFiles { verify: Verify::Skip, ..files.clone() };
    handshake(&unverified, host, socket).await.ok()?.server
}

fn read(der: &CertificateDer<'_>) -> Option<Certificate> {
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

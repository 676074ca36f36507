//! Checks the connection to the server: name look-up, TCP, TLS.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{self, Instant};

use super::files;
use super::names::NETWORK;
use crate::bbs::diagnose::{self, Certificate, Handshake};
use crate::bbs::{Connection, TlsFiles};
use crate::cli::failure::Failure;
use crate::cli::steps::{Found, StepError, Steps, elapsed};
use crate::present::format;

/// The address of the server.
struct Endpoint {
    host: String,
    addresses: Vec<SocketAddr>,
    timeout: Duration,
}

/// Reports each step and returns whether the server was reached.
pub(super) async fn check(
    steps: &mut Steps,
    connection: &Connection,
    files_are_valid: bool,
) -> Result<bool, Failure> {
    let [name, tcp, tls] = NETWORK;
    let Some(endpoint) = steps.step(name, resolve(connection).await)? else {
        steps.skip_all(&[tcp, tls], "requires the name look-up")?;
        return Ok(false);
    };
    let Some(socket) = steps.step(tcp, connect(&endpoint).await)? else {
        steps.skip(tls, "requires TCP")?;
        return Ok(false);
    };
    match &connection.tls {
        None => {
            steps.skip(tls, "not used with plain http")?;
            Ok(true)
        }
        Some(_) if !files_are_valid => {
            steps.skip(tls, "requires the files")?;
            Ok(false)
        }
        Some(files) => Ok(steps.step(tls, handshake(files, &endpoint, socket).await)?.is_some()),
    }
}

async fn resolve(connection: &Connection) -> Result<(Endpoint, String), StepError> {
    let (host, port) = diagnose::address(&connection.url).map_err(|problem| StepError::new(problem, URL))?;
    let timeout = connection.connect_timeout;
    let found = match time::timeout(timeout, lookup_host((host.as_str(), port))).await {
        Ok(Ok(found)) => found.collect::<Vec<_>>(),
        Ok(Err(error)) => return Err(StepError::new(format!("{host}: {error}"), DNS)),
        Err(_) => {
            return Err(StepError::new(format!("{host}: no answer within {}", format::took(timeout)), DNS));
        }
    };
    let addresses: Vec<_> = found.iter().map(|address| address.ip().to_string()).collect();
    let text = format!("{host} is {}", addresses.join(", "));
    Ok((Endpoint { host, addresses: found, timeout }, text))
}

const URL: &str = "use a URL like https://bbs.service.cf.internal:8889";
const DNS: &str =
    "check the host name; only BOSH DNS knows bbs.service.cf.internal, so run this on a VM of the foundation";

async fn connect(endpoint: &Endpoint) -> Result<(TcpStream, String), StepError> {
    let start = Instant::now();
    match time::timeout(endpoint.timeout, TcpStream::connect(endpoint.addresses.as_slice())).await {
        Ok(Ok(socket)) => {
            let peer = socket.peer_addr().map(|peer| peer.to_string()).unwrap_or_default();
            let text = format!("{peer} {}", elapsed(start));
            Ok((socket, text))
        }
        Ok(Err(error)) => Err(StepError::new(
            format!("{}: {error}", join(&endpoint.addresses)),
            "check the port, and that the BBS there is active: only the one that holds the lock listens",
        )),
        Err(_) => Err(StepError::new(
            format!("{}: no answer within {}", join(&endpoint.addresses), format::took(endpoint.timeout)),
            "a firewall or security group may drop the packets, or a tunnel may be down",
        )),
    }
}

fn join(addresses: &[SocketAddr]) -> String {
    let each: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    each.join(", ")
}

async fn handshake(
    files: &TlsFiles,
    endpoint: &Endpoint,
    socket: TcpStream,
) -> Result<((), Found), StepError> {
    let result = time::timeout(endpoint.timeout, diagnose::handshake(files, &endpoint.host, socket)).await;
    match result {
        Ok(Ok(Handshake { refusal: Some(refusal), .. })) => Err(StepError::new(refusal, CLIENT)),
        Ok(Ok(handshake)) => {
            let server = handshake.server.as_ref().map(describe).unwrap_or_default();
            let text = format!("{}, {server}", handshake.version);
            let ends_soon = handshake.server.as_ref().is_some_and(files::ends_soon);
            let renewal = "ask for a new certificate of the BBS before this one expires";
            Ok(((), if ends_soon { Found::doubtful(text, renewal) } else { text.into() }))
        }
        Ok(Err(problem)) => Err(StepError::new(problem, presented(files, endpoint).await)),
        Err(_) => Err(StepError::new(
            format!("no answer within {}", format::took(endpoint.timeout)),
            "the server may not speak TLS on this port",
        )),
    }
}

const CLIENT: &str = "get a client certificate that the BBS accepts (CLIENT_CERT_FILE, CLIENT_KEY_FILE)";

/// Describes the certificate that the server presents, to explain why verification fails.
async fn presented(files: &TlsFiles, endpoint: &Endpoint) -> String {
    let connected = time::timeout(endpoint.timeout, TcpStream::connect(endpoint.addresses.as_slice())).await;
    let Ok(Ok(socket)) = connected else { return String::new() };
    match time::timeout(endpoint.timeout, diagnose::unverified_certificate(files, &endpoint.host, socket))
        .await
    {
        Ok(Some(certificate)) => format!(
            "the server presents {}, issued by {}, for {}; get the CA certificate of that issuer, and check the host in the URL",
            describe(&certificate),
            certificate.issuer,
            certificate.hosts.join(", ")
        ),
        _ => "check that the server speaks TLS on this port and accepts this client certificate".to_owned(),
    }
}

fn describe(certificate: &Certificate) -> String {
    format!("{}, {}", certificate.subject, files::validity(certificate))
}

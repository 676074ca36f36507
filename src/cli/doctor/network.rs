//! The way to the server: its name, TCP, TLS.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use super::files;
use super::report::{self, Report, StepError, elapsed, skip_all};
use super::steps::NETWORK;
use crate::bbs::diagnose::{self, Certificate, Handshake};
use crate::bbs::{Connection, TlsFiles};
use crate::cli::failure::Failure;
use crate::present::format;

/// Where the server is.
struct Place {
    host: String,
    addresses: Vec<SocketAddr>,
    patience: Duration,
}

/// Goes there; whether all of it is well.
pub(super) async fn look(
    report: &mut Report,
    connection: &Connection,
    files_are_well: bool,
) -> Result<bool, Failure> {
    let [name, tcp, tls] = NETWORK;
    let Some(place) = report.step(name, find(connection).await)? else {
        skip_all(&[tcp, tls], "the name comes first")?;
        return Ok(false);
    };
    let Some(socket) = report.step(tcp, connect(&place).await)? else {
        report::skip(tls, "TCP comes first")?;
        return Ok(false);
    };
    match &connection.tls {
        None => {
            report::skip(tls, "plain http has none")?;
            Ok(true)
        }
        Some(_) if !files_are_well => {
            report::skip(tls, "the files come first")?;
            Ok(false)
        }
        Some(files) => Ok(report.step(tls, shake_hands(files, &place, socket).await)?.is_some()),
    }
}

async fn find(connection: &Connection) -> Result<(Place, String), StepError> {
    let (host, port) = diagnose::address(&connection.url).map_err(|problem| StepError::new(problem, URL))?;
    let patience = connection.connect_timeout;
    let found = match timeout(patience, lookup_host((host.as_str(), port))).await {
        Ok(Ok(found)) => found.collect::<Vec<_>>(),
        Ok(Err(error)) => return Err(StepError::new(format!("{host}: {error}"), DNS)),
        Err(_) => {
            return Err(StepError::new(format!("{host}: no answer within {}", format::took(patience)), DNS));
        }
    };
    let addresses: Vec<_> = found.iter().map(|address| address.ip().to_string()).collect();
    let text = format!("{host} is {}", addresses.join(", "));
    Ok((Place { host, addresses: found, patience }, text))
}

const URL: &str = "the URL is like https://bbs.service.cf.internal:8889";
const DNS: &str = "is the host right? bbs.service.cf.internal is known to BOSH DNS only: run this on a VM of the foundation";

async fn connect(place: &Place) -> Result<(TcpStream, String), StepError> {
    let start = Instant::now();
    match timeout(place.patience, TcpStream::connect(place.addresses.as_slice())).await {
        Ok(Ok(socket)) => {
            let peer = socket.peer_addr().map(|peer| peer.to_string()).unwrap_or_default();
            let text = format!("{peer} {}", elapsed(start));
            Ok((socket, text))
        }
        Ok(Err(error)) => Err(StepError::new(
            format!("{}: {error}", listed(&place.addresses)),
            "is the port right, and is a BBS active there? only the one that holds the lock listens",
        )),
        Err(_) => Err(StepError::new(
            format!("{}: no answer within {}", listed(&place.addresses), format::took(place.patience)),
            "a firewall or a security group may drop it; or a tunnel is down",
        )),
    }
}

fn listed(addresses: &[SocketAddr]) -> String {
    let each: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    each.join(", ")
}

async fn shake_hands(files: &TlsFiles, place: &Place, socket: TcpStream) -> Result<((), String), StepError> {
    let shaken = timeout(place.patience, diagnose::handshake(files, &place.host, socket)).await;
    match shaken {
        Ok(Ok(Handshake { refusal: Some(refusal), .. })) => Err(StepError::new(refusal, CLIENT)),
        Ok(Ok(handshake)) => {
            let server = handshake.server.as_ref().map(described).unwrap_or_default();
            Ok(((), format!("{}, {server}", handshake.version)))
        }
        Ok(Err(problem)) => Err(StepError::new(problem, shown(files, place).await)),
        Err(_) => Err(StepError::new(
            format!("no answer within {}", format::took(place.patience)),
            "what listens there may not speak TLS",
        )),
    }
}

const CLIENT: &str = "get a client certificate that the BBS takes (CLIENT_CERT_FILE, CLIENT_KEY_FILE)";

/// What the server shows, for whoever must find out why it is not the right one.
async fn shown(files: &TlsFiles, place: &Place) -> String {
    let connected = timeout(place.patience, TcpStream::connect(place.addresses.as_slice())).await;
    let Ok(Ok(socket)) = connected else { return String::new() };
    match timeout(place.patience, diagnose::unverified_certificate(files, &place.host, socket)).await {
        Ok(Some(certificate)) => format!(
            "the server shows {}, issued by {}, for {}",
            described(&certificate),
            certificate.issuer,
            certificate.hosts.join(", ")
        ),
        _ => "does it speak TLS there, and does it take this client certificate?".to_owned(),
    }
}

fn described(certificate: &Certificate) -> String {
    format!("{}, {}", certificate.subject, files::holds(certificate))
}

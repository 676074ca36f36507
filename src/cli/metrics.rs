//! The address of `--metrics`, and what is said of it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::task::JoinSet;

use super::failure::Failure;
use super::output;
use crate::record::Observer;
use crate::runtime::{MetricsPublisher, MetricsServer};

/// Parses an address of `--metrics`: a port alone means this machine's loopback address.
pub(super) fn parse_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let address =
        local.map_or_else(|| text.parse().ok(), |port: u16| Some((Ipv4Addr::LOCALHOST, port).into()));
    address.ok_or_else(|| "expected a port, or an IP address and a port, like 127.0.0.1:9124".to_owned())
}

/// Serves metrics on the address, if there is one, until the returned tasks are dropped. Returns who takes what they count.
pub(super) async fn serve(
    address: Option<SocketAddr>,
    target: &str,
) -> Result<(Vec<Box<dyn Observer>>, JoinSet<()>), Failure> {
    let mut serving = JoinSet::new();
    let Some(address) = address else { return Ok((Vec::new(), serving)) };
    let server = listen(address).await?;
    let (publisher, pages) = MetricsPublisher::new(target);
    serving.spawn(server.serve(pages));
    Ok((vec![Box::new(publisher)], serving))
}

/// Listens on the address, and says where the metrics are and who can read them.
async fn listen(address: SocketAddr) -> Result<MetricsServer, Failure> {
    let server = MetricsServer::bind(address).await.map_err(|error| cannot_listen(address, &error))?;
    output::print_message(&format!("serving metrics on http://{}/metrics", server.address()));
    if !address.ip().is_loopback() {
        output::print_message(
            "everyone who can reach this address can read the metrics: domains, cells and failure reasons",
        );
    }
    Ok(server)
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program uses the port. Stop it, or pass another port; 0 picks a free one".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => {
            format!(
                "this machine does not have the address. With only a port, metrics are on {}",
                Ipv4Addr::LOCALHOST
            )
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 need privileges. Pass a higher one".to_owned(),
        _ => error.to_string(),
    };
    Failure::usage(format!("cannot serve metrics on {address}: {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_alone_is_on_the_loopback_address() {
        for (text, address) in [
            ("9124", "127.0.0.1:9124"),
            ("0", "127.0.0.1:0"),
            ("localhost:9124", "127.0.0.1:9124"),
            ("127.0.0.1:9124", "127.0.0.1:9124"),
            ("0.0.0.0:9124", "0.0.0.0:9124"),
            ("[::1]:9124", "[::1]:9124"),
        ] {
            assert_eq!(
                parse_address(text).map(|parsed| parsed.to_string()),
                Ok(address.to_owned()),
                "{text}"
            );
        }
        for text in
            ["", "65536", "-1", ":9124", "localhost", "localhost:", "localhost:x", "127.0.0.1", "bbs:1"]
        {
            assert!(parse_address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_failure_says_what_to_do() {
        let address = "127.0.0.1:80".parse().unwrap();
        let said = |kind: io::ErrorKind| match cannot_listen(address, &kind.into()) {
            Failure::Message { message, .. } => message,
            other => panic!("{other:?}"),
        };
        let in_use = "cannot serve metrics on 127.0.0.1:80: another program uses the port. Stop it, or pass another port; \
             0 picks a free one";
        assert_eq!(said(io::ErrorKind::AddrInUse), in_use);
        assert!(said(io::ErrorKind::PermissionDenied).ends_with("Pass a higher one"));
        assert!(said(io::ErrorKind::Other).starts_with("cannot serve metrics on 127.0.0.1:80: "));
    }
}

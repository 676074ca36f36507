//! Serves the metrics of a recording over HTTP, for Prometheus and for `curl`.
//!
//! Answers one request on each connection and closes it: a scrape comes a few times a minute, and a connection that
//! stays open would take a place for nothing. Every connection has a deadline, and there are few at a time, so that slow
//! and hostile clients cost little. Reads what the loop has published last; must not wait for the loop, nor the loop for it.

mod connection;
mod publisher;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::record::metrics::Page;
pub use publisher::MetricsPublisher;

/// The most connections at a time. Others wait until one has ended, which takes no longer than its deadline.
const MAX_CONNECTIONS: usize = 32;
/// How long to wait after an error of the operating system, such as too many open files.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(200);

/// The metrics as the loop has published them last.
pub type Published = watch::Receiver<Arc<Page>>;

/// A socket that listens for scrapes.
#[derive(Debug)]
pub struct MetricsServer {
    listener: TcpListener,
    address: SocketAddr,
}

impl MetricsServer {
    /// Listens on an address. Port 0 picks a free one.
    ///
    /// # Errors
    /// The operating system refuses the address, for example because another program uses the port.
    pub async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Returns the address that it listens on.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the future is dropped, which also closes the connections.
    pub async fn serve(self, published: Published) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if connections.len() < MAX_CONNECTIONS => match accepted {
                    Ok((socket, _)) => {
                        connections.spawn(connection::serve(socket, published.clone()));
                    }
                    Err(error) => {
                        tracing::warn!(%error, "could not accept a connection for metrics");
                        sleep(ACCEPT_BACKOFF).await;
                    }
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

//! Serves a simulated BBS over HTTP, for demos, training and tests.
//!
//! [`machine`] holds the state and the rules and is pure; the server around it speaks HTTP; the workload acts as the
//! clients and cells of a foundation, following a scenario. Nothing here depends on the dashboard.

mod answer;
mod counters;
mod database;
mod errors;
mod faults;
mod frame;
pub mod http;
mod hub;
pub mod machine;
mod passing;
mod pki;
#[cfg(test)]
mod replay_tests;
mod revision;
mod server;
mod shared;
mod stream;
#[cfg(test)]
mod tests;
mod validation;
mod workload;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::model::{Call, Timestamp};

pub use faults::Faults;
pub use machine::{Callbacks, Event, Limits, Machine};
use passing::Passing;
use shared::Shared;
pub use workload::scenario::{BuiltIn, Scenario, Size};

/// Configures a simulated BBS.
#[derive(Debug, Clone)]
pub struct Options {
    /// Address to listen on; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Requires mutual TLS and writes new files to this directory: `ca.crt`, `server.crt`, `server.key`,
    /// `client.crt`, `client.key`.
    pub tls: Option<PathBuf>,
    /// Number of initial tasks.
    pub tasks: usize,
    /// Number of initial cells.
    pub cells: usize,
    /// Operations of clients and cells a second; 0 for none.
    pub churn: f64,
    /// Delay before the first byte of a list.
    pub list_delay: Duration,
    /// Seed of the workload; the same seed gives the same workload.
    pub seed: u64,
    /// The scenario of the workload [default: [`Scenario::foundation`]].
    pub scenario: Option<Scenario>,
}

impl Options {
    /// Returns the options for a scenario, with its own size and churn.
    pub fn for_scenario(scenario: Scenario) -> Self {
        let Size { tasks, cells, churn, .. } = scenario.size;
        Self { tasks, cells, churn, scenario: Some(scenario), ..Self::default() }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            tasks: 0,
            cells: 4,
            churn: 0.0,
            list_delay: Duration::ZERO,
            seed: 1,
            scenario: None,
        }
    }
}

/// How long a stop waits for the event streams to send their last chunk.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

/// A running simulated BBS. Dropping it stops it.
#[derive(Debug)]
pub struct Sim {
    address: SocketAddr,
    tls: Option<PathBuf>,
    shared: Arc<Shared>,
    tasks: JoinSet<()>,
    /// None while the workload acts by itself.
    passing: Option<Box<Mutex<Passing>>>,
}

impl Sim {
    /// Creates the initial tasks, listens and serves.
    ///
    /// # Errors
    ///
    /// The address cannot be bound, or the TLS files cannot be written.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let acceptor = options.tls.as_deref().map(pki::write).transpose()?.map(TlsAcceptor::from);
        let listener = TcpListener::bind(options.listen)
            .await
            .with_context(|| format!("cannot listen on {}", options.listen))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new());
        shared.faults.delay_lists(options.list_delay);
        let scenario = options.scenario.map_or_else(Scenario::foundation, Ok).map_err(anyhow::Error::msg)?;
        let mut workload = workload::Workload::new(scenario, options.seed);
        shared.with(|machine, now| workload.populate(machine, options.cells, options.tasks, now));
        // Fills the cache of encoded tasks, so that the first list is as fast as later ones.
        drop(shared.with(|machine, _| machine.encoded_list("", "")));
        let mut tasks = JoinSet::new();
        tasks.spawn(server::accept(listener, acceptor, Arc::clone(&shared)));
        tasks.spawn(server::sweep(Arc::clone(&shared)));
        let mut passing = None;
        if options.churn > 0.0 {
            tasks.spawn(workload::run(workload, Arc::clone(&shared), options.churn));
        } else {
            passing = Some(Box::new(Mutex::new(Passing::new(workload))));
        }
        Ok(Self { address, tls: options.tls, shared, tasks, passing })
    }

    /// Returns the URL for a client's configuration.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Returns the client's CA certificate, certificate and key files, if TLS is on.
    pub fn tls_files(&self) -> Option<(PathBuf, PathBuf, PathBuf)> {
        let dir = self.tls.as_deref()?;
        Some((dir.join(pki::CA), dir.join(pki::CLIENT_CERTIFICATE), dir.join(pki::CLIENT_KEY)))
    }

    /// Reads or changes the state, and publishes the events of the change.
    pub fn with<T>(&self, f: impl FnOnce(&mut Machine, Timestamp) -> T) -> T {
        self.shared.with(f)
    }

    /// Lets time pass at once: moves the server's clock ahead, and does meanwhile what the clients, cells and sweeps of the
    /// scenario would do, at its own rate. Does nothing while the workload acts by itself, which it does if
    /// [`Options::churn`] is above 0.
    pub fn pass(&self, by: Duration) {
        if let Some(passing) = &self.passing {
            passing.lock().unwrap_or_else(PoisonError::into_inner).pass(&self.shared, by);
        }
    }

    /// Returns the switches that inject faults.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Returns the number of open event streams.
    pub fn streams(&self) -> usize {
        self.shared.hub.len()
    }

    /// Returns the number of requests received for this call, answered or not.
    pub fn received(&self, call: Call) -> usize {
        self.shared.received.get(call)
    }

    /// Returns the number of requests answered in full for this call.
    pub fn answered(&self, call: Call) -> usize {
        self.shared.answered.get(call)
    }

    /// Ends every event stream cleanly, as a server does when it shuts down.
    pub fn end_streams(&self) {
        self.shared.hub.drop_all();
    }

    /// Serves until `stop` completes, then ends every event stream cleanly, as a BBS does when it stops.
    pub async fn serve_until(mut self, stop: impl Future<Output = ()>) {
        tokio::select! {
            () = stop => {}
            () = async { while self.tasks.join_next().await.is_some() {} } => {}
        }
        self.end_streams();
        self.shared.open_streams.close();
        // A client that does not read must not keep the server from stopping.
        let _ = timeout(SHUTDOWN_TIMEOUT, self.shared.open_streams.wait()).await;
    }
}

//! The simulated BBS: a server on loopback that a client cannot tell from a real one, for trying the program
//! and for its tests.
//!
//! [`machine`] has the state and the rules and is pure; the server around it speaks HTTP; the workload plays the
//! clients and cells of a foundation, as a scenario has it. Nothing here knows the dashboard.

mod answer;
mod calls;
mod database;
mod faults;
mod frame;
mod http;
mod hub;
pub mod machine;
mod pki;
mod refusal;
mod revision;
mod server;
mod shared;
#[cfg(test)]
mod story_tests;
mod stream;
#[cfg(test)]
mod tests;
mod validation;
mod workload;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::model::{Call, Timestamp};

pub use faults::Faults;
pub use machine::{Callbacks, Event, Limits, Machine};
use shared::Shared;
pub use workload::scenario::{BuiltIn, Scenario, Size};

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Mutual TLS, with files made anew in this directory: `ca.crt`, `server.crt`, `server.key`, `client.crt`,
    /// `client.key`.
    pub tls: Option<PathBuf>,
    /// How many tasks there are at first.
    pub tasks: usize,
    /// How many cells there are at first.
    pub cells: usize,
    /// Steps in the life of some task, a second; 0 is quiet.
    pub churn: f64,
    /// How long a list waits before its first byte.
    pub list_delay: Duration,
    /// The same seed gives the same workload.
    pub seed: u64,
    /// What the tasks and cells are like; none is the foundation.
    pub scenario: Option<Scenario>,
}

impl Options {
    /// A foundation of the scenario, as large and as busy as it has it.
    pub fn of(scenario: Scenario) -> Self {
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

/// A running simulated BBS; dropping it stops it.
#[derive(Debug)]
pub struct Sim {
    address: SocketAddr,
    tls: Option<PathBuf>,
    shared: Arc<Shared>,
    tasks: JoinSet<()>,
}

impl Sim {
    /// Populates, listens and serves.
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
        // Encoded once, and kept so: the first list is as quick as those after it.
        drop(shared.with(|machine, _| machine.encoded_list("", "")));
        let mut tasks = JoinSet::new();
        tasks.spawn(server::accept(listener, acceptor, Arc::clone(&shared)));
        tasks.spawn(server::sweep(Arc::clone(&shared)));
        if options.churn > 0.0 {
            tasks.spawn(workload::run(workload, Arc::clone(&shared), options.churn));
        }
        Ok(Self { address, tls: options.tls, shared, tasks })
    }

    /// Where it is, for a client's configuration.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The client's files, with TLS: CA, certificate, key.
    pub fn tls_files(&self) -> Option<(PathBuf, PathBuf, PathBuf)> {
        let dir = self.tls.as_deref()?;
        Some((dir.join(pki::CA), dir.join(pki::CLIENT_CERTIFICATE), dir.join(pki::CLIENT_KEY)))
    }

    /// Looks at or changes the state as it is now; the events that this causes are published.
    pub fn with<T>(&self, f: impl FnOnce(&mut Machine, Timestamp) -> T) -> T {
        self.shared.with(f)
    }

    /// The switches of faults.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// How many event streams are open.
    pub fn streams(&self) -> usize {
        self.shared.hub.len()
    }

    /// How many requests of this call have come, answered or not.
    pub fn received(&self, call: Call) -> usize {
        self.shared.received.of(call)
    }

    /// How many requests of this call were answered in full.
    pub fn answered(&self, call: Call) -> usize {
        self.shared.answered.of(call)
    }

    /// Ends every event stream cleanly, as a server that stops does.
    pub fn end_streams(&self) {
        self.shared.hub.drop_all();
    }

    /// Serves until the future is dropped.
    pub async fn serve_forever(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

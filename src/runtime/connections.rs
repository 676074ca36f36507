//! Makes the clients of targets: of the first one at the start, of the others when they are opened.

use std::collections::HashMap;
use std::future::pending;

use tokio::task::JoinSet;

use crate::app::SessionId;
use crate::bbs::{Client, Connection};

/// The targets that the dashboard can connect to.
#[derive(Debug)]
pub struct Connections {
    /// The client of the first session.
    pub first: Client,
    /// How to connect to the targets of the configuration, by name.
    pub others: HashMap<String, Connection>,
}

impl Connections {
    /// Returns the connection to one target, without others to open.
    pub fn only(first: Client) -> Self {
        Self { first, others: HashMap::new() }
    }
}

/// A client for a session, or why there is none.
pub(super) struct Opened {
    pub(super) session: SessionId,
    pub(super) result: Result<Client, String>,
}

/// The targets that can be opened, and the clients that are being made: that reads files.
pub(super) struct Opening {
    connections: HashMap<String, Connection>,
    tasks: JoinSet<Opened>,
}

impl Opening {
    pub(super) fn new(connections: HashMap<String, Connection>) -> Self {
        Self { connections, tasks: JoinSet::new() }
    }

    /// Starts to make a client for a session of a target.
    pub(super) fn start(&mut self, session: SessionId, name: &str) {
        let connection = self.connections.get(name).cloned();
        self.tasks.spawn(async move {
            let result = match connection {
                Some(connection) => Client::open(connection).await,
                None => Err("it has no connection".to_owned()),
            };
            Opened { session, result }
        });
    }

    /// Waits for the next client; forever if none is being made. Can be cancelled without losing one.
    pub(super) async fn next(&mut self) -> Opened {
        loop {
            match self.tasks.join_next().await {
                Some(Ok(opened)) => return opened,
                Some(Err(error)) => tracing::error!(%error, "could not make a client"),
                None => return pending().await,
            }
        }
    }
}

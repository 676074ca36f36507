//! Accepts connections and answers the requests of each, one at a time.
//!
//! Knows no rules of the BBS: [`super::answer`] applies them, and [`super::faults`] holds the injected faults.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_rustls::TlsAcceptor;

use super::answer::{self, Answer};
use super::http::{self, Reply, Socket};
use super::shared::Shared;
use super::stream;
use crate::bbs::routes::{self, route};

/// The BBS's default convergence interval.
pub(super) const SWEEP_INTERVAL: Duration = Duration::from_secs(30);

/// Serves until the future is dropped, which also closes the connections.
pub(super) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) if !shared.faults.refuses() => {
                    connections.spawn(handle_connection(socket, tls.clone(), Arc::clone(&shared)));
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Sweeps the tasks at a fixed interval until the future is dropped.
pub(super) async fn sweep(shared: Arc<Shared>) {
    let mut ticks = interval(SWEEP_INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        sweep_once(&shared);
    }
}

/// Sweeps the tasks, unless presences cannot be looked up.
pub(super) fn sweep_once(shared: &Shared) {
    if !shared.faults.cells_fail() {
        shared.with(super::machine::Machine::sweep);
    }
}

async fn handle_connection(socket: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // Without Nagle's algorithm: a small event must not wait for the acknowledgement of the previous one.
    let _ = socket.set_nodelay(true);
    let ended = match tls {
        None => serve_requests(socket, &shared).await,
        Some(tls) => match tls.accept(socket).await {
            Ok(socket) => serve_requests(socket, &shared).await,
            Err(error) => Err(error.into()),
        },
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

fn is_write(path: &str) -> bool {
    routes::call_of(path).is_some_and(|call| route(call).is_write)
}

async fn serve_requests(mut socket: impl Socket, shared: &Shared) -> anyhow::Result<()> {
    let mut buffer = BytesMut::with_capacity(8 * 1024);
    loop {
        let request = tokio::select! {
            request = http::read(&mut socket, &mut buffer) => request?,
            () = shared.faults.refused() => None,
        };
        let Some(request) = request else { break };
        shared.received.count(&request.path);
        tokio::select! {
            () = shared.faults.hang_ended() => {}
            () = shared.faults.refused() => break,
        }
        if let Some(status) = shared.faults.forced_status() {
            Reply::empty(status).write(&mut socket, shared.now(), usize::MAX).await?;
            continue;
        }
        if is_write(&request.path) && shared.faults.drops_writes() {
            break;
        }
        match answer::answer(&request, shared) {
            Answer::Dropped => break,
            Answer::Events => return stream::serve(&mut socket, shared).await,
            Answer::List(reply) => {
                sleep(shared.faults.list_delay()).await;
                let limit = shared.faults.list_limit();
                reply.write(&mut socket, shared.now(), limit).await?;
                if limit < reply.length() {
                    break;
                }
            }
            Answer::Reply(_) if is_write(&request.path) && shared.faults.leaves_writes_unanswered() => break,
            Answer::Reply(reply) => reply.write(&mut socket, shared.now(), usize::MAX).await?,
        }
        shared.answered.count(&request.path);
        if !request.keep_alive {
            break;
        }
    }
    socket.shutdown().await?;
    Ok(())
}

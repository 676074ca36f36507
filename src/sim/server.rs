//! Accepts connections and answers their requests, one after the other.

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
use crate::bbs::Access;
use crate::bbs::routes::{self, route};

const SWEEP_EVERY: Duration = Duration::from_secs(30);

/// Serves until it is dropped, and its connections with it.
pub(super) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) if !shared.faults.refuses() => {
                    connections.spawn(connect(socket, tls.clone(), Arc::clone(&shared)));
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

/// The server's own sweep. A server that cannot ask which cells there are sweeps nothing.
pub(super) async fn sweep(shared: Arc<Shared>) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if !shared.faults.cells_fail() {
            shared.with(super::machine::Machine::sweep);
        }
    }
}

async fn connect(socket: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    // An event is small, and must not wait for the one before it to be acknowledged.
    let _ = socket.set_nodelay(true);
    let ended = match tls {
        None => converse(socket, &shared).await,
        Some(tls) => match tls.accept(socket).await {
            Ok(socket) => converse(socket, &shared).await,
            Err(error) => Err(error.into()),
        },
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

fn is_write(path: &str) -> bool {
    routes::call_of(path).is_some_and(|call| route(call).needs == Access::ReadWrite)
}

async fn converse(mut socket: impl Socket, shared: &Shared) -> anyhow::Result<()> {
    let mut buffer = BytesMut::with_capacity(8 * 1024);
    loop {
        let request = tokio::select! {
            request = http::read(&mut socket, &mut buffer) => request?,
            () = shared.faults.refused() => None,
        };
        let Some(request) = request else { break };
        shared.received.count(&request.path);
        tokio::select! {
            () = shared.faults.answers() => {}
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

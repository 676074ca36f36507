//! A TCP proxy between client and server that harms what passes.
//!
//! It reads as much HTTP as it needs to know which call a reply answers, where its body begins, and where one event ends.
//! TLS passes as opaque bytes.

mod outgoing;
mod reading;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use taskdeck::model::Call;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use crate::harm::{Door, Harm, Link, Scope};
use outgoing::Outgoing;
use reading::{pass_requests, read_replies};

/// Packets on their way. A sender waits when so many are.
const IN_FLIGHT: usize = 64;
/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;

/// A running proxy; dropping it closes all connections.
pub(crate) struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

struct Shared {
    upstream: Mutex<SocketAddr>,
    link: watch::Sender<Link>,
    /// Tells connections to close.
    breaks: watch::Sender<Break>,
    /// Requests that have passed, by call.
    requests: [AtomicUsize; Call::ALL.len()],
}

/// The request that a connection carries.
#[derive(Debug, Clone, Copy, Default)]
struct Exchange {
    number: usize,
    call: Option<Call>,
    /// How many requests for this call have passed before.
    nth: usize,
}

/// Which connections are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Break {
    #[default]
    All,
    /// Those without an event stream.
    NotStreams,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Close,
    Reset,
}

impl Proxy {
    /// Starts a proxy to the server at `upstream`.
    pub(crate) async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            link: watch::Sender::default(),
            breaks: watch::Sender::default(),
            requests: std::array::from_fn(|_| AtomicUsize::new(0)),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, _accepting: accepting }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Harms replies from now on.
    pub(crate) fn harm(&self, scope: Scope, harm: Harm) {
        self.shared.link.send_modify(|link| link.harm = Some((scope, harm)));
    }

    /// Changes what becomes of new connections, and breaks the old ones unless it opens.
    pub(crate) fn door(&self, door: Door) {
        self.shared.link.send_modify(|link| link.door = door);
        if door != Door::Open {
            self.break_all();
        }
    }

    /// Ends all harm.
    pub(crate) fn mend(&self) {
        self.shared.link.send_replace(Link::default());
    }

    /// Closes all connections.
    pub(crate) fn break_all(&self) {
        self.shared.breaks.send_replace(Break::All);
    }

    /// Closes all connections but those of event streams.
    pub(crate) fn break_all_but_streams(&self) {
        self.shared.breaks.send_replace(Break::NotStreams);
    }

    /// Leads new connections to another server. The old ones stay.
    pub(crate) fn lead_to(&self, upstream: SocketAddr) {
        *self.shared.upstream.lock().unwrap() = upstream;
    }

    /// Returns how many requests for a call have passed.
    pub(crate) fn passed(&self, call: Call) -> usize {
        self.shared.requests_of(call).load(Ordering::Relaxed)
    }
}

impl Shared {
    fn requests_of(&self, call: Call) -> &AtomicUsize {
        let at = Call::ALL.iter().position(|other| *other == call).unwrap();
        &self.requests[at]
    }
}

/// Accepts connections while the door is not closed.
async fn accept(mut listener: TcpListener, shared: Arc<Shared>) {
    let address = listener.local_addr().unwrap();
    let mut link = shared.link.subscribe();
    let mut connections = JoinSet::new();
    loop {
        if link.borrow_and_update().door == Door::Closed {
            drop(listener);
            // Keeps the port: it refuses connections until it listens again.
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_reuseaddr(true).unwrap();
            socket.bind(address).unwrap();
            link.wait_for(|link| link.door != Door::Closed).await.unwrap();
            listener = socket.listen(BACKLOG).unwrap();
        }
        tokio::select! {
            accepted = listener.accept() => {
                connections.spawn(connect(accepted.unwrap().0, Arc::clone(&shared)));
            }
            _ = link.changed() => {}
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connect(mut client: TcpStream, shared: Arc<Shared>) {
    let mut breaks = shared.breaks.subscribe();
    let door = shared.link.borrow().door;
    let end = match door {
        Door::Open => {
            let upstream = *shared.upstream.lock().unwrap();
            relay(&mut client, upstream, &shared, breaks).await
        }
        Door::Closed | Door::Resets => End::Reset,
        Door::Silent => {
            tokio::select! {
                () = swallow(&mut client) => End::Close,
                _ = breaks.changed() => End::Close,
            }
        }
    };
    if end == End::Reset {
        client.set_zero_linger().unwrap();
    }
}

/// Reads until the peer closes.
async fn swallow(socket: &mut TcpStream) {
    let _ = tokio::io::copy(socket, &mut tokio::io::sink()).await;
}

async fn relay(
    client: &mut TcpStream,
    upstream: SocketAddr,
    shared: &Shared,
    mut breaks: watch::Receiver<Break>,
) -> End {
    let Ok(mut server) = TcpStream::connect(upstream).await else { return End::Reset };
    for socket in [&*client, &server] {
        socket.set_nodelay(true).unwrap();
    }
    let exchange = watch::Sender::new(Exchange::default());
    let (queue, packets) = mpsc::channel(IN_FLIGHT);
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let outgoing = Outgoing { link: shared.link.subscribe(), exchange: exchange.subscribe(), to: to_client };
    let read = async {
        read_replies(from_server, &exchange, &queue, shared).await;
        // What is on its way still arrives.
        drop(queue);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = pass_requests(from_client, to_server, &exchange, shared) => End::Close,
        () = read => End::Close,
        end = outgoing.send_all(packets) => end,
        () = broken(&mut breaks, &exchange) => End::Close,
    }
}

/// Waits until the connection is to be closed.
async fn broken(breaks: &mut watch::Receiver<Break>, exchange: &watch::Sender<Exchange>) {
    while breaks.changed().await.is_ok() {
        let spares_streams = *breaks.borrow() == Break::NotStreams;
        if !(spares_streams && exchange.borrow().call == Some(Call::TaskEvents)) {
            return;
        }
    }
}

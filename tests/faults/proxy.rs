//! A TCP proxy between client and server that harms what passes.
//!
//! It reads as much HTTP as it needs to know which call a reply answers, where its body begins, and where one event ends.
//! TLS passes as opaque bytes.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use taskdeck::bbs::routes::call_of;
use taskdeck::model::Call;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use crate::harm::{Door, Harm, Link, Scope};

/// Packets on their way. A sender waits when so many are.
const IN_FLIGHT: usize = 64;
/// Time until a lost packet is sent again: the least that Linux waits.
const RETRANSMISSION: Duration = Duration::from_millis(200);

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
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let address = listener.local_addr().unwrap();
    let mut link = shared.link.subscribe();
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let door = link.borrow_and_update().door;
        match (&listener, door) {
            (Some(_), Door::Closed) => listener = None,
            (None, Door::Open | Door::Resets | Door::Silent) => {
                listener = Some(TcpListener::bind(address).await.unwrap());
            }
            _ => {}
        }
        let Some(open) = &listener else {
            link.changed().await.unwrap();
            continue;
        };
        tokio::select! {
            accepted = open.accept() => {
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

/// Passes requests until the client closes.
async fn pass_requests(
    mut from: ReadHalf<'_>,
    mut to: WriteHalf<'_>,
    exchange: &watch::Sender<Exchange>,
    shared: &Shared,
) {
    let mut buffer = BytesMut::with_capacity(16 * 1024);
    loop {
        buffer.clear();
        if !matches!(from.read_buf(&mut buffer).await, Ok(1..)) {
            return;
        }
        if let Some(call) = requested(&buffer) {
            let nth = shared.requests_of(call).fetch_add(1, Ordering::Relaxed);
            exchange.send_modify(|last| *last = Exchange { number: last.number + 1, call: Some(call), nth });
        }
        let Exchange { call, nth, .. } = *exchange.borrow();
        let harm = shared.link.borrow().harm_to(call, nth);
        match harm {
            Harm::Vanishes => continue,
            Harm::Delay { by, .. } => sleep(by).await,
            _ => {}
        }
        if to.write_all(&buffer).await.is_err() {
            return;
        }
    }
}

/// Returns the call of a request that begins here. Requests are sent one after the other, so each begins a read.
fn requested(bytes: &[u8]) -> Option<Call> {
    let path = bytes.strip_prefix(b"POST ")?.split(|byte| *byte == b' ').next()?;
    call_of(std::str::from_utf8(path).ok()?)
}

/// A part of a reply: its head, a chunk of its body, or what arrived.
#[derive(Debug, Clone)]
struct Packet {
    exchange: Exchange,
    is_head: bool,
    bytes: Bytes,
    due: Instant,
}

/// Reads replies and splits them into packets until the server closes.
async fn read_replies(
    mut from: ReadHalf<'_>,
    exchange: &watch::Sender<Exchange>,
    queue: &mpsc::Sender<Packet>,
    shared: &Shared,
) {
    let mut buffer = BytesMut::with_capacity(64 * 1024);
    let (mut begun, mut count) = (0, 0);
    while matches!(from.read_buf(&mut buffer).await, Ok(1..)) {
        let current = *exchange.borrow();
        while let Some((is_head, bytes)) = split(&mut buffer, begun == current.number, current.call) {
            begun = current.number;
            count += 1;
            let due = Instant::now() + delay(shared.link.borrow().harm_to(current.call, current.nth), count);
            let packet = Packet { exchange: current, is_head, bytes, due };
            if queue.send(packet).await.is_err() {
                return;
            }
        }
    }
}

fn delay(harm: Harm, count: usize) -> Duration {
    match harm {
        Harm::Delay { by, lost_every: Some(every) } if count.is_multiple_of(every) => by + RETRANSMISSION,
        Harm::Delay { by, .. } => by,
        _ => Duration::ZERO,
    }
}

/// Takes the next packet: the head, a whole chunk of an event stream, or all there is of another body. Returns whether it
/// is a head.
fn split(buffer: &mut BytesMut, has_begun: bool, call: Option<Call>) -> Option<(bool, Bytes)> {
    if buffer.is_empty() {
        return None;
    }
    if !has_begun {
        let end = find(buffer, b"\r\n\r\n")? + 4;
        return Some((true, buffer.split_to(end).freeze()));
    }
    let length = if call == Some(Call::TaskEvents) { chunk_length(buffer)? } else { buffer.len() };
    Some((false, buffer.split_to(length).freeze()))
}

/// Returns the length of the first chunk, with its size and its line ends, once all of it has arrived.
fn chunk_length(bytes: &[u8]) -> Option<usize> {
    let line = find(bytes, b"\r\n")?;
    let digits = bytes[..line].split(|byte| *byte == b';').next()?;
    let size = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let length = line + 2 + size + 2;
    (bytes.len() >= length).then_some(length)
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Sends packets to the client, harmed as the link says at that moment.
struct Outgoing<'a> {
    link: watch::Receiver<Link>,
    exchange: watch::Receiver<Exchange>,
    to: WriteHalf<'a>,
}

/// What is known of the reply that is being sent.
#[derive(Default)]
struct Progress {
    exchange: usize,
    /// Bytes of the body that have passed.
    passed: usize,
    /// Bytes of the body that may pass, if it is truncated.
    room: Option<usize>,
    /// A packet that waits for the next one.
    held: Option<Bytes>,
}

/// Why nothing more is sent.
struct Ended(End);

impl From<std::io::Error> for Ended {
    fn from(_: std::io::Error) -> Self {
        Self(End::Close)
    }
}

impl Outgoing<'_> {
    async fn send_all(mut self, mut packets: mpsc::Receiver<Packet>) -> End {
        let mut progress = Progress::default();
        loop {
            let packet = tokio::select! {
                packet = packets.recv() => packet,
                _ = self.link.changed() => {
                    if let Some(held) = progress.held.take()
                        && self.to.write_all(&held).await.is_err()
                    {
                        return End::Close;
                    }
                    continue;
                }
            };
            let Some(packet) = packet else { return End::Close };
            sleep_until(packet.due).await;
            if let Err(Ended(end)) = self.send(packet, &mut progress).await {
                return end;
            }
        }
    }

    async fn send(&mut self, packet: Packet, progress: &mut Progress) -> Result<(), Ended> {
        let Packet { exchange: Exchange { number, call, nth }, is_head, bytes, .. } = packet;
        if progress.exchange != number {
            *progress = Progress { exchange: number, ..Progress::default() };
        }
        let harm = self.link.borrow_and_update().harm_to(call, nth);
        if is_head {
            return self.send_head(harm, &bytes, progress).await;
        }
        // In an event stream, each event counts from its own start.
        let passed = if call == Some(Call::TaskEvents) { 0 } else { progress.passed };
        progress.passed += bytes.len();
        match harm {
            Harm::None | Harm::Delay { .. } => self.to.write_all(&bytes).await?,
            Harm::Drip { bytes: size, pause } => {
                for part in bytes.chunks(size) {
                    self.to.write_all(part).await?;
                    if pause.is_zero() {
                        tokio::task::yield_now().await;
                    } else {
                        sleep(pause).await;
                    }
                }
            }
            Harm::CutAt(at) | Harm::ResetAt(at) => {
                let room = at.saturating_sub(passed);
                if room >= bytes.len() {
                    return Ok(self.to.write_all(&bytes).await?);
                }
                self.to.write_all(&bytes[..room]).await?;
                return Err(Ended(if matches!(harm, Harm::CutAt(_)) { End::Close } else { End::Reset }));
            }
            Harm::StallAt(at) => {
                let (now, later) = bytes.split_at(at.saturating_sub(passed).min(bytes.len()));
                self.to.write_all(now).await?;
                while !later.is_empty() && self.link.borrow().harm_to(call, nth) == harm {
                    self.link.changed().await.map_err(|_| Ended(End::Close))?;
                }
                self.to.write_all(later).await?;
            }
            Harm::Truncate(_) => {
                let room = progress.room.unwrap_or(usize::MAX).saturating_sub(passed);
                self.to.write_all(&bytes[..room.min(bytes.len())]).await?;
            }
            Harm::Corrupt { at, to } => {
                let mut bytes = bytes.to_vec();
                if let Some(byte) = at.checked_sub(passed).and_then(|at| bytes.get_mut(at)) {
                    *byte = to;
                }
                self.to.write_all(&bytes).await?;
            }
            Harm::Twice => {
                self.to.write_all(&bytes).await?;
                self.to.write_all(&bytes).await?;
            }
            Harm::Swapped => match progress.held.take() {
                Some(held) => self.to.write_all(&[bytes, held].concat()).await?,
                None => progress.held = Some(bytes),
            },
            // The head was replaced, and the rest with it.
            Harm::Replaced(_) | Harm::Endless(_) => {}
            Harm::Vanishes => return self.vanish().await,
        }
        Ok(())
    }

    async fn send_head(&mut self, harm: Harm, head: &[u8], progress: &mut Progress) -> Result<(), Ended> {
        match harm {
            Harm::Replaced(bytes) => {
                self.to.write_all(bytes).await?;
                Err(Ended(End::Close))
            }
            Harm::Endless(start) => {
                self.to.write_all(start.as_bytes()).await?;
                let more = [b'0'; 8 * 1024];
                loop {
                    self.to.write_all(&more).await?;
                }
            }
            Harm::Truncate(by) => {
                let (shorter, length) = shortened(head, by);
                progress.room = Some(length);
                Ok(self.to.write_all(&shorter).await?)
            }
            Harm::Vanishes => self.vanish().await,
            _ => Ok(self.to.write_all(head).await?),
        }
    }

    /// Sends nothing any more, however the network is mended.
    async fn vanish(&mut self) -> Result<(), Ended> {
        while self.exchange.changed().await.is_ok() {}
        Err(Ended(End::Close))
    }
}

/// Returns a head with a shorter `Content-Length`, and that length.
fn shortened(head: &[u8], by: usize) -> (Vec<u8>, usize) {
    let text = std::str::from_utf8(head).unwrap();
    let (before, rest) = text.split_once("Content-Length: ").unwrap();
    let (length, after) = rest.split_once("\r\n").unwrap();
    let length = length.parse::<usize>().unwrap() - by;
    (format!("{before}Content-Length: {length}\r\n{after}").into_bytes(), length)
}

//! Reads requests and replies, and splits replies into packets: heads, chunks of event streams, and what arrives of other
//! bodies.

use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use taskdeck::bbs::routes::call_of;
use taskdeck::model::Call;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep};

use super::{Exchange, Shared};
use crate::harm::Harm;

/// Time until a lost packet is sent again: the least that Linux waits.
const RETRANSMISSION: Duration = Duration::from_millis(200);

/// Passes requests until the client closes.
pub(super) async fn pass_requests(
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
pub(super) struct Packet {
    pub(super) exchange: Exchange,
    pub(super) is_head: bool,
    pub(super) bytes: Bytes,
    /// When it arrives.
    pub(super) due: Instant,
}

/// Reads replies and splits them into packets until the server closes.
pub(super) async fn read_replies(
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

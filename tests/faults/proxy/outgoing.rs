//! Sends packets to the client, harmed.

use bytes::Bytes;
use taskdeck::model::Call;
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::WriteHalf;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until};

use super::reading::Packet;
use super::{End, Exchange};
use crate::harm::{Harm, Link};

/// Sends packets to the client, harmed as the link says at that moment.
pub(super) struct Outgoing<'a> {
    pub(super) link: watch::Receiver<Link>,
    pub(super) exchange: watch::Receiver<Exchange>,
    pub(super) to: WriteHalf<'a>,
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
    pub(super) async fn send_all(mut self, mut packets: mpsc::Receiver<Packet>) -> End {
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

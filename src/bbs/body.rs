//! Reads the body of a long reply in a task of its own and delivers it in large batches.
//!
//! Receiving (which includes decryption for TLS) and decoding run in parallel, and neither side wakes the other for each
//! TLS record of 16 KiB. The queue is bounded: a slow reader slows down the server instead of filling memory.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Error, Response};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// How many batches are queued for the reader.
const MAX_QUEUED: usize = 2;
/// A batch of this size, in bytes, is delivered at once.
const FLUSH_BYTES: usize = 192 * 1024;
/// A smaller batch is delivered after this delay, which is too short for a person to notice.
const FLUSH_DELAY: Duration = Duration::from_millis(5);

/// Consecutive chunks of the body, as received.
pub(super) type Chunks = Vec<Bytes>;

/// The body of a reply, received in the background. Dropping it closes the connection.
pub(super) struct BodyReader {
    batches: Receiver<Result<Chunks, Error>>,
    /// Aborts the task when dropped.
    _task: JoinSet<()>,
}

impl BodyReader {
    /// Starts to receive the body.
    pub(super) fn spawn(response: Response) -> Self {
        let (sender, batches) = channel(MAX_QUEUED);
        let mut task = JoinSet::new();
        task.spawn(async move {
            // The reader may have been dropped; there is nobody left to tell.
            let _ = receive(response, &sender).await;
        });
        Self { batches, _task: task }
    }

    /// Returns the next chunks, or `None` at the end of the body. Cancel safe.
    pub(super) async fn next(&mut self) -> Option<Result<Chunks, Error>> {
        self.batches.recv().await
    }
}

/// The reader was dropped.
struct ReaderGone;

async fn receive(mut response: Response, sender: &Sender<Result<Chunks, Error>>) -> Result<(), ReaderGone> {
    let deliver = async |batch: Result<Chunks, Error>| sender.send(batch).await.map_err(|_| ReaderGone);
    loop {
        let (chunks, end) = next_batch(&mut response).await;
        if !chunks.is_empty() {
            deliver(Ok(chunks)).await?;
        }
        match end {
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) => return deliver(Err(error)).await,
            None => {}
        }
    }
}

/// Waits for a chunk, then collects those that follow within [`FLUSH_DELAY`]. Also returns how the body ended, if it did.
async fn next_batch(response: &mut Response) -> (Chunks, Option<Result<(), Error>>) {
    let (mut chunks, mut size) = (Chunks::new(), 0);
    let mut next = response.chunk().await;
    let due = Instant::now() + FLUSH_DELAY;
    loop {
        match next {
            Ok(Some(chunk)) => {
                size += chunk.len();
                chunks.push(chunk);
            }
            Ok(None) => return (chunks, Some(Ok(()))),
            Err(error) => return (chunks, Some(Err(error))),
        }
        if size >= FLUSH_BYTES {
            return (chunks, None);
        }
        next = match timeout_at(due, response.chunk()).await {
            Ok(next) => next,
            Err(_) => return (chunks, None),
        };
    }
}

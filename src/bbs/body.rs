//! The body of a long reply, fetched by a task of its own and handed over in large pieces: so fetching, which for TLS is
//! work, and reading what was fetched go on at once, and neither wakes the other for every record of 16 KiB.
//!
//! Holds a few pieces at most; a reader that is slow makes the server wait.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Error, Response};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

/// Pieces that wait to be read.
const WAITING: usize = 2;
/// A piece of so many bytes is handed over.
const ENOUGH: usize = 192 * 1024;
/// So is a smaller one after this long: nobody sees the difference.
const PATIENCE: Duration = Duration::from_millis(5);

/// A part of the body, as it came.
pub(super) type Piece = Vec<Bytes>;

/// The body, on its way. Dropping it ends the connection.
pub(super) struct BodyReader {
    pieces: Receiver<Result<Piece, Error>>,
    /// Ended by its drop.
    _fetching: JoinSet<()>,
}

impl BodyReader {
    /// Begins to fetch.
    pub(super) fn of(response: Response) -> Self {
        let (sender, pieces) = channel(WAITING);
        let mut fetching = JoinSet::new();
        fetching.spawn(async move {
            // Whoever reads may be gone.
            let _ = fetch(response, &sender).await;
        });
        Self { pieces, _fetching: fetching }
    }

    /// The next piece; none at the end. Dropping the future loses nothing.
    pub(super) async fn next(&mut self) -> Option<Result<Piece, Error>> {
        self.pieces.recv().await
    }
}

/// Nobody reads any more.
struct Unread;

async fn fetch(mut response: Response, sender: &Sender<Result<Piece, Error>>) -> Result<(), Unread> {
    let hand_over = async |piece: Result<Piece, Error>| sender.send(piece).await.map_err(|_| Unread);
    loop {
        let (piece, end) = gather(&mut response).await;
        if !piece.is_empty() {
            hand_over(Ok(piece)).await?;
        }
        match end {
            Some(Ok(())) => return Ok(()),
            Some(Err(error)) => return hand_over(Err(error)).await,
            None => {}
        }
    }
}

/// Waits for something, then gathers what comes soon after. Says how the body ended, if it did.
async fn gather(response: &mut Response) -> (Piece, Option<Result<(), Error>>) {
    let (mut piece, mut size) = (Piece::new(), 0);
    let mut next = response.chunk().await;
    let due = Instant::now() + PATIENCE;
    loop {
        match next {
            Ok(Some(chunk)) => {
                size += chunk.len();
                piece.push(chunk);
            }
            Ok(None) => return (piece, Some(Ok(()))),
            Err(error) => return (piece, Some(Err(error))),
        }
        if size >= ENOUGH {
            return (piece, None);
        }
        next = match timeout_at(due, response.chunk()).await {
            Ok(next) => next,
            Err(_) => return (piece, None),
        };
    }
}

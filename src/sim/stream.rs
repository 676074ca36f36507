//! Serves one subscription to the event stream: the head at once, then one chunk per event.
//!
//! Head and chunk extension are as recorded from a BBS (`tests/fixtures/bbs-2026-06/events.raw`).

use std::pin::pin;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::http::Socket;
use super::shared::Shared;
use crate::http::date;

const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Sends events until the client disconnects or falls behind. The connection serves nothing else.
pub(super) async fn serve(socket: &mut impl Socket, shared: &Shared) -> anyhow::Result<()> {
    let _open = shared.open_streams.token();
    let mut dropped = pin!(shared.faults.streams_dropped());
    dropped.as_mut().enable();
    // Subscribed before the head is sent, so that a client that has read the head misses no event.
    let mut frames = shared.hub.subscribe();
    socket.write_all(head(shared).as_bytes()).await?;
    socket.flush().await?;
    let mut unexpected = [0_u8; 64];
    let mut number = 0;
    loop {
        let frame = tokio::select! {
            frame = frames.recv() => frame,
            () = dropped.as_mut() => return Ok(()),
            () = shared.faults.refused() => return Ok(()),
            read = socket.read(&mut unexpected) => match read {
                Ok(length) if length > 0 => continue,
                _ => return Ok(()),
            },
        };
        let Some(frame) = frame else {
            socket.write_all(LAST_CHUNK).await?;
            socket.flush().await?;
            return Ok(());
        };
        if shared.faults.mutes_streams() {
            continue;
        }
        socket.write_all(&frame.chunk(number)).await?;
        socket.flush().await?;
        number += 1;
    }
}

/// Returns the head of the reply.
pub(super) fn head(shared: &Shared) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nCache-Control: no-cache, no-store, must-revalidate\r\nConnection: keep-alive\r\n\
         Content-Type: text/event-stream; charset=utf-8\r\nDate: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        date(shared.now())
    )
}

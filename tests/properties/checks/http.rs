//! Requests to the simulated BBS: the same ones however they arrive.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use taskdeck::http::parse_head;
use taskdeck::sim::http::read;
use tokio::io::{AsyncRead, ReadBuf};

use super::chunked;

/// Takes the seed of the chunks, and what a client sends.
pub fn check(input: &[u8]) {
    let (whole, chunks) = chunked(input);
    assert_eq!(requests(&chunks), requests(&[whole]));
    check_head(whole);
}

/// A head ends where it ends: less of it is incomplete, more of it changes nothing.
fn check_head(whole: &[u8]) {
    let Ok(Some(length)) = parse_head(whole, |head| head.length) else { return };
    assert_eq!(parse_head(&whole[..length], |head| head.length), Ok(Some(length)));
    assert_eq!(parse_head(&whole[..length - 1], |_| ()), Ok(None));
}

type Requests = (Vec<(String, String, Bytes, bool)>, Option<String>);

/// Returns the requests of a connection, and the error that ends it, if one does.
fn requests(chunks: &[&[u8]]) -> Requests {
    let (mut connection, mut buffer) = (Connection { chunks: chunks.to_vec() }, BytesMut::new());
    let mut requests = Vec::new();
    loop {
        match read(&mut connection, &mut buffer).now_or_never().expect("nothing to wait for") {
            Ok(Some(request)) => {
                requests.push((request.method, request.path, request.body, request.keep_alive));
            }
            Ok(None) => return (requests, None),
            Err(error) => return (requests, Some(format!("{error:#}"))),
        }
    }
}

/// What a client sends, until it closes the connection.
struct Connection<'a> {
    chunks: Vec<&'a [u8]>,
}

impl AsyncRead for Connection<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(chunk) = self.chunks.first_mut() {
            let (now, later) = chunk.split_at(chunk.len().min(into.remaining()));
            into.put_slice(now);
            *chunk = later;
            if later.is_empty() {
                self.chunks.remove(0);
            }
        }
        Poll::Ready(Ok(()))
    }
}

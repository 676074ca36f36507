//! Reads requests and writes replies: the subset of HTTP/1.1 that the BBS's API uses.
//!
//! Bodies have a `Content-Length`; chunked requests are refused. `super::stream` writes the chunked event stream.

use anyhow::{Context as _, bail, ensure};
use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::http::{RequestHead, date, parse_head, reason_phrase};
use crate::model::Timestamp;

const MAX_HEAD_BYTES: usize = 64 * 1024;
const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;
/// Bytes per write. Without a buffer, each part of a list (less than a kilobyte) would cost a system call.
const WRITE_BUFFER_BYTES: usize = 256 * 1024;

/// A connection, plain or TLS.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A complete request.
#[derive(Debug)]
pub struct Request {
    /// The method, as sent.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The body.
    pub body: Bytes,
    /// Whether the client may send another request on this connection.
    pub keep_alive: bool,
}

struct Head {
    length: usize,
    body_length: usize,
    request: Request,
}

/// Reads the next request. Returns `None` when the client closes the connection.
///
/// # Errors
/// The bytes are no request, or too many, or the connection closes within the body.
pub async fn read(
    socket: &mut (impl AsyncRead + Unpin),
    buffer: &mut BytesMut,
) -> anyhow::Result<Option<Request>> {
    let head = loop {
        if let Some(head) = parse(buffer)? {
            break head;
        }
        ensure!(buffer.len() < MAX_HEAD_BYTES, "the head of the request is longer than 64 KiB");
        if socket.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    buffer.advance(head.length);
    while buffer.len() < head.body_length {
        if socket.read_buf(buffer).await? == 0 {
            bail!("the connection closed before the end of the request body");
        }
    }
    let body = buffer.split_to(head.body_length).freeze();
    Ok(Some(Request { body, ..head.request }))
}

fn parse(buffer: &[u8]) -> anyhow::Result<Option<Head>> {
    parse_head(buffer, read_head)?.transpose()
}

fn read_head(head: &RequestHead<'_>) -> anyhow::Result<Head> {
    ensure!(head.header("transfer-encoding").is_none(), "chunked requests are not supported");
    let body_length =
        head.header("content-length").map_or(Ok(0), str::parse).context("Content-Length is not a number")?;
    ensure!(body_length <= MAX_BODY_BYTES, "the request body is longer than 64 MiB");
    let keep_alive = !head.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let (method, path) = (head.method.to_owned(), head.path.to_owned());
    Ok(Head {
        length: head.length,
        body_length,
        request: Request { method, path, body: Bytes::new(), keep_alive },
    })
}

/// A complete reply.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<&'static str>,
    /// The body in parts, so that a long list is sent without copying it into one buffer.
    pub(super) body: Vec<Bytes>,
}

impl Reply {
    pub(super) fn protobuf(message: &impl prost::Message) -> Self {
        Self::protobuf_parts(vec![message.encode_to_vec().into()])
    }

    pub(super) fn protobuf_parts(body: Vec<Bytes>) -> Self {
        Self { status: 200, content_type: Some("application/x-protobuf"), body }
    }

    pub(super) fn text(status: u16, text: &'static str) -> Self {
        Self {
            status,
            content_type: Some("text/plain; charset=utf-8"),
            body: vec![Bytes::from_static(text.as_bytes())],
        }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, content_type: None, body: Vec::new() }
    }

    /// Returns the length of the body in bytes.
    pub(super) fn length(&self) -> usize {
        self.body.iter().map(Bytes::len).sum()
    }

    /// Sends the reply, with at most the first `limit` bytes of its body.
    pub(super) async fn write(
        &self,
        socket: &mut impl Socket,
        now: Timestamp,
        limit: usize,
    ) -> anyhow::Result<()> {
        let content_type =
            self.content_type.map(|value| format!("Content-Type: {value}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {} {}\r\n{content_type}Date: {}\r\nContent-Length: {}\r\n\r\n",
            self.status,
            reason_phrase(self.status),
            date(now),
            self.length(),
        );
        let mut output = BytesMut::with_capacity(WRITE_BUFFER_BYTES);
        output.extend_from_slice(head.as_bytes());
        let mut remaining = limit;
        for part in &self.body {
            let part = part.get(..remaining).unwrap_or(part);
            if output.len() + part.len() > WRITE_BUFFER_BYTES {
                socket.write_all(&output).await?;
                output.clear();
            }
            output.extend_from_slice(part);
            remaining -= part.len();
        }
        socket.write_all(&output).await?;
        socket.flush().await?;
        Ok(())
    }
}

//! As much of HTTP/1.1 as the BBS's API uses: requests with a length, replies with a length, keep-alive.

use anyhow::{Context as _, bail, ensure};
use bytes::{Buf as _, Bytes, BytesMut};
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::model::Timestamp;

const HEAD_LIMIT: usize = 64 * 1024;
const BODY_LIMIT: usize = 64 * 1024 * 1024;
const HEADERS: usize = 64;
/// Bytes written at once: parts of less than a kilobyte each would be a system call each.
const PIECE: usize = 256 * 1024;

/// A connection, plain or TLS.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket for S {}

/// A request, read whole.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) body: Bytes,
    pub(super) keep_alive: bool,
}

struct Head {
    length: usize,
    body: usize,
    request: Request,
}

/// The next request; `None` when the client is done.
pub(super) async fn read(socket: &mut impl Socket, buffer: &mut BytesMut) -> anyhow::Result<Option<Request>> {
    let head = loop {
        if let Some(head) = parse(buffer)? {
            break head;
        }
        ensure!(buffer.len() < HEAD_LIMIT, "the request's head is too long");
        if socket.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    buffer.advance(head.length);
    while buffer.len() < head.body {
        if socket.read_buf(buffer).await? == 0 {
            bail!("the request's body ends early");
        }
    }
    let body = buffer.split_to(head.body).freeze();
    Ok(Some(Request { body, ..head.request }))
}

fn parse(buffer: &[u8]) -> anyhow::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(buffer)? else {
        return Ok(None);
    };
    let value = |name: &str| {
        let header = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(header.value).ok()
    };
    ensure!(value("transfer-encoding").is_none(), "a chunked request is not understood");
    let body = value("content-length").map_or(Ok(0), str::parse).context("content-length is no number")?;
    ensure!(body <= BODY_LIMIT, "the request's body is too long");
    let keep_alive = !value("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
    let path = request.path.unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let method = request.method.unwrap_or_default().to_owned();
    Ok(Some(Head { length, body, request: Request { method, path, body: Bytes::new(), keep_alive } }))
}

/// A reply, whole.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content_type: Option<&'static str>,
    /// The body, in parts: a long list is sent from where it is held.
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

    /// Bytes of the body.
    pub(super) fn length(&self) -> usize {
        self.body.iter().map(Bytes::len).sum()
    }

    /// Sends it, or only the first `limit` bytes of its body.
    pub(super) async fn write(
        &self,
        socket: &mut impl Socket,
        now: Timestamp,
        limit: usize,
    ) -> anyhow::Result<()> {
        let content_type = self.content_type.map(|is| format!("Content-Type: {is}\r\n")).unwrap_or_default();
        let head = format!(
            "HTTP/1.1 {} {}\r\n{content_type}Date: {}\r\nContent-Length: {}\r\n\r\n",
            self.status,
            phrase(self.status),
            date(now),
            self.length(),
        );
        let mut piece = BytesMut::with_capacity(PIECE);
        piece.extend_from_slice(head.as_bytes());
        let mut left = limit;
        for part in &self.body {
            let part = part.get(..left).unwrap_or(part);
            if piece.len() + part.len() > PIECE {
                socket.write_all(&piece).await?;
                piece.clear();
            }
            piece.extend_from_slice(part);
            left -= part.len();
        }
        socket.write_all(&piece).await?;
        socket.flush().await?;
        Ok(())
    }
}

const fn phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        404 => "Not Found",
        405 => "Method Not Allowed",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        _ => "Status",
    }
}

/// The time as the Date header says it.
pub(super) fn date(now: Timestamp) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(now.as_nanos()))
        .and_then(|now| DateTimePrinter::new().timestamp_to_rfc9110_string(&now))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_as_recorded() {
        let now = Timestamp::from_nanos(1_795_434_074_000_000_000);
        assert_eq!(date(now), "Mon, 23 Nov 2026 11:41:14 GMT");
    }
}

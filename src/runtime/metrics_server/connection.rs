//! One connection of the metrics' server: reads a request, answers it, and closes.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

use super::Published;
use crate::clock::{Clock as _, SystemClock};
use crate::http::{self, RequestHead};
use crate::record::metrics::{Format, Page};

/// The path of the metrics.
const PATH: &str = "/metrics";
/// The longest head of a request. A scrape has a few hundred bytes.
const MAX_HEAD_BYTES: usize = 8 * 1024;
/// How long a client may take to send its request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to read the answer. Prometheus gives up after ten seconds by default.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// How much of what a client sends after its request is read before the connection is closed. Otherwise the operating
/// system would reset it, and the client might lose the answer.
const MAX_REST_BYTES: u64 = 64 * 1024;
/// How long that may take.
const REST_TIMEOUT: Duration = Duration::from_secs(1);

/// What a client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    what: What,
    /// Whether it is a `HEAD` request, whose answer has no body.
    is_head: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Metrics(Format),
    /// Something that is answered with this status.
    Wrong(u16),
}

impl Request {
    const fn wrong(status: u16) -> Self {
        Self { what: What::Wrong(status), is_head: false }
    }
}

/// Answers one request. A client that is too slow is cut off.
pub(super) async fn serve(mut socket: impl AsyncRead + AsyncWrite + Unpin, published: Published) {
    let request = timeout(REQUEST_TIMEOUT, read_request(&mut socket)).await;
    // Otherwise the client has gone.
    let Ok(Some(request)) = request.unwrap_or(Ok(Some(Request::wrong(408)))) else { return };
    let page = Arc::clone(&published.borrow());
    match timeout(ANSWER_TIMEOUT, answer(&mut socket, request, page)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return tracing::debug!(%error, "could not answer a request for metrics"),
        Err(_) => return tracing::debug!("a client did not read its metrics in time"),
    }
    let mut rest = socket.take(MAX_REST_BYTES);
    let _ = timeout(REST_TIMEOUT, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
}

/// Reads the head of a request. Returns `None` if the client closes the connection before its end.
async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Request>> {
    let mut buffer = BytesMut::with_capacity(1_024);
    while buffer.len() < MAX_HEAD_BYTES {
        if socket.read_buf(&mut buffer).await? == 0 {
            return Ok(None);
        }
        match http::parse_head(&buffer, understand) {
            Ok(None) => {}
            Ok(Some(request)) => return Ok(Some(request)),
            Err(httparse::Error::TooManyHeaders) => return Ok(Some(Request::wrong(431))),
            Err(_) => return Ok(Some(Request::wrong(400))),
        }
    }
    Ok(Some(Request::wrong(431)))
}

fn understand(head: &RequestHead<'_>) -> Request {
    let is_head = head.method == "HEAD";
    let what = match head.method {
        _ if head.path != PATH => What::Wrong(404),
        "GET" | "HEAD" => What::Metrics(Format::preferred(head.values("accept"))),
        _ => What::Wrong(405),
    };
    Request { what, is_head }
}

async fn answer(socket: &mut (impl AsyncWrite + Unpin), request: Request, page: Arc<Page>) -> io::Result<()> {
    let (status, content_type, text) = match request.what {
        What::Metrics(format) => {
            // Formatting thousands of series takes milliseconds, which the thread may owe to something else.
            let text =
                tokio::task::spawn_blocking(move || page.text(format)).await.map_err(io::Error::other)?;
            (200, format.content_type(), text)
        }
        What::Wrong(status) => (status, "text/plain; charset=utf-8", explain(status)),
    };
    let allow = if status == 405 { "Allow: GET, HEAD\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status} {}\r\nContent-Type: {content_type}\r\n{allow}Vary: Accept\r\n\
         X-Content-Type-Options: nosniff\r\nDate: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        http::reason_phrase(status),
        http::date(SystemClock::start().now().wall),
        text.len(),
    );
    socket.write_all(head.as_bytes()).await?;
    if !request.is_head {
        socket.write_all(text.as_bytes()).await?;
    }
    socket.flush().await?;
    socket.shutdown().await
}

/// Returns the text of an answer without metrics.
fn explain(status: u16) -> String {
    let text = match status {
        404 => "Not found. The metrics are at /metrics",
        405 => "Only GET and HEAD are supported",
        408 => "The request did not arrive in time",
        431 => "The head of the request is too large",
        _ => "Not a request of HTTP/1.1",
    };
    format!("{text}\n")
}

//! Scripted server: parses HTTP requests and sends whatever the test says, plain or over TLS.

use std::sync::{Arc, Mutex};

use prost::Message;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// A complete request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// `X-Vcap-Request-Id`.
    pub(crate) id: String,
    /// The connection: its number and the client's port.
    pub(crate) connection: (usize, u16),
    /// The client's certificate, with TLS.
    pub(crate) peer: Option<Vec<u8>>,
}

/// What to do with the connection after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Then {
    /// Wait for the next request.
    Keep,
    /// Close it cleanly.
    Close,
    /// Reset it.
    Reset,
    /// Keep it open and send nothing.
    Hang,
    /// Send bytes that are not a TLS record.
    Garble,
}

/// The answer to a request.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) then: Then,
}

impl Answer {
    /// A complete reply.
    pub(crate) fn reply(status: u16, headers: &str, body: &[u8]) -> Self {
        Self::promising(body.len(), status, headers, body)
    }

    /// A reply whose `Content-Length` is `length`.
    pub(crate) fn promising(length: usize, status: u16, headers: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: {length}\r\n\r\n");
        Self { bytes: [head.as_bytes(), body].concat(), then: Then::Keep }
    }

    /// Bytes with the content type of a message.
    pub(crate) fn protobuf(body: &[u8]) -> Self {
        Self::reply(200, "Content-Type: application/x-protobuf\r\n", body)
    }

    /// A message.
    pub(crate) fn message(message: &impl Message) -> Self {
        Self::protobuf(&message.encode_to_vec())
    }

    /// The BBS's answer to an unknown path.
    pub(crate) fn unknown_path() -> Self {
        Self::reply(404, "Content-Type: text/plain; charset=utf-8\r\n", b"404 page not found\n")
    }

    /// The head of an event stream and its body.
    pub(crate) fn events(body: &[u8], then: Then) -> Self {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\
                    Transfer-Encoding: chunked\r\n\r\n";
        Self { bytes: [head.as_bytes(), body].concat(), then }
    }

    /// No bytes at all.
    pub(crate) fn nothing(then: Then) -> Self {
        Self { bytes: Vec::new(), then }
    }

    pub(crate) fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }
}

type Script = dyn Fn(&Request) -> Answer + Send + Sync;

struct Shared {
    script: Box<Script>,
    tls: Mutex<Option<Arc<ServerConfig>>>,
    requests: watch::Sender<Vec<Request>>,
}

/// A running server; dropping it stops it.
pub(crate) struct Server {
    pub(crate) url: String,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    /// Starts a server that answers each request with `script`.
    pub(crate) async fn start(script: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::serve(None, script).await
    }

    /// Like [`Self::start`], over TLS.
    pub(crate) async fn start_tls(
        tls: Arc<ServerConfig>,
        script: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::serve(Some(tls), script).await
    }

    async fn serve(
        tls: Option<Arc<ServerConfig>>,
        script: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let requests = watch::Sender::default();
        let shared = Arc::new(Shared { script: Box::new(script), tls: Mutex::new(tls), requests });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { url, shared, accepting }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn port(&self) -> u16 {
        self.url.rsplit(':').next().unwrap().parse().unwrap()
    }

    /// Replaces the TLS configuration for new connections.
    pub(crate) fn set_tls(&self, tls: Arc<ServerConfig>) {
        *self.shared.tls.lock().unwrap() = Some(tls);
    }

    /// Returns the requests so far in order of arrival.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.requests.borrow().clone()
    }

    /// Waits until `count` requests were read.
    pub(crate) async fn has_read(&self, count: usize) {
        let mut requests = self.shared.requests.subscribe();
        requests.wait_for(|requests| requests.len() >= count).await.unwrap();
    }

    /// Returns the paths of the requests so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut count = 0;
    while let Ok((socket, from)) = listener.accept().await {
        count += 1;
        let (shared, connection) = (Arc::clone(&shared), (count, from.port()));
        tokio::spawn(async move {
            let tls = shared.tls.lock().unwrap().clone();
            match tls {
                None => converse(socket, |socket| socket, &shared, connection, None).await,
                Some(tls) => secure(socket, tls, &shared, connection).await,
            }
        });
    }
}

async fn secure(socket: TcpStream, tls: Arc<ServerConfig>, shared: &Shared, connection: (usize, u16)) {
    match TlsAcceptor::from(tls).accept(socket).into_fallible().await {
        Ok(socket) => {
            let peer = socket.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let peer = peer.map(|certificate| certificate.to_vec());
            converse(socket, |socket| socket.get_mut().0, shared, connection, peer).await;
        }
        // Read to the end: closing with unread data sends a reset, which may overtake the alert.
        Err((_, mut socket)) => {
            let _ = socket.shutdown().await;
            let _ = tokio::io::copy(&mut socket, &mut tokio::io::sink()).await;
        }
    }
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    tcp: impl Fn(&mut S) -> &mut TcpStream,
    shared: &Shared,
    connection: (usize, u16),
    peer: Option<Vec<u8>>,
) {
    let mut unread = Vec::new();
    while let Some((path, id)) = read(&mut socket, &mut unread).await {
        let request = Request { path, id, connection, peer: peer.clone() };
        shared.requests.send_modify(|requests| requests.push(request.clone()));
        let Answer { bytes, then } = (shared.script)(&request);
        // A client that has disconnected does not fail the test here; the test checks its fault.
        let _ = socket.write_all(&bytes).await;
        let _ = socket.flush().await;
        match then {
            Then::Keep => {}
            Then::Close => break,
            Then::Reset => return tcp(&mut socket).set_zero_linger().unwrap(),
            Then::Hang => std::future::pending().await,
            Then::Garble => {
                let record = [&[0x17, 3, 3, 0, 40][..], &[0xA5; 40]].concat();
                tcp(&mut socket).write_all(&record).await.unwrap();
            }
        }
    }
    let _ = socket.shutdown().await;
}

/// Reads the next request: path and request id, or `None` at the end of the connection.
async fn read(socket: &mut (impl AsyncRead + Unpin), unread: &mut Vec<u8>) -> Option<(String, String)> {
    loop {
        if let Some((length, path, id)) = parse(unread) {
            unread.drain(..length);
            return Some((path, id));
        }
        if socket.read_buf(unread).await.ok()? == 0 {
            return None;
        }
    }
}

/// Parses a request if it is complete: length, path and id.
fn parse(bytes: &[u8]) -> Option<(usize, String, String)> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(head) = request.parse(bytes).expect("HTTP") else { return None };
    assert_eq!(request.method, Some("POST"));
    let value = |name: &str| {
        let header = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        header.map(|header| String::from_utf8(header.value.to_vec()).unwrap())
    };
    assert_eq!(value("content-type").as_deref(), Some("application/x-protobuf"));
    assert_eq!(value("accept-encoding"), None, "no compression is asked for");
    let body: usize = value("content-length").map_or(0, |length| length.parse().unwrap());
    let id = value("x-vcap-request-id").expect("every request has an id");
    (bytes.len() >= head + body).then(|| (head + body, request.path.unwrap().to_owned(), id))
}

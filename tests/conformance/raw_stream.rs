//! Reads the event stream from a raw connection, chunk by chunk.
//!
//! The receive buffer of the socket can be limited, to simulate a slow client.

use std::io;
use std::sync::Arc;

use reqwest::Url;
use rustls::pki_types::ServerName;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::{TcpSocket, lookup_host};
use tokio_rustls::TlsConnector;

use crate::bbs::Bbs;

trait Connection: AsyncRead + AsyncWrite + Unpin {}

impl<C: AsyncRead + AsyncWrite + Unpin> Connection for C {}

/// A subscription after the head of the response.
pub(crate) struct RawStream {
    connection: BufReader<Box<dyn Connection>>,
    /// Lines of the head.
    pub(crate) head: Vec<String>,
}

impl RawStream {
    /// Subscribes with a request `body`. `buffer` limits the receive buffer of the socket, in bytes.
    pub(crate) async fn subscribe(bbs: &Bbs, path: &str, body: &[u8], buffer: Option<u32>) -> Self {
        let url = Url::parse(&bbs.url).unwrap();
        let mut connection = BufReader::new(connect(&url, bbs, buffer).await.unwrap());
        let host = url.host_str().unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-protobuf\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(&[head.as_bytes(), body].concat()).await.unwrap();
        connection.flush().await.unwrap();
        let mut stream = Self { connection, head: Vec::new() };
        while let Some(line) = Some(stream.line().await).filter(|line| !line.is_empty()) {
            stream.head.push(line);
        }
        stream
    }

    /// Reads a line of the chunk framing, without its line end.
    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.connection.read_line(&mut line).await.unwrap();
        line.strip_suffix("\r\n").expect("a whole line").to_owned()
    }

    /// Reads the next chunk. Returns its size line and content, or `None` at the clean end.
    pub(crate) async fn chunk(&mut self) -> Option<(String, String)> {
        let size = self.line().await;
        let length = usize::from_str_radix(size.split(';').next().unwrap(), 16).unwrap();
        let mut content = vec![0; length + 2];
        self.connection.read_exact(&mut content).await.unwrap();
        let content = String::from_utf8(content).unwrap();
        let content = content.strip_suffix("\r\n").expect("a whole chunk").to_owned();
        (length > 0).then_some((size, content))
    }
}

async fn connect(url: &Url, bbs: &Bbs, buffer: Option<u32>) -> io::Result<Box<dyn Connection>> {
    let (host, port) = (url.host_str().unwrap(), url.port_or_known_default().unwrap());
    let address = lookup_host((host, port)).await?.next().expect("an address");
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(buffer) = buffer {
        socket.set_recv_buffer_size(buffer)?;
    }
    let socket = socket.connect(address).await?;
    if url.scheme() == "http" {
        return Ok(Box::new(socket));
    }
    let name = ServerName::try_from(host.to_owned()).unwrap();
    Ok(Box::new(TlsConnector::from(Arc::clone(&bbs.tls)).connect(name, socket).await?))
}

//! A server that sends scripted replies and records the requests.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use prost::Message;

use crate::run::PATIENCE;

/// A scripted reply.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends nothing until the client gives up.
    Silence,
}

/// A received request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) body: Vec<u8>,
}

/// The server. It ends with the test process.
pub(crate) struct Server {
    pub(crate) url: String,
    requests: Receiver<Request>,
}

impl Reply {
    pub(crate) fn of(status: u16, headers: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status} Said\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        Self::Bytes([head.as_bytes(), body].concat())
    }

    pub(crate) fn message(status: u16, message: &impl Message) -> Self {
        Self::of(status, "Content-Type: application/x-protobuf\r\n", &message.encode_to_vec())
    }
}

impl Server {
    /// Starts the server. It repeats the last reply forever.
    pub(crate) fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            let mut script = script.into_iter().peekable();
            while let Ok((mut stream, _)) = listener.accept() {
                let Some(request) = request(&mut stream) else { continue };
                if sender.send(request).is_err() {
                    return;
                }
                let reply = script.next().unwrap();
                if script.peek().is_none() {
                    script = vec![reply.clone()].into_iter().peekable();
                }
                match reply {
                    // The client may have closed the connection.
                    Reply::Bytes(bytes) => drop(stream.write_all(&bytes)),
                    Reply::Silence => drop(stream.read(&mut [0])),
                }
            }
        });
        Self { url, requests }
    }

    /// Returns the requests so far, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.try_iter().collect()
    }
}

fn request(stream: &mut TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut part).ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&part[..read]);
        let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&request[..end]).into_owned();
        let length = head.to_lowercase();
        let length = length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.map_or(0, |length| length.parse().unwrap());
        if request.len() >= end + 4 + length {
            let line = head.lines().next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
            return Some(Request { line, body: request.split_off(end + 4) });
        }
    }
}

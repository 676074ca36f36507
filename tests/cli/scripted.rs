//! A server that answers in the order of its script, and keeps what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use prost::Message;

use crate::run::PATIENCE;

/// What a request gets.
#[derive(Clone)]
pub(crate) enum Reply {
    /// These bytes; then the connection is closed.
    Bytes(Vec<u8>),
    /// Nothing, as long as the client waits.
    Silence,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) line: String,
    pub(crate) body: Vec<u8>,
}

/// The server. It ends with its test.
pub(crate) struct Server {
    pub(crate) url: String,
    asked: Receiver<Asked>,
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
    /// The last reply is given again and again.
    pub(crate) fn start(script: Vec<Reply>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, asked) = channel();
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
                    // Who waits no longer has closed it.
                    Reply::Bytes(bytes) => drop(stream.write_all(&bytes)),
                    Reply::Silence => drop(stream.read(&mut [0])),
                }
            }
        });
        Self { url, asked }
    }

    /// What it was asked until now, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.try_iter().collect()
    }
}

fn request(stream: &mut TcpStream) -> Option<Asked> {
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
            return Some(Asked { line, body: request.split_off(end + 4) });
        }
    }
}

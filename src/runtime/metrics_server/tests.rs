//! Requests and their answers, byte by byte. The time of slow clients is paused: it passes as soon as nothing else happens.

use std::fmt::Write as _;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::*;
use crate::model::Figures;
use crate::record::WriterStatus;
use crate::record::metrics::{Format, Metrics};

fn page() -> Arc<Page> {
    Arc::new(Metrics::new("prod").page(&Figures::default(), WriterStatus::default()))
}

fn published() -> Published {
    watch::channel(page()).1
}

/// A connection of a client, whose other end is served.
fn connect(buffer: usize) -> DuplexStream {
    let (client, server) = duplex(buffer);
    tokio::spawn(connection::serve(server, published()));
    client
}

/// Sends a request and returns the head and the body of the answer.
async fn ask(request: &str) -> (String, String) {
    let mut client = connect(1 << 20);
    client.write_all(request.as_bytes()).await.unwrap();
    answer(&mut client).await
}

async fn answer(client: &mut (impl tokio::io::AsyncRead + Unpin)) -> (String, String) {
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer:?}"));
    (head.to_owned(), body.to_owned())
}

fn field<'a>(head: &'a str, name: &str) -> &'a str {
    let field = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    field.unwrap_or_else(|| panic!("no {name}: {head}"))
}

#[tokio::test]
async fn a_scrape_gets_the_page_in_the_format_that_it_prefers() {
    for (accept, format) in [
        ("", Format::Prometheus),
        ("Accept: */*\r\n", Format::Prometheus),
        ("Accept: text/plain;q=0.5\r\nAccept: application/openmetrics-text\r\n", Format::OpenMetrics),
    ] {
        let (head, body) = ask(&format!("GET /metrics?x=y HTTP/1.1\r\nHost: a\r\n{accept}\r\n")).await;
        assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
        assert_eq!(field(&head, "Content-Type"), format.content_type());
        assert_eq!(field(&head, "Content-Length"), body.len().to_string());
        assert_eq!(field(&head, "Connection"), "close");
        assert_eq!(body, page().text(format));
    }
}

#[tokio::test]
async fn head_gets_the_same_head_and_no_body() {
    let (get, body) = ask("GET /metrics HTTP/1.0\r\n\r\n").await;
    let (head, nothing) = ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let without_date = |head: &str| head.replace(field(head, "Date"), "");
    assert_eq!(without_date(&head), without_date(&get));
    assert!(!body.is_empty() && nothing.is_empty());
    assert_eq!(ask("HEAD /nowhere HTTP/1.1\r\n\r\n").await.1, "");
}

#[tokio::test]
async fn other_requests_are_refused_with_a_reason() {
    let long = format!("GET /metrics HTTP/1.1\r\nCookie: {}\r\n\r\n", "a".repeat(9_000));
    let many = format!("GET /metrics HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(65));
    for (request, status, text) in [
        ("GET / HTTP/1.1\r\n\r\n", "404 Not Found", "Not found. The metrics are at /metrics\n"),
        ("POST /metric HTTP/1.1\r\n\r\n", "404 Not Found", "Not found. The metrics are at /metrics\n"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed", "Only GET and HEAD are supported\n"),
        ("get /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed", "Only GET and HEAD are supported\n"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 Bad Request", "Not a request of HTTP/1.1\n"),
        ("\u{16}\u{3}\u{1}\u{2}", "400 Bad Request", "Not a request of HTTP/1.1\n"),
        (&long, "431 Request Header Fields Too Large", "The head of the request is too large\n"),
        (&many, "431 Request Header Fields Too Large", "The head of the request is too large\n"),
    ] {
        let (head, body) = ask(request).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{request:.40?}: {head}");
        assert_eq!(body, text, "{request:.40?}");
        assert_eq!(head.contains("\r\nAllow: GET, HEAD\r\n"), status.starts_with("405"), "{head}");
    }
}

#[tokio::test]
async fn a_request_in_pieces_is_read_whole() {
    let mut client = connect(1 << 20);
    for byte in b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n" {
        client.write_all(&[*byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(answer(&mut client).await.0.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_send_its_request_is_cut_off() {
    let begun = Instant::now();
    for sent in ["", "GET /metrics HTTP/1.1\r\nHost: "] {
        let mut client = connect(1 << 20);
        client.write_all(sent.as_bytes()).await.unwrap();
        let (head, body) = answer(&mut client).await;
        assert!(head.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{head}");
        assert_eq!(body, "The request did not arrive in time\n");
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// One byte a second would keep a connection for hours if each byte counted as progress.
#[tokio::test(start_paused = true)]
async fn a_client_that_trickles_is_cut_off() {
    let mut client = connect(1 << 20);
    let begun = Instant::now();
    while client.write_all(b"G").await.is_ok() {
        sleep(Duration::from_secs(1)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_cut_off() {
    let (mut client, server) = duplex(128);
    client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
    let begun = Instant::now();
    connection::serve(server, published()).await;
    assert!(begun.elapsed() <= Duration::from_secs(15), "{:?}", begun.elapsed());
    drop(client);
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_connection() {
    for sent in ["", "GET /met"] {
        let (mut client, server) = duplex(1_024);
        client.write_all(sent.as_bytes()).await.unwrap();
        drop(client);
        connection::serve(server, published()).await;
    }
}

async fn serving() -> (SocketAddr, watch::Sender<Arc<Page>>) {
    let server = MetricsServer::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let (address, (sender, published)) = (server.address(), watch::channel(page()));
    tokio::spawn(server.serve(published));
    (address, sender)
}

/// The body of a refused request is read, or else the client might lose the answer to it.
#[tokio::test]
async fn a_refused_request_with_a_body_gets_its_answer() {
    let (address, _page) = serving().await;
    let mut request = "POST /metrics HTTP/1.1\r\nContent-Length: 30000\r\n\r\n".to_owned();
    write!(request, "{:30000}", "").unwrap();
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    client.shutdown().await.unwrap();
    assert!(answer(&mut client).await.0.starts_with("HTTP/1.1 405 "));
}

#[tokio::test]
async fn each_scrape_gets_what_was_published_last() {
    let (address, sender) = serving().await;
    for lists in 1..4 {
        let mut figures = Figures::default();
        figures.feed.lists = lists;
        let page = Metrics::new("prod").page(&figures, WriterStatus::default());
        sender.send_replace(Arc::new(page));
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
        let (_, body) = answer(&mut client).await;
        assert!(body.contains(&format!("taskdeck_feed_lists_total{{target=\"prod\"}} {lists}\n")), "{body}");
    }
}

/// Scrapes wait while others hold all connections, for no longer than these may.
#[tokio::test(start_paused = true)]
async fn idle_clients_do_not_keep_others_out_for_good() {
    let (address, _page) = serving().await;
    let mut idle = Vec::new();
    for _ in 0..2 * MAX_CONNECTIONS {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /metrics HTTP/1.1\r\n\r\n").await.unwrap();
    assert!(answer(&mut client).await.0.starts_with("HTTP/1.1 200 OK\r\n"));
}

#[tokio::test]
async fn a_port_in_use_is_an_error() {
    let first = MetricsServer::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let error = MetricsServer::bind(first.address()).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

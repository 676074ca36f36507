//! Older revisions of a path: tried in order after a 404 only, and remembered.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use taskdeck::bbs::routes::route;
use taskdeck::model::{Call, FaultKind};

use crate::calls::{client, fault, make, success, writes};
use crate::server::{Answer, Server, Then};

type Known = Arc<Mutex<HashSet<&'static str>>>;

/// Starts a server that supports the paths in `known`.
async fn knowing(known: &Known) -> Server {
    let known = Arc::clone(known);
    Server::start(move |request| match request.path.as_str() {
        path if !known.lock().unwrap().contains(path) => Answer::unknown_path(),
        path if path.contains("events") => Answer::events(b"", Then::Hang),
        _ => Answer::protobuf(&success()),
    })
    .await
}

fn know(known: &Known, path: &'static str) {
    *known.lock().unwrap() = HashSet::from([path]);
}

/// The calls with more than one path.
fn revised() -> impl Iterator<Item = (Call, &'static [&'static str])> {
    Call::ALL.into_iter().map(|call| (call, route(call).paths)).filter(|(_, paths)| paths.len() > 1)
}

#[tokio::test]
async fn the_newest_supported_path_is_found_and_remembered() {
    for (call, paths) in revised() {
        for (at, path) in paths.iter().enumerate() {
            let known = Known::default();
            know(&known, path);
            let server = knowing(&known).await;
            let client = client(&server).await;
            make(&client, call).await.unwrap();
            assert_eq!(server.paths(), paths[..=at], "{call}: newest first");
            make(&client, call).await.unwrap();
            assert_eq!(server.paths()[at + 1..], paths[at..=at], "{call}: remembered");
        }
    }
}

#[tokio::test]
async fn revisions_are_remembered_per_call_and_server() {
    let server = Server::start(|request| {
        if request.path.contains(".r3") { Answer::unknown_path() } else { Answer::protobuf(&success()) }
    })
    .await;
    let one = client(&server).await;
    make(&one, Call::ListTasks).await.unwrap();
    make(&one, Call::GetTask).await.unwrap();
    make(&one.clone(), Call::ListTasks).await.unwrap();
    make(&client(&server).await, Call::ListTasks).await.unwrap();
    let (list, get) = (route(Call::ListTasks).paths, route(Call::GetTask).paths);
    assert_eq!(server.paths(), [list[0], list[1], get[0], get[1], list[1], list[0], list[1]]);
}

#[tokio::test]
async fn all_paths_are_tried_again_after_the_server_was_replaced() {
    for (call, paths) in revised() {
        let known = Known::default();
        know(&known, paths[1]);
        let server = knowing(&known).await;
        let client = client(&server).await;
        make(&client, call).await.unwrap();
        // Upgraded so far that the previous path is gone.
        know(&known, paths[0]);
        let before = server.paths().len();
        make(&client, call).await.unwrap();
        let asked = server.paths().split_off(before);
        assert_eq!(asked.first(), paths.get(1).map(|path| (*path).to_owned()).as_ref());
        assert_eq!(asked.last().unwrap(), paths[0]);
        make(&client, call).await.unwrap();
        assert_eq!(server.paths().last().unwrap(), paths[0], "{call}: remembered again");
        assert_eq!(server.paths().len(), before + asked.len() + 1);
    }
}

#[tokio::test]
async fn each_unsupported_path_is_tried_once_with_the_same_id() {
    for call in Call::ALL {
        let server = Server::start(|_| Answer::unknown_path()).await;
        let fault = fault(&client(&server).await, call).await;
        assert_eq!(server.paths(), route(call).paths);
        let FaultKind::NotBbs { status: 404, problem, .. } = &fault.kind else { panic!("{fault}") };
        assert_eq!(problem, "the server does not support any revision of this call");
        assert!(!fault.outcome_unknown(), "an unknown path has no effect");
        let id = fault.request.unwrap().to_string();
        assert!(server.requests().iter().all(|request| request.id == id));
    }
}

#[tokio::test]
async fn a_write_tries_an_older_path_only_after_a_404() {
    let others = [
        Answer::reply(404, "X-Cf-Routererror: unknown_route\r\n", b""),
        Answer::reply(405, "", b""),
        Answer::reply(410, "", b""),
        Answer::reply(500, "", b""),
        Answer::reply(503, "", b""),
        Answer::reply(200, "Content-Type: text/html\r\n", b"<html>"),
        Answer::protobuf(b"\xFF"),
        Answer::nothing(Then::Close),
        Answer::nothing(Then::Reset),
    ];
    for answer in others {
        let answer_text = format!("{answer:?}");
        let server = Server::start(move |_| answer.clone()).await;
        let client = client(&server).await;
        for call in writes() {
            let before = server.paths().len();
            fault(&client, call).await;
            assert_eq!(server.paths()[before..], route(call).paths[..1], "{call}: {answer_text}");
        }
    }
}

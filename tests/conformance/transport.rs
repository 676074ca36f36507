//! Tests what all calls have in common: methods, paths, content types, invalid bodies.
//!
//! Source: "Transport" and "Routes" of the API.

use prost::Message as _;
use reqwest::Method;
use taskdeck::bbs::wire::{PingResponse, TasksRequest};

use crate::targets::everywhere;

const PROTOBUF: &str = "application/x-protobuf";

/// Calls with a request message.
const WITH_MESSAGE: [&str; 12] = [
    "/v1/tasks/list.r3",
    "/v1/tasks/list.r2",
    "/v1/tasks/get_by_task_guid.r3",
    "/v1/tasks/get_by_task_guid.r2",
    "/v1/tasks/desire.r2",
    "/v1/tasks/cancel",
    "/v1/tasks/resolving",
    "/v1/tasks/delete",
    "/v1/tasks/start",
    "/v1/tasks/complete",
    "/v1/tasks/reject",
    "/v1/domains/upsert",
];

/// Calls without a request message.
const WITHOUT_MESSAGE: [&str; 3] = ["/v1/ping", "/v1/domains/list", "/v1/cells/list.r1"];

/// Paths that were removed in 2018-03, and paths that never existed.
const UNKNOWN: [&str; 8] = [
    "/v1/tasks/list.r1",
    "/v1/tasks/list",
    "/v1/tasks/get_by_task_guid.r1",
    "/v1/tasks/get_by_task_guid",
    "/v1/tasks/list.r99",
    "/v1/tasks/nope",
    "/v1/tasks",
    "/",
];

/// A truncated message, and bytes that are not a message.
const INVALID_BODIES: [&[u8]; 3] = [b"\x0A\x64cut short", b"\xFF\xFF\xFF not protobuf", b"\x0A"];

#[tokio::test]
async fn ping_reports_that_the_server_is_available() {
    everywhere(async |bbs| {
        assert_eq!(bbs.client.ping().await, Ok(true));
        assert_eq!(bbs.post("/v1/ping", "").await.message::<PingResponse>().encode_to_vec(), b"\x08\x01");
    })
    .await;
}

#[tokio::test]
async fn every_route_answers_an_empty_body_with_a_protobuf_message() {
    everywhere(async |bbs| {
        for path in WITH_MESSAGE.iter().chain(&WITHOUT_MESSAGE) {
            let reply = bbs.post(path, "").await;
            assert_eq!((reply.status, reply.content_type()), (200, PROTOBUF), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_invalid_body_gives_an_error_inside_the_reply() {
    everywhere(async |bbs| {
        for path in WITH_MESSAGE {
            for body in INVALID_BODIES {
                let error = bbs.post(path, body).await.error();
                assert_eq!(error, Some((4, "the request received is invalid".to_owned())), "{path} {body:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_unknown_path_gives_404_as_plain_text() {
    everywhere(async |bbs| {
        for path in UNKNOWN {
            let reply = bbs.post(path, "").await;
            assert_eq!((reply.status, reply.content_type()), (404, "text/plain; charset=utf-8"), "{path}");
            assert_eq!(reply.body, "404 page not found\n", "{path}");
            assert!(!reply.headers.contains_key("X-Cf-Routererror"));
        }
    })
    .await;
}

#[tokio::test]
async fn methods_other_than_post_give_405() {
    everywhere(async |bbs| {
        for path in WITH_MESSAGE.iter().chain(&WITHOUT_MESSAGE) {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                let reply = bbs.send(method.clone(), path, "").await;
                assert_eq!(reply.status, 405, "{method} {path}");
                assert!(reply.content_type().starts_with("text/plain"), "{method} {path}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_list_has_a_content_length() {
    everywhere(async |bbs| {
        bbs.desire("one").await;
        let domain: bytes::Bytes = bbs.domain.to_string().into();
        for path in ["/v1/tasks/list.r3", "/v1/tasks/list.r2"] {
            let request = TasksRequest { domain: domain.clone(), ..TasksRequest::default() };
            let reply = bbs.post_message(path, &request).await;
            assert!(!reply.body.is_empty());
            assert_eq!(reply.headers["Content-Length"], reply.body.len().to_string().as_str());
        }
    })
    .await;
}

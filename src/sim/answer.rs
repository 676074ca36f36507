//! Answers one request: finds the route, decodes the message, calls the [`Machine`] and encodes the reply.
//!
//! Knows no rules of a task's life. Source of routes and replies: "Transport" and "Routes" of the API.

use bytes::Bytes;
use prost::Message;

use super::errors;
use super::http::{Reply, Request};
use super::machine::Machine;
use super::revision;
use super::shared::Shared;
use crate::bbs::routes::{self, route};
use crate::bbs::validation;
use crate::bbs::wire;
use crate::model::{Call, Timestamp};

/// What the server does with the connection.
pub(super) enum Answer {
    /// Sends the reply.
    Reply(Reply),
    /// Sends a list of tasks, which fault injection can delay or cut off.
    List(Reply),
    /// Serves the event stream.
    Events,
    /// Closes the connection without a reply.
    Dropped,
}

/// A route of the simulated release.
#[derive(Clone, Copy)]
enum Route {
    Call(Call),
    Start,
    Complete,
    Reject,
}

/// Number of revisions served per call, newest first. Current releases have removed older ones.
const REVISIONS: usize = 2;

fn find_route(path: &str) -> Option<Route> {
    match path {
        routes::START => Some(Route::Start),
        routes::COMPLETE => Some(Route::Complete),
        routes::REJECT => Some(Route::Reject),
        path => {
            let serves = |call: &Call| route(*call).paths.iter().take(REVISIONS).any(|known| *known == path);
            Call::ALL.into_iter().find(serves).map(Route::Call)
        }
    }
}

/// Answers the request. Reads and changes the state only through `shared`.
pub(super) fn answer(request: &Request, shared: &Shared) -> Answer {
    let route = find_route(&request.path);
    let is_events = matches!(route, Some(Route::Call(Call::TaskEvents)));
    match route {
        None => Answer::Reply(Reply::text(404, "404 page not found\n")),
        Some(_) if is_events && !shared.faults.has_event_route() => {
            Answer::Reply(Reply::text(404, "404 page not found\n"))
        }
        Some(_) if request.method != "POST" => Answer::Reply(Reply::text(405, "Method Not Allowed\n")),
        Some(_) if is_events => Answer::Events,
        Some(Route::Call(Call::Cells)) if shared.faults.cells_fail() => {
            Answer::Reply(cells_reply(Err(errors::deadline_exceeded())))
        }
        Some(Route::Call(Call::Desire)) if drops_connection(&request.body) => Answer::Dropped,
        Some(route) => {
            let reply = shared.with(|machine, now| reply(route, request, machine, now));
            if matches!(route, Route::Call(Call::ListTasks)) {
                Answer::List(reply)
            } else {
                Answer::Reply(reply)
            }
        }
    }
}

/// Returns whether the server drops the connection instead of answering this desire request.
fn drops_connection(body: &Bytes) -> bool {
    let request = wire::DesireTaskRequest::decode(body.clone()).unwrap_or_default();
    request.task_definition.is_some_and(|definition| validation::has_empty_inner_action(&definition))
}

fn reply(route: Route, request: &Request, machine: &mut Machine, now: Timestamp) -> Reply {
    let body = &request.body;
    match route {
        Route::Call(Call::Ping | Call::TaskEvents) => {
            Reply::protobuf(&wire::PingResponse { available: true })
        }
        Route::Call(Call::ListTasks) => list_reply(request, machine),
        Route::Call(Call::GetTask) => task_reply(request, machine),
        Route::Call(Call::Desire) => lifecycle_reply(body, |request: wire::DesireTaskRequest| {
            machine.desire(request.task_guid, request.domain, request.task_definition, now)
        }),
        Route::Call(Call::Cancel) => {
            lifecycle_reply(body, |request: wire::TaskGuidRequest| machine.cancel(request.task_guid, now))
        }
        Route::Call(Call::Resolving) => {
            lifecycle_reply(body, |request: wire::TaskGuidRequest| machine.resolving(request.task_guid, now))
        }
        Route::Call(Call::Delete) => {
            lifecycle_reply(body, |request: wire::TaskGuidRequest| machine.delete(request.task_guid))
        }
        Route::Call(Call::UpsertDomain) => lifecycle_reply(body, |request: wire::UpsertDomainRequest| {
            machine.upsert_domain(request.domain, request.ttl, now)
        }),
        Route::Call(Call::Domains) => domains_reply(machine, now),
        Route::Call(Call::Cells) => cells_reply(machine.cells()),
        Route::Start => start_reply(body, machine, now),
        Route::Complete => {
            lifecycle_reply(body, |request: wire::CompleteTaskRequest| complete(&request, machine, now))
        }
        Route::Reject => lifecycle_reply(body, |request: wire::RejectTaskRequest| {
            machine.reject(request.task_guid, request.rejection_reason, now)
        }),
    }
}

fn decode_and_call<M: Message + Default, T>(
    body: &[u8],
    call: impl FnOnce(M) -> Result<T, wire::Error>,
) -> Result<T, wire::Error> {
    call(M::decode(body).map_err(|_| errors::bad_request())?)
}

/// Returns a reply that holds nothing but an error, if any.
fn lifecycle_reply<M: Message + Default>(
    body: &[u8],
    call: impl FnOnce(M) -> Result<(), wire::Error>,
) -> Reply {
    Reply::protobuf(&wire::TaskLifecycleResponse { error: decode_and_call(body, call).err() })
}

fn complete(
    request: &wire::CompleteTaskRequest,
    machine: &mut Machine,
    now: Timestamp,
) -> Result<(), wire::Error> {
    let outcome =
        if request.failed { Err(request.failure_reason.as_ref()) } else { Ok(request.result.as_ref()) };
    machine.complete(&request.task_guid, &request.cell_id, outcome, now)
}

fn revision_of(request: &Request) -> Option<&str> {
    request.path.rsplit('.').next()
}

/// Returns the task in the revision of the request's route.
fn in_revision(request: &Request, task: wire::Task) -> wire::Task {
    if revision_of(request) == Some("r2") { revision::to_r2(task) } else { task }
}

/// Only lists in the newest revision use the cache of encoded tasks: clients rarely request an older one.
fn list_reply(request: &Request, machine: &mut Machine) -> Reply {
    let filter = |message: wire::TasksRequest| Ok((message.domain, message.cell_id));
    let parts = match decode_and_call(&request.body, filter) {
        Ok((domain, cell)) if revision_of(request) == Some("r3") => machine.encoded_list(domain, cell),
        Ok((domain, cell)) => match machine.list(domain, cell) {
            Ok(tasks) => {
                encode_list(None, tasks.into_iter().map(|task| in_revision(request, task)).collect())
            }
            Err(error) => encode_list(Some(error), Vec::new()),
        },
        Err(error) => encode_list(Some(error), Vec::new()),
    };
    Reply::protobuf_parts(parts)
}

fn encode_list(error: Option<wire::Error>, tasks: Vec<wire::Task>) -> Vec<Bytes> {
    vec![wire::TasksResponse { error, tasks }.encode_to_vec().into()]
}

fn task_reply(request: &Request, machine: &Machine) -> Reply {
    let task =
        decode_and_call(&request.body, |message: wire::TaskByGuidRequest| machine.task(message.task_guid));
    Reply::protobuf(&match task {
        Ok(task) => wire::TaskResponse { error: None, task: Some(in_revision(request, task)) },
        Err(error) => wire::TaskResponse { error: Some(error), task: None },
    })
}

fn start_reply(body: &[u8], machine: &mut Machine, now: Timestamp) -> Reply {
    let started = decode_and_call(body, |request: wire::StartTaskRequest| {
        machine.start(request.task_guid, request.cell_id, now)
    });
    Reply::protobuf(&match started {
        Ok(should_start) => wire::StartTaskResponse { error: None, should_start },
        Err(error) => wire::StartTaskResponse { error: Some(error), should_start: false },
    })
}

fn domains_reply(machine: &Machine, now: Timestamp) -> Reply {
    Reply::protobuf(&match machine.domains(now) {
        Ok(domains) => wire::DomainsResponse { error: None, domains },
        Err(error) => wire::DomainsResponse { error: Some(error), domains: Vec::new() },
    })
}

fn cells_reply(cells: Result<Vec<wire::CellPresence>, wire::Error>) -> Reply {
    Reply::protobuf(&match cells {
        Ok(cells) => wire::CellsResponse { error: None, cells },
        Err(error) => wire::CellsResponse { error: Some(error), cells: Vec::new() },
    })
}

//! From a request to its answer: the route, the message, the machine, the reply.

use bytes::Bytes;
use prost::Message;

use super::http::{Reply, Request};
use super::machine::Machine;
use super::refusal;
use super::revision;
use super::shared::Shared;
use crate::bbs::routes::{self, route};
use crate::bbs::wire;
use crate::model::{Call, Timestamp};

/// What to send back.
pub(super) enum Answer {
    /// A reply.
    Reply(Reply),
    /// The list of tasks, which tests may cut off.
    List(Reply),
    /// The event stream.
    Events,
}

/// A route that this release knows.
#[derive(Clone, Copy)]
enum Known {
    Call(Call),
    Start,
    Complete,
    Reject,
}

/// Of a call with more revisions than this the older ones are gone.
const REVISIONS: usize = 2;

fn known(path: &str) -> Option<Known> {
    match path {
        routes::START => Some(Known::Start),
        routes::COMPLETE => Some(Known::Complete),
        routes::REJECT => Some(Known::Reject),
        path => {
            let has = |call: &Call| route(*call).paths.iter().take(REVISIONS).any(|known| *known == path);
            Call::ALL.into_iter().find(has).map(Known::Call)
        }
    }
}

/// The answer.
pub(super) fn answer(request: &Request, shared: &Shared) -> Answer {
    let route = known(&request.path);
    let is_events = matches!(route, Some(Known::Call(Call::TaskEvents)));
    match route {
        None => Answer::Reply(Reply::text(404, "404 page not found\n")),
        Some(_) if is_events && !shared.faults.has_event_route() => {
            Answer::Reply(Reply::text(404, "404 page not found\n"))
        }
        Some(_) if request.method != "POST" => Answer::Reply(Reply::text(405, "Method Not Allowed\n")),
        Some(_) if is_events => Answer::Events,
        Some(Known::Call(Call::Cells)) if shared.faults.cells_fail() => {
            Answer::Reply(cells(Err(refusal::deadline_exceeded())))
        }
        Some(route) => {
            let reply = shared.with(|machine, now| reply(route, request, machine, now));
            if matches!(route, Known::Call(Call::ListTasks)) {
                Answer::List(reply)
            } else {
                Answer::Reply(reply)
            }
        }
    }
}

fn reply(route: Known, request: &Request, machine: &mut Machine, now: Timestamp) -> Reply {
    let body = &request.body;
    match route {
        Known::Call(Call::Ping | Call::TaskEvents) => {
            Reply::protobuf(&wire::PingResponse { available: true })
        }
        Known::Call(Call::ListTasks) => list(request, machine),
        Known::Call(Call::GetTask) => get(request, machine),
        Known::Call(Call::Desire) => lifecycle(body, |asked: wire::DesireTaskRequest| {
            machine.desire(asked.task_guid, asked.domain, asked.task_definition, now)
        }),
        Known::Call(Call::Cancel) => {
            lifecycle(body, |asked: wire::TaskGuidRequest| machine.cancel(asked.task_guid, now))
        }
        Known::Call(Call::Resolving) => {
            lifecycle(body, |asked: wire::TaskGuidRequest| machine.resolving(asked.task_guid, now))
        }
        Known::Call(Call::Delete) => {
            lifecycle(body, |asked: wire::TaskGuidRequest| machine.delete(asked.task_guid))
        }
        Known::Call(Call::UpsertDomain) => lifecycle(body, |asked: wire::UpsertDomainRequest| {
            machine.upsert_domain(asked.domain, asked.ttl, now)
        }),
        Known::Call(Call::Domains) => domains(machine, now),
        Known::Call(Call::Cells) => cells(machine.cells()),
        Known::Start => start(body, machine, now),
        Known::Complete => lifecycle(body, |asked: wire::CompleteTaskRequest| complete(&asked, machine, now)),
        Known::Reject => lifecycle(body, |asked: wire::RejectTaskRequest| {
            machine.reject(asked.task_guid, asked.rejection_reason, now)
        }),
    }
}

fn ask<M: Message + Default, T>(
    body: &[u8],
    f: impl FnOnce(M) -> Result<T, wire::Error>,
) -> Result<T, wire::Error> {
    f(M::decode(body).map_err(|_| refusal::not_protobuf())?)
}

/// The reply of the calls that say only whether it was done.
fn lifecycle<M: Message + Default>(body: &[u8], f: impl FnOnce(M) -> Result<(), wire::Error>) -> Reply {
    Reply::protobuf(&wire::TaskLifecycleResponse { error: ask(body, f).err() })
}

fn complete(
    asked: &wire::CompleteTaskRequest,
    machine: &mut Machine,
    now: Timestamp,
) -> Result<(), wire::Error> {
    let outcome = if asked.failed { Err(asked.failure_reason.as_ref()) } else { Ok(asked.result.as_ref()) };
    machine.complete(&asked.task_guid, &asked.cell_id, outcome, now)
}

fn revision_of(request: &Request) -> Option<&str> {
    request.path.rsplit('.').next()
}

/// The task in the revision of the route.
fn as_asked(request: &Request, task: wire::Task) -> wire::Task {
    if revision_of(request) == Some("r2") { revision::to_r2(task) } else { task }
}

/// Only the newest revision is worth keeping encoded: nobody asks an older one often.
fn list(request: &Request, machine: &mut Machine) -> Reply {
    let asked = |asked: wire::TasksRequest| Ok((asked.domain, asked.cell_id));
    let parts = match ask(&request.body, asked) {
        Ok((domain, cell)) if revision_of(request) == Some("r3") => machine.encoded_list(domain, cell),
        Ok((domain, cell)) => match machine.list(domain, cell) {
            Ok(tasks) => encoded(None, tasks.into_iter().map(|task| as_asked(request, task)).collect()),
            Err(error) => encoded(Some(error), Vec::new()),
        },
        Err(error) => encoded(Some(error), Vec::new()),
    };
    Reply::protobuf_parts(parts)
}

fn encoded(error: Option<wire::Error>, tasks: Vec<wire::Task>) -> Vec<Bytes> {
    vec![wire::TasksResponse { error, tasks }.encode_to_vec().into()]
}

fn get(request: &Request, machine: &Machine) -> Reply {
    let task = ask(&request.body, |asked: wire::TaskByGuidRequest| machine.task(asked.task_guid));
    Reply::protobuf(&match task {
        Ok(task) => wire::TaskResponse { error: None, task: Some(as_asked(request, task)) },
        Err(error) => wire::TaskResponse { error: Some(error), task: None },
    })
}

fn start(body: &[u8], machine: &mut Machine, now: Timestamp) -> Reply {
    let started =
        ask(body, |asked: wire::StartTaskRequest| machine.start(asked.task_guid, asked.cell_id, now));
    Reply::protobuf(&match started {
        Ok(should_start) => wire::StartTaskResponse { error: None, should_start },
        Err(error) => wire::StartTaskResponse { error: Some(error), should_start: false },
    })
}

fn domains(machine: &Machine, now: Timestamp) -> Reply {
    Reply::protobuf(&match machine.domains(now) {
        Ok(domains) => wire::DomainsResponse { error: None, domains },
        Err(error) => wire::DomainsResponse { error: Some(error), domains: Vec::new() },
    })
}

fn cells(found: Result<Vec<wire::CellPresence>, wire::Error>) -> Reply {
    Reply::protobuf(&match found {
        Ok(cells) => wire::CellsResponse { error: None, cells },
        Err(error) => wire::CellsResponse { error: Some(error), cells: Vec::new() },
    })
}

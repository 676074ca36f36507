//! The calls of the API: one table, a row a call.
//!
//! Source: "Routes" of the API. Paths stand newest first; a server that does not know one answers 404, and the
//! next is tried.

use crate::model::Call;

use super::connection::Access;

/// One call: what it is, whether it changes something, and under which paths servers have had it.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The call.
    pub call: Call,
    /// What a target must allow for it to be sent.
    pub needs: Access,
    /// Newest first, never empty.
    pub paths: &'static [&'static str],
}

const fn read(call: Call, paths: &'static [&'static str]) -> Route {
    Route { call, needs: Access::ReadOnly, paths }
}

const fn write(call: Call, paths: &'static [&'static str]) -> Route {
    Route { call, needs: Access::ReadWrite, paths }
}

/// The row of `call`. The table is a match, so that no call can be without its row.
pub const fn route(call: Call) -> Route {
    match call {
        Call::Ping => read(call, &["/v1/ping"]),
        Call::ListTasks => {
            read(call, &["/v1/tasks/list.r3", "/v1/tasks/list.r2", "/v1/tasks/list.r1", "/v1/tasks/list"])
        }
        Call::GetTask => read(
            call,
            &[
                "/v1/tasks/get_by_task_guid.r3",
                "/v1/tasks/get_by_task_guid.r2",
                "/v1/tasks/get_by_task_guid.r1",
                "/v1/tasks/get_by_task_guid",
            ],
        ),
        Call::Desire => write(call, &["/v1/tasks/desire.r2", "/v1/tasks/desire"]),
        Call::Cancel => write(call, &["/v1/tasks/cancel"]),
        Call::Resolving => write(call, &["/v1/tasks/resolving"]),
        Call::Delete => write(call, &["/v1/tasks/delete"]),
        Call::TaskEvents => read(call, &["/v1/events/tasks.r1", "/v1/events/tasks"]),
        Call::Domains => read(call, &["/v1/domains/list"]),
        Call::UpsertDomain => write(call, &["/v1/domains/upsert"]),
        Call::Cells => read(call, &["/v1/cells/list.r1"]),
    }
}

/// The call that a path is of, in whatever revision.
pub fn call_of(path: &str) -> Option<Call> {
    Call::ALL.into_iter().find(|call| route(*call).paths.contains(&path))
}

/// The cell's side of a task's life. A stand-in for the server answers it; our client never calls it.
pub const START: &str = "/v1/tasks/start";
/// See [`START`].
pub const COMPLETE: &str = "/v1/tasks/complete";
/// See [`START`].
pub const REJECT: &str = "/v1/tasks/reject";

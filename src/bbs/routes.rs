//! Table of the API calls and their paths, newest revision first.
//!
//! A server that does not know a path answers 404; the client then tries the next one. Source: "Routes" of the API.

use crate::model::Call;

/// One call: whether it writes and its paths in all supported releases.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The call.
    pub call: Call,
    /// Whether it changes something, so that a read-only target does not allow it.
    pub is_write: bool,
    /// Paths, newest revision first; never empty.
    pub paths: &'static [&'static str],
}

const fn read(call: Call, paths: &'static [&'static str]) -> Route {
    Route { call, is_write: false, paths }
}

const fn write(call: Call, paths: &'static [&'static str]) -> Route {
    Route { call, is_write: true, paths }
}

/// Returns the route of a call. A `match`, so that the compiler checks that every call has one.
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

/// Returns the call of a path in any revision.
pub fn call_of(path: &str) -> Option<Call> {
    Call::ALL.into_iter().find(|call| route(*call).paths.contains(&path))
}

/// Path of a call that only cells make. The simulated BBS serves it; the client never calls it.
pub const START: &str = "/v1/tasks/start";
/// See [`START`].
pub const COMPLETE: &str = "/v1/tasks/complete";
/// See [`START`].
pub const REJECT: &str = "/v1/tasks/reject";

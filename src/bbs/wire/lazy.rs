//! Messages that keep a task's definition undecoded.
//!
//! They have the same fields as their counterparts in `proto/`, except that the task's definition (field 1) is bytes
//! instead of a message, which is the same on the wire. Most definitions of a long list are never needed;
//! [`super::decode_definition`] decodes those that are.

use bytes::Bytes;

use super::Error;

/// `Task` with an undecoded definition.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LazyTask {
    /// The encoded `TaskDefinition`.
    #[prost(bytes = "bytes", tag = "1")]
    pub task_definition: Bytes,
    /// This and the following fields are the same as in `Task`.
    #[prost(bytes = "bytes", tag = "2")]
    pub task_guid: Bytes,
    #[prost(bytes = "bytes", tag = "3")]
    pub domain: Bytes,
    #[prost(int64, tag = "4")]
    pub created_at: i64,
    #[prost(int64, tag = "5")]
    pub updated_at: i64,
    #[prost(int64, tag = "6")]
    pub first_completed_at: i64,
    #[prost(int32, tag = "7")]
    pub state: i32,
    #[prost(bytes = "bytes", tag = "8")]
    pub cell_id: Bytes,
    #[prost(bytes = "bytes", tag = "9")]
    pub result: Bytes,
    #[prost(bool, tag = "10")]
    pub failed: bool,
    #[prost(bytes = "bytes", tag = "11")]
    pub failure_reason: Bytes,
    #[prost(int32, tag = "12")]
    pub rejection_count: i32,
    #[prost(bytes = "bytes", tag = "13")]
    pub rejection_reason: Bytes,
}

/// `TaskResponse` with an undecoded definition.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LazyTaskResponse {
    #[prost(message, optional, tag = "1")]
    pub error: Option<Error>,
    #[prost(message, optional, tag = "2")]
    pub task: Option<LazyTask>,
}

/// `TaskCreatedEvent` and `TaskRemovedEvent`, which have the same fields.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LazyTaskEvent {
    #[prost(message, optional, tag = "1")]
    pub task: Option<LazyTask>,
}

/// `DesireTaskRequest`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LazyDesireTaskRequest {
    /// The encoded `TaskDefinition`.
    #[prost(bytes = "bytes", tag = "1")]
    pub task_definition: Bytes,
    #[prost(bytes = "bytes", tag = "2")]
    pub task_guid: Bytes,
    #[prost(bytes = "bytes", tag = "3")]
    pub domain: Bytes,
}

/// `TaskChangedEvent`.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LazyChangedEvent {
    #[prost(message, optional, tag = "1")]
    pub before: Option<LazyTask>,
    #[prost(message, optional, tag = "2")]
    pub after: Option<LazyTask>,
}

//! Diego in our words: pure types and the rules that hold for them everywhere.
//!
//! Knows no protobuf, no HTTP, no terminal and no clock. The server's facts come from the API as it is spoken;
//! each is named where it is used.

mod action;
mod cell;
mod definition;
mod event;
mod fault;
mod id;
pub mod lifecycle;
pub mod plan;
pub mod secret;
mod task;
mod text;
mod time;

pub use action::{Action, ResourceLimits};
pub use cell::{Capacity, Cell, RootfsProvider};
pub use definition::{
    CachedDependency, Device, EgressRule, EnvironmentVariable, File, IcmpInfo, ImageLayer, MetricTag,
    PortRange, TaskDefinition, VolumeMount,
};
pub use event::{Skipped, StreamItem, TaskEvent};
pub use fault::{Call, Fault, FaultKind, RefusedType, RequestId};
pub use id::{CellId, Domain, TaskGuid};
pub use plan::TaskAction;
pub use task::{RawDefinition, State, Task, TaskFilter};
pub use text::TaskText;
pub use time::Timestamp;

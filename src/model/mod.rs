//! Domain types: tasks, cells, events, faults and the task lifecycle.
//!
//! Must not depend on protobuf, HTTP, the terminal or the clock. Protocol facts cite their source where they are used.

mod access;
mod action;
mod cause;
mod cell;
mod clocks;
mod controllers;
mod definition;
mod end;
mod event;
mod facets;
pub mod failures;
mod fault;
mod figures;
mod id;
mod life;
pub mod lifecycle;
mod new_task;
mod owner;
pub mod plan;
mod reason_pattern;
pub mod recording;
mod reply_limit;
pub mod secret;
mod sort;
pub mod statistics;
mod stuck;
mod task;
mod text;
mod time;
mod timeline;

pub use access::{Access, WriteRate};
pub use action::{Action, ResourceLimits};
pub use cause::Cause;
pub use cell::{Capacity, Cell, RootfsProvider};
pub use clocks::Clocks;
pub use controllers::controller_that_cancels;
pub use definition::{
    CachedDependency, DefinitionSummary, Device, EgressRule, EnvironmentVariable, File, IcmpInfo, ImageLayer,
    MetricTag, PortRange, ReadSummary, TaskDefinition, VolumeMount,
};
pub use end::{End, Ended, Unseen};
pub use event::{Skipped, StreamItem, TaskEvent};
pub use facets::{Shared, Texts};
pub use fault::{Call, Fault, FaultKind, RefusedType, RequestId};
pub use figures::{FeedHealth, FeedTotals, Figures, TaskCount};
pub use id::{CellId, Domain, TaskGuid};
pub use life::{Life, Span, ran, started_at, waited};
pub use new_task::{DocumentFault, DocumentLine, NewTask};
pub use owner::{Entity, Owner, Ownership, TaskKind};
pub use plan::TaskAction;
pub use reason_pattern::{MAX_PATTERN_CHARS, reason_pattern};
pub use reply_limit::ReplyLimit;
pub use sort::{Sort, SortRule, SortValue};
pub use stuck::{Returned, Stuck, StuckSet, second_of};
pub use task::{DROPPED_DEFINITION, RawDefinition, State, Task, TaskFilter};
pub use text::TaskText;
pub use time::Timestamp;
pub use timeline::{Evidence, Happening, LostEvents, Record, Timeline, Version, VersionChange};

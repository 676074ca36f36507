//! Client for the BBS: connections, requests, replies and the event stream.
//!
//! Must not depend on the dashboard. Wire types stay here and in `sim`, which implements the server; the rest of the
//! program uses `model`.

mod body;
mod client;
mod connection;
pub mod diagnose;
pub mod events;
mod http_fault;
pub mod json;
mod json_lines;
pub mod list;
mod raw_tasks;
pub mod routes;
pub mod sse;
mod stream;
mod tls;
pub mod validation;
pub mod wire;

pub use crate::model::Access;
pub use client::{Client, new_request_id};
pub use connection::{Connection, TlsFiles, Verify};
pub use json_lines::{Lines, ListLines};
pub use stream::{EventLine, EventStream, TaskList};
pub use wire::{decode_definition, read_summary};

//! The remote end: everything that is said to a BBS and read from it.
//!
//! Wire types stay here (and in `sim`, which plays the other side); the rest of the program speaks `model`.
//! Nothing here knows the dashboard.

mod body;
mod client;
mod connection;
pub mod diagnose;
pub mod events;
mod http_fault;
pub mod json;
mod json_lines;
pub mod list;
pub mod routes;
pub mod sse;
mod stream;
mod tls;
pub mod wire;

pub use client::Client;
pub use connection::{Access, Connection, TlsFiles, Verify};
pub use json_lines::{Lines, ListLines};
pub use stream::{EventLine, EventStream, TaskList};
pub use wire::decode_definition;

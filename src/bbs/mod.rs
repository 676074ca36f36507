//! The remote end: everything that is said to a BBS and read from it.
//!
//! Wire types stay here (and in `sim`, which plays the other side); the rest of the program speaks `model`.
//! Nothing here knows the dashboard.

mod connection;
pub mod routes;
pub mod wire;

pub use connection::{Access, Connection, TlsFiles, Verify};

//! Tests the client against a scripted server that controls every byte: all faults are named, all requests counted.
//!
//! The behavior of a real BBS is tested by the conformance suite.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test helpers"
)]

mod broken;
mod calls;
mod connections;
mod events;
mod faults;
mod keys;
mod limits;
mod pki;
mod revisions;
mod server;
mod tls;
mod write_gate;
mod writes;

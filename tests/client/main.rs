//! The client against a server that does to the byte what a test tells it: every fault by name, every request counted.
//!
//! What a BBS answers in earnest is the conformance suite's.
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
mod pki;
mod revisions;
mod server;
mod tls;
mod writes;

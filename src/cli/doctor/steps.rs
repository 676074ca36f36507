//! The names of the steps, in their order, as the report shows them.

pub(super) const FILES: [&str; 2] = ["CA certificate", "client certificate"];
pub(super) const NETWORK: [&str; 3] = ["name look-up", "TCP", "TLS"];
pub(super) const CALLS: [&str; 4] = ["ping", "list", "events", "cells"];

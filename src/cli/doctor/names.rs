//! The names of the steps, in their order.

pub(super) const SETTINGS: &str = "settings";
pub(in crate::cli) const FILES: [&str; 2] = ["CA certificate", "client certificate"];
pub(super) const NETWORK: [&str; 3] = ["name look-up", "TCP", "TLS"];
pub(super) const CALLS: [&str; 5] = ["ping", "clock", "list", "events", "cells"];

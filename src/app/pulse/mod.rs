//! The pulse: a view of statistics for each domain, app or cell. What deviates most from its own past stands first.
//!
//! `model::statistics` counts and judges; here is what feeds it, which rows the view has and what keys do in it. Rows are
//! listed once a second, and only while the view is open; what a row says is computed when it is first drawn.

mod commands;
mod life_statistics;
mod pane;

pub(super) use life_statistics::LifeStatistics;
pub use pane::{PulseFacts, PulsePane, PulseRow, PulseSort, RowName};

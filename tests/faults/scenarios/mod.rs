//! The tables of scenarios, one file for each part that can fail.

mod certificates;
mod clocks;
mod connections;
mod disks;
mod events;
mod limits;
mod lists;
mod servers;

use crate::scenario::Scenario;

/// All scenarios, in the order of `RELIABILITY.md`.
pub(crate) fn all() -> impl Iterator<Item = &'static Scenario> {
    [
        lists::TABLE,
        events::TABLE,
        connections::TABLE,
        servers::TABLE,
        certificates::TABLE,
        clocks::TABLE,
        disks::TABLE,
        limits::TABLE,
    ]
    .into_iter()
    .flatten()
}

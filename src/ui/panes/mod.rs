//! One file a pane, one `draw` each: from the scene into an area. A pane knows nothing of its neighbours.

pub(crate) mod cells;
pub(crate) mod confirm;
pub(crate) mod counts;
pub(crate) mod detail;
pub(crate) mod domains;
pub(crate) mod events;
pub(crate) mod header;
pub(crate) mod help;
mod presence;
pub(crate) mod status;
pub(crate) mod tasks;
mod views;

//! The failures view: clusters of failures or rejections in the main view, counted from the changes of a session.
//!
//! The counting is in `model::failures`; nothing here walks the tasks.

mod commands;
mod members;
mod pane;
mod row;
mod search;
mod seen;

pub use commands::FailureSearch;
pub(super) use commands::window_candidates;
pub use pane::FailuresPane;
pub use row::{FailureKind, FailureRow, FailureSort};
pub(super) use seen::SeenFailures;

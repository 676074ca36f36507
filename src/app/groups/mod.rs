//! Groups of tasks that have a property in common: what can be grouped by, the filter by groups, and the panes that list
//! them.
//!
//! The store counts the tasks of each group; nothing here walks the tasks.

mod commands;
mod filter;
mod key;
mod pane;
mod typed;

pub use commands::{GroupChooser, GroupSearch};
pub use filter::{GroupFilter, GroupName};
pub use key::{GROUPS, GroupKey, GroupSpec};
pub(super) use key::{Read, Value};
pub use pane::{GroupPane, GroupPlace, GroupRow, GroupSort};
pub(super) use pane::{GroupPanes, Stamp};
pub(super) use typed::group_key_candidates;

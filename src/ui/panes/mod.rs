//! The panes and dialogs, one file each. Each draws from the scene into an area and must not know the other panes' areas.

mod answers;
pub(crate) mod bulk;
pub(crate) mod choosers;
pub(crate) mod confirm;
pub(crate) mod copy_menu;
pub(crate) mod counts;
pub(crate) mod crumbs;
pub(crate) mod desire;
pub(crate) mod detail;
pub(crate) mod events;
pub(crate) mod failures;
pub(crate) mod find;
pub(crate) mod groups;
pub(crate) mod header;
pub(crate) mod help;
mod key_hints;
pub(crate) mod output;
pub(crate) mod own_commands;
mod presence;
pub(crate) mod prompt;
pub(crate) mod pulse;
mod search_line;
pub(crate) mod status;
pub(crate) mod target_question;
pub(crate) mod tasks;
mod views;
pub(crate) mod welcome;

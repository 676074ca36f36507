//! The table of commands.
//!
//! Lower case looks, capitals act on the BBS. No Ctrl key acts.

use crate::model::TaskAction;

use super::super::key::{Key, KeyCode};
use super::availability::{can_cancel, can_delete, can_open, can_resolve, has_cell, has_task, is_filtered};
use super::{Check, Command, CommandSpec, Group};

/// Every command, in the order of help and footer.
pub const COMMANDS: &[CommandSpec] = &[
    row(Command::MoveDown, "move-down", Group::Move, "Move down", &[char('j'), key(KeyCode::Down)]),
    row(Command::MoveUp, "move-up", Group::Move, "Move up", &[char('k'), key(KeyCode::Up)]),
    row(
        Command::MoveToFirst,
        "move-to-first",
        Group::Move,
        "Move to the first line",
        &[char('g'), key(KeyCode::Home)],
    ),
    row(
        Command::MoveToLast,
        "move-to-last",
        Group::Move,
        "Move to the last line",
        &[char('G'), key(KeyCode::End)],
    ),
    row(Command::HalfPageDown, "half-page-down", Group::Move, "Move half a page down", &[ctrl('d')]),
    row(Command::HalfPageUp, "half-page-up", Group::Move, "Move half a page up", &[ctrl('u')]),
    row(
        Command::PageDown,
        "page-down",
        Group::Move,
        "Move a page down",
        &[ctrl('f'), key(KeyCode::PageDown)],
    ),
    row(Command::PageUp, "page-up", Group::Move, "Move a page up", &[ctrl('b'), key(KeyCode::PageUp)]),
    row(Command::NextPane, "next-pane", Group::Move, "Focus the next pane", &[key(KeyCode::Tab)])
        .hint("pane"),
    row(
        Command::PreviousPane,
        "previous-pane",
        Group::Move,
        "Focus the previous pane",
        &[key(KeyCode::BackTab)],
    ),
    row(
        Command::Open,
        "open",
        Group::View,
        "Open the task; in its detail, reveal or fold; in groups, filter",
        &[key(KeyCode::Enter)],
    )
    .hint("open")
    .when(can_open),
    row(
        Command::Back,
        "back",
        Group::View,
        "Go back: close, leave the pane, clear filters",
        &[key(KeyCode::Esc)],
    ),
    row(Command::ViewHeld, "view-held", Group::View, "Show tasks that the BBS holds", &[char('1')]),
    row(Command::ViewFailed, "view-failed", Group::View, "Show failed tasks, held or ended", &[char('2')]),
    row(
        Command::ViewEnded,
        "view-ended",
        Group::View,
        "Show tasks that ended while taskdeck ran",
        &[char('3')],
    ),
    row(
        Command::ViewGroups,
        "view-groups",
        Group::View,
        "Show groups (domains, apps, reasons…) instead of tasks",
        &[char('v')],
    )
    .hint("groups"),
    row(
        Command::ChooseUpperGroups,
        "choose-upper-groups",
        Group::View,
        "Group by … in the focused or the upper pane",
        &[char('b')],
    ),
    row(
        Command::ChooseLowerGroups,
        "choose-lower-groups",
        Group::View,
        "Group by … in the lower pane",
        &[char('B')],
    ),
    row(
        Command::Filter,
        "filter",
        Group::View,
        "Filter by words and fields (below); in groups, search",
        &[char('/')],
    )
    .hint("filter"),
    row(
        Command::Find,
        "find",
        Group::View,
        "Jump to a task, app, domain, cell or command by name",
        &[ctrl('p')],
    ),
    row(Command::CommandPrompt, "command-prompt", Group::View, "Run a command by its name", &[char(':')]),
    row(Command::ClearFilters, "clear-filters", Group::View, "Clear all filters", &[char('x')])
        .when(is_filtered),
    row(Command::ChooseSort, "choose-sort", Group::View, "Choose the column to sort by", &[char('s')]),
    row(Command::SortByNext, "sort-by-next", Group::View, "Sort by the next column", &[char('>')]),
    row(
        Command::SortByPrevious,
        "sort-by-previous",
        Group::View,
        "Sort by the previous column",
        &[char('<')],
    ),
    row(Command::ReverseSort, "reverse-sort", Group::View, "Reverse the sort order", &[char('S')]),
    row(
        Command::ChooseColumns,
        "choose-columns",
        Group::View,
        "Choose, order and widen the columns",
        &[char('c')],
    ),
    row(Command::ToggleWide, "toggle-wide", Group::View, "Show all columns, none of them cut", &[char('w')]),
    row(
        Command::ScrollLeft,
        "scroll-left",
        Group::View,
        "Scroll the columns to the left",
        &[key(KeyCode::Left)],
    ),
    row(
        Command::ScrollRight,
        "scroll-right",
        Group::View,
        "Scroll the columns to the right",
        &[key(KeyCode::Right)],
    ),
    row(
        Command::CycleTimes,
        "cycle-times",
        Group::View,
        "Switch times between age, UTC and local",
        &[char('t')],
    ),
    row(Command::TogglePause, "toggle-pause", Group::View, "Pause or resume row updates", &[char('p')]),
    row(Command::CopyGuid, "copy-guid", Group::View, "Copy the guid", &[char('y')]).when(has_task),
    row(Command::FilterByCell, "filter-by-cell", Group::View, "Filter by the task's cell", &[char('o')])
        .when(has_cell),
    row(
        Command::FilterByDomain,
        "filter-by-domain",
        Group::View,
        "Filter by the task's domain",
        &[char('d')],
    )
    .when(has_task),
    row(Command::ToggleEvents, "toggle-events", Group::View, "Show or hide the events", &[char('e')]),
    row(Command::Refresh, "refresh", Group::View, "Refresh the list now", &[char('r')]),
    row(
        Command::Act(TaskAction::Cancel),
        "cancel-task",
        Group::Act,
        "Cancel the selected task",
        &[char('C')],
    )
    .hint("cancel")
    .when(can_cancel),
    row(
        Command::Act(TaskAction::Resolve),
        "resolve-task",
        Group::Act,
        "Resolve the selected task: claim its deletion",
        &[char('R')],
    )
    .hint("resolve")
    .when(can_resolve),
    row(
        Command::Act(TaskAction::Delete),
        "delete-task",
        Group::Act,
        "Delete the selected task, resolving it first if needed",
        &[char('D')],
    )
    .hint("delete")
    .when(can_delete),
    row(Command::Help, "help", Group::Program, "Show the help", &[char('?')]).hint("help"),
    row(Command::Redraw, "redraw", Group::Program, "Redraw the screen", &[ctrl('l')]),
    row(Command::Suspend, "suspend", Group::Program, "Suspend taskdeck", &[ctrl('z')]),
    row(
        Command::Quit,
        "quit",
        Group::Program,
        "Quit; in the detail, the groups or the help, close it",
        &[char('q'), ctrl('c')],
    )
    .hint("quit"),
];

const fn row(
    command: Command,
    name: &'static str,
    group: Group,
    help: &'static str,
    default_keys: &'static [Key],
) -> CommandSpec {
    CommandSpec { command, name, group, help, hint: None, default_keys, check: None }
}

impl CommandSpec {
    /// Gives the command a word in the footer.
    const fn hint(self, hint: &'static str) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Makes the command available only in the states that `check` accepts.
    const fn when(self, check: Check) -> Self {
        Self { check: Some(check), ..self }
    }
}

const fn key(code: KeyCode) -> Key {
    Key::plain(code)
}

const fn char(c: char) -> Key {
    Key::char(c)
}

const fn ctrl(c: char) -> Key {
    Key::ctrl(c)
}

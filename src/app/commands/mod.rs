//! Commands: everything that a key can do, under stable names, in one table.
//!
//! Help, footer, documentation, palette, the default keymap and the `[keys]` of the configuration are made from [`COMMANDS`].
//! What a command does is in `dispatch`; which keys run it is in [`keymap`](super::keymap).

mod availability;
mod table;

use crate::model::TaskAction;

use super::key::Key;
use super::keymap::{Keymap, markdown_key};
use super::{App, Pane};

pub use availability::Unavailable;
pub(super) use availability::{OPEN_WRITES, with_remedy};
pub use table::COMMANDS;

/// A command of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Moves the cursor one line down.
    MoveDown,
    /// Moves the cursor one line up.
    MoveUp,
    /// Moves the cursor to the first line.
    MoveToFirst,
    /// Moves the cursor to the last line.
    MoveToLast,
    /// Moves the cursor half a page down.
    HalfPageDown,
    /// Moves the cursor half a page up.
    HalfPageUp,
    /// Moves the cursor a page down.
    PageDown,
    /// Moves the cursor a page up.
    PageUp,
    /// Focuses the next pane.
    NextPane,
    /// Focuses the previous pane.
    PreviousPane,
    /// Opens the detail of the selected task. In the detail, reveals or folds what is under the cursor; in a pane of
    /// groups, filters by the group under it.
    Open,
    /// Shows the timeline of the task in its detail, or its fields again.
    ToggleTimeline,
    /// Drops an open range, else dismisses the notice, else closes the detail, leaves the pane or clears the filters.
    Back,
    /// Shows the tasks that the BBS holds.
    ViewHeld,
    /// Shows failures in clusters; in them, the failed tasks.
    ViewFailures,
    /// Shows the failed tasks, held or ended.
    ViewFailed,
    /// Shows the rejections in clusters, or the failures again.
    ViewRejections,
    /// Shows the tasks that have ended.
    ViewEnded,
    /// Shows the pulse: statistics of domains, apps and cells.
    ViewPulse,
    /// Shows all ended tasks among the held ones, or the held ones alone again.
    ToggleEnded,
    /// Shows groups in the main view, or the tasks again.
    ViewGroups,
    /// Goes back to the previous view.
    ViewBack,
    /// Goes forward to the next view.
    ViewForward,
    /// Opens the list of what to group by, for the focused pane of groups or the upper one.
    ChooseUpperGroups,
    /// Opens the list of what to group by, for the lower side pane.
    ChooseLowerGroups,
    /// Opens the filter prompt; in a pane of groups, the search.
    Filter,
    /// Opens the command prompt.
    CommandPrompt,
    /// Opens the search by name.
    Find,
    /// Clears the filter and the chosen groups.
    ClearFilters,
    /// Opens the list of columns to sort by.
    ChooseSort,
    /// Sorts by the next column.
    SortByNext,
    /// Sorts by the previous column.
    SortByPrevious,
    /// Reverses the sort order.
    ReverseSort,
    /// Opens the list of columns to show.
    ChooseColumns,
    /// Shows all columns, each as wide as its texts, or the chosen ones again.
    ToggleWide,
    /// Scrolls the columns to the left.
    ScrollLeft,
    /// Scrolls the columns to the right.
    ScrollRight,
    /// Switches between age, UTC and local time.
    CycleTimes,
    /// Pauses the rows, or resumes them.
    TogglePause,
    /// Opens the menu of what can be copied of the task.
    Copy,
    /// Copies the guid, without the menu.
    CopyGuid,
    /// Filters by the task's cell.
    FilterByCell,
    /// Filters by the task's domain.
    FilterByDomain,
    /// Shows or hides the event pane.
    ToggleEvents,
    /// Filters by the tasks that are stuck.
    ShowStuck,
    /// Opens the list of themes.
    ChooseTheme,
    /// Takes the mouse, or leaves it to the terminal.
    ToggleMouse,
    /// Requests a list now.
    Refresh,
    /// Plays a recording faster.
    ReplayFaster,
    /// Plays a recording slower.
    ReplaySlower,
    /// Goes back a minute in a recording.
    ReplayBack,
    /// Goes forward a minute in a recording.
    ReplayForward,
    /// Marks the task or takes its mark off, and moves on.
    MarkTask,
    /// Begins a range of rows, or marks the one that is open.
    MarkRange,
    /// Marks every row.
    MarkAll,
    /// Removes all marks.
    UnmarkAll,
    /// Asks for confirmation to act on the marked tasks, or on the selected one if none is marked.
    Act(TaskAction),
    /// Opens the text of a new task in the editor.
    NewTask,
    /// Opens a clone of the task in the editor.
    CloneTask,
    /// Shows the outcomes of the last run.
    ShowOutcomes,
    /// Opens the list of the operator's own commands.
    OwnCommands,
    /// Opens the help.
    Help,
    /// Redraws every cell of the screen.
    Redraw,
    /// Suspends the program, as the shell's job control does.
    Suspend,
    /// Closes the detail, else quits.
    Quit,
}

impl Command {
    /// Returns the command's record in [`COMMANDS`].
    pub fn spec(self) -> Option<&'static CommandSpec> {
        COMMANDS.iter().find(|spec| spec.command == self)
    }

    /// Returns whether the command changes tasks on the BBS, once confirmed.
    pub const fn acts(self) -> bool {
        matches!(self, Self::Act(_) | Self::NewTask | Self::CloneTask)
    }
}

/// A section of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Moves the cursor or the focus.
    Move,
    /// Changes what is shown.
    View,
    /// Chooses the tasks that actions are about.
    Mark,
    /// Acts on the BBS.
    Act,
    /// Concerns the recording that is played.
    Replay,
    /// Concerns the program itself.
    Program,
}

impl Group {
    /// All groups, in the order of the help.
    pub const ALL: [Self; 6] = [Self::Move, Self::View, Self::Mark, Self::Act, Self::Replay, Self::Program];

    /// Returns the heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::View => "View",
            Self::Mark => "Mark (actions then apply to all marked tasks)",
            Self::Act => "Act on the BBS (each asks first)",
            Self::Replay => "Replay (taskdeck replay FILE)",
            Self::Program => "Program",
        }
    }

    /// Returns the group's commands, in the order of the table.
    pub fn commands(self) -> impl Iterator<Item = &'static CommandSpec> {
        COMMANDS.iter().filter(move |spec| spec.group == self)
    }
}

/// A condition under which a command is available.
#[derive(Debug, Clone, Copy)]
struct Condition {
    /// Decides whether it holds in the present state.
    check: fn(&App) -> Result<(), Unavailable>,
    /// When it holds, as the rest of a sentence, for the documentation.
    when: &'static str,
}

/// A command's word in the footer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    /// The panes in whose footer it is; empty for all.
    pub panes: &'static [Pane],
    /// Its place in the footer: where not all fit, the lower ranks are shown.
    pub rank: u8,
    /// The word.
    pub word: &'static str,
}

/// The record of a command.
#[derive(Debug, Clone, Copy)]
pub struct CommandSpec {
    /// The command.
    pub command: Command,
    /// Its name in kebab-case. Names are stable: configurations refer to them.
    pub name: &'static str,
    /// Its section of the help.
    pub group: Group,
    /// What it does, as an imperative.
    pub help: &'static str,
    /// Its words in the footer, by pane; commands without one are not in the footer.
    hints: &'static [Hint],
    /// The keys that run it unless the user binds others. Help shows all, the footer the first.
    pub default_keys: &'static [Key],
    /// None for a command that is always available.
    condition: Option<Condition>,
}

impl CommandSpec {
    /// Returns whether the command can run in the present state.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub fn availability(&self, app: &App) -> Result<(), Unavailable> {
        self.condition.map_or(Ok(()), |condition| (condition.check)(app))
    }

    /// Returns when the command is available, as the rest of a sentence; `None` if always.
    pub fn condition(&self) -> Option<&'static str> {
        self.condition.map(|condition| condition.when)
    }

    /// Returns the command's word in the footer of a pane.
    pub fn hint(&self, pane: Pane) -> Option<Hint> {
        self.hints.iter().find(|hint| hint.panes.is_empty() || hint.panes.contains(&pane)).copied()
    }

    /// Returns whether the command is about this pane in particular.
    pub fn is_about(&self, pane: Pane) -> bool {
        self.hint(pane).is_some_and(|hint| !hint.panes.is_empty())
    }
}

/// Returns the commands in the footer of a pane, the most important first.
pub fn hinted(pane: Pane) -> Vec<(&'static CommandSpec, Hint)> {
    let mut hinted: Vec<_> = COMMANDS.iter().filter_map(|spec| Some((spec, spec.hint(pane)?))).collect();
    hinted.sort_by_key(|(_, hint)| hint.rank);
    hinted
}

/// Returns the commands as a Markdown table.
pub fn markdown(keymap: &Keymap) -> String {
    let head = "| command | keys | what it does | acts on the BBS | available |\n\
                | --- | --- | --- | --- | --- |\n";
    let row = |spec: &CommandSpec| {
        let keys: Vec<_> = keymap.keys(spec.command).map(markdown_key).collect();
        let acts = if spec.command.acts() { "yes, after confirmation" } else { "no" };
        let available = spec.condition().map_or("always".to_owned(), |when| format!("if {when}"));
        format!("| `{}` | {} | {} | {acts} | {available} |\n", spec.name, keys.join(" "), spec.help)
    };
    std::iter::once(head.to_owned()).chain(COMMANDS.iter().map(row)).collect()
}

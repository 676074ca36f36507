//! The table of commands.
//!
//! Lower case looks, capitals act on the BBS. No Ctrl key acts.

use crate::model::TaskAction;

use super::super::key::{Key, KeyCode};
use super::super::{GroupPlace, Pane};
use super::availability::{
    CAN_CANCEL, CAN_CLONE, CAN_COPY, CAN_CREATE, CAN_DELETE, CAN_MARK, CAN_MARK_RANGE, CAN_OPEN, CAN_RESOLVE,
    HAS_CELL, HAS_EARLIER_VIEW, HAS_LATER_VIEW, HAS_MARKS, HAS_OWN_COMMANDS, HAS_ROWS, HAS_RUN, HAS_TASK,
    IN_REPLAY, IS_FILTERED, NOT_IN_REPLAY,
};
use super::{Command, CommandSpec, Condition, Group, Hint};

/// Every command, in the order of the help. Ranks order the footer: the lower, the sooner it is shown.
pub const COMMANDS: &[CommandSpec] = &[
    row(Command::MoveDown, "move-down", Group::Move, "Move down", &[char('j'), key(KeyCode::Down)]).hints(&[
        within(GROUPS, 83, "down"),
        within(EVENTS, 11, "scroll"),
        within(OUTPUT, 12, "down"),
    ]),
    row(Command::MoveUp, "move-up", Group::Move, "Move up", &[char('k'), key(KeyCode::Up)]).hints(&[
        within(GROUPS, 84, "up"),
        within(EVENTS, 95, "up"),
        within(OUTPUT, 13, "up"),
    ]),
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
    )
    .hints(&[within(OUTPUT, 14, "follow")]),
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
        .hints(&[everywhere(42, "pane")]),
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
        "Open the task; in its detail, reveal or fold; elsewhere, filter",
        &[key(KeyCode::Enter)],
    )
    .hints(&[
        within(TABLE, 10, "open"),
        within(DETAIL, 10, "reveal or fold"),
        within(GROUPS, 10, "filter"),
        within(FAILURES, 10, "tasks"),
        within(PULSE, 10, "filter"),
        within(EVENTS, 10, "to the table"),
    ])
    .when(CAN_OPEN),
    row(
        Command::ToggleTimeline,
        "timeline",
        Group::View,
        "Show the timeline of the task, or its fields again",
        &[char('l')],
    )
    .hints(&[within(DETAIL, 13, "timeline"), within(TABLE, 72, "timeline")])
    .when(HAS_TASK),
    row(
        Command::Back,
        "back",
        Group::View,
        "Go back: close, leave the pane, clear filters",
        &[key(KeyCode::Esc)],
    )
    .hints(&[
        within(DETAIL, 12, "close"),
        within(GROUPS, 15, "back"),
        within(FAILURES, 18, "back"),
        within(PULSE, 16, "back"),
        within(EVENTS, 12, "back"),
        within(OUTPUT, 11, "stop and close"),
    ]),
    row(Command::ViewHeld, "view-held", Group::View, "Show tasks that the BBS holds", &[char('1')])
        .hints(&[within(TABLE, 85, "held")]),
    row(
        Command::ViewFailures,
        "view-failures",
        Group::View,
        "Show failures by reason, cell and app; again, the failed tasks",
        &[char('2')],
    )
    .hints(&[within(FAILURES, 17, "all tasks"), within(TABLE, 86, "failures")]),
    row(
        Command::ViewRejections,
        "view-rejections",
        Group::View,
        "Show rejections the same way; again, failures",
        &[char('f')],
    )
    .hints(&[within(FAILURES, 15, "rejections")]),
    row(Command::ViewFailed, "view-failed", Group::View, "Show failed tasks, held or ended", &[]),
    row(
        Command::ViewEnded,
        "view-ended",
        Group::View,
        "Show tasks that ended while taskdeck ran",
        &[char('3')],
    )
    .hints(&[within(TABLE, 87, "ended")]),
    row(
        Command::ViewPulse,
        "view-pulse",
        Group::View,
        "Show the pulse: waits, runs, throughput, failures",
        &[char('4')],
    )
    .hints(&[within(TABLE, 81, "pulse")]),
    row(
        Command::ToggleEnded,
        "toggle-ended",
        Group::View,
        "Show or hide all ended tasks among the held ones",
        &[char('i')],
    )
    .hints(&[within(TABLE, 84, "with ended")]),
    row(
        Command::ViewGroups,
        "view-groups",
        Group::View,
        "Show groups (domains, apps, reasons…) instead of tasks",
        &[char('v')],
    )
    .hints(&[
        within(MAIN_GROUPS, 14, "tasks"),
        within(SIDES, 14, "enlarge"),
        within(TABLE, 45, "groups"),
    ]),
    row(Command::ViewBack, "view-back", Group::View, "Go back to the previous view", &[char('[')])
        .hints(&[everywhere(48, "previous view")])
        .when(HAS_EARLIER_VIEW),
    row(Command::ViewForward, "view-forward", Group::View, "Go forward to the next view", &[char(']')])
        .hints(&[everywhere(49, "next view")])
        .when(HAS_LATER_VIEW),
    row(
        Command::ChooseUpperGroups,
        "choose-upper-groups",
        Group::View,
        "Change what the focused or upper pane groups by",
        &[char('b')],
    )
    .hints(&[within(GROUPS, 12, "group by"), within(PULSE, 11, "domains, apps, cells")]),
    row(
        Command::ChooseLowerGroups,
        "choose-lower-groups",
        Group::View,
        "Change what the lower pane groups by",
        &[char('B')],
    ),
    row(
        Command::Filter,
        "filter",
        Group::View,
        "Filter by words and fields; in groups and failures, search",
        &[char('/')],
    )
    .hints(&[within(GROUPS, 11, "search"), within(FAILURES, 14, "search"), everywhere(20, "filter")]),
    row(
        Command::Find,
        "find",
        Group::View,
        "Jump to a task, app, domain, cell or command by name",
        &[ctrl('p')],
    )
    .hints(&[everywhere(43, "find")]),
    row(Command::CommandPrompt, "command-prompt", Group::View, "Run a command by its name", &[char(':')])
        .hints(&[everywhere(44, "command")]),
    row(Command::ClearFilters, "clear-filters", Group::View, "Clear all filters", &[char('x')])
        .hints(&[everywhere(25, "clear filters")])
        .when(IS_FILTERED),
    row(Command::ChooseSort, "choose-sort", Group::View, "Choose the column to sort by", &[char('s')]).hints(
        &[
            within(TABLE, 40, "sort"),
            within(GROUPS, 13, "sort"),
            within(FAILURES, 16, "sort"),
            within(PULSE, 14, "sort"),
        ],
    ),
    row(
        Command::SortByNext,
        "sort-by-next",
        Group::View,
        "Sort by the next column; in failures and pulse, lengthen the time",
        &[char('>')],
    )
    .hints(&[
        within(FAILURES, 12, "longer"),
        within(PULSE, 12, "longer"),
        within(TABLE, 91, "sort by next"),
    ]),
    row(
        Command::SortByPrevious,
        "sort-by-previous",
        Group::View,
        "Sort by the previous column; in failures and pulse, shorten the time",
        &[char('<')],
    )
    .hints(&[
        within(FAILURES, 13, "shorter"),
        within(PULSE, 13, "shorter"),
        within(TABLE, 92, "sort by previous"),
    ]),
    row(Command::ReverseSort, "reverse-sort", Group::View, "Reverse the sort order", &[char('S')]).hints(&[
        within(TABLE, 64, "reverse"),
        within(GROUPS, 16, "reverse"),
        within(FAILURES, 19, "reverse"),
        within(PULSE, 15, "reverse"),
    ]),
    row(
        Command::ChooseColumns,
        "choose-columns",
        Group::View,
        "Choose, order and widen the columns",
        &[char('c')],
    )
    .hints(&[within(TABLE, 41, "columns")]),
    row(Command::ToggleWide, "toggle-wide", Group::View, "Show all columns at full width", &[char('w')])
        .hints(&[within(TABLE, 70, "wide")]),
    row(
        Command::ScrollLeft,
        "scroll-left",
        Group::View,
        "Scroll the columns to the left; in failures, fold a reason",
        &[key(KeyCode::Left)],
    )
    .hints(&[within(FAILURES, 21, "fold"), within(TABLE, 94, "left")]),
    row(
        Command::ScrollRight,
        "scroll-right",
        Group::View,
        "Scroll the columns to the right; in failures, unfold a reason",
        &[key(KeyCode::Right)],
    )
    .hints(&[within(FAILURES, 11, "unfold"), within(TABLE, 93, "right")]),
    row(
        Command::CycleTimes,
        "cycle-times",
        Group::View,
        "Switch times between age, UTC and local",
        &[char('t')],
    )
    .hints(&[everywhere(77, "times")]),
    row(
        Command::TogglePause,
        "toggle-pause",
        Group::View,
        "Pause or resume row updates; in a replay, the playback",
        &[char('p')],
    )
    .hints(&[within(TABLE, 71, "pause")]),
    row(
        Command::Copy,
        "copy",
        Group::View,
        "Copy the guid (y again), cell, reason, JSON, row or cluster",
        &[char('y')],
    )
    .hints(&[within(DETAIL, 35, "copy"), within(FAILURES, 20, "copy"), everywhere(80, "copy")])
    .when(CAN_COPY),
    row(Command::CopyGuid, "copy-guid", Group::View, "Copy the guid at once", &[ctrl('y')]).when(HAS_TASK),
    row(Command::FilterByCell, "filter-by-cell", Group::View, "Filter by the task's cell", &[char('o')])
        .hints(&[within(DETAIL, 36, "its cell"), within(TABLE, 75, "its cell")])
        .when(HAS_CELL),
    row(
        Command::FilterByDomain,
        "filter-by-domain",
        Group::View,
        "Filter by the task's domain",
        &[char('d')],
    )
    .hints(&[within(DETAIL, 37, "its domain"), within(TABLE, 76, "its domain")])
    .when(HAS_TASK),
    row(Command::ToggleEvents, "toggle-events", Group::View, "Show or hide the events", &[char('e')])
        .hints(&[within(EVENTS, 50, "hide")]),
    row(Command::ShowStuck, "stuck", Group::View, "Show only the tasks that are stuck", &[]),
    row(Command::ChooseTheme, "theme", Group::View, "Choose the theme, with a preview", &[]),
    row(
        Command::ToggleMouse,
        "mouse",
        Group::View,
        "Turn the mouse on or off: wheel, click, sort by a title",
        &[],
    ),
    row(Command::Refresh, "refresh", Group::View, "Refresh the list now", &[char('r')])
        .hints(&[everywhere(78, "refresh")])
        .when(NOT_IN_REPLAY),
    row(Command::MarkTask, "mark-task", Group::Mark, "Mark or unmark the task, and move on", &[char(' ')])
        .hints(&[within(TABLE, 33, "mark"), within(DETAIL, 38, "mark")])
        .when(CAN_MARK),
    row(Command::MarkRange, "mark-range", Group::Mark, "Begin a range of rows; again, mark it", &[char('V')])
        .hints(&[within(TABLE, 60, "range")])
        .when(CAN_MARK_RANGE),
    row(Command::MarkAll, "mark-all", Group::Mark, "Mark all tasks that match the filter", &[char('a')])
        .hints(&[within(TABLE, 61, "mark all")])
        .when(HAS_ROWS),
    row(Command::UnmarkAll, "unmark-all", Group::Mark, "Remove all marks", &[char('u')])
        .hints(&[everywhere(29, "unmark all")])
        .when(HAS_MARKS),
    row(
        Command::Act(TaskAction::Cancel),
        "cancel-task",
        Group::Act,
        "Cancel the selected or the marked tasks",
        &[char('C')],
    )
    .hints(&[everywhere(30, "cancel")])
    .when(CAN_CANCEL),
    row(
        Command::Act(TaskAction::Resolve),
        "resolve-task",
        Group::Act,
        "Resolve the selected or the marked tasks: claim their deletion",
        &[char('R')],
    )
    .hints(&[everywhere(32, "resolve")])
    .when(CAN_RESOLVE),
    row(
        Command::Act(TaskAction::Delete),
        "delete-task",
        Group::Act,
        "Delete the selected or the marked tasks, resolving first if needed",
        &[char('D')],
    )
    .hints(&[everywhere(31, "delete")])
    .when(CAN_DELETE),
    row(Command::NewTask, "new-task", Group::Act, "Create a task, written in your editor", &[char('N')])
        .hints(&[everywhere(88, "new task")])
        .when(CAN_CREATE),
    row(
        Command::CloneTask,
        "clone-task",
        Group::Act,
        "Clone the selected task, edited in your editor",
        &[char('E')],
    )
    .hints(&[everywhere(89, "clone")])
    .when(CAN_CLONE),
    row(
        Command::ShowOutcomes,
        "outcomes",
        Group::Mark,
        "Show the last action on marked tasks, and its outcomes",
        &[char('m')],
    )
    .hints(&[everywhere(46, "outcomes")])
    .when(HAS_RUN),
    row(
        Command::ReplayFaster,
        "replay-faster",
        Group::Replay,
        "Play faster, up to one hour per second",
        &[char('+'), char('=')],
    )
    .hints(&[everywhere(1, "faster")])
    .when(IN_REPLAY),
    row(Command::ReplaySlower, "replay-slower", Group::Replay, "Play slower", &[char('-')])
        .hints(&[everywhere(2, "slower")])
        .when(IN_REPLAY),
    row(Command::ReplayBack, "replay-back", Group::Replay, "Go back a minute", &[char('{')])
        .hints(&[everywhere(3, "back 1m")])
        .when(IN_REPLAY),
    row(Command::ReplayForward, "replay-forward", Group::Replay, "Go forward a minute", &[char('}')])
        .hints(&[everywhere(4, "on 1m")])
        .when(IN_REPLAY),
    row(Command::OwnCommands, "own-commands", Group::Program, "Run one of your own commands", &[char('!')])
        .hints(&[everywhere(47, "own commands")])
        .when(HAS_OWN_COMMANDS),
    row(Command::Help, "help", Group::Program, "Show the help", &[char('?')]).hints(&[everywhere(0, "help")]),
    row(Command::Redraw, "redraw", Group::Program, "Redraw the screen", &[ctrl('l')]),
    row(Command::Suspend, "suspend", Group::Program, "Suspend taskdeck", &[ctrl('z')]),
    row(
        Command::Quit,
        "quit",
        Group::Program,
        "Quit; in the detail, help or another view, close it",
        &[char('q'), ctrl('c')],
    )
    .hints(&[within(DETAIL, 90, "close"), everywhere(90, "quit")]),
];

const fn row(
    command: Command,
    name: &'static str,
    group: Group,
    help: &'static str,
    default_keys: &'static [Key],
) -> CommandSpec {
    CommandSpec { command, name, group, help, hints: &[], default_keys, condition: None }
}

impl CommandSpec {
    /// Gives the command its words in the footer; the first that is meant for the focused pane counts.
    const fn hints(self, hints: &'static [Hint]) -> Self {
        Self { hints, ..self }
    }

    /// Makes the command available only under a condition.
    const fn when(self, condition: Condition) -> Self {
        Self { condition: Some(condition), ..self }
    }
}

const TABLE: &[Pane] = &[Pane::Tasks];
const DETAIL: &[Pane] = &[Pane::Detail];
const SIDES: &[Pane] = &[Pane::Groups(GroupPlace::Upper), Pane::Groups(GroupPlace::Lower)];
const MAIN_GROUPS: &[Pane] = &[Pane::Groups(GroupPlace::Main)];
const GROUPS: &[Pane] =
    &[Pane::Groups(GroupPlace::Upper), Pane::Groups(GroupPlace::Lower), Pane::Groups(GroupPlace::Main)];
const FAILURES: &[Pane] = &[Pane::Failures];
const PULSE: &[Pane] = &[Pane::Pulse];
const EVENTS: &[Pane] = &[Pane::Events];
const OUTPUT: &[Pane] = &[Pane::Output];

/// A word in the footer of some panes.
const fn within(panes: &'static [Pane], rank: u8, word: &'static str) -> Hint {
    Hint { panes, rank, word }
}

/// A word in every footer.
const fn everywhere(rank: u8, word: &'static str) -> Hint {
    Hint { panes: &[], rank, word }
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

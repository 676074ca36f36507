//! When a command is available, and why not.
//!
//! Decides by the state alone and changes nothing. An action is checked again when its confirmation is answered.

use std::fmt;

use crate::model::TaskAction;
use crate::model::plan::Refusal;

use super::super::keymap::Keymap;
use super::super::{App, Entry, MainPane, Pane, Severity};
use super::{Command, Condition};

/// Why a command is not available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// The table has no selected row, and no detail is open.
    NoTask,
    /// Something takes the place of the tasks.
    TasksHidden,
    /// The failures view has no selected row.
    NoCluster,
    /// No filter is typed and no group chosen.
    NoFilter,
    /// The task has not been seen on a cell.
    NoCell,
    /// The configuration has no own commands.
    NoOwnCommands,
    /// The view is the first one.
    NoEarlierView,
    /// No step back has been made, or a new view was shown since then.
    NoLaterView,
    /// The BBS no longer holds the task, so no action applies to it.
    NotHeld,
    /// The table does not have the focus.
    NotInTable,
    /// No task is marked.
    NoMarks,
    /// No marked tasks were acted on yet.
    NoRun,
    /// No recording is played.
    NoReplay,
    /// A recording is played, and there is no server to ask.
    InReplay,
    /// The action is refused for the task.
    Refused(Refusal),
}

impl Unavailable {
    /// Returns how much the reason matters: a missing object is information, a refused action is a warning.
    pub const fn severity(self) -> Severity {
        match self {
            Self::NoTask
            | Self::TasksHidden
            | Self::NoCluster
            | Self::NoFilter
            | Self::NoCell
            | Self::NoEarlierView
            | Self::NoLaterView
            | Self::NotHeld
            | Self::NotInTable
            | Self::NoMarks
            | Self::NoRun
            | Self::NoReplay
            | Self::InReplay
            | Self::NoOwnCommands => Severity::Info,
            Self::Refused(_) => Severity::Warn,
        }
    }

    /// Returns the notice for a `command` that was asked for: for an action, with the task and what to do instead.
    pub fn explain(self, command: Command, app: &App) -> String {
        match (command, app.session().subject()) {
            (Command::Act(action), _) if app.has_marks() => {
                format!("Cannot {} the marked tasks: {self}", action.verb())
            }
            (Command::Act(action), Some(entry)) => {
                let (verb, guid) = (action.verb(), &entry.task.guid);
                match self {
                    Self::Refused(refusal) => {
                        format!("Cannot {verb} {guid}: {}", with_remedy(refusal, app.keymap()))
                    }
                    _ => format!("Cannot {verb} {guid}: {self}"),
                }
            }
            (Command::NewTask, _) => format!("Cannot create a task: {self}"),
            (Command::CloneTask, Some(entry)) => format!("Cannot clone {}: {self}", entry.task.guid),
            _ => self.to_string(),
        }
    }
}

/// How to act on a target that is locked.
pub(in crate::app) const OPEN_WRITES: &str = ":write 10m opens it for ten minutes";

/// Returns the refusal with the action that is possible instead, and its key.
pub(in crate::app) fn with_remedy(refusal: Refusal, keymap: &Keymap) -> String {
    let remedy = refusal.remedy();
    let key = remedy.and_then(|action| keymap.keys(Command::Act(action)).next());
    match (refusal, remedy, key) {
        // This refusal names the remedy itself.
        (Refusal::NotCompleted(_), _, Some(key)) => format!("{refusal} ({key})"),
        (Refusal::Locked, ..) => format!("{refusal}. {OPEN_WRITES}"),
        (Refusal::NotCompleted(_), ..) | (_, None, _) => refusal.to_string(),
        (_, Some(action), Some(key)) => format!("{refusal}. {} it instead ({key})", action.title()),
        (_, Some(action), None) => format!("{refusal}. {} it instead", action.title()),
    }
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTask => "No task is selected",
            Self::TasksHidden => "The task table is hidden. Go back to it first (Esc)",
            Self::NoCluster => "There is no failure to copy",
            Self::NoFilter => "No filter is set",
            Self::NoCell => "Task has not been seen on a cell",
            Self::NoOwnCommands => "No commands of your own: add [commands.NAME] to config.toml",
            Self::NoEarlierView => "There is no previous view",
            Self::NoLaterView => "There is no next view",
            Self::NotHeld => "The BBS no longer holds this task",
            Self::NotInTable => "Ranges are marked in the task table. Focus it first (Tab)",
            Self::NoMarks => "No task is marked",
            Self::NoRun => "No action on marked tasks yet",
            Self::NoReplay => "Not in a replay",
            Self::InReplay => "This is a replay. Commands and calls to the BBS are disabled",
            Self::Refused(refusal) => return refusal.fmt(f),
        })
    }
}

/// Opening needs a row only in the table: in the detail it acts on the line, elsewhere it moves the focus.
pub(super) const CAN_OPEN: Condition =
    Condition { check: can_open, when: "in the table, a task is selected" };

/// A filter, a domain or a cell is chosen.
pub(super) const IS_FILTERED: Condition = Condition { check: is_filtered, when: "a filter is set" };

/// A detail is open or a row is selected.
pub(super) const HAS_TASK: Condition = Condition { check: has_task, when: "a task is selected" };

/// There is a cluster to copy, or a task.
pub(super) const CAN_COPY: Condition = Condition { check: can_copy, when: "a task or a cluster is selected" };

/// The task has been seen on a cell.
pub(super) const HAS_CELL: Condition =
    Condition { check: has_cell, when: "the task has been seen on a cell" };

/// A view was shown before.
pub(super) const HAS_EARLIER_VIEW: Condition =
    Condition { check: has_earlier_view, when: "there is a previous view" };

/// A step back was made.
pub(super) const HAS_LATER_VIEW: Condition =
    Condition { check: has_later_view, when: "there is a next view" };

/// The BBS holds the task, or it is marked.
pub(super) const CAN_MARK: Condition =
    Condition { check: can_mark, when: "a task is selected that the BBS holds" };

/// A row is selected in the table.
pub(super) const CAN_MARK_RANGE: Condition =
    Condition { check: can_mark_range, when: "in the table, a task is selected" };

/// The table has rows.
pub(super) const HAS_ROWS: Condition = Condition { check: has_rows, when: "the table has tasks" };

/// A task is marked.
pub(super) const HAS_MARKS: Condition = Condition { check: has_marks, when: "a task is marked" };

/// Marked tasks were acted on.
pub(super) const HAS_RUN: Condition = Condition { check: has_run, when: "marked tasks have been acted on" };

/// The task may be cancelled.
pub(super) const CAN_CANCEL: Condition = Condition {
    check: can_cancel,
    when: "tasks are marked, or the task is Pending or Running; not on a read-only target",
};

/// The task may be resolved.
pub(super) const CAN_RESOLVE: Condition = Condition {
    check: can_resolve,
    when: "tasks are marked, or the task is Completed; not on a read-only target",
};

/// The task may be deleted.
pub(super) const CAN_DELETE: Condition = Condition {
    check: can_delete,
    when: "tasks are marked, or the task is Completed or Resolving; not on a read-only target",
};

/// The target may be written to.
pub(super) const CAN_CREATE: Condition = Condition { check: can_write, when: "the target is not read-only" };

/// The target may be written to, and there is a task to clone.
pub(super) const CAN_CLONE: Condition =
    Condition { check: can_clone, when: "a task is selected, and the target is not read-only" };

/// There are own commands.
pub(super) const HAS_OWN_COMMANDS: Condition =
    Condition { check: has_own_commands, when: "the configuration has own commands" };

/// A recording is played.
pub(super) const IN_REPLAY: Condition = Condition { check: in_replay, when: "in a replay" };

/// There is a server to ask.
pub(super) const NOT_IN_REPLAY: Condition = Condition { check: not_in_replay, when: "not in a replay" };

fn in_replay(app: &App) -> Result<(), Unavailable> {
    app.replay().map(|_| ()).ok_or(Unavailable::NoReplay)
}

fn not_in_replay(app: &App) -> Result<(), Unavailable> {
    app.replay().map_or(Ok(()), |_| Err(Unavailable::InReplay))
}

fn can_open(app: &App) -> Result<(), Unavailable> {
    if app.focus() != Pane::Tasks || app.selected().is_some() { Ok(()) } else { Err(Unavailable::NoTask) }
}

/// A filter is typed or a group chosen.
fn is_filtered(app: &App) -> Result<(), Unavailable> {
    if app.filter().is_active() { Ok(()) } else { Err(Unavailable::NoFilter) }
}

fn has_task(app: &App) -> Result<(), Unavailable> {
    app.subject().map(|_| ())
}

fn can_copy(app: &App) -> Result<(), Unavailable> {
    match app.main_pane() {
        MainPane::Failures if app.failures().cursor().is_none() => Err(Unavailable::NoCluster),
        MainPane::Failures => Ok(()),
        MainPane::Tasks | MainPane::Groups | MainPane::Pulse => has_task(app),
    }
}

fn has_cell(app: &App) -> Result<(), Unavailable> {
    app.subject()?.last_cell.as_ref().map(|_| ()).ok_or(Unavailable::NoCell)
}

fn has_earlier_view(app: &App) -> Result<(), Unavailable> {
    app.view_history().earlier().next().map(|_| ()).ok_or(Unavailable::NoEarlierView)
}

fn has_later_view(app: &App) -> Result<(), Unavailable> {
    app.view_history().later().next().map(|_| ()).ok_or(Unavailable::NoLaterView)
}

fn can_cancel(app: &App) -> Result<(), Unavailable> {
    can_act(app, TaskAction::Cancel)
}

fn can_resolve(app: &App) -> Result<(), Unavailable> {
    can_act(app, TaskAction::Resolve)
}

fn can_delete(app: &App) -> Result<(), Unavailable> {
    can_act(app, TaskAction::Delete)
}

fn can_mark(app: &App) -> Result<(), Unavailable> {
    let entry = app.subject()?;
    if entry.end.is_none() || app.is_marked(entry) { Ok(()) } else { Err(Unavailable::NotHeld) }
}

fn can_mark_range(app: &App) -> Result<(), Unavailable> {
    match app.focus() {
        Pane::Tasks => app.selected().map(|_| ()).ok_or(Unavailable::NoTask),
        Pane::Groups(_) | Pane::Failures | Pane::Pulse | Pane::Detail | Pane::Events | Pane::Output => {
            Err(Unavailable::NotInTable)
        }
    }
}

fn has_rows(app: &App) -> Result<(), Unavailable> {
    if app.main_pane() != MainPane::Tasks {
        return Err(Unavailable::TasksHidden);
    }
    app.selected().map(|_| ()).ok_or(Unavailable::NoTask)
}

fn has_marks(app: &App) -> Result<(), Unavailable> {
    if app.has_marks() { Ok(()) } else { Err(Unavailable::NoMarks) }
}

fn has_run(app: &App) -> Result<(), Unavailable> {
    app.run_in(app.shown_session()).map(|_| ()).ok_or(Unavailable::NoRun)
}

/// The target may be written to, and tasks are marked, or the task's state has a plan for the action. The question says
/// which marked tasks are refused.
fn can_act(app: &App, action: TaskAction) -> Result<(), Unavailable> {
    if app.main_pane() != MainPane::Tasks {
        return Err(Unavailable::TasksHidden);
    }
    if app.has_marks() {
        return can_write(app);
    }
    let guid = &app.subject()?.task.guid;
    let plan = app.session().actionable(guid).and_then(|task| action.plan(task.state));
    plan.map(|_| ()).map_err(Unavailable::Refused)
}

/// The target may be written to.
fn can_write(app: &App) -> Result<(), Unavailable> {
    app.session().refuses_writes().map_or(Ok(()), |why| Err(Unavailable::Refused(why)))
}

fn can_clone(app: &App) -> Result<(), Unavailable> {
    app.subject()?;
    can_write(app)
}

fn has_own_commands(app: &App) -> Result<(), Unavailable> {
    not_in_replay(app)?;
    if app.own_commands().is_empty() { Err(Unavailable::NoOwnCommands) } else { Ok(()) }
}

impl App {
    /// Returns the task that commands act on: that of the open detail, else the selected one.
    pub(in crate::app) fn subject(&self) -> Result<&Entry, Unavailable> {
        if self.main_pane() != MainPane::Tasks {
            return Err(Unavailable::TasksHidden);
        }
        self.session().subject().ok_or(Unavailable::NoTask)
    }
}

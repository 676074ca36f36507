//! The state of the screen: the focused pane, the overlay, the open detail.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::plan::PlannedTask;
use crate::model::{TaskAction, TaskDefinition, TaskGuid};

use super::bulk::{BulkQuestion, OutcomePane};
use super::choosers::{ColumnChooser, SortChooser};
use super::command_prompt::CommandPrompt;
use super::confirmation::Confirmation;
use super::copy::CopyMenu;
use super::edit::DesireQuestion;
use super::failures::FailureSearch;
use super::filter_prompt::FilterPrompt;
use super::find::Find;
use super::groups::{GroupChooser, GroupPlace, GroupSearch};
use super::help::Help;
use super::own_commands::{OwnCommandChooser, OwnQuestion};
use super::session::SessionId;
use super::store::Entry;
use super::targets::TargetQuestion;
use super::themes::ThemeChooser;

/// The panes that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The task table.
    #[default]
    Tasks,
    /// A pane of groups. The one in the main view takes the place of the task table while it is open.
    Groups(GroupPlace),
    /// The clusters of failures. They take the place of the task table while they are open.
    Failures,
    /// The pulse. It takes the place of the task table while it is open.
    Pulse,
    /// The detail: every field of the selected task.
    Detail,
    /// The events.
    Events,
    /// The output of an own command.
    Output,
}

impl Pane {
    /// All panes, in the order of `Tab`.
    pub const ALL: [Self; 9] = [
        Self::Tasks,
        Self::Failures,
        Self::Groups(GroupPlace::Main),
        Self::Pulse,
        Self::Groups(GroupPlace::Upper),
        Self::Groups(GroupPlace::Lower),
        Self::Detail,
        Self::Events,
        Self::Output,
    ];
}

/// What is in the main view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MainPane {
    /// The task table.
    #[default]
    Tasks,
    /// The groups of a property.
    Groups,
    /// The clusters of failures.
    Failures,
    /// The pulse.
    Pulse,
}

impl MainPane {
    /// Returns it as a pane that can have the focus.
    pub(super) const fn pane(self) -> Pane {
        match self {
            Self::Tasks => Pane::Tasks,
            Self::Groups => Pane::Groups(GroupPlace::Main),
            Self::Failures => Pane::Failures,
            Self::Pulse => Pane::Pulse,
        }
    }
}

/// What is drawn over the panes and receives the keys.
#[derive(Debug, Clone, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The filter is being typed.
    Filter(FilterPrompt),
    /// A command is being typed.
    Command(CommandPrompt),
    /// Something is being searched for by name.
    Find(Find),
    /// The question before an action on a task.
    Confirm(ActionQuestion),
    /// The question before an action on the marked tasks.
    BulkQuestion(Box<BulkQuestion>),
    /// The outcomes of a run.
    Outcomes(OutcomePane),
    /// The column to sort by is being chosen.
    Sort(SortChooser),
    /// The columns of the table are being chosen.
    Columns(ColumnChooser),
    /// What to copy of a task is being chosen.
    Copy(CopyMenu),
    /// What a pane groups by is being chosen.
    Groups(GroupChooser),
    /// The theme is being chosen.
    Theme(ThemeChooser),
    /// The text to search groups for is being typed.
    GroupSearch(GroupSearch),
    /// The text to search failures for is being typed.
    FailureSearch(FailureSearch),
    /// A question about a target.
    Target(TargetQuestion),
    /// One of the operator's own commands is being chosen.
    OwnCommands(OwnCommandChooser),
    /// The question before an own command.
    OwnCommand(Box<OwnQuestion>),
    /// Whether to quit while an action awaits its answer.
    Quit(Confirmation),
    /// Whether to create a task.
    Desire(Box<DesireQuestion>),
    /// The help.
    Help(Help),
}

/// The question before an action on one task. Its session and task are frozen, so changes on the screen do not change
/// what is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionQuestion {
    /// The session that holds the task.
    pub session: SessionId,
    /// The action.
    pub action: TaskAction,
    /// The task.
    pub task: PlannedTask,
    /// The answer so far.
    pub confirmation: Confirmation,
}

/// The format of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// The time since then.
    #[default]
    Age,
    /// In UTC.
    Utc,
    /// In the local time zone.
    Local,
}

impl TimeForm {
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Age => Self::Utc,
            Self::Utc => Self::Local,
            Self::Local => Self::Age,
        }
    }
}

/// What the detail shows of its task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DetailTab {
    /// Every field as it is now.
    #[default]
    Fields,
    /// What happened to it.
    Timeline,
}

/// The open detail. It stays on its task, whatever the filter or the order of the rows.
#[derive(Clone)]
pub struct Detail {
    /// The guid of its task.
    pub of: TaskGuid,
    /// The task as last seen. Kept here because a filtered list can make the store drop it.
    pub last_seen: Entry,
    /// The definition, or why it cannot be decoded. `None` until it is decoded.
    pub definition: Option<Result<Arc<TaskDefinition>, String>>,
    /// Whether decoding was requested.
    pub(super) is_asked: bool,
    /// Numbers of the secrets that are shown.
    pub revealed: BTreeSet<usize>,
    /// Titles of the sections that are folded.
    pub folded: BTreeSet<&'static str>,
    /// What it shows of the task.
    pub tab: DetailTab,
    /// The line under the cursor. The pane limits it to the existing lines.
    pub cursor: usize,
}

impl Detail {
    /// Opens the detail of a task at its first line, with all secrets masked.
    pub(super) fn new(entry: &Entry) -> Self {
        Self {
            of: entry.task.guid.clone(),
            last_seen: entry.clone(),
            definition: None,
            is_asked: false,
            revealed: BTreeSet::new(),
            folded: BTreeSet::new(),
            tab: DetailTab::default(),
            cursor: 0,
        }
    }

    /// Goes on to the task of `entry`. The folds and the tab stay as they are.
    pub(super) fn go_on_to(&mut self, entry: &Entry) {
        let before = std::mem::replace(self, Self::new(entry));
        (self.folded, self.tab) = (before.folded, before.tab);
    }
}

//! What of the screen is in use: the focus, what lies on top, the detail, the side panes' rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::plan::ActionSet;
use crate::model::{CellId, Domain, TaskDefinition, TaskGuid};

use super::choosers::{ColumnChooser, SortChooser};
use super::command_prompt::CommandPrompt;
use super::confirmation::Confirmation;
use super::filter_prompt::FilterPrompt;
use super::find::Find;
use super::help::Help;
use super::session::{SessionId, Standing};
use super::store::{Entry, StateCounts};

/// The panes that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// The task table.
    #[default]
    Tasks,
    /// The domains.
    Domains,
    /// The cells.
    Cells,
    /// The selected task, every field.
    Detail,
    /// What happened.
    Events,
}

impl Pane {
    /// In the order of Tab.
    pub const ALL: [Self; 5] = [Self::Tasks, Self::Domains, Self::Cells, Self::Detail, Self::Events];
}

/// What lies over the panes and takes the keys.
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
    /// A question.
    Confirm(Dialog),
    /// The column to sort by is being chosen.
    Sort(SortChooser),
    /// The columns of the table are being chosen.
    Columns(ColumnChooser),
    /// Whether to quit while an action awaits its answer.
    Quit(Confirmation),
    /// The help.
    Help(Help),
}

/// The question before an action. Its session and tasks are frozen: nothing that moves on the screen changes what it is
/// about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// The session whose tasks they are.
    pub session: SessionId,
    /// The action and its tasks.
    pub set: ActionSet,
    /// The answer so far.
    pub confirmation: Confirmation,
}

/// How times are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeForm {
    /// How long ago.
    #[default]
    Age,
    /// In UTC.
    Utc,
    /// In this machine's zone.
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

/// The open detail. It holds its task: neither the filter nor a change of the rows makes it another one's.
#[derive(Clone)]
pub struct Detail {
    /// Whose detail it is.
    pub of: TaskGuid,
    /// The task as it was last seen: a filtered list may make the store forget it.
    pub last_seen: Entry,
    /// Its definition or what is wrong with it; none until it is decoded.
    pub definition: Option<Result<Arc<TaskDefinition>, String>>,
    /// Whether the definition was asked for.
    pub(super) is_asked: bool,
    /// The secrets that are shown, by their number in the detail.
    pub revealed: BTreeSet<usize>,
    /// The sections that are folded, by their titles.
    pub folded: BTreeSet<&'static str>,
    /// The line under the cursor. The pane holds it within what there is.
    pub cursor: usize,
}

impl Detail {
    /// The detail of this task, from its first line on, with every secret masked. Sections stay folded from task to task.
    pub(super) fn new(entry: &Entry, folded: BTreeSet<&'static str>) -> Self {
        Self {
            of: entry.task.guid.clone(),
            last_seen: entry.clone(),
            definition: None,
            is_asked: false,
            revealed: BTreeSet::new(),
            folded,
            cursor: 0,
        }
    }
}

/// A row of the domain pane; none is "all domains".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRow {
    /// The domain.
    pub domain: Option<Domain>,
    /// Whether somebody keeps it fresh.
    pub freshness: Standing,
    /// Its live tasks and its failures.
    pub counts: StateCounts,
    /// Whether it is the one that filters.
    pub selected: bool,
}

/// A row of the cell pane; none is "all cells".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRow {
    /// The cell.
    pub cell: Option<CellId>,
    /// Its zone, as it was last said.
    pub zone: Option<String>,
    /// Whether it is present.
    pub presence: Standing,
    /// The live tasks that are on it or were last, rejected Pending ones included, and its failures.
    pub counts: StateCounts,
    /// Whether it is the one that filters.
    pub selected: bool,
}

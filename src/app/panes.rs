//! What of the screen is in use: the focus, what lies on top, the detail, the side panes' rows.

use std::collections::BTreeSet;
use std::sync::Arc;

use tui_input::Input;

use crate::filter::Mistake;
use crate::model::{CellId, Domain, TaskDefinition, TaskGuid};

use super::pending::Dialog;
use super::store::StateCounts;

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
    Filter(Typing),
    /// A question.
    Confirm(Dialog),
    /// The keys, scrolled down by some lines.
    Help(usize),
}

/// A filter that is being typed. As long as it is faulty the last good one stays in force.
#[derive(Debug, Clone, Default)]
pub struct Typing {
    /// The text and its cursor.
    pub input: Input,
    /// What is wrong with it.
    pub mistake: Option<Mistake>,
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

/// The open detail.
#[derive(Clone, Default)]
pub struct Detail {
    /// Whose detail it is.
    pub of: Option<TaskGuid>,
    /// Its definition or what is wrong with it; none until it is decoded.
    pub definition: Option<Result<Arc<TaskDefinition>, String>>,
    /// The secrets that are shown, by their number in the detail.
    pub revealed: BTreeSet<usize>,
    /// The line under the cursor. The pane holds it within what there is.
    pub cursor: usize,
}

/// A row of the domain pane; none is "all domains".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainRow {
    /// The domain.
    pub domain: Option<Domain>,
    /// Whether somebody keeps it fresh.
    pub fresh: bool,
    /// Its live tasks.
    pub counts: StateCounts,
    /// Whether it is the one that filters.
    pub selected: bool,
}

/// A row of the cell pane; none is "all cells".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellRow {
    /// The cell.
    pub cell: Option<CellId>,
    /// Its zone, while it is present.
    pub zone: Option<String>,
    /// Whether its presence is known.
    pub present: bool,
    /// The live tasks that have it, Pending ones that were rejected there included.
    pub counts: StateCounts,
    /// Whether it is the one that filters.
    pub selected: bool,
}

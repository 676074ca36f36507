//! The question before a run: the frozen tasks, what they have in common, and the answer so far.

use std::cmp::Reverse;

use super::tally::{Tally, counted};
use crate::app::{Confirmation, SessionId};
use crate::model::TaskGuid;
use crate::model::lifecycle::Step;
use crate::model::plan::{ActionSet, Plan, PlannedTask, Refusal};

/// The question before a run. All of it is frozen, so changes on the screen do not change what is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkQuestion {
    /// The session that holds the tasks.
    pub session: SessionId,
    /// How the tasks were chosen.
    pub chosen_by: ChosenBy,
    /// The action and its tasks: first those without a row in the table, then the others in its order.
    pub set: ActionSet,
    /// How many tasks come first because the filter or the view hides their rows.
    pub hidden: usize,
    /// Tasks that are no longer known. Nothing is sent for them.
    pub lost: Vec<TaskGuid>,
    /// The tasks that are not refused, counted by their properties.
    pub tallies: Vec<Tally>,
    /// The calls that tasks take, with how many take them.
    pub calls: Vec<(&'static [Step], usize)>,
    /// Why tasks are refused, with how many each reason is for.
    pub refusals: Vec<(Refusal, usize)>,
    /// The answer so far.
    pub confirmation: Confirmation,
    /// The first task in view. The pane keeps it within the list.
    pub scroll: usize,
}

/// How the tasks of a question were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// They are marked.
    Marks,
    /// An earlier run did not get them done.
    Retry,
}

/// Counts the calls that the tasks of a set take.
pub(super) fn calls(set: &ActionSet) -> Vec<(&'static [Step], usize)> {
    let plans = set.tasks().iter().filter_map(|task| task.frozen?.plan.ok());
    counted(plans.map(Plan::steps))
}

/// Counts why tasks of a set are refused, the most frequent reason first.
pub(super) fn refusals(set: &ActionSet) -> Vec<(Refusal, usize)> {
    let mut refusals = counted(set.tasks().iter().filter_map(PlannedTask::refusal));
    refusals.sort_by_key(|(_, count)| Reverse(*count));
    refusals
}

//! The outcomes of a run, one for each task, and what the operator filters them by.

use crate::model::TaskGuid;
use crate::model::plan::{Report, TaskAction, Word};
use crate::present::json::escape_for_terminal;

/// How the action on one task of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The task is as the action wanted it.
    Done,
    /// The BBS refused the action, or the task does not show it.
    Failed,
    /// The action may have been carried out.
    Unknown,
    /// The task had changed when its turn came, so nothing was sent.
    Skipped,
    /// The run was stopped before the task's turn.
    NotSent,
    /// The action was refused before the question.
    Refused,
}

impl Ending {
    /// All endings, in the order of the counts.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Failed, Self::Unknown, Self::Skipped, Self::NotSent, Self::Refused];

    /// Returns the word for it.
    pub const fn word(self, action: TaskAction) -> &'static str {
        match self {
            Self::Done => action.done(),
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Skipped => "skipped",
            Self::NotSent => "not sent",
            Self::Refused => "refused",
        }
    }

    /// Returns whether the operator may want to try again.
    pub const fn can_be_retried(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown | Self::Skipped | Self::NotSent)
    }

    const fn report_word(self, action: TaskAction) -> Word {
        match self {
            Self::Done => Word::done(action),
            Self::Failed => Word::Failed,
            Self::Unknown => Word::Unknown,
            Self::Skipped | Self::NotSent | Self::Refused => Word::Skipped,
        }
    }
}

/// The outcome of one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskOutcome {
    /// The task.
    pub guid: TaskGuid,
    /// How the action ended.
    pub ending: Ending,
    /// Why; empty if there is nothing to explain. Not sanitised: it may quote the server.
    pub reason: String,
}

/// The outcomes of a run, in the order in which they became known.
#[derive(Debug, Clone)]
pub struct Outcomes {
    action: TaskAction,
    all: Vec<TaskOutcome>,
    counts: [usize; Ending::ALL.len()],
}

impl Outcomes {
    /// Returns no outcomes yet.
    pub(super) const fn new(action: TaskAction) -> Self {
        Self { action, all: Vec::new(), counts: [0; Ending::ALL.len()] }
    }

    pub(super) fn add(&mut self, outcome: TaskOutcome) {
        if let Some((_, count)) = self.counted_mut().find(|(ending, _)| *ending == outcome.ending) {
            *count += 1;
        }
        self.all.push(outcome);
    }

    /// Returns all outcomes, the oldest first.
    pub fn all(&self) -> &[TaskOutcome] {
        &self.all
    }

    /// Returns how many outcomes there are of each ending.
    pub fn counts(&self) -> impl Iterator<Item = (Ending, usize)> {
        Ending::ALL.into_iter().zip(self.counts)
    }

    /// Returns how many outcomes have this ending.
    pub fn count(&self, ending: Ending) -> usize {
        self.counts().find(|(counted, _)| *counted == ending).map_or(0, |(_, count)| count)
    }

    /// Returns whether an outcome matches a filter: each of its words is in the guid, the word or the reason, in any case.
    pub fn matches(&self, outcome: &TaskOutcome, filter: &str) -> bool {
        let contains = |text: &str, word: &str| text.to_lowercase().contains(word);
        filter.to_lowercase().split_whitespace().all(|word| {
            contains(outcome.guid.as_str(), word)
                || outcome.ending.word(self.action).contains(word)
                || contains(&outcome.reason, word)
        })
    }

    /// Returns outcomes as lines of JSON, as the commands print them. Parts may come from a server, and files end up on
    /// terminals.
    pub(in crate::app) fn json_lines<'a>(&self, outcomes: impl Iterator<Item = &'a TaskOutcome>) -> String {
        let lines: String = outcomes.map(|outcome| self.json(outcome) + "\n").collect();
        String::from_utf8_lossy(&escape_for_terminal(lines.as_bytes())).into_owned()
    }

    fn json(&self, outcome: &TaskOutcome) -> String {
        let word = outcome.ending.report_word(self.action);
        let report = Report::new(outcome.guid.clone(), word, outcome.reason.clone());
        // Cannot fail: it is a struct of strings.
        serde_json::to_string(&report).unwrap_or_default()
    }

    fn counted_mut(&mut self) -> impl Iterator<Item = (Ending, &mut usize)> {
        Ending::ALL.into_iter().zip(&mut self.counts)
    }
}

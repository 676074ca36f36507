//! The words of the views, for readers that do not use SQL: both name the same things in the same way.

use super::{Act, RecordedLife};
use crate::model::Evidence;
use crate::model::recording::Progress;
use crate::record::codes::{Code, Source, Stage};

/// Returns where a change was learnt, in a word or two.
pub fn source(evidence: Evidence) -> &'static str {
    Source::Change(evidence).word()
}

/// Returns how a task left, in a word.
pub fn end(end: crate::model::End) -> &'static str {
    end.word()
}

impl RecordedLife {
    /// Returns how the task left, in a word; none if it did not.
    pub fn how_it_ended(&self) -> Option<&'static str> {
        self.end.map(|end| end.how.word())
    }
}

/// A step of an action in words, as far as it has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActWords<'a> {
    /// What the operator wants: `cancel`.
    pub action: &'static str,
    /// How far it is: `sent`.
    pub stage: &'static str,
    /// How many tasks the question was about.
    pub tasks: Option<u32>,
    /// The call.
    pub call: Option<&'static str>,
    /// The id of the request.
    pub request: Option<String>,
    /// How the request was answered.
    pub reply: Option<&'static str>,
    /// The outcome of the action.
    pub outcome: Option<&'static str>,
    /// What went wrong, or what was found.
    pub message: Option<&'a str>,
}

impl Act {
    /// Returns the step in words.
    pub fn words(&self) -> ActWords<'_> {
        let none = ActWords {
            action: self.entry.intent.verb(),
            stage: "",
            tasks: None,
            call: None,
            request: None,
            reply: None,
            outcome: None,
            message: None,
        };
        match &self.entry.progress {
            Progress::Confirmed { tasks } => {
                ActWords { stage: Stage::Confirmed.word(), tasks: Some(*tasks), ..none }
            }
            Progress::Sent { call, request } => ActWords {
                stage: Stage::Sent.word(),
                call: Some(call.word()),
                request: Some(request.to_string()),
                ..none
            },
            Progress::Answered { call, reply, message } => ActWords {
                stage: Stage::Answered.word(),
                call: Some(call.word()),
                reply: Some(reply.word()),
                message: Some(&**message).filter(|message| !message.is_empty()),
                ..none
            },
            Progress::Ended { outcome, found } => ActWords {
                stage: Stage::Ended.word(),
                outcome: Some(outcome.word()),
                message: Some(&**found).filter(|found| !found.is_empty()),
                ..none
            },
        }
    }
}

//! What a recording holds: the changes of tasks, the gaps in what was seen, and our own actions.
//!
//! `app` hands these entries out, `record` stores them and reads them back, and replay, report and metrics take them in.
//! They own what they hold, and hold no definition: environments and other secrets never reach a recording.

use std::time::Duration;

use super::lifecycle::Step;
use super::plan::{Outcome, Reply, TaskAction};
use super::secret::mask_urls;
use super::{Cause, DefinitionSummary, End, Evidence, RequestId, Task, TaskGuid, TaskText, Timestamp};

/// The longest text of a task that is recorded, in bytes. The BBS limits reasons to this; results may be longer.
pub const MAX_TEXT: usize = 1_024;

/// Something that happened, with the time at which we learnt it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Our wall time. A file keeps it to the millisecond.
    pub at: Timestamp,
    /// What happened.
    pub what: Recorded,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// A task changed, was first seen, or left.
    Task(Box<TaskEntry>),
    /// Events were lost, or a list has made up for lost events.
    Gap(GapEntry),
    /// We did something to a task.
    Action(ActionEntry),
}

/// A change of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskEntry {
    /// Where it was learnt.
    pub evidence: Evidence,
    /// The version before; none if the task was not known. [Without its definition](recorded).
    pub before: Option<Task>,
    /// The version after, or the last one if the task left. [Without its definition](recorded).
    pub task: Task,
    /// The limits in the task's definition, if it was at hand.
    pub limits: Option<Limits>,
    /// How the task left, if it did.
    pub end: Option<End>,
}

impl TaskEntry {
    /// Returns why the task ended; none while the BBS holds it.
    pub fn cause(&self) -> Option<Cause> {
        self.end.map(|how| Cause::of(&self.task, how))
    }
}

/// The limits of a task's container, in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory.
    pub memory_mb: i32,
    /// Disk.
    pub disk_mb: i32,
}

impl From<&DefinitionSummary<'_>> for Limits {
    fn from(summary: &DefinitionSummary<'_>) -> Self {
        Self { memory_mb: summary.memory_mb, disk_mb: summary.disk_mb }
    }
}

/// A stretch in which events were lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapEntry {
    /// The last moment before the gap from which nothing is missing (our wall time).
    pub start: Timestamp,
    /// Whether a list has made up for it, so that every task is known again as it is now.
    pub closed: bool,
    /// Why events were lost.
    pub why: TaskText,
}

/// A step of an action of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionEntry {
    /// The task.
    pub guid: TaskGuid,
    /// What the operator wants.
    pub intent: Intent,
    /// How far it is.
    pub progress: Progress,
}

/// What the operator wants of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// To act on one that exists.
    Act(TaskAction),
    /// To create it.
    Desire,
}

impl Intent {
    /// Returns the infinitive.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Act(action) => action.verb(),
            Self::Desire => "desire",
        }
    }
}

/// How far an action is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The operator confirmed it.
    Confirmed {
        /// How many tasks the question was about.
        tasks: u32,
    },
    /// A request was sent.
    Sent {
        /// The call.
        call: WriteCall,
        /// The id of the request, by which it is found in the server's log.
        request: RequestId,
    },
    /// The request was answered, refused, or not answered in time.
    Answered {
        /// The call.
        call: WriteCall,
        /// How.
        reply: Reply,
        /// The fault; empty if there is none.
        message: TaskText,
    },
    /// The task was looked up, which tells the outcome.
    Ended {
        /// The outcome.
        outcome: Outcome,
        /// What was found, in words.
        found: TaskText,
    },
}

/// A call that changes a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteCall {
    /// Creates it.
    Desire,
    /// Takes a step of its life.
    Step(Step),
}

impl WriteCall {
    /// Returns the word for the call.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Desire => "desire",
            Self::Step(step) => step.word(),
        }
    }
}

/// How current what is recorded is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedStatus {
    /// The health of the feed in a word or two, such as `live`.
    pub health: &'static str,
    /// Whether every change is seen as it happens.
    pub is_live: bool,
    /// How many tasks the BBS holds, as far as is known.
    pub held: usize,
    /// How many bytes the last list had, and how long it took; none before the first.
    pub last_list: Option<(u64, Duration)>,
}

/// What the writer of a recording reports. Texts are for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecorderNews {
    /// The file is open, and everything up to now is in it.
    Works,
    /// The file was damaged. It was renamed, and a new one begun.
    SetAside {
        /// The file.
        path: String,
        /// Its new name.
        aside: String,
    },
    /// Another program has locked the file. Entries are kept until it lets go.
    Waits {
        /// The file.
        path: String,
    },
    /// Nothing can be recorded. The writer tries again by itself.
    Fails {
        /// The file.
        path: String,
        /// Why, to follow a colon.
        why: String,
    },
    /// The disk was too slow, and this many entries are lost.
    Lost(u64),
    /// Entries were lost or dropped. Every session must be begun again, with all of its tasks.
    BeginAgain,
}

/// Returns a task as it is recorded: without its definition, of which only the callback stays known, and with texts of at
/// most [`MAX_TEXT`] bytes. Shares the other texts.
pub fn recorded(task: &Task) -> Task {
    let mut definition = super::RawDefinition::default().with_callback(task.definition.names_callback());
    definition.drop_bytes();
    Task {
        guid: task.guid.clone(),
        domain: task.domain.clone(),
        cell: task.cell.clone(),
        failure_reason: bounded(&task.failure_reason),
        result: bounded(&task.result),
        rejection_reason: bounded(&task.rejection_reason),
        definition,
        owner: task.owner.clone(),
        ..*task
    }
}

/// Returns a text of at most [`MAX_TEXT`] bytes, with the credentials in URLs masked.
pub fn bounded(text: &TaskText) -> TaskText {
    // Masked first: a credential that the cut separates from its `@` would not be found.
    let masked = mask_urls(text).map(TaskText::from);
    let text = masked.as_ref().unwrap_or(text);
    if text.len() <= MAX_TEXT {
        return text.clone();
    }
    let end = (0..=MAX_TEXT).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::super::{RawDefinition, State};
    use super::*;

    #[test]
    fn a_recorded_text_has_no_credentials_even_where_it_is_cut() {
        let cut_in_password = format!("{} https://user:hunter2@host/x", " ".repeat(MAX_TEXT - 16));
        assert_eq!(&*bounded(&"see https://u:hunter2@h/x?sig=a".into()), "see https://••••••@h/x?••••••");
        let masked = bounded(&cut_in_password.as_str().into());
        assert!(masked.len() <= MAX_TEXT && !masked.contains("user"), "{masked}");
    }

    #[test]
    fn a_recorded_task_has_no_definition_and_no_long_text() {
        let result = ["日"; 400].concat();
        let task = Task {
            result: result.as_str().into(),
            failure_reason: "boom".into(),
            definition: RawDefinition::new(b"PASSWORD=secret").with_callback(true),
            ..Task::blank("guid".into(), "cf-tasks".into(), State::Completed)
        };
        let kept = recorded(&task);
        assert_eq!(kept.definition.as_bytes(), b"");
        assert!(kept.definition.is_dropped() && kept.definition.names_callback());
        assert_eq!(kept.result.len(), 1_023, "cut between characters");
        assert!(result.starts_with(&*kept.result));
        let unbounded = Task { result: task.result, definition: task.definition, ..kept };
        assert_eq!((unbounded.failure_reason, unbounded.state), ("boom".into(), State::Completed));
    }
}

//! Describes a task with every field, as lines of label and value. Secrets stay masked until each is revealed.
//!
//! Determines what the lines say, not how they look or wrap. Values are not sanitised here; whoever draws them does
//! that.

mod action;
mod definition;
mod environment;
mod lines;
mod recorded;
mod task;
#[cfg(test)]
mod tests;
mod timeline;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::model::{DROPPED_DEFINITION, StuckSet, TaskDefinition};

use super::Tone;
use super::columns::RowFacts;
use lines::Lines;
pub use recorded::{RecordedFacts, RecordedStep, recorded_lines, step_lines};
pub use timeline::{TimelineFacts, lines as timeline_lines};

/// Masks every secret.
static NONE_REVEALED: BTreeSet<usize> = BTreeSet::new();

/// The number of a secret in a task's detail. A number stays with its field: definitions never change, and the task's
/// own texts are numbered even when they are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretId(pub usize);

/// One line of the detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// The indentation, in steps.
    pub indent: u8,
    /// The label, preceded by the branches of the tree if it is in one.
    pub label: Cow<'a, str>,
    /// The value or its mask. It may be long and may contain line breaks.
    pub value: Cow<'a, str>,
    /// The secret in the value, masked or revealed.
    pub secret: Option<SecretId>,
    /// A shorter form of the value, for a line without room for all of it.
    pub brief: Option<String>,
    /// How the value is to be read.
    pub tone: Tone,
    /// The title of the section that this line starts, if any.
    pub section: Option<&'static str>,
}

/// Why a recorded task has no definition.
const NO_RECORDED_DEFINITION: &str = "definitions can contain secrets";

/// The definition, as far as it is known.
#[derive(Clone, Copy)]
pub enum Definition<'a> {
    /// It was dropped to save memory.
    Dropped,
    /// The task is that of a recording, and recordings have no definitions.
    NotRecorded,
    /// It is being decoded.
    Pending,
    /// It cannot be decoded, and why.
    Invalid(&'a str),
    /// It has been decoded.
    Decoded(&'a TaskDefinition),
}

/// Everything that the detail depends on.
#[derive(Clone, Copy)]
pub struct DetailFacts<'a> {
    /// The task.
    pub row: RowFacts<'a>,
    /// How the task is stuck.
    pub stuck: StuckSet,
    /// The task's definition.
    pub definition: Definition<'a>,
    /// The secrets that are revealed.
    pub revealed: &'a BTreeSet<usize>,
    /// The time zone of timestamps.
    pub zone: &'a TimeZone,
}

/// Returns every line of the detail.
pub fn lines<'a>(facts: &DetailFacts<'a>) -> Vec<Line<'a>> {
    let mut lines = Lines::new(facts.revealed);
    task::describe(&mut lines, facts);
    match facts.definition {
        Definition::Dropped => {
            lines.heading("Definition", "");
            lines.toned("dropped", DROPPED_DEFINITION, Tone::Quiet);
        }
        Definition::NotRecorded => {
            lines.heading("Definition", "");
            lines.toned("not recorded", NO_RECORDED_DEFINITION, Tone::Quiet);
        }
        Definition::Pending => lines.heading("Definition", "decoding…"),
        Definition::Invalid(problem) => {
            lines.heading("Definition", "");
            lines.toned("faulty", problem, Tone::Bad);
        }
        Definition::Decoded(definition) => definition::describe(&mut lines, definition),
    }
    lines.finish()
}

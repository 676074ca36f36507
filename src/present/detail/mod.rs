//! A task with every field, as lines of label and value. What is secret stays masked until it is revealed, field
//! by field.
//!
//! Says what the lines are, not how they look or wrap. Values are not made safe for a terminal: who draws them does.

mod action;
mod definition;
mod environment;
mod lines;
mod task;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::model::TaskDefinition;

use super::Tone;
use super::columns::RowFacts;
use lines::Lines;

/// The number of a secret in a task's detail. A definition never changes, and the task's own texts have numbers
/// whether they are there or not: so a number stays with its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretId(pub usize);

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a> {
    /// How deep it stands.
    pub indent: u8,
    /// What it is about; with the branches of the tree in front where it is part of one.
    pub label: Cow<'a, str>,
    /// The value, or what masks it. May be long, and may break lines.
    pub value: Cow<'a, str>,
    /// Which secret it holds, if it does: masked or revealed.
    pub secret: Option<SecretId>,
    /// The value in fewer cells, where it has such a form: for a line that has no room for the value.
    pub brief: Option<String>,
    /// What it means.
    pub tone: Tone,
    /// The section that it heads, if it does.
    pub heads: Option<&'static str>,
}

/// What is known of the definition.
#[derive(Clone, Copy)]
pub enum Definition<'a> {
    /// It is being decoded.
    Awaited,
    /// It cannot be decoded, and why.
    Faulty(&'a str),
    /// Here it is.
    Known(&'a TaskDefinition),
}

/// All that the detail depends on.
#[derive(Clone, Copy)]
pub struct DetailFacts<'a> {
    /// The task.
    pub row: RowFacts<'a>,
    /// What it was asked to do.
    pub definition: Definition<'a>,
    /// The numbers of the secrets that are shown.
    pub revealed: &'a BTreeSet<usize>,
    /// In which zone times are said.
    pub zone: &'a TimeZone,
}

/// Every line of the detail.
pub fn lines<'a>(facts: &DetailFacts<'a>) -> Vec<Line<'a>> {
    let mut lines = Lines::new(facts.revealed);
    task::describe(&mut lines, facts);
    match facts.definition {
        Definition::Awaited => lines.heading("Definition", "decoding…"),
        Definition::Faulty(problem) => {
            lines.heading("Definition", "");
            lines.toned("faulty", problem, Tone::Bad);
        }
        Definition::Known(definition) => definition::describe(&mut lines, definition),
    }
    lines.finish()
}

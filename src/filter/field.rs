//! The fields: one row each.

use super::{Shared, Subject, Texts};
use crate::model::{CellId, Timestamp};

/// A field that terms can be about.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in a filter, in front of the colon.
    pub name: &'static str,
    /// What it holds, which says what may stand behind the colon.
    pub kind: Kind,
    /// What it is, for help.
    pub help: &'static str,
    /// A term of it, for help.
    pub example: &'static str,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name of Diego's: compared whole, and case counts.
    Name(Text),
    /// A text of whoever wrote it: looked into, in any case.
    Text(Text),
    /// A state.
    State,
    /// Yes or no.
    Flag(Flag),
    /// A count.
    Number(Quantity),
    /// How long ago something was.
    Age(Quantity),
}

/// A text of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// The guid.
    Guid,
    /// The domain.
    Domain,
    /// The cell; empty for none.
    Cell,
    /// The failure reason, or else the rejection reason of a task that neither runs nor has succeeded.
    Reason,
    /// The failure reason.
    Failure,
    /// The rejection reason.
    Rejection,
    /// The result.
    Result,
}

impl Text {
    pub(super) fn of<'a>(self, subject: &Subject<'a>) -> &'a str {
        let task = subject.task;
        match self {
            Self::Guid => task.guid.as_str(),
            Self::Domain => task.domain.as_str(),
            Self::Cell => subject.cell.map_or("", CellId::as_str),
            Self::Reason => task.reason(),
            Self::Failure => &task.failure_reason,
            Self::Rejection => &task.rejection_reason,
            Self::Result => &task.result,
        }
    }

    /// The text that all tasks have which have this in common; none, if that does not tell.
    pub(super) const fn shared<'a>(self, by: &Shared<'a>) -> Option<&'a str> {
        match self {
            Self::Domain => Some(by.domain),
            Self::Cell => Some(by.cell),
            Self::Guid | Self::Reason | Self::Failure | Self::Rejection | Self::Result => None,
        }
    }

    /// It, if it is one of these.
    pub(super) const fn among<'a>(self, texts: &Texts<'a>) -> Option<&'a str> {
        match self {
            Self::Guid | Self::Domain | Self::Cell => None,
            Self::Reason => Some(texts.reason),
            Self::Failure => Some(texts.failure),
            Self::Rejection => Some(texts.rejection),
            Self::Result => Some(texts.result),
        }
    }
}

/// Something that is so or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// It ended badly.
    Failed,
    /// It is no longer in the BBS.
    Ended,
}

impl Flag {
    pub(super) const fn of(self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Failed => subject.task.failed,
            Self::Ended => subject.ended,
        }
    }

    pub(super) const fn shared(self, by: &Shared<'_>) -> bool {
        match self {
            Self::Failed => by.failed,
            Self::Ended => by.ended,
        }
    }
}

/// Something to compare: counts as they are, ages in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// How often it was rejected.
    Rejections,
    /// Since it was desired.
    Age,
    /// Since its state changed.
    InState,
}

impl Quantity {
    /// None of an age whose beginning is not known.
    pub(super) fn of(self, subject: &Subject<'_>) -> Option<i64> {
        let since = |at: Timestamp| {
            let age = i64::try_from(subject.now.since(at).as_nanos()).unwrap_or(i64::MAX);
            (!at.is_unset()).then_some(age)
        };
        match self {
            Self::Rejections => Some(subject.task.rejection_count.into()),
            Self::Age => since(subject.task.created_at),
            Self::InState => since(subject.task.updated_at),
        }
    }
}

const fn row(name: &'static str, kind: Kind, help: &'static str, example: &'static str) -> Field {
    Field { name, kind, help, example }
}

/// Every field.
pub const FIELDS: &[Field] = &[
    row("guid", Kind::Name(Text::Guid), "the guid", "guid:6f1c*"),
    row("domain", Kind::Name(Text::Domain), "the domain", "domain:cf-tasks|cf-app-*"),
    row("state", Kind::State, "the state, as far as it is written", "state:pending|running"),
    row("cell", Kind::Name(Text::Cell), "the cell it is on, or was on last", "!cell:cell-01"),
    row("reason", Kind::Text(Text::Reason), "why it failed, or why it is still Pending", "reason:memory"),
    row("failure", Kind::Text(Text::Failure), "why it failed", "failure:~exit.status.1\\d+"),
    row("rejection", Kind::Text(Text::Rejection), "why a cell last rejected it", "rejection:\"no room\""),
    row("result", Kind::Text(Text::Result), "what it left in its result file", "!result:\"\""),
    row("rejections", Kind::Number(Quantity::Rejections), "how often it was rejected", "rejections:>0"),
    row("failed", Kind::Flag(Flag::Failed), "whether it failed", "failed:true"),
    row("ended", Kind::Flag(Flag::Ended), "whether the BBS no longer holds it", "ended:false"),
    row("age", Kind::Age(Quantity::Age), "since it was desired", "age:>10m"),
    row("in-state", Kind::Age(Quantity::InState), "since its state changed", "in-state:<=1m30s"),
];

impl Kind {
    /// What may stand behind the colon, for help.
    pub const fn takes(self) -> &'static str {
        match self {
            Self::Name(_) => "the whole name, case counts; `*` for any part of it; `~` and a regex",
            Self::Text(_) => "a part of the text; `*` for anything between; `~` and a regex",
            Self::State => "`pending`, `running`, `completed`, `resolving`, or how it begins",
            Self::Flag(_) => "`true`, `false`",
            Self::Number(_) => "a number, alone or after `<` `>` `<=` `>=`",
            Self::Age(_) => "a span like `30s`, `1h30m`, `2d` after `<` `>` `<=` `>=`",
        }
    }
}

/// The field of this name, in any case.
pub(super) fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name.eq_ignore_ascii_case(name))
}

/// The names of all fields, with commas between them.
pub(super) fn names() -> String {
    FIELDS.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

/// The fields as the README has them: a Markdown table.
pub fn markdown() -> String {
    let head =
        ["| field | what it is | what it takes | like |", "| --- | --- | --- | --- |"].map(str::to_owned);
    let row = |field: &Field| {
        let example = field.example.replace('|', "\\|");
        format!("| `{}` | {} | {} | `{example}` |", field.name, field.help, field.kind.takes())
    };
    head.into_iter().chain(FIELDS.iter().map(row)).map(|line| line + "\n").collect()
}

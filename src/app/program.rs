//! Programs that the operator runs from the dashboard, and how they end.

use std::ffi::{OsStr, OsString};
use std::fmt;

/// A program with its arguments. It is started directly, never through a shell, so no argument is split or expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its path, or its name on the `PATH`.
    pub name: OsString,
    /// The arguments after the name.
    pub arguments: Vec<OsString>,
}

impl Program {
    /// Returns the name and the arguments as words to show. One that holds anything but letters, digits and a few signs is
    /// quoted, and what is invisible in it is escaped.
    pub fn words(&self) -> impl Iterator<Item = String> {
        std::iter::once(&self.name).chain(&self.arguments).map(|word| quoted(word))
    }
}

/// The words in one line.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(" "))
    }
}

fn quoted(word: &OsStr) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    let text = word.to_string_lossy();
    if !text.is_empty() && text.chars().all(is_plain) { text.into_owned() } else { format!("{text:?}") }
}

/// A program that gets the terminal until it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForegroundRun {
    /// The program.
    pub program: Program,
    /// A line to write before its output. It stays in the terminal's scrollback.
    pub heading: Option<String>,
    /// When to wait for Enter before the dashboard covers the program's output.
    pub pause: Pause,
    /// What it is run for.
    pub purpose: Purpose,
}

/// When to wait for Enter after a program in the foreground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pause {
    /// If it failed, so that its last words can be read.
    #[default]
    OnFailure,
    /// After every run.
    Always,
    /// Never.
    Never,
}

impl Pause {
    /// Returns whether to wait after this end.
    pub fn applies_to(self, end: &ProgramEnd) -> bool {
        match self {
            Self::OnFailure => !end.is_success(),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// What a program in the foreground is run for. Its end comes back with the same purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// The operator's own command with this name.
    OwnCommand(String),
    /// The editor of a task's text, whose end comes back as [`Msg::Edited`](super::Msg::Edited).
    EditTask,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramEnd {
    /// It exited with this status.
    Exited(i32),
    /// A signal with this number ended it.
    Signalled(i32),
    /// It could not be started, or not be waited for.
    Failed(String),
}

impl ProgramEnd {
    /// Returns whether it exited with status 0.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Exited(0))
    }
}

/// The end as the rest of a sentence: "exited with status 1".
impl fmt::Display for ProgramEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with status {status}"),
            Self::Signalled(signal) => write!(f, "was ended by signal {signal}"),
            Self::Failed(why) => write!(f, "could not be run: {why}"),
        }
    }
}

//! The operator's own commands: programs from the configuration that are run for the selected task.
//!
//! A program is run directly, never through a shell: see `template` for what a task's text may become. What runs is
//! frozen when it is asked for, so that it is what the question shows.

mod chooser;
mod output;
mod placeholder;
mod run;
mod template;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use super::command_prompt::{begins_builtin, is_builtin};
use super::commands::Command;
use super::key::Key;
use super::keymap::{Keymap, is_capital};
use super::program::Pause;

pub use chooser::OwnCommandChooser;
pub use output::{Output, RunId};
pub use placeholder::{PLACEHOLDERS, Placeholder, markdown};
pub use run::{CannotRun, OwnQuestion, OwnRun};
pub use template::{BadTemplate, BadValue, Template};

/// A command of the operator's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCommand {
    /// Its name, which is typed after the colon.
    pub name: String,
    /// The key that runs it.
    pub key: Option<Key>,
    /// What it does.
    pub help: String,
    /// The program and its arguments.
    pub template: Template,
    /// Where its output goes.
    pub output: OutputTo,
    /// Whether it asks first.
    pub confirms: bool,
    /// Whether it changes something, so that a read-only target refuses it.
    pub acts: bool,
}

/// Where the output of a command goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputTo {
    /// To the terminal, which the program gets until it ends.
    Terminal(Pause),
    /// To the output pane.
    Pane,
}

/// All own commands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnCommands {
    commands: Vec<Arc<OwnCommand>>,
    /// Why none of them may run.
    locked: Option<String>,
}

/// Why a command cannot be one of the own commands. For its key unless it is about the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadOwnCommand {
    /// taskdeck has a command with this name.
    NameTaken(String),
    /// The key runs another command, which has this name.
    KeyTaken {
        /// The key.
        key: Key,
        /// The own command that is to have it.
        command: String,
        /// The command that has it.
        by: String,
    },
    /// The command changes something, but the key is not a capital letter.
    NotCapital {
        /// The key.
        key: Key,
        /// The command.
        command: String,
    },
}

impl OwnCommands {
    /// Adds a command.
    ///
    /// # Errors
    /// Its name or its key is taken, or the key does not fit.
    pub fn add(&mut self, command: OwnCommand, keymap: &Keymap) -> Result<(), BadOwnCommand> {
        if is_builtin(&command.name) {
            return Err(BadOwnCommand::NameTaken(command.name));
        }
        if let Some(key) = command.key {
            let builtin = keymap.command(key).and_then(Command::spec).map(|spec| spec.name);
            if let Some(by) = builtin.or_else(|| self.with_key(key).map(|own| own.name.as_str())) {
                let by = by.to_owned();
                return Err(BadOwnCommand::KeyTaken { key, command: command.name, by });
            }
            if command.acts && !is_capital(key) {
                return Err(BadOwnCommand::NotCapital { key, command: command.name });
            }
        }
        self.commands.push(Arc::new(command));
        Ok(())
    }

    /// Forbids all of them to run, and says why.
    #[must_use]
    pub fn locked(self, why: String) -> Self {
        Self { locked: Some(why), ..self }
    }

    /// Returns why none of them may run.
    pub fn lock(&self) -> Option<&str> {
        self.locked.as_deref()
    }

    /// Returns the commands, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<OwnCommand>> {
        self.commands.iter()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.commands.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Arc<OwnCommand>> {
        self.commands.get(at)
    }

    /// Returns the command that a line names: in full, or by a beginning that is no other command's.
    pub(super) fn typed(&self, line: &str) -> Option<&Arc<OwnCommand>> {
        let exact = self.iter().find(|command| command.name == line);
        exact.or_else(|| {
            let mut begun = self.iter().filter(|command| !line.is_empty() && command.name.starts_with(line));
            begun.next().filter(|_| begun.next().is_none() && !begins_builtin(line))
        })
    }

    pub(super) fn with_key(&self, key: Key) -> Option<&Arc<OwnCommand>> {
        self.iter().find(|command| command.key == Some(key))
    }
}

impl fmt::Display for BadOwnCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameTaken(name) => {
                write!(f, "taskdeck has a command `{name}` already; choose another name")
            }
            Self::KeyTaken { key, command, by } => {
                write!(f, "key {key} is bound to both {by} and {command}; choose another key for one of them")
            }
            Self::NotCapital { key, command } => {
                write!(f, "key {key} cannot run {command}: commands with `acts` take capital letters only")
            }
        }
    }
}

impl std::error::Error for BadOwnCommand {}

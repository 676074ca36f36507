//! The table of commands: name, texts and flags of each. Usage texts, help and completions read it.

use super::flags::{CONNECTION, Flag, HELP, SET_DOMAIN, TASKS, TIMEOUT, ValueType};
use super::program_name::ProgramName;

/// Identifies a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Tasks,
    Task,
    CreateTask,
    CancelTask,
    ResolveTask,
    DeleteTask,
    TaskEvents,
    Cells,
    Cell,
    Domains,
    SetDomain,
}

/// A row of the table.
#[derive(Debug)]
pub(in crate::cli) struct Command {
    pub(super) verb: Verb,
    pub(super) name: &'static str,
    /// The arguments after the name in a usage text.
    pub(super) arguments: &'static str,
    /// The description in `cfdot`'s list of commands; `None` if `cfdot` does not have the command.
    pub(super) cfdot_about: Option<&'static str>,
    /// The description in taskdeck's list of commands.
    pub(super) about: &'static str,
    /// The sentence above the usage text.
    pub(super) long: &'static str,
    flags: &'static [&'static [Flag]],
}

/// Every command, in the order of taskdeck's help.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        verb: Verb::Tasks,
        name: "tasks",
        arguments: "",
        cfdot_about: Some("List tasks in BBS"),
        about: "List tasks as JSON lines",
        long: "List all tasks in BBS",
        flags: &[CONNECTION, TIMEOUT, TASKS],
    },
    Command {
        verb: Verb::Task,
        name: "task",
        arguments: " TASK_GUID",
        cfdot_about: Some("Display task"),
        about: "Show one task as a JSON object",
        long: "Show the task with this guid as a JSON object",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::CreateTask,
        name: "create-task",
        arguments: " (SPEC|@FILE)",
        cfdot_about: Some("Create a Task"),
        about: "Create a task from JSON text or @FILE, ignoring unknown fields",
        long: "Create a task from JSON text or @FILE with task_guid, domain and the fields of a task definition",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::CancelTask,
        name: "cancel-task",
        arguments: " TASK_GUID",
        cfdot_about: Some("Cancel task"),
        about: "Cancel a task",
        long: "Cancel the task with this guid",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::ResolveTask,
        name: "resolve-task",
        arguments: " TASK_GUID",
        cfdot_about: None,
        about: "Claim the deletion of a completed task",
        long: "Claim the deletion of a completed task",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::DeleteTask,
        name: "delete-task",
        arguments: " TASK_GUID",
        cfdot_about: Some("Delete a Task"),
        about: "Delete a completed task",
        long: "Delete a completed task: claim its deletion, then delete it",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::TaskEvents,
        name: "task-events",
        arguments: "",
        cfdot_about: Some("Subscribe to BBS Task events"),
        about: "Print the events of all tasks as JSON lines",
        long: "Print the events of all tasks as JSON lines",
        flags: &[CONNECTION],
    },
    Command {
        verb: Verb::Cells,
        name: "cells",
        arguments: "",
        cfdot_about: Some("List registered cell presences"),
        about: "List cell presences as JSON lines",
        long: "List cell presences as JSON lines",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::Cell,
        name: "cell",
        arguments: " CELL_ID",
        cfdot_about: Some("Show the specified cell presence"),
        about: "Show one cell presence as a JSON object",
        long: "Show the presence of the cell with this id as a JSON object",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::Domains,
        name: "domains",
        arguments: "",
        cfdot_about: Some("List domains"),
        about: "List fresh domains as JSON lines",
        long: "List fresh domains as JSON lines",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::SetDomain,
        name: "set-domain",
        arguments: " DOMAIN",
        cfdot_about: Some("Set domain"),
        about: "Mark a domain as fresh",
        long: "Mark a domain as fresh for --ttl; without --ttl, or with 0, it stays fresh forever",
        flags: &[CONNECTION, TIMEOUT, SET_DOMAIN],
    },
];

/// Returns the command with this name.
pub(in crate::cli) fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

impl Command {
    /// Returns its flags in the order of the flag tables, without `--help`.
    pub(super) fn own_flags(&self) -> impl Iterator<Item = &'static Flag> {
        self.flags.iter().copied().flatten()
    }

    /// Returns its flags with `--help`, sorted by long name as in usage texts. Under the name `cfdot`, they have its
    /// spelling only.
    pub(super) fn flags(&self, program: ProgramName) -> Vec<Flag> {
        let mut flags = self.flags.concat();
        if program == ProgramName::Cfdot {
            for flag in &mut flags {
                flag.kebab = None;
            }
        }
        flags.push(HELP);
        flags.sort_by_key(|flag| flag.long);
        flags
    }

    /// Returns whether the command has a timeout. The event stream has none.
    pub(super) fn has_timeout(&self) -> bool {
        self.verb != Verb::TaskEvents
    }
}

/// Returns whether the word is a flag of any command that takes no value.
pub(super) fn takes_no_value(word: &str) -> bool {
    let matches = |flag: &Flag| match (word.strip_prefix("--"), word.strip_prefix('-')) {
        (Some(long), _) => flag.long == long,
        (None, Some(short)) => flag.short.is_some_and(|letter| short.strip_prefix(letter) == Some("")),
        (None, None) => false,
    };
    let mut flags = COMMANDS.iter().flat_map(Command::own_flags).chain([&HELP]);
    flags.any(|flag| flag.value_type == ValueType::Bool && matches(flag))
}

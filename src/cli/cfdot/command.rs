//! The commands: a row a command, with its texts and its flags. Usage texts, help and completions are made out of these.

use super::flags::{CONNECTION, Flag, HELP, SET_DOMAIN, TASKS, TIMEOUT, ValueType};

/// Which command it is.
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

/// A command: what it is called and has.
#[derive(Debug)]
pub(in crate::cli) struct Command {
    pub(super) verb: Verb,
    pub(super) name: &'static str,
    /// What follows the name in a usage text.
    pub(super) arguments: &'static str,
    /// What `cfdot`'s list of commands says; nothing if `cfdot` does not have it.
    pub(super) cfdot_about: Option<&'static str>,
    /// What our own list says.
    pub(super) about: &'static str,
    /// What stands above the usage text in the help of the command.
    pub(super) long: &'static str,
    flags: &'static [&'static [Flag]],
}

/// Every command, in the order of our own help.
pub(super) const COMMANDS: &[Command] = &[
    Command {
        verb: Verb::Tasks,
        name: "tasks",
        arguments: "",
        cfdot_about: Some("List tasks in BBS"),
        about: "List the tasks, a JSON object a line",
        long: "List all tasks in BBS",
        flags: &[CONNECTION, TIMEOUT, TASKS],
    },
    Command {
        verb: Verb::Task,
        name: "task",
        arguments: " TASK_GUID",
        cfdot_about: Some("Display task"),
        about: "Show one task as a JSON object",
        long: "Show the task of this guid as a JSON object",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::CreateTask,
        name: "create-task",
        arguments: " (SPEC|@FILE)",
        cfdot_about: Some("Create a Task"),
        about: "Create a task from JSON: the text itself, or @FILE",
        long: "Create a task from JSON with task_guid, domain and the fields of a definition: the text itself, or @FILE",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::CancelTask,
        name: "cancel-task",
        arguments: " TASK_GUID",
        cfdot_about: Some("Cancel task"),
        about: "Cancel a task",
        long: "Cancel the task of this guid",
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
        about: "Print the events of all tasks as they come, a JSON object a line",
        long: "Print the events of all tasks as they come, a JSON object a line",
        flags: &[CONNECTION],
    },
    Command {
        verb: Verb::Cells,
        name: "cells",
        arguments: "",
        cfdot_about: Some("List registered cell presences"),
        about: "List the presences of the cells, a JSON object a line",
        long: "List the presences of the cells, a JSON object a line",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::Cell,
        name: "cell",
        arguments: " CELL_ID",
        cfdot_about: Some("Show the specified cell presence"),
        about: "Show one cell's presence as a JSON object",
        long: "Show the presence of the cell of this id as a JSON object",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::Domains,
        name: "domains",
        arguments: "",
        cfdot_about: Some("List domains"),
        about: "List the fresh domains, a JSON string a line",
        long: "List the fresh domains, a JSON string a line",
        flags: &[CONNECTION, TIMEOUT],
    },
    Command {
        verb: Verb::SetDomain,
        name: "set-domain",
        arguments: " DOMAIN",
        cfdot_about: Some("Set domain"),
        about: "Keep a domain fresh",
        long: "Mark a domain as fresh for --ttl; without it, or with 0, the domain stays fresh for ever",
        flags: &[CONNECTION, TIMEOUT, SET_DOMAIN],
    },
];

/// The command of this name.
pub(in crate::cli) fn named(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

impl Command {
    /// Its own flags, in the order of their tables.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'static Flag> {
        self.flags.iter().copied().flatten()
    }

    /// All its flags, sorted by their long names as a usage text has them.
    pub(super) fn flags(&self) -> Vec<Flag> {
        let mut flags = self.flags.concat();
        flags.push(HELP);
        flags.sort_by_key(|flag| flag.long);
        flags
    }

    /// Whether its call may be given a time to end in: the stream's has none.
    pub(super) fn has_timeout(&self) -> bool {
        self.verb != Verb::TaskEvents
    }
}

/// Whether a flag of some command stands alone, without a value behind it.
pub(super) fn takes_no_value(word: &str) -> bool {
    let is_it = |flag: &Flag| match (word.strip_prefix("--"), word.strip_prefix('-')) {
        (Some(long), _) => flag.long == long,
        (None, Some(short)) => flag.short.is_some_and(|letter| short.strip_prefix(letter) == Some("")),
        (None, None) => false,
    };
    let mut flags = COMMANDS.iter().flat_map(Command::tables).chain([&HELP]);
    flags.any(|flag| flag.value_type == ValueType::Bool && is_it(flag))
}

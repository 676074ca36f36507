//! The table of verbs: the group and the examples of each. Help, manual pages and tests read it.
//!
//! What a verb does and which flags it has is not here: the help asks the command tree.

use std::fmt;

use Group::{Act, Connect, Recordings, Reference, Scripts, Simulate, Watch};

/// A group of verbs in the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Watch,
    Act,
    Recordings,
    /// The commands of `cfdot`.
    Scripts,
    Connect,
    Simulate,
    Reference,
}

impl Group {
    /// Every group, in the order of the help.
    pub(super) const ALL: [Self; 7] = [Watch, Act, Recordings, Scripts, Connect, Simulate, Reference];
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Watch => "Watch",
            Act => "Act",
            Recordings => "Recordings",
            Scripts => "Scripts, as cfdot",
            Connect => "Connect",
            Simulate => "Simulate",
            Reference => "Reference",
        })
    }
}

/// A row of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) group: Group,
    pub(super) name: &'static str,
    pub(super) examples: [Example; 2],
}

/// A command line, and what it does.
#[derive(Debug, Clone, Copy)]
pub(super) struct Example {
    pub(super) does: &'static str,
    pub(super) line: &'static str,
}

/// Examples of the program without a verb.
pub(super) const OF_PROGRAM: [Example; 3] = [
    example("Look around without a BBS", "taskdeck --demo"),
    example(
        "Watch a target of the configuration file, without being able to change it",
        "taskdeck --target prod --read-only",
    ),
    example(
        "Watch a BBS through a tunnel",
        "taskdeck --bbs-url https://localhost:8889 --ca-cert ca.crt \\\n    --client-cert client.crt --client-key client.key",
    ),
];

/// Every verb. Within a group, in the order of the help.
pub(super) const VERBS: &[Row] = &[
    row(
        Watch,
        "watch",
        [
            example("Follow the tasks of one domain", "taskdeck watch --filter 'domain:cf-tasks'"),
            example(
                "Print the guid of each task that is created",
                "taskdeck watch | jq -r 'select(.type == \"task_created\").data.task.task_guid'",
            ),
        ],
    ),
    row(
        Watch,
        "wait",
        [
            example(
                "Wait up to 10 minutes until a task succeeds",
                "taskdeck wait $GUID --for completed --timeout 10m",
            ),
            example(
                "Go on as soon as the BBS has deleted a task",
                "taskdeck wait $GUID --for gone && echo deleted",
            ),
        ],
    ),
    row(
        Act,
        "cancel",
        [
            example(
                "Show what would be cancelled, and send nothing",
                "taskdeck cancel --filter 'state:pending age:>30m' --dry-run",
            ),
            example(
                "Cancel the tasks of a cell, at most 5 a second, and stop after 3 failures",
                "taskdeck cancel --filter 'cell:cell-07' --rate 5 --max-failures 3",
            ),
        ],
    ),
    row(
        Act,
        "delete",
        [
            example("Delete two tasks without asking", "taskdeck delete $GUID $OTHER_GUID --yes"),
            example(
                "Show which tasks have been Completed for too long",
                "taskdeck delete --filter 'state:completed in-state:>5m' --dry-run",
            ),
        ],
    ),
    row(
        Act,
        "desire",
        [
            example("Create a task from a file", "taskdeck desire @task.json"),
            example(
                "Create a task again under another guid",
                "taskdeck task $GUID | jq '.task_guid = \"again-1\"' | taskdeck desire @-",
            ),
        ],
    ),
    row(
        Recordings,
        "record",
        [
            example("Record eight hours to a separate file", "taskdeck record --for 8h --file night.db"),
            example("Record, and serve Prometheus metrics", "taskdeck record --metrics 9124"),
        ],
    ),
    row(
        Recordings,
        "history",
        [
            example(
                "Print the tasks that failed in the last two hours",
                "taskdeck history --since 2h --filter 'failed:true domain:cf-tasks'",
            ),
            example(
                "Print the guids of one hour",
                "taskdeck history --since 2026-06-01T12:00 --until 2026-06-01T13:00 \\\n    --output json | jq -r .guid",
            ),
        ],
    ),
    row(
        Recordings,
        "failures",
        [
            example("Count the failures of this shift", "taskdeck failures --since 8h"),
            example(
                "Write the failures of one domain to a spreadsheet",
                "taskdeck failures --filter 'domain:cf-tasks !cause:cancelled' \\\n    --output csv > failures.csv",
            ),
        ],
    ),
    row(
        Recordings,
        "timeline",
        [
            example("Print what happened to a task", "taskdeck timeline $GUID"),
            example(
                "Print the states that it went through",
                "taskdeck timeline $GUID --output json | jq -c .state",
            ),
        ],
    ),
    row(
        Recordings,
        "replay",
        [
            example("Play the last run", "taskdeck replay"),
            example(
                "Replay a file from 10:30, ten times as fast",
                "taskdeck replay incident.db --from 10:30 --speed 10",
            ),
        ],
    ),
    row(
        Recordings,
        "report",
        [
            example(
                "Report the last 8 hours as a page with charts",
                "taskdeck report --since 8h --output incident.html",
            ),
            example(
                "Report one domain from a file, as Markdown",
                "taskdeck report --file night.db --filter 'domain:cf-tasks' > night.md",
            ),
        ],
    ),
    row(
        Scripts,
        "tasks",
        [
            example("Print the guids of a domain", "taskdeck tasks --domain cf-tasks | jq -r .task_guid"),
            example(
                "List what has been pending for too long",
                "taskdeck tasks --filter 'state:pending age:>10m' --output table",
            ),
        ],
    ),
    row(
        Scripts,
        "task",
        [
            example("Show one task", "taskdeck task $GUID | jq ."),
            example("Show a task of another target", "taskdeck task $GUID --target staging"),
        ],
    ),
    row(
        Scripts,
        "create-task",
        [
            example("Create a task from a file", "taskdeck create-task @task.json"),
            example("Create a task from JSON text", "taskdeck create-task \"$(cat task.json)\""),
        ],
    ),
    row(
        Scripts,
        "cancel-task",
        [
            example("Cancel a task", "taskdeck cancel-task $GUID"),
            example("Give up after 5 seconds without an answer", "taskdeck cancel-task $GUID --timeout 5"),
        ],
    ),
    row(
        Scripts,
        "resolve-task",
        [
            example("Claim the deletion of a task", "taskdeck resolve-task $GUID"),
            example("Then delete it", "taskdeck resolve-task $GUID && taskdeck delete $GUID"),
        ],
    ),
    row(
        Scripts,
        "delete-task",
        [
            example("Delete a task", "taskdeck delete-task $GUID"),
            example(
                "Delete a task as soon as it has completed",
                "taskdeck wait $GUID --for completed && taskdeck delete-task $GUID",
            ),
        ],
    ),
    row(
        Scripts,
        "task-events",
        [
            example("Print the type of each event", "taskdeck task-events | jq -r .type"),
            example("Keep the events", "taskdeck task-events > events.json"),
        ],
    ),
    row(
        Scripts,
        "cells",
        [
            example("Print the ids of all cells", "taskdeck cells | jq -r .cell_id"),
            example(
                "List the cells of another BBS",
                "taskdeck cells --bbs-url https://bbs.service.cf.internal:8889",
            ),
        ],
    ),
    row(
        Scripts,
        "cell",
        [
            example("Show one cell", "taskdeck cell $CELL_ID | jq ."),
            example("Print the zone of a cell", "taskdeck cell $CELL_ID | jq -r .zone"),
        ],
    ),
    row(
        Scripts,
        "domains",
        [
            example("List the fresh domains", "taskdeck domains"),
            example(
                "Check that the domain of Cloud Controller's tasks is fresh",
                "taskdeck domains | grep -qx '\"cf-tasks\"'",
            ),
        ],
    ),
    row(
        Scripts,
        "set-domain",
        [
            example("Keep a domain fresh for two minutes", "taskdeck set-domain my-tasks --ttl 2m"),
            example("Keep a domain fresh forever", "taskdeck set-domain my-tasks"),
        ],
    ),
    row(
        Connect,
        "doctor",
        [
            example("Check the connection that the dashboard would use", "taskdeck doctor"),
            example(
                "Write a report of a target for a ticket",
                "taskdeck doctor --target prod --report > doctor.md",
            ),
        ],
    ),
    row(
        Connect,
        "config",
        [
            example("Write a commented configuration file and test the connection", "taskdeck config init"),
            example("Print where each value of a target comes from", "taskdeck config show --target prod"),
        ],
    ),
    row(
        Simulate,
        "sim",
        [
            example("Serve 500 tasks that change", "taskdeck sim --tasks 500 --churn 20"),
            example("Serve an outage over mutual TLS", "taskdeck sim --scenario lost-cell --tls pki"),
        ],
    ),
    row(
        Reference,
        "docs",
        [
            example("Keep the table of keys", "taskdeck docs keys > keys.md"),
            example("Read what the configuration file may contain", "taskdeck docs config | less"),
        ],
    ),
    row(
        Reference,
        "completions",
        [
            example("Complete in this shell", "source <(taskdeck completions bash)"),
            example("Complete in every zsh", "taskdeck completions zsh > ~/.zfunc/_taskdeck"),
        ],
    ),
    row(
        Reference,
        "man",
        [
            example("Read the manual page", "taskdeck man | man -l -"),
            example("Read the page of a command", "taskdeck man watch | man -l -"),
        ],
    ),
];

const fn row(group: Group, name: &'static str, examples: [Example; 2]) -> Row {
    Row { group, name, examples }
}

const fn example(does: &'static str, line: &'static str) -> Example {
    Example { does, line }
}

/// Returns the row of a verb.
pub(super) fn named(name: &str) -> Option<&'static Row> {
    VERBS.iter().find(|row| row.name == name)
}

//! What the columns of a recording mean, as `docs/` describes them. A test holds this table to the schema.

/// A view for plain `sqlite3`.
pub(super) struct View {
    /// Its name in SQL.
    pub(super) name: &'static str,
    /// What its rows are.
    about: &'static str,
    /// The columns in the order of the view, each with its meaning.
    pub(super) columns: &'static [(&'static str, &'static str)],
}

/// The views, and the table `runs`, which needs none. `failures` is left out: it has the columns of `tasks`.
pub(super) const VIEWS: &[View] = &[
    View {
        name: "runs",
        about: "One row for each program that recorded a target.",
        columns: &[
            ("id", "the run"),
            ("target", "the name of the target, or its URL"),
            ("program", "`record` or `dashboard`"),
            ("version", "the version of taskdeck"),
            ("user", "who ran it"),
            ("host", "where"),
            ("pid", "the process"),
            ("started", "when it began, in nanoseconds since 1970"),
            ("seen", "when it last wrote"),
            ("ended", "when it ended; NULL while it runs, or if it was killed"),
        ],
    },
    View {
        name: "tasks",
        about: "One row for each life, with the last version that was seen. `failures` has the same columns, and only the failed ones.",
        columns: &[
            ("life", "the life"),
            ("run", "its run"),
            ("target", "the target of the run"),
            ("guid", "the task's guid"),
            ("domain", "its domain"),
            ("app", "the name of the app that it belongs to"),
            ("space", "the name of the space"),
            ("org", "the name of the organization"),
            ("app_guid", "the app's guid"),
            ("space_guid", "the space's guid"),
            ("org_guid", "the organization's guid"),
            ("memory_mb", "its memory limit in MiB, if known"),
            ("disk_mb", "its disk limit in MiB, if known"),
            ("state", "its state"),
            ("cell", "the cell that it ran on last"),
            ("failed", "1 if it failed"),
            ("failure_reason", "why it failed"),
            ("result", "its result"),
            ("rejection_count", "how often a cell rejected it"),
            ("rejection_reason", "why a cell last rejected it"),
            ("created_at", "when it was created (server's clock, like the next three)"),
            ("started_at", "when it started; NULL if nobody saw it run"),
            ("first_completed_at", "when it completed"),
            ("updated_at", "when its state last changed"),
            ("first_seen", "when it was first seen (clock of the recording machine, like the next two)"),
            ("last_changed", "when it last changed"),
            ("ended_at", "when it left the BBS; NULL while it is there"),
            (
                "how_it_ended",
                "how it left: `callback`, `deleted` (by this program), `removed` (by another client), `expired`, `vanished`",
            ),
            (
                "cause",
                "why it ended, in taskdeck's word: the failure of the BBS if there is one, otherwise how it left",
            ),
        ],
    },
    View {
        name: "task_changes",
        about: "One row for each version of a task, in order.",
        columns: &[
            ("id", "when it was learnt, as a key"),
            ("at", "when it was learnt"),
            ("life", "the life"),
            ("run", "its run"),
            ("target", "the target of the run"),
            ("guid", "the task's guid"),
            (
                "source",
                "`event`, `late event`, `list`, `list after a gap`, `look-up`, `our action`, or `before`: the version before the next row, which nobody had seen",
            ),
            ("state", "the state"),
            ("cell", "the cell"),
            ("failed", "1 if it failed"),
            ("failure_reason", "why it failed"),
            ("result", "its result"),
            ("rejection_count", "how often a cell rejected it"),
            ("rejection_reason", "why a cell last rejected it"),
            ("updated_at", "when the state changed (server's clock)"),
            ("first_completed_at", "when it completed (server's clock)"),
            ("how_it_ended", "how it left, if it did"),
        ],
    },
    View {
        name: "gaps",
        about: "Gaps: stretches in which events were lost. The list that ends a gap shows what changed; tasks that came and went in between are missing.",
        columns: &[
            ("id", "when it was noticed, as a key"),
            ("run", "the run"),
            ("target", "the target of the run"),
            ("start_at", "up to when nothing is missing"),
            ("noticed_at", "when it was noticed"),
            ("end_at", "when a list reconciled it; NULL if no list did"),
            ("why", "why events were lost"),
        ],
    },
    View {
        name: "actions",
        about: "What was done to tasks by the program that recorded, one row for each stage of an action.",
        columns: &[
            ("id", "when it happened, as a key"),
            ("at", "when it happened"),
            ("run", "the run"),
            ("user", "who ran the program"),
            ("host", "where"),
            ("target", "the target"),
            ("guid", "the task"),
            ("action", "`cancel`, `resolve`, `delete` or `desire`"),
            ("stage", "`confirmed` by the operator, `sent`, `answered`, `ended` (the task was looked up)"),
            ("tasks", "how many tasks the question was about"),
            ("call", "the call that was sent: `cancel`, `resolve`, `delete` or `desire`"),
            ("request", "the request's id, as in the server's log"),
            ("reply", "`acknowledged`, `refused` or `no reply`"),
            ("outcome", "`done`, `not done` or `unknown`"),
            ("message", "the fault, or what was found"),
        ],
    },
];

/// Returns the views as Markdown: a heading, a sentence and a table of columns for each.
pub fn markdown() -> String {
    let section = |view: &View| {
        let head = format!("### `{}`\n\n{}\n\n| column | meaning |\n| --- | --- |\n", view.name, view.about);
        let rows = view.columns.iter().map(|(column, meaning)| format!("| `{column}` | {meaning} |\n"));
        std::iter::once(head).chain(rows).collect::<String>()
    };
    VIEWS.iter().map(section).collect::<Vec<_>>().join("\n")
}

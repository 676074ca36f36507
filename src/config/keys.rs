//! The table of the configuration's keys. `config.example.toml` and `taskdeck docs config` are made from it.
//!
//! Does not parse: tests hold this table to the fields that `file` reads, and the defaults to
//! `Settings::default()`.

/// A table of the configuration file.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// Its name in the documentation, with a placeholder for what the user names; empty for the top level.
    pub name: &'static str,
    /// The comment above it in the example.
    comment: &'static str,
    /// Its keys.
    pub keys: &'static [ConfigKey],
}

/// A key of the configuration file.
#[derive(Debug, Clone, Copy)]
pub struct ConfigKey {
    /// Its name within the section.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// A value in TOML: the default, if `unset` is empty, else an example.
    pub value: &'static str,
    /// What holds while the key is not set; empty if that is `value`.
    pub unset: &'static str,
    /// What it sets, in sentences.
    pub help: &'static str,
    /// The name in the example, if users choose it.
    chosen: Option<&'static str>,
}

/// Every section, in the order of the example.
pub const SECTIONS: &[Section] = &[
    Section {
        name: "",
        comment: "",
        keys: &[
            key("target", "name of a target", "\"production\"", "The target to use without --target.")
                .unset("none"),
            key(
                "log",
                "path",
                "\"/var/tmp/taskdeck.log\"",
                "The log file. Rotated daily; five files are kept. Nothing is logged to the terminal.",
            )
            .unset("`taskdeck.log` in the platform's state directory"),
        ],
    },
    Section {
        name: "feed",
        comment: "",
        keys: &[
            key(
                "reconcile",
                INTERVAL,
                "\"30s\"",
                "Time between lists while the event stream is live. These lists only reconcile.",
            ),
            key("poll", INTERVAL, "\"2s\"", "Time between lists while there is no event stream (polling)."),
            key(
                "cost_factor",
                "whole number",
                "10",
                "Wait at least this many times the duration of the last list before the next one, up to two \
                 minutes.",
            ),
            key("backoff_ceiling", INTERVAL, "\"30s\"", "Longest delay between retries after a failure."),
        ],
    },
    Section {
        name: "dashboard",
        comment: "",
        keys: &[
            key(
                "times",
                "`age`, `utc` or `local`",
                "\"age\"",
                "How to show times at the start: age, utc or local.",
            ),
            key("ended_kept", "whole number", "20000", "Number of ended tasks to keep."),
            key("ended_for", "duration", "\"30m\"", "How long to keep an ended task."),
            key(
                "ended_shown",
                "duration",
                "\"10s\"",
                "How long an ended task stays among the held ones, dimmed, if it lived at least that long; \"0s\" for \
                 not at all.",
            ),
            key("events_kept", "whole number", "5000", "Number of lines to keep in the event pane."),
            key(
                "columns",
                "list of columns",
                "[\"guid\", \"domain\", \"state\", \"cell\", \"app?\", \"age\", \"in-state\", \"reason\"]",
                "Columns of the task table, left to right. \"reason+20\" is wider, \"app?\" is shown if there is room.",
            ),
            key("sort", "column", "\"age\"", "Column to sort by at the start; \"-age\" reverses its order."),
            key(
                "groups",
                "list of two properties",
                "[\"domain\", \"cell\"]",
                "What the upper and the lower side pane group by: domain, cell, zone, state, app, space, org or \
                 reason.",
            ),
            key(
                "restore_view",
                "`true` or `false`",
                "true",
                "Start with the view (tasks, filter, groups, sort) in which you left the target.",
            ),
            key(
                "type_number_above",
                "whole number",
                "20",
                "Confirm an action on more tasks than this by typing their number instead of yes.",
            ),
            key(
                "theme",
                "name or path",
                "\"auto\"",
                "Theme: a built-in one (`:theme` shows them), one of yours (themes/NAME.toml beside this file), or a path.",
            )
            .unset("the one that was chosen with `:theme`, at first `auto`"),
            key("ascii", "`true` or `false`", "false", "Draw with ASCII characters only. Locales without UTF-8 do so anyway."),
            key("mouse", "`true` or `false`", "false", "Use the mouse: wheel, click, sort by a column title."),
        ],
    },
    Section {
        name: "record",
        comment: "Recording to a file, which `taskdeck history` and others read.",
        keys: &[
            key("dashboard", "`true` or `false`", "false", "Record what the dashboard sees and does."),
            key(
                "file",
                "path",
                "\"/var/tmp/taskdeck.db\"",
                "The file, also of `taskdeck record`. Several programs may write to it at once.",
            )
            .unset("`recording.db` in the platform's state directory"),
            key(
                "max_size",
                "size of at least `\"1MB\"`",
                "\"4GB\"",
                "Largest size of the file. The oldest tasks are deleted from it first.",
            ),
            key("max_age", "duration", "\"168h\"", "How long to keep a task in the file after its end."),
        ],
    },
    Section {
        name: "keys",
        comment: "Keys of commands (`taskdeck docs commands` lists these) instead of their default ones: a key, a list, or [].",
        keys: &[key("COMMAND", "key or list of keys", "[\"j\", \"Down\", \"Ctrl-n\"]", "The keys of a command.")
            .unset("its default keys")
            .chosen("move-down")],
    },
    Section {
        name: "filters",
        comment: "Filters with names: `:filter stuck` in the dashboard applies one. Any number; `taskdeck docs filters` lists \
                  the terms.",
        keys: &[key("NAME", "filter", "\"state:pending age:>10m\"", "A filter that `:filter NAME` applies.")
            .unset("none")
            .chosen("stuck")],
    },
    Section {
        name: "commands.NAME",
        comment: "Your own commands, one table each, run by `:NAME` or `!`. `taskdeck docs placeholders` lists the placeholders.",
        keys: &[
            key(
                "run",
                "list of words",
                "[\"cf\", \"tail\", \"--follow\", \"{log_guid}\"]",
                "The program and its arguments, with placeholders. No shell is involved.",
            )
            .unset("required"),
            key("help", "text", "\"Follow the logs\"", "What the command does.").unset("the list in `run`"),
            key("key", "key", "\"Alt-l\"", "The key that runs it: a character, or with `Ctrl-` or `Alt-`.")
                .unset("none"),
            key(
                "output",
                "`terminal` or `pane`",
                "\"terminal\"",
                "Whether the program gets the terminal until it ends, or its output appears in a pane.",
            ),
            key(
                "pause",
                "`on-failure`, `always` or `never`",
                "\"on-failure\"",
                "When to wait for Enter before the dashboard covers the program's output in the terminal.",
            ),
            key("confirm", "`true` or `false`", "true", "Ask before the program is run."),
            key(
                "acts",
                "`true` or `false`",
                "false",
                "The program changes something: a read-only target refuses it, and it always asks.",
            ),
        ],
    },
    Section {
        name: "targets.NAME",
        comment: "Targets, one table each; any number.",
        keys: &[
            key(
                "url",
                "URL",
                "\"https://bbs.service.cf.internal:8889\"",
                "URL of the BBS: scheme, host and port.",
            )
            .unset("none"),
            key(
                "ca_cert",
                "path",
                "\"/var/vcap/jobs/cfdot/config/certs/cfdot/ca.crt\"",
                "CA certificate used to verify the server.",
            )
            .unset("none"),
            key(
                "client_cert",
                "path",
                "\"/var/vcap/jobs/cfdot/config/certs/cfdot/client.crt\"",
                "Client certificate.",
            )
            .unset("none"),
            key(
                "client_key",
                "path",
                "\"/var/vcap/jobs/cfdot/config/certs/cfdot/client.key\"",
                "Private key of the client certificate.",
            )
            .unset("none"),
            key(
                "skip_cert_verify",
                "`true` or `false`",
                "false",
                "Skip verification of the server's certificate (insecure). The header shows a warning.",
            ),
            key("timeout", "duration", "\"30s\"", "Timeout of a call; \"0s\" for none."),
            key("read_only", "`true` or `false`", "false", "Disable all actions that change tasks."),
            key(
                "confirm",
                "`ask` or `type-name`",
                "\"ask\"",
                "How to confirm an action: ask answers y or n, type-name wants the target's name typed.",
            ),
            key(
                "writes_per_second",
                "whole number from 1 to 1000",
                "10",
                "Send at most this many writes a second. Without it, the dashboard sends 10, and scripts have no limit.",
            )
            .unset("10 in the dashboard"),
            key(
                "reply_limit_mb",
                "whole number from 1 to 1048576",
                "1024",
                "Reject a reply that is larger than this many mebibytes.",
            ),
            key(
                "colour",
                "colour",
                "\"red\"",
                "Colour of the target's name: red, green, yellow, blue, magenta, cyan, white, or like #d03030.",
            )
            .unset("none"),
            key(
                "pending_limit",
                "duration",
                "\"30m\"",
                "How long a task may be Pending before the server fails it. Set this and the next four to the server's values.",
            ),
            key("completed_limit", "duration", "\"2m\"", "How long the server keeps a Completed task that nobody resolves."),
            key(
                "resolving_limit",
                "duration",
                "\"30s\"",
                "How long a task may be Resolving before the server returns it to Completed.",
            ),
            key("sweep_interval", "duration", "\"30s\"", "Time between two sweeps: the server acts up to this much later."),
            key("rejection_limit", "whole number", "3", "How many rejections a task survives. The next one fails it."),
        ],
    },
];

/// Whole tables that stand in the example instead of keys with defaults, by section. They stay comments when a user
/// uncomments the keys.
const EXAMPLES: &[(&str, &str)] = &[(
    "commands.NAME",
    "\
[commands.logs]
help = \"Follow the logs of the task's app\"
key = \"Alt-l\"
run = [\"cf\", \"tail\", \"--follow\", \"{log_guid}\"]
output = \"pane\"
confirm = false

[commands.ssh-cell]
help = \"Open a shell on the task's cell\"
key = \"Alt-s\"
run = [\"bosh\", \"--deployment=cf\", \"ssh\", \"diego-cell/{cell}\"]
",
)];

const INTERVAL: &str = "duration of at least `\"1s\"`";

const EXAMPLE_HEAD: &str = "\
# taskdeck's configuration, with its default values.
# Copy this file to the platform's default location (on Linux ~/.config/taskdeck/config.toml) and uncomment what you
# change. ";

const FILE_HEAD: &str = "\
# taskdeck's configuration. A line that begins with # and no blank is a key with its default value: uncomment what you
# change. `taskdeck config check` checks this file, and `taskdeck config show` shows where each value comes from.
# ";

const PRECEDENCE: &str = "\
Environment variables (BBS_URL, CA_CERT_FILE, CLIENT_CERT_FILE, CLIENT_KEY_FILE, SKIP_CERT_VERIFY,
# CFDOT_TIMEOUT) override this file, and flags override both. A target selected with --target NAME overrides the
# environment.
";

const fn key(name: &'static str, takes: &'static str, value: &'static str, help: &'static str) -> ConfigKey {
    ConfigKey { name, takes, value, unset: "", help, chosen: None }
}

impl ConfigKey {
    /// Tells what holds without the key; its value is then only an example.
    const fn unset(self, unset: &'static str) -> Self {
        Self { unset, ..self }
    }

    /// Lets users choose the name; the example has this one.
    const fn chosen(self, name: &'static str) -> Self {
        Self { chosen: Some(name), ..self }
    }

    /// Returns whether users choose the name.
    pub const fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Returns the default in TOML, or what holds without a value.
    pub(super) fn default_value(&self) -> Result<toml::Value, &'static str> {
        let parsed =
            || toml::from_str::<toml::Table>(&format!("value = {}", self.value)).ok()?.remove("value");
        let default = if self.unset.is_empty() { parsed() } else { None };
        default.ok_or(self.unset)
    }

    /// Returns the default as Markdown.
    fn default_markdown(&self) -> String {
        if self.unset.is_empty() { format!("`{}`", self.value) } else { self.unset.to_owned() }
    }
}

/// Returns the text of `config.example.toml`: every key, commented out, under its explanation.
pub fn example() -> String {
    written(EXAMPLE_HEAD, "[targets.production]", &|_, _| None)
}

/// Returns the text of a new configuration file with this target. `value` returns the value in TOML of a key of a section;
/// keys without one are commented out.
pub(super) fn filled(target: &str, value: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let table = dotted(&["targets", target]);
    // Without a URL there is no target yet.
    let mark = if value("targets.NAME", "url").is_some() { "" } else { "#" };
    written(FILE_HEAD, &format!("{mark}[{table}]"), value)
}

fn written(head: &str, target: &str, value: &dyn Fn(&str, &str) -> Option<String>) -> String {
    let section = |section: &Section| {
        let comment = if section.comment.is_empty() { String::new() } else { commented(section.comment) };
        let heading = match section.name {
            "" | "commands.NAME" => String::new(),
            "targets.NAME" => format!("{target}\n"),
            name => format!("[{name}]\n"),
        };
        // At the top level, a blank line parts the keys.
        let between = if heading.is_empty() { "\n" } else { "" };
        if let Some((_, tables)) = EXAMPLES.iter().find(|(name, _)| *name == section.name) {
            return format!("\n{comment}{}", tables.lines().map(commented).collect::<String>());
        }
        let keys: Vec<_> =
            section.keys.iter().map(|key| example_key(key, value(section.name, key.name))).collect();
        format!("\n{comment}{heading}{}", keys.join(between))
    };
    [head, PRECEDENCE].into_iter().map(str::to_owned).chain(SECTIONS.iter().map(section)).collect()
}

fn example_key(key: &ConfigKey, value: Option<String>) -> String {
    match (key.chosen, value) {
        // Not a default: it stays a comment when a user uncomments the keys.
        (Some(name), _) => format!("# {name} = {}\n", key.value),
        (None, Some(value)) => format!("{}{} = {value}\n", commented(key.help), key.name),
        (None, None) => format!("{}#{} = {}\n", commented(key.help), key.name, key.value),
    }
}

/// Returns a key with the names of its tables, quoted where TOML needs it.
pub(super) fn dotted(path: &[&str]) -> String {
    path.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(".")
}

fn quoted(name: &str) -> String {
    let table = toml::Table::from_iter([(name.to_owned(), toml::Value::Boolean(true))]).to_string();
    table.trim_end().strip_suffix(" = true").unwrap_or(name).to_owned()
}

fn commented(text: &str) -> String {
    if text.is_empty() { "#\n".to_owned() } else { format!("# {text}\n") }
}

/// Returns the keys as a Markdown table.
pub fn markdown() -> String {
    let head = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n".to_owned();
    let rows = SECTIONS.iter().flat_map(|section| section.keys.iter().map(|key| markdown_row(section, key)));
    std::iter::once(head).chain(rows).collect()
}

fn markdown_row(section: &Section, key: &ConfigKey) -> String {
    let prefix = if section.name.is_empty() { String::new() } else { format!("{}.", section.name) };
    let ConfigKey { name, takes, help, .. } = key;
    format!("| `{prefix}{name}` | {takes} | {} | {help} |\n", key.default_markdown())
}

//! The table of commands that take an argument. What they do is in the file of their topic.

use crate::app::column_commands::sort_candidates;
use crate::app::failures::window_candidates;
use crate::app::groups::group_key_candidates;
use crate::app::help::help_candidates;
use crate::app::prompt::Candidate;
use crate::app::replay::place_candidates;
use crate::app::save_view::format_candidates;
use crate::app::{App, Effect, GroupKey};
use crate::clock::Now;

/// A command that takes an argument.
pub(super) struct ArgumentCommand {
    /// What is typed after the colon.
    pub(super) name: &'static str,
    /// What the argument is, in capitals.
    pub(super) argument: &'static str,
    /// What it does.
    pub(super) help: &'static str,
    /// Returns the arguments to choose from.
    pub(super) arguments: fn(&App) -> Vec<Candidate>,
    /// Runs the command. The error is shown in the prompt, which stays open.
    pub(super) run: fn(&mut App, argument: &str, Now) -> Result<Vec<Effect>, String>,
}

/// Every command that takes an argument. Its name may be that of a command in
/// [`COMMANDS`](crate::app::commands::COMMANDS), which it then replaces in the prompt.
pub(super) const ARGUMENT_COMMANDS: &[ArgumentCommand] = &[
    ArgumentCommand {
        name: "filter",
        argument: "NAME or TERMS",
        help: "Apply a named filter, or terms",
        arguments: App::named_filter_candidates,
        run: App::filter_by_argument,
    },
    ArgumentCommand {
        name: "domain",
        argument: "DOMAIN or *",
        help: "Filter by a domain",
        arguments: |app| app.group_candidates(GroupKey::Domain),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Domain, argument, now),
    },
    ArgumentCommand {
        name: "cell",
        argument: "CELL or *",
        help: "Filter by the cell, or the last one",
        arguments: |app| app.group_candidates(GroupKey::Cell),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Cell, argument, now),
    },
    ArgumentCommand {
        name: "zone",
        argument: "ZONE or *",
        help: "Filter by the availability zone of the cell",
        arguments: |app| app.group_candidates(GroupKey::Zone),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Zone, argument, now),
    },
    ArgumentCommand {
        name: "state",
        argument: "STATE or *",
        help: "Filter by a state; a prefix is enough",
        arguments: |app| app.group_candidates(GroupKey::State),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::State, argument, now),
    },
    ArgumentCommand {
        name: "app",
        argument: "APP or *",
        help: "Filter by an app, by name or guid",
        arguments: |app| app.group_candidates(GroupKey::App),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::App, argument, now),
    },
    ArgumentCommand {
        name: "space",
        argument: "SPACE or *",
        help: "Filter by the app's space, by name or guid",
        arguments: |app| app.group_candidates(GroupKey::Space),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Space, argument, now),
    },
    ArgumentCommand {
        name: "org",
        argument: "ORG or *",
        help: "Filter by the space's organization, by name or guid",
        arguments: |app| app.group_candidates(GroupKey::Org),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Org, argument, now),
    },
    ArgumentCommand {
        name: "reason",
        argument: "REASON or *",
        help: "Filter by failures of one kind",
        arguments: |app| app.group_candidates(GroupKey::Reason),
        run: |app, argument, now| app.filter_by_typed_group(GroupKey::Reason, argument, now),
    },
    ArgumentCommand {
        name: "groups",
        argument: "PROPERTY",
        help: "Show groups instead of tasks: domains, apps, reasons…",
        arguments: |_| group_key_candidates(),
        run: App::groups_by_argument,
    },
    ArgumentCommand {
        name: "failures",
        argument: "10m, 1h or 24h",
        help: "Show failures by reason, cell, app and domain, over that time",
        arguments: |_| window_candidates(),
        run: App::failures_by_argument,
    },
    ArgumentCommand {
        name: "sort",
        argument: "COLUMN [asc or desc]",
        help: "Sort by a column",
        arguments: |_| sort_candidates(),
        run: App::sort_by_argument,
    },
    ArgumentCommand {
        name: "columns",
        argument: "[+-]COLUMN …",
        help: "Show (+) and hide (-) columns, or show these alone",
        arguments: App::column_candidates,
        run: App::columns_by_argument,
    },
    ArgumentCommand {
        name: "target",
        argument: "NAME or -",
        help: "Show another target, or the last one",
        arguments: App::target_candidates,
        run: App::show_target_by_argument,
    },
    ArgumentCommand {
        name: "close",
        argument: "[NAME]",
        help: "Close a target, this one without NAME",
        arguments: App::open_target_candidates,
        run: App::close_target_by_argument,
    },
    ArgumentCommand {
        name: "write",
        argument: "TIME or off",
        help: "Open a read-only target for actions: :write 10m",
        arguments: App::write_candidates,
        run: App::open_writes_by_argument,
    },
    ArgumentCommand {
        name: "save",
        argument: "[FILE] [FORMAT]",
        help: "Save the rows of the view as csv, jsonl or text",
        arguments: format_candidates,
        run: App::save_view,
    },
    ArgumentCommand {
        name: "save!",
        argument: "[FILE] [FORMAT]",
        help: "Save, and replace the file if it exists",
        arguments: format_candidates,
        run: App::save_view_over,
    },
    ArgumentCommand {
        name: "help",
        argument: "[WORD]",
        help: "Show the help, or what it says about a word",
        arguments: |_| help_candidates(),
        run: |app, argument, _| {
            app.help_on(argument);
            Ok(Vec::new())
        },
    },
    ArgumentCommand {
        name: "theme",
        argument: "NAME",
        help: "Set the theme; without a name, choose from a list",
        arguments: App::theme_candidates,
        run: App::theme_by_argument,
    },
    ArgumentCommand {
        name: "seek",
        argument: "TIME, +5m or -5m",
        help: "In a replay: go to a time (UTC), or jump by a duration",
        arguments: |_| place_candidates(),
        run: App::seek_by_argument,
    },
    ArgumentCommand {
        name: "speed",
        argument: "FACTOR",
        help: "In a replay: set how many times faster it plays",
        arguments: |_| Vec::new(),
        run: App::set_speed_by_argument,
    },
];

/// Returns the commands with an argument as a Markdown table.
pub fn markdown() -> String {
    let head = "| command | argument | what it does |\n| --- | --- | --- |\n";
    let row = |command: &ArgumentCommand| {
        format!("| `:{}` | `{}` | {} |\n", command.name, command.argument, command.help)
    };
    std::iter::once(head.to_owned()).chain(ARGUMENT_COMMANDS.iter().map(row)).collect()
}

/// Returns the commands with an argument as they are typed, with their name and what they do.
pub fn argument_commands() -> impl Iterator<Item = (String, &'static str, &'static str)> {
    ARGUMENT_COMMANDS
        .iter()
        .map(|command| (format!(":{} {}", command.name, command.argument), command.name, command.help))
}

//! The table of commands that take an argument. What they do is in the file of their topic.

use crate::app::prompt::Candidate;
use crate::app::save_view::format_candidates;
use crate::app::{App, Effect};
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

/// Every command that takes an argument. Its name may be that of a command in [`COMMANDS`], which it then replaces in the
/// prompt.
pub(super) const ARGUMENT_COMMANDS: &[ArgumentCommand] = &[
    ArgumentCommand {
        name: "filter",
        argument: "NAME or TERMS",
        help: "Apply a named filter, or terms",
        arguments: App::named_filter_candidates,
        run: App::filter_by_argument,
    },
    ArgumentCommand {
        name: "save",
        argument: "[FILE] [csv|jsonl|text]",
        help: "Save the rows of the filter, or the groups, to a file",
        arguments: format_candidates,
        run: App::save_view,
    },
    ArgumentCommand {
        name: "save!",
        argument: "[FILE] [csv|jsonl|text]",
        help: "Save like :save, and replace a file that exists",
        arguments: format_candidates,
        run: App::save_view_over,
    },
];

/// Returns the command with this name.
pub(super) fn find(name: &str) -> Option<&'static ArgumentCommand> {
    ARGUMENT_COMMANDS.iter().find(|command| command.name == name)
}

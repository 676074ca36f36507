//! Defines the command line with clap. Does not decide precedence: `config` merges flags, environment and file.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::connect::{CONNECTION, TargetArgs};
use super::{
    bulk, config, desire, docs, doctor, failures, generate, history, record, replay, report, timeline, wait,
    watch,
};
use super::{cfdot, help};
use crate::config::Flags;
use crate::sim::Scenario;

/// Help is not wider than this: longer lines are hard to read.
pub(super) const MAX_WIDTH: usize = 100;
/// Heading of the flags of the dashboard.
const DASHBOARD: &str = "Dashboard";

/// A terminal dashboard for the Tasks of Cloud Foundry's Diego.
///
/// Without a command it opens the dashboard. Options select the BBS; without them, environment variables (the same as for
/// cfdot) do, and then the configuration file. cfdot's spelling of the options, like --bbsURL and --caCertFile, works too.
#[derive(Debug, Parser)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[expect(clippy::doc_markdown, reason = "the help shows them as they are")]
#[command(name = "taskdeck", version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: TargetArgs,
    /// Timeout of a call in seconds; 0 disables it [env: CFDOT_TIMEOUT]
    #[arg(long, value_name = "SECONDS", help_heading = CONNECTION)]
    timeout: Option<u64>,
    /// Watch a simulated BBS; needs no server and no configuration
    #[arg(long, help_heading = DASHBOARD)]
    pub(super) demo: bool,
    /// Disable all actions that change tasks
    #[arg(long, help_heading = DASHBOARD)]
    read_only: bool,
    /// Allow own commands even if others can write the configuration file
    #[arg(long, help_heading = DASHBOARD)]
    allow_commands: bool,
    /// Draw in ASCII
    #[arg(long, help_heading = DASHBOARD)]
    pub(super) ascii: bool,
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
}

/// The commands beside the dashboard and those of `cfdot`.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Serve a simulated BBS until stopped
    Sim(SimArguments),
    /// Follow task events, reconnecting when the connection breaks
    Watch(watch::Arguments),
    /// Record every change of every task to a file
    Record(record::Arguments),
    /// Wait until a task reaches a state
    Wait(wait::Arguments),
    /// Create a task from JSON, rejecting unknown fields
    Desire(desire::Arguments),
    /// Cancel tasks by guid or filter
    Cancel(bulk::Arguments),
    /// Delete tasks by guid or filter, resolving Completed ones first
    Delete(bulk::Arguments),
    /// Diagnose the connection to a BBS step by step
    Doctor(doctor::Arguments),
    /// Write, show or check the configuration
    Config(config::Arguments),
    /// Print the tasks of a recording
    History(history::Arguments),
    /// Count the failures of a recording by reason
    Failures(failures::Arguments),
    /// Print the timeline of a task from a recording
    Timeline(timeline::Arguments),
    /// Play a recording in the dashboard
    Replay(replay::Arguments),
    /// Write an incident report from a recording, as Markdown or HTML
    Report(report::Arguments),
    /// Print a reference table as Markdown: keys, filters, columns, …
    Docs(docs::Arguments),
    /// Print completions for a shell
    Completions(generate::Completions),
    /// Print a manual page
    Man(generate::Man),
}

/// Options of the simulated BBS.
#[derive(Debug, Args)]
pub(super) struct SimArguments {
    /// Address to listen on; port 0 picks a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8889")]
    pub(super) listen: SocketAddr,
    /// Require mutual TLS, and write the CA, client and server files (PEM) to DIR
    #[arg(long, value_name = "DIR")]
    pub(super) tls: Option<PathBuf>,
    #[arg(long, value_name = "NAME|FILE", help = scenarios())]
    pub(super) scenario: Option<String>,
    /// Number of initial tasks [default: the scenario's if --scenario is given, else 0]
    #[arg(long, value_name = "N")]
    pub(super) tasks: Option<usize>,
    /// Number of cells [default: the scenario's if --scenario is given, else 4]
    #[arg(long, value_name = "N")]
    pub(super) cells: Option<usize>,
    /// Operations of clients and cells a second [default: the scenario's if --scenario is given, else 0]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(super) churn: Option<f64>,
    /// Delay before the first byte of a list; a real BBS needs 1.7 seconds for 100000 tasks [default: 0]
    #[arg(long, value_name = "SECONDS", value_parser = delay, default_value = "0", hide_default_value = true)]
    pub(super) list_delay: Duration,
    /// Seed of the workload; the same seed gives the same workload
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}

fn scenarios() -> String {
    let built_in = Scenario::BUILT_IN.map(|one| format!("\n- {}: {}", one.name, one.about()));
    format!("Scenario to simulate: a file, or one of{}", built_in.concat())
}

/// Parses operations a second. The upper bound leaves the server time to answer.
fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=100_000.0).contains(rate));
    rate.ok_or_else(|| "expected a number from 0 to 100000".to_owned())
}

fn delay(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=3_600.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expected a number of seconds, from 0 to 3600".to_owned())
}

impl Arguments {
    /// Returns the whole command tree, including the commands of `cfdot`.
    pub(super) fn clap_command() -> clap::Command {
        let own = Self::command().mut_subcommands(help::with_examples);
        own.subcommands(cfdot::clap_commands()).max_term_width(MAX_WIDTH)
    }

    /// Parses the words; the first is the program's name.
    pub(super) fn parse_from(
        command: clap::Command,
        words: impl IntoIterator<Item = OsString>,
    ) -> Result<Self, clap::Error> {
        let mut command = help::with_groups(command);
        let matches = command.try_get_matches_from_mut(words)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// Returns the flags for `config`, where they take precedence over everything else.
    pub(super) fn flags(&self) -> Flags {
        Flags {
            timeout: self.timeout.map(Duration::from_secs),
            read_only: self.read_only,
            allow_commands: self.allow_commands,
            ascii: self.ascii,
            ..self.target.flags()
        }
    }
}

/// Returns whether the word is a flag of any command that takes no value, so that the next word may be the verb.
pub(super) fn takes_no_value(command: &clap::Command, word: &str) -> bool {
    let matches = |arg: &clap::Arg| match (word.strip_prefix("--"), word.strip_prefix('-')) {
        (Some(long), _) => arg.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long)),
        (None, Some(short)) => arg.get_short().is_some_and(|letter| short.strip_prefix(letter) == Some("")),
        (None, None) => false,
    };
    let is_built_in = ["--help", "-h", "--version", "-V"].contains(&word);
    is_built_in || with_subcommands(command).any(|arg| matches(arg) && is_switch(arg))
}

/// Returns the arguments of a command and of the commands below it.
fn with_subcommands(command: &clap::Command) -> Box<dyn Iterator<Item = &clap::Arg> + '_> {
    Box::new(command.get_arguments().chain(command.get_subcommands().flat_map(with_subcommands)))
}

fn is_switch(arg: &clap::Arg) -> bool {
    match arg.get_action() {
        ArgAction::Set | ArgAction::Append => arg.is_require_equals_set(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Otherwise the verb after such a flag could not be found.
    #[test]
    fn a_flag_takes_a_value_for_all_commands_or_for_none() {
        let root = Arguments::clap_command();
        let mut known: BTreeMap<String, bool> = BTreeMap::new();
        for arg in with_subcommands(&root) {
            let long = arg.get_long_and_visible_aliases().unwrap_or_default();
            let long = long.into_iter().map(|long| format!("--{long}"));
            for name in long.chain(arg.get_short().map(|short| format!("-{short}"))) {
                let is_switch = is_switch(arg);
                assert_eq!(*known.entry(name.clone()).or_insert(is_switch), is_switch, "{name}");
                assert_eq!(takes_no_value(&root, &name), is_switch, "{name}");
            }
        }
        assert!(known.len() > 20, "{known:?}");
        assert!(takes_no_value(&root, "--help") && !takes_no_value(&root, "--nope"));
    }
}

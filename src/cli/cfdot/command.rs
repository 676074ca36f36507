//! The commands and their flags, in `cfdot`'s words: its usage texts are made out of these.
//!
//! Values are kept as they were written: they are read later, all by the same rules.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use super::listing::ListingArguments;

/// Said below the help of each.
const EXIT: &str = "\
Exit status:
  0    done
  3    a faulty argument or setting
  4    the BBS refused or did not answer in time, or something else answered
  5    the BBS could not be reached, or anything else went wrong
  255  an unknown flag";

/// A command.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Command {
    /// List the tasks, a JSON object a line
    #[command(override_usage = "taskdeck tasks [flags]", args_override_self = true, after_help = EXIT)]
    Tasks(Tasks),
    /// Show one task as a JSON object
    #[command(override_usage = "taskdeck task TASK_GUID [flags]", args_override_self = true, after_help = EXIT)]
    Task(Plain),
    /// Create a task from JSON: the text itself, or @FILE
    #[command(override_usage = "taskdeck create-task (SPEC|@FILE) [flags]", args_override_self = true, after_help = EXIT)]
    CreateTask(Plain),
    /// Cancel a task
    #[command(override_usage = "taskdeck cancel-task TASK_GUID [flags]", args_override_self = true, after_help = EXIT)]
    CancelTask(Plain),
    /// Claim the deletion of a completed task
    #[command(override_usage = "taskdeck resolve-task TASK_GUID [flags]", args_override_self = true, after_help = EXIT)]
    ResolveTask(Plain),
    /// Delete a completed task
    #[command(override_usage = "taskdeck delete-task TASK_GUID [flags]", args_override_self = true, after_help = EXIT)]
    DeleteTask(Plain),
    /// Print the events of all tasks as they come, a JSON object a line
    #[command(override_usage = "taskdeck task-events [flags]", args_override_self = true, after_help = EXIT)]
    TaskEvents(TaskEvents),
    /// List the presences of the cells, a JSON object a line
    #[command(override_usage = "taskdeck cells [flags]", args_override_self = true, after_help = EXIT)]
    Cells(Plain),
    /// Show one cell's presence as a JSON object
    #[command(override_usage = "taskdeck cell CELL_ID [flags]", args_override_self = true, after_help = EXIT)]
    Cell(Plain),
    /// List the fresh domains, a JSON string a line
    #[command(override_usage = "taskdeck domains [flags]", args_override_self = true, after_help = EXIT)]
    Domains(Plain),
    /// Keep a domain fresh
    #[command(override_usage = "taskdeck set-domain DOMAIN [flags]", args_override_self = true, after_help = EXIT)]
    SetDomain(SetDomain),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Tasks {
    #[command(flatten)]
    pub(super) plain: Plain,
    /// retrieve only tasks for the given domain
    #[arg(short, long, value_name = "string", allow_hyphen_values = true)]
    pub(super) domain: Option<String>,
    /// retrieve only tasks for the given cell-id
    #[arg(short, long, value_name = "string", allow_hyphen_values = true)]
    pub(super) cell_id: Option<String>,
    #[command(flatten)]
    pub(super) listing: ListingArguments,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct TaskEvents {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[arg(hide = true)]
    pub(super) arguments: Vec<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct SetDomain {
    #[command(flatten)]
    pub(super) plain: Plain,
    /// ttl of domain
    #[arg(short, long, value_name = "duration", allow_hyphen_values = true)]
    pub(super) ttl: Option<String>,
}

/// What all commands but the stream's have.
#[derive(Debug, Args)]
pub(in crate::cli) struct Plain {
    #[command(flatten)]
    pub(super) settings: Settings,
    #[arg(
        long,
        value_name = "int",
        allow_hyphen_values = true,
        help = "timeout for BBS requests in seconds [environment variable equivalent: CFDOT_TIMEOUT]"
    )]
    pub(super) timeout: Option<String>,
    #[arg(hide = true)]
    pub(super) arguments: Vec<String>,
}

/// How to reach the BBS.
#[derive(Debug, Args)]
pub(in crate::cli) struct Settings {
    #[arg(
        long = "bbsURL",
        value_name = "string",
        allow_hyphen_values = true,
        help = "URL of BBS server to target [environment variable equivalent: BBS_URL]"
    )]
    pub(super) url: Option<String>,
    #[arg(
        long = "caCertFile",
        value_name = "string",
        allow_hyphen_values = true,
        help = "path the Certificate Authority (CA) file to use when verifying TLS keypairs [environment \
                variable equivalent: CA_CERT_FILE]"
    )]
    pub(super) ca: Option<String>,
    #[arg(
        long = "clientCertFile",
        value_name = "string",
        allow_hyphen_values = true,
        help = "path to the TLS client certificate to use during mutual-auth TLS [environment variable \
                equivalent: CLIENT_CERT_FILE]"
    )]
    pub(super) cert: Option<String>,
    #[arg(
        long = "clientKeyFile",
        value_name = "string",
        allow_hyphen_values = true,
        help = "path to the TLS client private key file to use during mutual-auth TLS [environment variable \
                equivalent: CLIENT_KEY_FILE]"
    )]
    pub(super) key: Option<String>,
    #[arg(
        long = "skipCertVerify",
        value_name = "bool",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        help = "when set to true, skips all SSL/TLS certificate verification [environment variable equivalent: \
                SKIP_CERT_VERIFY]"
    )]
    pub(super) skip_verify: Option<String>,
}

impl Command {
    pub(super) fn settings(&self) -> &Settings {
        self.parts().0
    }

    pub(super) fn arguments(&self) -> &[String] {
        self.parts().1
    }

    fn parts(&self) -> (&Settings, &[String]) {
        match self {
            Self::TaskEvents(TaskEvents { settings, arguments })
            | Self::Tasks(Tasks { plain: Plain { settings, arguments, .. }, .. })
            | Self::SetDomain(SetDomain { plain: Plain { settings, arguments, .. }, .. })
            | Self::Task(Plain { settings, arguments, .. })
            | Self::CreateTask(Plain { settings, arguments, .. })
            | Self::CancelTask(Plain { settings, arguments, .. })
            | Self::ResolveTask(Plain { settings, arguments, .. })
            | Self::DeleteTask(Plain { settings, arguments, .. })
            | Self::Cells(Plain { settings, arguments, .. })
            | Self::Cell(Plain { settings, arguments, .. })
            | Self::Domains(Plain { settings, arguments, .. }) => (settings, arguments),
        }
    }

    /// What all but the stream have.
    pub(super) fn plain(&self) -> Option<&Plain> {
        match self {
            Self::TaskEvents(_) => None,
            Self::Tasks(Tasks { plain, .. })
            | Self::SetDomain(SetDomain { plain, .. })
            | Self::Task(plain)
            | Self::CreateTask(plain)
            | Self::CancelTask(plain)
            | Self::ResolveTask(plain)
            | Self::DeleteTask(plain)
            | Self::Cells(plain)
            | Self::Cell(plain)
            | Self::Domains(plain) => Some(plain),
        }
    }
}

impl Command {
    /// Flags that only `tasks` has, and `cfdot` has not.
    pub(super) fn listing(&self) -> Option<&ListingArguments> {
        match self {
            Self::Tasks(tasks) => Some(&tasks.listing),
            _ => None,
        }
    }
}

/// The commands as clap knows them, to ask for their flags.
pub(super) fn described() -> clap::Command {
    Command::augment_subcommands(clap::Command::new("taskdeck"))
}

/// The name of the command that the line is for: the first word after the program's, if it is one of ours.
pub(super) fn named(words: &[OsString]) -> Option<&str> {
    let word = words.get(1)?.to_str()?;
    described().find_subcommand(word).map(|_| word)
}

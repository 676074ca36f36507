//! Parses and validates scenarios, which describe a simulated foundation.
//!
//! Does not act on them; the workload does. `assets/scenarios/foundation.toml` documents the format.

mod checks;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::sim::machine::Callbacks;
pub(super) use weights::Weights;

/// A scenario that is part of the program.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// The name that selects it.
    pub name: &'static str,
    text: &'static str,
}

/// Describes a simulated foundation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A description of one line.
    pub about: String,
    #[serde(default, deserialize_with = "checks::guid_prefix")]
    pub(super) guid_prefix: Option<String>,
    /// How large and how busy the foundation is.
    pub size: Size,
    #[serde(deserialize_with = "checks::callbacks")]
    pub(super) callbacks: Callbacks,
    #[serde(default)]
    pub(super) unavailable_hosts: Vec<String>,
    pub(super) population: Weights<InitialState>,
    pub(super) operations: Weights<Operation>,
    pub(super) cells: Cells,
    pub(super) failures: Failures,
    pub(super) rejections: Rejections,
    pub(super) apps: Apps,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) kinds: Vec<Kind>,
}

/// How large and how busy a foundation is.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Number of initial tasks.
    pub tasks: usize,
    /// Number of initial cells.
    pub cells: usize,
    /// Operations a second, 0 to 100,000.
    #[serde(deserialize_with = "checks::rate")]
    pub churn: f64,
    /// Clients desire no more tasks above this number or the initial one, whichever is larger.
    pub(super) max_tasks: usize,
    /// Clients desire no more tasks than this in all, with the initial ones.
    #[serde(default)]
    pub(super) total: Option<usize>,
    /// Maximum age of an initial task, in seconds.
    pub(super) oldest: u32,
}

/// The state of an initial task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum InitialState {
    Pending,
    Rejected,
    Running,
    Completed,
}

/// What the simulated clients and cells do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operation {
    Desire,
    Start,
    Finish,
    Reject,
    Cancel,
    Delete,
    Resolve,
    LoseCell,
    FindCell,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cells {
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) zones: Vec<String>,
    pub(super) max_missing: usize,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Failures {
    #[serde(deserialize_with = "checks::percent")]
    pub(super) percent: usize,
    #[serde(deserialize_with = "checks::reasons")]
    pub(super) reasons: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rejections {
    #[serde(deserialize_with = "checks::reasons")]
    pub(super) reasons: Vec<String>,
}

/// The apps that Cloud Controller runs tasks for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Apps {
    #[serde(deserialize_with = "checks::count")]
    pub(super) count: usize,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) orgs: Vec<String>,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) spaces: Vec<String>,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) names: Vec<String>,
}

/// What Cloud Controller desires for an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AppWork {
    /// Builds a droplet.
    Staging,
    /// Runs a task.
    Task,
}

/// A kind of task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    #[serde(deserialize_with = "checks::weight")]
    pub(super) weight: u32,
    #[serde(deserialize_with = "checks::non_empty")]
    pub(super) domain: String,
    #[serde(deserialize_with = "checks::rootfs")]
    pub(super) rootfs: String,
    #[serde(deserialize_with = "checks::non_empty")]
    pub(super) path: String,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) commands: Vec<String>,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) actions: Vec<ActionKind>,
    pub(super) progress: Option<String>,
    #[serde(default, deserialize_with = "checks::minutes")]
    pub(super) timeout_minutes: Option<u32>,
    #[serde(default, deserialize_with = "checks::run_seconds")]
    pub(super) run_seconds: Option<u32>,
    #[serde(deserialize_with = "checks::non_empty_list")]
    pub(super) sizes: Vec<(Megabytes, Megabytes)>,
    pub(super) log_source: String,
    pub(super) app: Option<AppWork>,
    #[serde(default)]
    pub(super) task_names: Vec<String>,
    #[serde(default)]
    pub(super) result_file: String,
    pub(super) callback: Option<String>,
    #[serde(default, deserialize_with = "checks::annotation")]
    pub(super) annotation: String,
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
}

/// Up to 64 GB; no cell gives more to one task.
pub(super) type Megabytes = u16;

/// One of the actions that a task performs, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionKind {
    Download,
    Run,
    Upload,
}

impl Scenario {
    /// The built-in scenarios; the first is the default.
    pub const BUILT_IN: [BuiltIn; 7] = [
        BuiltIn { name: "foundation", text: include_str!("../../../assets/scenarios/foundation.toml") },
        BuiltIn { name: "failures", text: include_str!("../../../assets/scenarios/failures.toml") },
        BuiltIn { name: "stuck", text: include_str!("../../../assets/scenarios/stuck.toml") },
        BuiltIn { name: "storm", text: include_str!("../../../assets/scenarios/storm.toml") },
        BuiltIn { name: "lost-cell", text: include_str!("../../../assets/scenarios/lost-cell.toml") },
        BuiltIn { name: "callbacks", text: include_str!("../../../assets/scenarios/callbacks.toml") },
        BuiltIn { name: "load", text: include_str!("../../../assets/scenarios/load.toml") },
    ];

    /// Returns the default scenario.
    ///
    /// # Errors
    ///
    /// The built-in text is invalid, which a test rules out.
    pub fn foundation() -> Result<Self, String> {
        let [foundation, ..] = Self::BUILT_IN;
        foundation.read()
    }

    /// Parses a scenario.
    ///
    /// # Errors
    ///
    /// A sentence with the line, the key, and what is expected there.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| describe(text, &error))
    }
}

impl BuiltIn {
    /// Returns the description without parsing the rest.
    pub fn about(self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("about = \""));
        line.and_then(|line| line.strip_suffix('"')).unwrap_or_default()
    }

    /// Parses the scenario.
    ///
    /// # Errors
    ///
    /// The built-in text is invalid, which a test rules out.
    pub fn read(self) -> Result<Scenario, String> {
        Scenario::parse(self.text).map_err(|problem| format!("scenario {}: {problem}", self.name))
    }
}

fn describe(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let key = text.lines().nth(line - 1).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    // A missing key has no line of its own; the line that TOML reports belongs to another key.
    let key = key.filter(|_| !error.message().starts_with("missing field"));
    let key = key.map(|key| format!(", key `{key}`")).unwrap_or_default();
    // TOML's messages may have several lines; ours is one.
    format!("line {line}{key}: {}", error.message().replace('\n', " "))
}

//! Scenarios: what a simulated foundation is like, as data. `assets/scenarios/foundation.toml` says what each key means.
//!
//! Reads and checks; what is made of it is the workload's.

mod checks;
#[cfg(test)]
mod tests;
mod weights;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::sim::machine::Callbacks;
pub(super) use weights::Weights;

/// One that can be asked for by name.
#[derive(Debug, Clone, Copy)]
pub struct BuiltIn {
    /// The name.
    pub name: &'static str,
    text: &'static str,
}

/// What a simulated foundation is like.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it is, in a line.
    pub about: String,
    /// How much there is of everything.
    pub size: Size,
    #[serde(deserialize_with = "checks::callbacks")]
    pub(super) callbacks: Callbacks,
    pub(super) population: Weights<Begins>,
    pub(super) turns: Weights<Turn>,
    pub(super) cells: Cells,
    pub(super) failures: Failures,
    pub(super) rejections: Rejections,
    #[serde(deserialize_with = "checks::some")]
    pub(super) kinds: Vec<Kind>,
}

/// How much there is of everything.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// Tasks at first.
    pub tasks: usize,
    /// Cells at first.
    pub cells: usize,
    /// Turns a second.
    #[serde(deserialize_with = "checks::rate")]
    pub churn: f64,
    /// With more tasks than this, and than at first, nobody desires another.
    pub(super) crowded: usize,
    /// Seconds since the oldest of the first tasks was desired.
    pub(super) oldest: u32,
}

/// How a task of the first population begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Begins {
    Pending,
    Rejected,
    Running,
    Completed,
}

/// What can happen at a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Turn {
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
    #[serde(deserialize_with = "checks::some")]
    pub(super) zones: Vec<String>,
    pub(super) away: usize,
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

/// A kind of tasks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    #[serde(deserialize_with = "checks::weight")]
    pub(super) weight: u32,
    #[serde(deserialize_with = "checks::text")]
    pub(super) domain: String,
    #[serde(deserialize_with = "checks::rootfs")]
    pub(super) rootfs: String,
    #[serde(deserialize_with = "checks::text")]
    pub(super) path: String,
    #[serde(deserialize_with = "checks::some")]
    pub(super) commands: Vec<String>,
    #[serde(deserialize_with = "checks::some")]
    pub(super) actions: Vec<Does>,
    pub(super) progress: Option<String>,
    #[serde(deserialize_with = "checks::minutes")]
    pub(super) timeout_minutes: u32,
    #[serde(deserialize_with = "checks::some")]
    pub(super) sizes: Vec<(Megabytes, Megabytes)>,
    pub(super) log_source: String,
    #[serde(default)]
    pub(super) result_file: String,
    pub(super) callback: Option<String>,
    #[serde(default, deserialize_with = "checks::annotation")]
    pub(super) annotation: String,
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
}

/// Up to 64 GB: no cell gives more to one task.
pub(super) type Megabytes = u16;

/// What is done, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Does {
    Download,
    Run,
    Upload,
}

impl Scenario {
    /// Those that can be asked for by name; the first is the default.
    pub const BUILT_IN: [BuiltIn; 4] = [
        BuiltIn { name: "foundation", text: include_str!("../../../assets/scenarios/foundation.toml") },
        BuiltIn { name: "failures", text: include_str!("../../../assets/scenarios/failures.toml") },
        BuiltIn { name: "stuck", text: include_str!("../../../assets/scenarios/stuck.toml") },
        BuiltIn { name: "load", text: include_str!("../../../assets/scenarios/load.toml") },
    ];

    /// The default one.
    pub fn foundation() -> Result<Self, String> {
        let [foundation, ..] = Self::BUILT_IN;
        foundation.read()
    }

    /// Reads the text of a scenario, or says in which line which key is wrong, and what would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| mistake(text, &error))
    }
}

impl BuiltIn {
    /// What it is, in a line; without reading the rest.
    pub fn about(self) -> &'static str {
        let line = self.text.lines().find_map(|line| line.strip_prefix("about = \""));
        line.and_then(|line| line.strip_suffix('"')).unwrap_or_default()
    }

    /// The scenario.
    pub fn read(self) -> Result<Scenario, String> {
        Scenario::parse(self.text).map_err(|problem| format!("scenario {}: {problem}", self.name))
    }
}

fn mistake(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let key = text.lines().nth(line - 1).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
    // What is missing stands nowhere; the key that stands there is another.
    let key = key.filter(|_| !error.message().starts_with("missing field"));
    let key = key.map(|key| format!(", key `{key}`")).unwrap_or_default();
    // A sentence is one line.
    format!("line {line}{key}: {}", error.message().replace('\n', " "))
}

//! The configuration file: one documented field a key. `config.example.toml` says the same, and a test compares.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::span::Span;
use crate::app::{Pace, Settings, TimeForm};

/// The file. What it does not say stays as the program has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    /// The target to watch when none is named.
    pub(super) target: Option<String>,
    /// Where the log goes.
    pub(super) log: Option<PathBuf>,
    feed: FeedTable,
    dashboard: DashboardTable,
    /// The targets, by name.
    pub(super) targets: BTreeMap<String, TargetTable>,
}

/// How often the server is asked.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FeedTable {
    reconcile: Option<Span>,
    poll: Option<Span>,
    cost_factor: Option<u32>,
    backoff_ceiling: Option<Span>,
}

/// What the dashboard starts with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DashboardTable {
    times: Option<Times>,
    ended_kept: Option<usize>,
    events_kept: Option<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Times {
    Age,
    Utc,
    Local,
}

/// One BBS.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct TargetTable {
    /// Scheme, host and port.
    pub(super) url: Option<String>,
    /// The CA's certificate.
    pub(super) ca_cert: Option<PathBuf>,
    /// Our certificate.
    pub(super) client_cert: Option<PathBuf>,
    /// Its key.
    pub(super) client_key: Option<PathBuf>,
    /// Whether the server is not verified.
    pub(super) skip_cert_verify: Option<bool>,
    /// How long a call may take.
    pub(super) timeout: Option<Span>,
    /// Whether nothing is sent that changes anything.
    pub(super) read_only: Option<bool>,
}

/// Reads the file's text, or says in which line which key is wrong, and what would be right.
pub(super) fn parse(text: &str) -> Result<File, String> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        let key = text.lines().nth(line - 1).and_then(|line| line.split_once('=')).map(|(key, _)| key.trim());
        let key = key.map(|key| format!(", key `{key}`")).unwrap_or_default();
        format!("line {line}{key}: {}", error.message())
    })
}

impl File {
    /// The dashboard's settings, with the program's own where the file is silent.
    pub(super) fn settings(&self) -> Settings {
        let known = Settings::default();
        let pace = Pace {
            reconcile: self.feed.reconcile.map_or(known.pace.reconcile, |span| span.0),
            poll: self.feed.poll.map_or(known.pace.poll, |span| span.0),
            cost_factor: self.feed.cost_factor.unwrap_or(known.pace.cost_factor),
            backoff_ceiling: self.feed.backoff_ceiling.map_or(known.pace.backoff_ceiling, |span| span.0),
        };
        let times = match self.dashboard.times {
            Some(Times::Age) => TimeForm::Age,
            Some(Times::Utc) => TimeForm::Utc,
            Some(Times::Local) => TimeForm::Local,
            None => known.times,
        };
        Settings {
            pace,
            times,
            ended_kept: self.dashboard.ended_kept.unwrap_or(known.ended_kept),
            events_kept: self.dashboard.events_kept.unwrap_or(known.events_kept),
            filter: known.filter,
        }
    }
}

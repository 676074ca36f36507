//! The configuration file: one documented field a key. `config.example.toml` says the same, and a test compares.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::path::PathBuf;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::span::{Interval, Span};
use crate::app::{Pace, Settings, TimeForm};
use crate::suggest::nearest;

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
    reconcile: Option<Interval>,
    poll: Option<Interval>,
    cost_factor: Option<Count<u32>>,
    backoff_ceiling: Option<Interval>,
}

/// What the dashboard starts with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DashboardTable {
    times: Option<Times>,
    ended_kept: Option<Count<usize>>,
    events_kept: Option<Count<usize>>,
}

/// How many of something.
#[derive(Debug, Clone, Copy)]
struct Count<N>(N);

impl<'de, N: TryFrom<i64>> Deserialize<'de> for Count<N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_i64(CountVisitor(PhantomData))
    }
}

struct CountVisitor<N>(PhantomData<N>);

impl<N: TryFrom<i64>> Visitor<'_> for CountVisitor<N> {
    type Value = Count<N>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a whole number, 0 or more")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Count<N>, E> {
        N::try_from(number).map(Count).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }
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
        let key = key_at(text, line).map(|key| format!(", key `{key}`")).unwrap_or_default();
        format!("line {line}{key}: {}{}", error.message(), suggestion(error.message()))
    })
}

/// What a message about an unknown name goes on with. It has the name first, and then what is known, each in
/// backticks.
fn suggestion(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let meant = match names.next() {
        Some(unknown) if message.starts_with("unknown ") => nearest(unknown, names),
        _ => None,
    };
    meant.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The key on a line, with the table it stands in.
fn key_at(text: &str, line: usize) -> Option<String> {
    let (key, _) = text.lines().nth(line - 1)?.split_once('=')?;
    let table = text.lines().take(line).filter_map(|line| line.trim().strip_prefix('[')?.split(']').next());
    Some(match table.last() {
        Some(table) => format!("{}.{}", table.trim(), key.trim()),
        None => key.trim().to_owned(),
    })
}

impl File {
    /// The dashboard's settings, with the program's own where the file is silent.
    pub(super) fn settings(&self) -> Settings {
        let known = Settings::default();
        let pace = Pace {
            reconcile: self.feed.reconcile.map_or(known.pace.reconcile, |span| span.0),
            poll: self.feed.poll.map_or(known.pace.poll, |span| span.0),
            cost_factor: self.feed.cost_factor.map_or(known.pace.cost_factor, |count| count.0),
            backoff_ceiling: self.feed.backoff_ceiling.map_or(known.pace.backoff_ceiling, |span| span.0),
            chance: known.pace.chance,
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
            ended_kept: self.dashboard.ended_kept.map_or(known.ended_kept, |count| count.0),
            events_kept: self.dashboard.events_kept.map_or(known.events_kept, |count| count.0),
            filter: known.filter,
        }
    }
}

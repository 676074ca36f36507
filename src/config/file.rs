//! Parses the configuration file. A test compares its keys and defaults with `config.example.toml`.
//!
//! Does not read the file or know the other layers; [`super::load`] does.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::ops::Range;
use std::path::PathBuf;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::DeTable;

use super::bindings::Bindings;
use super::columns::{Columns, FirstSort};
use super::commands::{self, Commands};
use super::duration::{AnyDuration, Interval};
use super::filters::{FilterName, FilterText};
use super::groups::SideGroups;
use super::record::RecordTable;
use super::target::{Colour, Confirm, Mebibytes, WritesPerSecond};
use crate::app::keymap::Keymap;
use crate::app::own_commands::OwnCommands;
use crate::app::{Pace, Settings, TimeForm};
use crate::toml_fault;

/// The configuration file. Missing keys keep their defaults.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    /// The target to use without `--target`.
    pub(super) target: Option<String>,
    /// The log file.
    pub(super) log: Option<PathBuf>,
    feed: FeedTable,
    dashboard: DashboardTable,
    /// What to record.
    pub(super) record: RecordTable,
    keys: Bindings,
    #[serde(skip)]
    keymap: Keymap,
    filters: BTreeMap<FilterName, FilterText>,
    commands: Commands,
    #[serde(skip)]
    own_commands: OwnCommands,
    /// The targets, by name.
    pub(super) targets: BTreeMap<String, TargetTable>,
}

/// How often to ask the server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FeedTable {
    reconcile: Option<Interval>,
    poll: Option<Interval>,
    cost_factor: Option<Count<u32>>,
    backoff_ceiling: Option<Interval>,
}

/// How the dashboard starts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DashboardTable {
    times: Option<Times>,
    ended_kept: Option<Count<usize>>,
    ended_for: Option<AnyDuration>,
    ended_shown: Option<AnyDuration>,
    events_kept: Option<Count<usize>>,
    columns: Option<Columns>,
    sort: Option<FirstSort>,
    groups: Option<SideGroups>,
    restore_view: Option<bool>,
    type_number_above: Option<Count<usize>>,
    theme: Option<String>,
    ascii: Option<bool>,
    mouse: Option<bool>,
}

/// A whole number, 0 or more.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count<N>(pub(super) N);

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
    /// CA certificate used to verify the server.
    pub(super) ca_cert: Option<PathBuf>,
    /// Client certificate.
    pub(super) client_cert: Option<PathBuf>,
    /// Private key of the client certificate.
    pub(super) client_key: Option<PathBuf>,
    /// Skips verification of the server's certificate.
    pub(super) skip_cert_verify: Option<bool>,
    /// Timeout of a call; zero for none.
    pub(super) timeout: Option<AnyDuration>,
    /// Disables all actions that change tasks.
    pub(super) read_only: Option<bool>,
    /// How actions are confirmed.
    pub(super) confirm: Option<Confirm>,
    /// The most writes a second.
    pub(super) writes_per_second: Option<WritesPerSecond>,
    /// The most mebibytes of a reply that are read.
    pub(super) reply_limit_mb: Option<Mebibytes>,
    /// Colour of the name.
    pub(super) colour: Option<Colour>,
    /// How long the server lets a task be Pending.
    pub(super) pending_limit: Option<AnyDuration>,
    /// How long the server keeps a Completed task.
    pub(super) completed_limit: Option<AnyDuration>,
    /// How long the server lets a task be Resolving.
    pub(super) resolving_limit: Option<AnyDuration>,
    /// Time between two sweeps of the server.
    pub(super) sweep_interval: Option<AnyDuration>,
    /// How many rejections a task survives.
    pub(super) rejection_limit: Option<Count<u32>>,
}

/// A fault of the file, and the bytes that it is about.
pub(super) struct Fault {
    pub(super) span: Option<Range<usize>>,
    message: String,
}

impl Fault {
    /// Returns the fault as a sentence with the line, the key, and what is expected there.
    pub(super) fn describe(&self, text: &str) -> String {
        toml_fault::located(text, self.span.clone(), &self.message)
    }
}

/// Parses the file's text. An error is a sentence with the line, the key, and what is expected there.
pub(super) fn parse(text: &str) -> Result<File, String> {
    let table = DeTable::parse(text).map_err(|error| toml_fault::describe(text, &error))?;
    from_table(table).map_err(|fault| fault.describe(text))
}

/// Parses the file's tables.
pub(super) fn from_table(table: Spanned<DeTable<'_>>) -> Result<File, Fault> {
    let file = File::deserialize(toml::Deserializer::from(table))
        .map_err(|error| Fault { span: error.span(), message: error.message().to_owned() })?;
    let keymap = file.keys.keymap().map_err(|(span, message)| Fault { span, message })?;
    let own_commands = commands::own_commands(&file.commands, &keymap)
        .map_err(|(span, message)| Fault { span: Some(span), message })?;
    Ok(File { keymap, own_commands, ..file })
}

impl File {
    /// Returns the name or the path of the theme.
    pub(super) fn theme(&self) -> Option<&str> {
        self.dashboard.theme.as_deref()
    }

    /// Returns whether to draw in ASCII.
    pub(super) fn ascii(&self) -> bool {
        self.dashboard.ascii == Some(true)
    }

    /// Returns the dashboard's settings, with defaults for missing keys.
    pub(super) fn settings(&self) -> Settings {
        let defaults = Settings::default();
        let pace = Pace {
            reconcile: self.feed.reconcile.map_or(defaults.pace.reconcile, |interval| interval.0),
            poll: self.feed.poll.map_or(defaults.pace.poll, |interval| interval.0),
            cost_factor: self.feed.cost_factor.map_or(defaults.pace.cost_factor, |count| count.0),
            ping: defaults.pace.ping,
            backoff_ceiling: self
                .feed
                .backoff_ceiling
                .map_or(defaults.pace.backoff_ceiling, |interval| interval.0),
            jitter_seed: defaults.pace.jitter_seed,
        };
        let times = match self.dashboard.times {
            Some(Times::Age) => TimeForm::Age,
            Some(Times::Utc) => TimeForm::Utc,
            Some(Times::Local) => TimeForm::Local,
            None => defaults.times,
        };
        Settings {
            pace,
            times,
            keymap: self.keymap.clone(),
            mouse: self.dashboard.mouse.unwrap_or(defaults.mouse),
            themes: defaults.themes,
            ended_kept: self.dashboard.ended_kept.map_or(defaults.ended_kept, |count| count.0),
            ended_for: self.dashboard.ended_for.map_or(defaults.ended_for, |time| time.0),
            ended_shown: self.dashboard.ended_shown.map_or(defaults.ended_shown, |time| time.0),
            events_kept: self.dashboard.events_kept.map_or(defaults.events_kept, |count| count.0),
            filter: defaults.filter,
            filters: self.filters.iter().map(|(name, text)| (name.0.clone(), text.0.clone())).collect(),
            own_commands: self.own_commands.clone(),
            columns: self.dashboard.columns.clone().map_or(defaults.columns, |columns| columns.0),
            sort: self.dashboard.sort.map_or(defaults.sort, |sort| sort.0),
            targets: defaults.targets,
            groups: self.dashboard.groups.map_or(defaults.groups, |groups| groups.0),
            number_typed_above: self
                .dashboard
                .type_number_above
                .map_or(defaults.number_typed_above, |count| count.0),
            saved: defaults.saved,
            restore_view: self.dashboard.restore_view.unwrap_or(defaults.restore_view),
            welcome: defaults.welcome,
            guid_seed: defaults.guid_seed,
            record: defaults.record,
            replay: defaults.replay,
            warning: defaults.warning,
        }
    }
}

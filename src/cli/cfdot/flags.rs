//! The flags of the commands: a row a flag, with what it takes and where its value goes.

use super::go_values;
use crate::present::columns;

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    String,
    Int,
    Duration,
    /// No value, or one behind a `=`.
    Bool,
}

impl ValueType {
    /// Go's name of it, as usage texts show it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Duration => "duration",
            Self::Bool => "",
        }
    }
}

/// What a flag puts its value into.
type Set = fn(&mut FlagValues, &str) -> Result<(), String>;

/// A flag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flag {
    pub(super) long: &'static str,
    pub(super) short: Option<char>,
    pub(super) value_type: ValueType,
    pub(super) help: &'static str,
    /// What can be chosen, listed behind the help.
    pub(super) choices: Option<fn() -> String>,
    /// `cfdot` does not have it: its usage texts leave it out.
    pub(super) is_extension: bool,
    /// Puts a value into its place, or says in Go's words what is wrong with it.
    pub(super) set: Set,
}

/// What the flags say. An empty text is one that was not given, as in `cfdot`.
#[derive(Debug, Default)]
pub(super) struct FlagValues {
    pub(super) help: bool,
    pub(super) url: String,
    pub(super) ca: String,
    pub(super) cert: String,
    pub(super) key: String,
    pub(super) skip_verify: Option<bool>,
    /// In seconds.
    pub(super) timeout: i64,
    pub(super) domain: String,
    pub(super) cell: String,
    /// In nanoseconds.
    pub(super) ttl: i64,
    pub(super) target: String,
    pub(super) config: String,
    pub(super) filter: Option<String>,
    pub(super) columns: Option<String>,
    pub(super) output: Option<String>,
    pub(super) reveal: bool,
}

/// What every command has.
pub(super) const HELP: Flag = flag("help", ValueType::Bool, "help", |values, value| {
    put(&mut values.help, go_values::parse_bool(value))
})
.short('h');

/// How to reach the BBS.
pub(super) const CONNECTION: &[Flag] = &[
    flag(
        "bbsURL",
        ValueType::String,
        "URL of BBS server to target [environment variable equivalent: BBS_URL]",
        |values, value| put(&mut values.url, Ok(value.to_owned())),
    ),
    flag(
        "caCertFile",
        ValueType::String,
        "path the Certificate Authority (CA) file to use when verifying TLS keypairs [environment variable \
         equivalent: CA_CERT_FILE]",
        |values, value| put(&mut values.ca, Ok(value.to_owned())),
    ),
    flag(
        "clientCertFile",
        ValueType::String,
        "path to the TLS client certificate to use during mutual-auth TLS [environment variable equivalent: \
         CLIENT_CERT_FILE]",
        |values, value| put(&mut values.cert, Ok(value.to_owned())),
    ),
    flag(
        "clientKeyFile",
        ValueType::String,
        "path to the TLS client private key file to use during mutual-auth TLS [environment variable equivalent: \
         CLIENT_KEY_FILE]",
        |values, value| put(&mut values.key, Ok(value.to_owned())),
    ),
    flag(
        "skipCertVerify",
        ValueType::Bool,
        "when set to true, skips all SSL/TLS certificate verification [environment variable equivalent: \
         SKIP_CERT_VERIFY]",
        |values, value| put(&mut values.skip_verify, go_values::parse_bool(value).map(Some)),
    ),
    flag("target", ValueType::String, "a target of the configuration, by name", |values, value| {
        put(&mut values.target, Ok(value.to_owned()))
    })
    .extension(),
    flag(
        "config",
        ValueType::String,
        "the configuration file, instead of the one in the platform's place",
        |values, value| put(&mut values.config, Ok(value.to_owned())),
    )
    .extension(),
];

/// What all commands but the stream's have.
pub(super) const TIMEOUT: &[Flag] = &[flag(
    "timeout",
    ValueType::Int,
    "timeout for BBS requests in seconds [environment variable equivalent: CFDOT_TIMEOUT]",
    |values, value| put(&mut values.timeout, go_values::integer(value)),
)];

/// What `tasks` has of its own.
pub(super) const TASKS: &[Flag] = &[
    flag("domain", ValueType::String, "retrieve only tasks for the given domain", |values, value| {
        put(&mut values.domain, Ok(value.to_owned()))
    })
    .short('d'),
    flag("cell-id", ValueType::String, "retrieve only tasks for the given cell-id", |values, value| {
        put(&mut values.cell, Ok(value.to_owned()))
    })
    .short('c'),
    flag(
        "filter",
        ValueType::String,
        "only the tasks that this admits, like 'state:pending age:>10m domain:cf-* !cell:cell-01'",
        |values, value| put(&mut values.filter, Ok(Some(value.to_owned()))),
    )
    .extension(),
    flag(
        "columns",
        ValueType::String,
        "the columns of a table or of csv, with commas between them",
        |values, value| put(&mut values.columns, Ok(Some(value.to_owned()))),
    )
    .one_of(columns::keys)
    .extension(),
    flag(
        "output",
        ValueType::String,
        "json (a line for each task, the default), table or csv (RFC 4180, times in RFC 3339)",
        |values, value| put(&mut values.output, Ok(Some(value.to_owned()))),
    )
    .extension(),
    flag(
        "reveal",
        ValueType::Bool,
        "show what these flags mask: environments, passwords, mounted files, and what URLs carry",
        |values, value| put(&mut values.reveal, go_values::parse_bool(value)),
    )
    .extension(),
];

/// What `set-domain` has of its own.
pub(super) const SET_DOMAIN: &[Flag] =
    &[flag("ttl", ValueType::Duration, "ttl of domain", |values, value| {
        put(&mut values.ttl, go_values::span(value))
    })
    .short('t')];

const fn flag(long: &'static str, value_type: ValueType, help: &'static str, set: Set) -> Flag {
    Flag { long, short: None, value_type, help, choices: None, is_extension: false, set }
}

impl Flag {
    const fn short(self, short: char) -> Self {
        Self { short: Some(short), ..self }
    }

    const fn one_of(self, choices: fn() -> String) -> Self {
        Self { choices: Some(choices), ..self }
    }

    const fn extension(self) -> Self {
        Self { is_extension: true, ..self }
    }

    /// Its names, as a mistake in its value says them.
    pub(super) fn names(&self) -> String {
        match self.short {
            Some(short) => format!("-{short}, --{}", self.long),
            None => format!("--{}", self.long),
        }
    }
}

fn put<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

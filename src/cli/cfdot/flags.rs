//! The table of flags: names, help, type, and where the value goes.

use super::go_values;
use crate::present::columns;

/// The type of a flag's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    String,
    Int,
    Duration,
    /// No value, or one after `=`.
    Bool,
}

impl ValueType {
    /// Returns Go's name of the type, as in usage texts.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Duration => "duration",
            Self::Bool => "",
        }
    }
}

/// Parses a value and stores it.
type Setter = fn(&mut FlagValues, &str) -> Result<(), String>;

/// The name of a flag in kebab case, and its help in taskdeck's words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kebab {
    pub(super) long: &'static str,
    pub(super) help: &'static str,
}

/// A flag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flag {
    pub(super) long: &'static str,
    /// taskdeck's spelling and help, which `cfdot` does not have.
    pub(super) kebab: Option<Kebab>,
    pub(super) short: Option<char>,
    pub(super) value_type: ValueType,
    pub(super) help: &'static str,
    /// Lists the possible values, for the help.
    pub(super) choices: Option<fn() -> String>,
    /// `cfdot` does not have the flag, so usage texts omit it.
    pub(super) is_extension: bool,
    /// Parses and stores a value. Errors use Go's words.
    pub(super) set: Setter,
}

/// The parsed flags. As in `cfdot`, an empty string means that the flag is not given.
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

/// The help flag of every command.
pub(super) const HELP: Flag = flag("help", ValueType::Bool, "help", |values, value| {
    put(&mut values.help, go_values::parse_bool(value))
})
.short('h');

/// The connection flags of every command.
pub(super) const CONNECTION: &[Flag] = &[
    flag(
        "bbsURL",
        ValueType::String,
        "URL of BBS server to target [environment variable equivalent: BBS_URL]",
        |values, value| put(&mut values.url, Ok(value.to_owned())),
    )
    .kebab("bbs-url", "URL of the BBS, like https://bbs.service.cf.internal:8889 [env: BBS_URL]"),
    flag(
        "caCertFile",
        ValueType::String,
        "path the Certificate Authority (CA) file to use when verifying TLS keypairs [environment variable \
         equivalent: CA_CERT_FILE]",
        |values, value| put(&mut values.ca, Ok(value.to_owned())),
    )
    .kebab("ca-cert", "CA certificate used to verify the server (PEM) [env: CA_CERT_FILE]"),
    flag(
        "clientCertFile",
        ValueType::String,
        "path to the TLS client certificate to use during mutual-auth TLS [environment variable equivalent: \
         CLIENT_CERT_FILE]",
        |values, value| put(&mut values.cert, Ok(value.to_owned())),
    )
    .kebab("client-cert", "Client certificate (PEM) [env: CLIENT_CERT_FILE]"),
    flag(
        "clientKeyFile",
        ValueType::String,
        "path to the TLS client private key file to use during mutual-auth TLS [environment variable equivalent: \
         CLIENT_KEY_FILE]",
        |values, value| put(&mut values.key, Ok(value.to_owned())),
    )
    .kebab("client-key", "Private key of the client certificate (PEM) [env: CLIENT_KEY_FILE]"),
    flag(
        "skipCertVerify",
        ValueType::Bool,
        "when set to true, skips all SSL/TLS certificate verification [environment variable equivalent: \
         SKIP_CERT_VERIFY]",
        |values, value| put(&mut values.skip_verify, go_values::parse_bool(value).map(Some)),
    )
    .kebab("skip-cert-verify", "Skip verification of the server's certificate (insecure) [env: SKIP_CERT_VERIFY]"),
    flag("target", ValueType::String, "name of a target in the configuration file", |values, value| {
        put(&mut values.target, Ok(value.to_owned()))
    })
    .extension(),
    flag(
        "config",
        ValueType::String,
        "use this configuration file instead of the default one",
        |values, value| put(&mut values.config, Ok(value.to_owned())),
    )
    .extension(),
];

/// The timeout of every command but `task-events`.
pub(super) const TIMEOUT: &[Flag] = &[flag(
    "timeout",
    ValueType::Int,
    "timeout for BBS requests in seconds [environment variable equivalent: CFDOT_TIMEOUT]",
    |values, value| put(&mut values.timeout, go_values::integer(value)),
)];

/// The flags of `tasks`.
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
        "list only tasks that match, like 'state:pending age:>10m domain:cf-* !cell:cell-01'",
        |values, value| put(&mut values.filter, Ok(Some(value.to_owned()))),
    )
    .extension(),
    flag(
        "columns",
        ValueType::String,
        "columns of the table or csv, separated by commas",
        |values, value| put(&mut values.columns, Ok(Some(value.to_owned()))),
    )
    .choices(columns::keys)
    .extension(),
    flag(
        "output",
        ValueType::String,
        "output format: json (one line per task, the default), table or csv (RFC 4180, times in RFC 3339)",
        |values, value| put(&mut values.output, Ok(Some(value.to_owned()))),
    )
    .extension(),
    flag(
        "reveal",
        ValueType::Bool,
        "show the secrets that these flags mask: environment values, passwords, mounts, credentials in URLs",
        |values, value| put(&mut values.reveal, go_values::parse_bool(value)),
    )
    .extension(),
];

/// The flags of `set-domain`.
pub(super) const SET_DOMAIN: &[Flag] =
    &[flag("ttl", ValueType::Duration, "ttl of domain", |values, value| {
        put(&mut values.ttl, go_values::duration(value))
    })
    .short('t')];

const fn flag(long: &'static str, value_type: ValueType, help: &'static str, set: Setter) -> Flag {
    Flag { long, kebab: None, short: None, value_type, help, choices: None, is_extension: false, set }
}

impl Flag {
    const fn kebab(self, long: &'static str, help: &'static str) -> Self {
        Self { kebab: Some(Kebab { long, help }), ..self }
    }

    const fn short(self, short: char) -> Self {
        Self { short: Some(short), ..self }
    }

    const fn choices(self, choices: fn() -> String) -> Self {
        Self { choices: Some(choices), ..self }
    }

    const fn extension(self) -> Self {
        Self { is_extension: true, ..self }
    }

    pub(super) fn is_of_connection(&self) -> bool {
        CONNECTION.iter().chain(TIMEOUT).any(|flag| flag.long == self.long)
    }

    /// Returns whether this is one of its long names.
    pub(super) fn is_named(&self, long: &str) -> bool {
        self.long == long || self.kebab.is_some_and(|kebab| kebab.long == long)
    }

    /// Returns its names as in error messages.
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

//! The connection settings of one layer (the file, the environment, the flags, the `cfdot` job), and how layers are merged.
//!
//! A value keeps its source, so that an error and `taskdeck config show` can name it. Does not read the file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{ConfigError, Flags};
use crate::app::{ConfirmPolicy, TargetColour};
use crate::bbs::{Access, Connection, TlsFiles, Verify};
use crate::model::secret::masked;
use crate::model::{Clocks, ReplyLimit, WriteRate};

/// The URL of the BBS on a Diego VM.
pub(super) const DEFAULT_URL: &str = "https://bbs.service.cf.internal:8889";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The configuration file, as errors name the place.
    File(String),
    /// An environment variable.
    Variable(&'static str),
    /// A flag of the command line.
    Flag(&'static str),
    /// The `cfdot` job on a Diego VM.
    CfdotJob,
}

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sourced<T> {
    pub(super) source: Source,
    pub(super) value: T,
}

/// The connection settings of one layer; `None` where it has no value.
#[derive(Debug, Clone, Default)]
pub(super) struct Layer {
    pub(super) url: Option<Sourced<String>>,
    pub(super) ca: Option<Sourced<PathBuf>>,
    pub(super) cert: Option<Sourced<PathBuf>>,
    pub(super) key: Option<Sourced<PathBuf>>,
    pub(super) skip_verify: Option<Sourced<bool>>,
    pub(super) timeout: Option<Sourced<Duration>>,
    pub(super) access: Option<Sourced<Access>>,
    pub(super) confirm: Option<ConfirmPolicy>,
    pub(super) writes_per_second: Option<WriteRate>,
    pub(super) reply_limit: Option<ReplyLimit>,
    pub(super) colour: Option<TargetColour>,
    pub(super) clocks: Option<Clocks>,
}

impl Source {
    /// Attaches the source to a value.
    pub(super) const fn of<T>(self, value: T) -> Sourced<T> {
        Sourced { source: self, value }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(place) => f.write_str(place),
            Self::Variable(name) => write!(f, "environment: {name}"),
            Self::Flag(name) => f.write_str(name),
            Self::CfdotJob => f.write_str("the cfdot job"),
        }
    }
}

impl Layer {
    /// Merges two layers; values of `over` win.
    pub(super) fn overridden_by(self, over: Self) -> Self {
        Self {
            url: over.url.or(self.url),
            ca: over.ca.or(self.ca),
            cert: over.cert.or(self.cert),
            key: over.key.or(self.key),
            skip_verify: over.skip_verify.or(self.skip_verify),
            timeout: over.timeout.or(self.timeout),
            access: over.access.or(self.access),
            confirm: over.confirm.or(self.confirm),
            writes_per_second: over.writes_per_second.or(self.writes_per_second),
            reply_limit: over.reply_limit.or(self.reply_limit),
            colour: over.colour.or(self.colour),
            clocks: over.clocks.or(self.clocks),
        }
    }

    /// Fills in the URL and the files of the `cfdot` job on a Diego VM, if no layer gives a URL.
    pub(super) fn with_cfdot_job(self, job: &Path) -> Self {
        let certs = job.join("config/certs/cfdot");
        if self.url.is_some() || !certs.is_dir() {
            return self;
        }
        let found = Self {
            url: Some(Source::CfdotJob.of(DEFAULT_URL.to_owned())),
            ca: Some(Source::CfdotJob.of(certs.join("ca.crt"))),
            cert: Some(Source::CfdotJob.of(certs.join("client.crt"))),
            key: Some(Source::CfdotJob.of(certs.join("client.key"))),
            ..Self::default()
        };
        found.overridden_by(self)
    }

    /// Returns how to connect with these settings.
    pub(super) fn connection(&self) -> Result<Connection, ConfigError> {
        let Some(Sourced { source, value: url }) = &self.url else {
            return Err(ConfigError::NoTarget);
        };
        let url = url.trim_end_matches('/').to_owned();
        let request_timeout = self.timeout.as_ref().map_or(REQUEST_TIMEOUT, |timeout| timeout.value);
        let tls = if url.starts_with("https://") {
            Some(self.tls_files(&url)?)
        } else if url.starts_with("http://") {
            None
        } else {
            return Err(ConfigError::Wrong(format!(
                "{source} is `{}`; it must begin with https:// (or http://)",
                masked(&url)
            )));
        };
        Ok(Connection {
            url,
            tls,
            connect_timeout: CONNECT_TIMEOUT,
            request_timeout: (!request_timeout.is_zero()).then_some(request_timeout),
            access: self.access.as_ref().map(|access| access.value).unwrap_or_default(),
            writes_per_second: self.writes_per_second,
            reply_limit: self.reply_limit.unwrap_or_default(),
        })
    }

    fn tls_files(&self, url: &str) -> Result<TlsFiles, ConfigError> {
        let missing = |what: &str, flag: &str, variable: &str, key: &str| {
            let url = masked(url);
            ConfigError::Wrong(format!(
                "{url} needs {what}: add `{key}` to the target, pass --{flag}, or set {variable}"
            ))
        };
        let path = |file: &Option<Sourced<PathBuf>>| file.as_ref().map(|file| file.value.clone());
        let skip = self.skip_verify.as_ref().is_some_and(|skip| skip.value);
        let verify = match (path(&self.ca), skip) {
            (_, true) => Verify::Skip,
            (Some(ca), false) => Verify::Ca(ca),
            (None, false) => {
                return Err(missing("the CA's certificate", "ca-cert", "CA_CERT_FILE", "ca_cert"));
            }
        };
        Ok(TlsFiles {
            verify,
            cert: path(&self.cert).ok_or_else(|| {
                missing("a client certificate", "client-cert", "CLIENT_CERT_FILE", "client_cert")
            })?,
            key: path(&self.key).ok_or_else(|| {
                missing("the client certificate's key", "client-key", "CLIENT_KEY_FILE", "client_key")
            })?,
        })
    }
}

/// Returns what the environment says.
pub(super) fn of_environment(environment: &dyn Fn(&str) -> Option<String>) -> Result<Layer, ConfigError> {
    let get = |name: &'static str| {
        let value = environment(name).filter(|value| !value.is_empty())?;
        Some(Source::Variable(name).of(value))
    };
    let path = |name| get(name).map(|found| found.source.of(PathBuf::from(found.value)));
    let skip_verify = get("SKIP_CERT_VERIFY")
        .map(|found| parse_bool("SKIP_CERT_VERIFY", &found.value).map(|skip| found.source.of(skip)))
        .transpose()?;
    let timeout = get("CFDOT_TIMEOUT")
        .map(|found| parse_seconds("CFDOT_TIMEOUT", &found.value).map(|timeout| found.source.of(timeout)))
        .transpose()?;
    Ok(Layer {
        url: get("BBS_URL"),
        ca: path("CA_CERT_FILE"),
        cert: path("CLIENT_CERT_FILE"),
        key: path("CLIENT_KEY_FILE"),
        skip_verify,
        timeout,
        ..Layer::default()
    })
}

/// Returns what the flags say.
pub(super) fn of_flags(flags: &Flags) -> Layer {
    let path =
        |flag: &'static str, path: &Option<PathBuf>| path.clone().map(|path| Source::Flag(flag).of(path));
    Layer {
        url: flags.url.clone().map(|url| Source::Flag("--bbs-url").of(url)),
        ca: path("--ca-cert", &flags.ca),
        cert: path("--client-cert", &flags.cert),
        key: path("--client-key", &flags.key),
        skip_verify: flags.skip_verify.then(|| Source::Flag("--skip-cert-verify").of(true)),
        timeout: flags.timeout.map(|timeout| Source::Flag("--timeout").of(timeout)),
        access: flags.read_only.then(|| Source::Flag("--read-only").of(Access::ReadOnly)),
        ..Layer::default()
    }
}

fn parse_bool(name: &str, value: &str) -> Result<bool, ConfigError> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(ConfigError::Wrong(format!("environment: {name} is `{value}`; it must be true or false"))),
    }
}

fn parse_seconds(name: &str, value: &str) -> Result<Duration, ConfigError> {
    let wrong =
        || ConfigError::Wrong(format!("environment: {name} is `{value}`; it must be a number of seconds"));
    value.parse().map(Duration::from_secs).map_err(|_| wrong())
}

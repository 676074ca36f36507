//! Merges the configuration from its layers: defaults, file, environment, flags; later layers win.
//!
//! Reads the configuration file and nothing else: environment and paths are parameters. Every error is a sentence that
//! names the file, the line and the key, and says what is expected.

mod bindings;
mod columns;
mod commands;
mod duration;
mod file;
mod filters;
mod groups;
pub mod keys;
mod permissions;
mod record;
mod target;
mod targets;
mod themes;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use directories::ProjectDirs;
use thiserror::Error;

use crate::app::{ConfirmPolicy, Settings, Target, TargetColour};
use crate::bbs::{Access, Connection, TlsFiles, Verify};
use crate::model::{Clocks, ReplyLimit, WriteRate};
use crate::suggest::nearest;
use file::File;
use targets::Layers;

pub use record::RecordSettings;
pub use targets::Resolved;
pub use themes::Looks;

/// The URL of the BBS on a Diego VM.
const DEFAULT_URL: &str = "https://bbs.service.cf.internal:8889";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// The command-line flags that override the configuration.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Flags {
    /// Configuration file to use instead of the default one.
    pub config: Option<PathBuf>,
    /// Name of a target in the configuration file.
    pub target: Option<String>,
    /// URL of the BBS: scheme, host and port.
    pub url: Option<String>,
    /// CA certificate used to verify the server.
    pub ca: Option<PathBuf>,
    /// Client certificate.
    pub cert: Option<PathBuf>,
    /// Private key of the client certificate.
    pub key: Option<PathBuf>,
    /// Skips verification of the server's certificate.
    pub skip_verify: bool,
    /// Timeout of a call; zero for none.
    pub timeout: Option<Duration>,
    /// Disables all actions that change tasks.
    pub read_only: bool,
    /// Allows own commands whoever can write the configuration file.
    pub allow_commands: bool,
    /// Draws in ASCII.
    pub ascii: bool,
}

/// Paths of files on this machine.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The default configuration file; it need not exist.
    pub config_file: Option<PathBuf>,
    /// Directory of the default log file.
    pub state_dir: Option<PathBuf>,
    /// Directory of the `cfdot` job on a Diego VM; it need not exist.
    pub cfdot_job: PathBuf,
}

impl Paths {
    /// Returns the platform's default paths.
    pub fn platform() -> Self {
        let dirs = ProjectDirs::from("", "", "taskdeck");
        let state = |dirs: &ProjectDirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_path_buf();
        Self {
            config_file: dirs.as_ref().map(|dirs| dirs.config_dir().join("config.toml")),
            state_dir: dirs.as_ref().map(state),
            cfdot_job: PathBuf::from("/var/vcap/jobs/cfdot"),
        }
    }
}

/// The merged configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The BBS, as the dashboard shows and treats it.
    pub target: Target,
    /// How to connect to the BBS.
    pub connection: Connection,
    /// The targets of the file by name, as they are opened after the start, or what is wrong with one.
    pub targets: BTreeMap<String, Result<Resolved, ConfigError>>,
    /// Settings of the dashboard.
    pub settings: Settings,
    /// How the dashboard looks.
    pub looks: Looks,
    /// What to record.
    pub record: RecordSettings,
    /// The log file.
    pub log_file: Option<PathBuf>,
}

impl Config {
    /// Returns a warning about each private key of a target that others can use.
    pub fn exposed_keys(&self) -> Option<String> {
        let others = self.targets.values().filter_map(|target| Some(&target.as_ref().ok()?.1));
        let connections = std::iter::once(&self.connection).chain(others);
        // Targets may share a key.
        let warnings: BTreeSet<_> =
            connections.filter_map(|connection| exposed_key(connection.tls.as_ref()?)).collect();
        (!warnings.is_empty()).then(|| warnings.into_iter().collect::<Vec<_>>().join("; "))
    }
}

/// Returns a warning if others can use the private key of a target.
pub fn exposed_key(files: &TlsFiles) -> Option<String> {
    permissions::exposure(&files.key)
}

/// A configuration error, as a sentence for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// No BBS is configured.
    #[error(
        "no BBS is configured: pass --bbs-url, set BBS_URL, or add a target to the configuration file; \
         `taskdeck --demo` starts the dashboard on a simulated BBS"
    )]
    NoTarget,
    /// A setting is wrong. For a named filter, the lines after the first one show the text with carets under the fault.
    #[error("{0}")]
    Wrong(String),
}

/// A value and its source, which errors about the value name.
#[derive(Debug, Clone)]
struct Sourced {
    source: String,
    value: String,
}

impl Sourced {
    fn new(source: impl Into<String>, value: impl Into<String>) -> Self {
        Self { source: source.into(), value: value.into() }
    }
}

/// The connection settings of one layer; `None` where it has no value.
#[derive(Debug, Clone, Default)]
struct Layer {
    url: Option<Sourced>,
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    skip_verify: Option<bool>,
    timeout: Option<Duration>,
    access: Option<Access>,
    confirm: Option<ConfirmPolicy>,
    writes_per_second: Option<WriteRate>,
    reply_limit: Option<ReplyLimit>,
    colour: Option<TargetColour>,
    clocks: Option<Clocks>,
}

impl Layer {
    /// Merges two layers; values of `over` win.
    fn overridden_by(self, over: Self) -> Self {
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
}

/// Loads what the configuration file says of the dashboard. Needs no target.
///
/// # Errors
///
/// A sentence that says which setting is wrong, and what is expected.
pub fn load_dashboard(flags: &Flags, paths: &Paths) -> Result<(Settings, Looks), ConfigError> {
    let path = flags.config.as_deref().or(paths.config_file.as_deref());
    let file = read_file(path, flags.config.is_some())?;
    Ok((settings(&file, flags, path), looks(flags, &file, path)))
}

/// Loads what the configuration file says of the recording. Needs no target.
///
/// # Errors
///
/// A sentence that says which setting is wrong, and what is expected.
pub fn load_recording(flags: &Flags, paths: &Paths) -> Result<RecordSettings, ConfigError> {
    let path = flags.config.as_deref().or(paths.config_file.as_deref());
    Ok(read_file(path, flags.config.is_some())?.record.settings())
}

fn looks(flags: &Flags, file: &File, path: Option<&Path>) -> Looks {
    Looks {
        ascii: flags.ascii || file.ascii(),
        theme: file.theme().map(ToOwned::to_owned),
        config_file: path.map(Path::to_path_buf),
    }
}

/// Loads the configuration file and merges all layers.
///
/// A target selected with `--target` overrides the environment, because a flag is more explicit.
///
/// # Errors
///
/// A sentence that says which setting is wrong or missing, where it comes from, and what is expected.
pub fn load(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Config, ConfigError> {
    let path = flags.config.as_deref().or(paths.config_file.as_deref());
    let file = read_file(path, flags.config.is_some())?;
    let named = flags.target.as_deref().or(file.target.as_deref());
    let layers = Layers {
        file: &file,
        path: path.map_or("the configuration".into(), Path::to_string_lossy).into_owned(),
        environment: environment_layer(environment)?,
        flags,
        cfdot_job: &paths.cfdot_job,
    };
    if let Some(name) = named.filter(|name| !file.targets.contains_key(*name)) {
        return Err(no_such_target(&layers, name));
    }
    let (target, connection) = layers.resolve_first(named)?;
    let mut targets = layers.resolve_all();
    if let Some(name) = &target.name {
        targets.insert(name.clone(), Ok((target.clone(), connection.clone())));
    }
    Ok(Config {
        targets,
        target,
        connection,
        settings: settings(&file, flags, path),
        looks: looks(flags, &file, path),
        record: file.record.settings(),
        log_file: file.log.or_else(|| paths.state_dir.as_ref().map(|dir| dir.join("taskdeck.log"))),
    })
}

/// Returns the dashboard's settings. Locks the own commands if anybody else could have written them, and warns of it.
fn settings(file: &File, flags: &Flags, path: Option<&Path>) -> Settings {
    let settings = file.settings();
    if settings.own_commands.is_empty() || flags.allow_commands {
        return settings;
    }
    let Some(why) = path.and_then(permissions::distrust) else { return settings };
    let why = format!("own commands are off, because {why}, or start taskdeck with --allow-commands");
    let own_commands = settings.own_commands.locked(why.clone());
    Settings { own_commands, warning: Some(why), ..settings }
}

fn read_file(path: Option<&Path>, must_exist: bool) -> Result<File, ConfigError> {
    let Some(path) = path else { return Ok(File::default()) };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            file::parse(&text).map_err(|problem| ConfigError::Wrong(format!("{}: {problem}", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(File::default()),
        Err(error) => Err(ConfigError::Wrong(format!("could not read {}: {error}", path.display()))),
    }
}

fn no_such_target(layers: &Layers<'_>, name: &str) -> ConfigError {
    let Layers { file, path, flags, .. } = layers;
    let known: Vec<_> = file.targets.keys().map(String::as_str).collect();
    let known =
        if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    let by = if flags.target.is_some() { "--target".to_owned() } else { format!("{path}: key `target`") };
    let meant = nearest(name, file.targets.keys().map(String::as_str));
    let meant = meant.map(|target| format!("; did you mean `{target}`?")).unwrap_or_default();
    ConfigError::Wrong(format!(
        "{by} is `{name}`, and {path} has no such target{meant} ({known}); a target is a table [targets.{name}]"
    ))
}

fn environment_layer(environment: &dyn Fn(&str) -> Option<String>) -> Result<Layer, ConfigError> {
    let get = |name: &str| environment(name).filter(|value| !value.is_empty());
    let skip_verify =
        get("SKIP_CERT_VERIFY").map(|value| parse_bool("SKIP_CERT_VERIFY", &value)).transpose()?;
    let timeout = get("CFDOT_TIMEOUT").map(|value| parse_seconds("CFDOT_TIMEOUT", &value)).transpose()?;
    Ok(Layer {
        url: get("BBS_URL").map(|url| Sourced::new("environment: BBS_URL", url)),
        ca: get("CA_CERT_FILE").map(PathBuf::from),
        cert: get("CLIENT_CERT_FILE").map(PathBuf::from),
        key: get("CLIENT_KEY_FILE").map(PathBuf::from),
        skip_verify,
        timeout,
        ..Layer::default()
    })
}

fn flags_layer(flags: &Flags) -> Layer {
    Layer {
        url: flags.url.clone().map(|url| Sourced::new("--bbs-url", url)),
        ca: flags.ca.clone(),
        cert: flags.cert.clone(),
        key: flags.key.clone(),
        skip_verify: flags.skip_verify.then_some(true),
        timeout: flags.timeout,
        access: flags.read_only.then_some(Access::ReadOnly),
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

/// Fills in the URL and the files of the `cfdot` job on a Diego VM, if no layer gives a URL.
fn with_cfdot_job(layer: Layer, job: &Path) -> Layer {
    let certs = job.join("config/certs/cfdot");
    if layer.url.is_some() || !certs.is_dir() {
        return layer;
    }
    let found = Layer {
        url: Some(Sourced::new("the cfdot job", DEFAULT_URL)),
        ca: Some(certs.join("ca.crt")),
        cert: Some(certs.join("client.crt")),
        key: Some(certs.join("client.key")),
        ..Layer::default()
    };
    found.overridden_by(layer)
}

fn connection(layer: &Layer) -> Result<Connection, ConfigError> {
    let Some(Sourced { source, value: url }) = &layer.url else {
        return Err(ConfigError::NoTarget);
    };
    let url = url.trim_end_matches('/').to_owned();
    let request_timeout = layer.timeout.unwrap_or(REQUEST_TIMEOUT);
    let tls = if url.starts_with("https://") {
        Some(tls_files(layer, &url)?)
    } else if url.starts_with("http://") {
        None
    } else {
        return Err(ConfigError::Wrong(format!(
            "{source} is `{url}`; it must begin with https:// (or http://)"
        )));
    };
    Ok(Connection {
        url,
        tls,
        connect_timeout: CONNECT_TIMEOUT,
        request_timeout: (!request_timeout.is_zero()).then_some(request_timeout),
        access: layer.access.unwrap_or_default(),
        writes_per_second: layer.writes_per_second,
        reply_limit: layer.reply_limit.unwrap_or_default(),
    })
}

fn tls_files(layer: &Layer, url: &str) -> Result<TlsFiles, ConfigError> {
    let missing = |what: &str, flag: &str, variable: &str, key: &str| {
        ConfigError::Wrong(format!(
            "{url} needs {what}: add `{key}` to the target, pass --{flag}, or set {variable}"
        ))
    };
    let skip = layer.skip_verify == Some(true);
    let verify = match (&layer.ca, skip) {
        (_, true) => Verify::Skip,
        (Some(ca), false) => Verify::Ca(ca.clone()),
        (None, false) => {
            return Err(missing("the CA's certificate", "ca-cert", "CA_CERT_FILE", "ca_cert"));
        }
    };
    let cert = layer.cert.clone();
    let key = layer.key.clone();
    Ok(TlsFiles {
        verify,
        cert: cert.ok_or_else(|| {
            missing("a client certificate", "client-cert", "CLIENT_CERT_FILE", "client_cert")
        })?,
        key: key.ok_or_else(|| {
            missing("the client certificate's key", "client-key", "CLIENT_KEY_FILE", "client_key")
        })?,
    })
}

#[cfg(test)]
mod tests;

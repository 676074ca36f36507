//! Merges the configuration from its layers: defaults, file, environment, flags; later layers win.
//!
//! Reads the configuration file and nothing else: environment and paths are parameters. Every error is a sentence that
//! names the file, the line and the key, and says what is expected.

mod bindings;
mod columns;
mod commands;
mod document;
mod duration;
mod examination;
mod faults;
mod file;
mod filters;
mod groups;
pub mod keys;
mod layer;
mod new_file;
mod permissions;
mod record;
mod target;
mod targets;
mod themes;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use directories::ProjectDirs;
use thiserror::Error;

use crate::app::{Settings, Target};
use crate::bbs::{Connection, TlsFiles};
use crate::suggest::nearest;
use file::File;
use targets::Layers;

pub use examination::{Examination, examine};
pub use new_file::{NewTarget, create, exists};
pub use record::RecordSettings;
pub use targets::Resolved;
pub use themes::Looks;
pub use values::{Origin, Setting, SettingGroup, settings as all_settings};

/// The name of the log in the state directory.
const LOG: &str = "taskdeck.log";
/// The name of the recording in the state directory.
pub const RECORDING: &str = "recording.db";

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

    /// Replaces the default configuration file by one that a flag names.
    #[must_use]
    pub fn with_config(self, named: Option<&PathBuf>) -> Self {
        Self { config_file: named.cloned().or(self.config_file), ..self }
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
        "no BBS is configured: pass --bbs-url, set BBS_URL, or run `taskdeck config init`; \
         `taskdeck --demo` starts the dashboard on a simulated BBS"
    )]
    NoTarget,
    /// A setting is wrong. For a named filter, the lines after the first one show the text with carets under the fault.
    #[error("{0}")]
    Wrong(String),
}

impl ConfigError {
    /// Creates the error for a fault of the file.
    fn in_file(path: Option<&Path>, fault: &str) -> Self {
        Self::Wrong(format!("{}: {fault}", shown(path)))
    }
}

/// Loads what the configuration file says of the dashboard. Needs no target.
///
/// # Errors
///
/// A sentence that says which setting is wrong, and what is expected.
pub fn load_dashboard(flags: &Flags, paths: &Paths) -> Result<(Settings, Looks), ConfigError> {
    let path = config_path(flags, paths);
    let file = read_file(path, flags.config.is_some())?;
    Ok((settings(&file, flags, path), looks(flags, &file, path)))
}

/// Loads what the configuration file says of the recording. Needs no target.
///
/// # Errors
///
/// A sentence that says which setting is wrong, and what is expected.
pub fn load_recording(flags: &Flags, paths: &Paths) -> Result<RecordSettings, ConfigError> {
    let path = config_path(flags, paths);
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
    let path = config_path(flags, paths);
    let file = read_file(path, flags.config.is_some())?;
    let named = flags.target.as_deref().or(file.target.as_deref());
    let layers = layers(&file, flags, environment, paths)?;
    if let Some(name) = named.filter(|name| !file.targets.contains_key(*name)) {
        return Err(no_such_target(&layers, name));
    }
    let (target, connection) = layers.resolve_first(named).map_err(|mistake| match mistake {
        ConfigError::NoTarget if !file.targets.is_empty() => no_target_selected(&layers),
        mistake => mistake,
    })?;
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
        log_file: file.log.or_else(|| paths.state_dir.as_ref().map(|dir| dir.join(LOG))),
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

/// Returns the path of the configuration file, which need not exist.
fn config_path<'a>(flags: &'a Flags, paths: &'a Paths) -> Option<&'a Path> {
    flags.config.as_deref().or(paths.config_file.as_deref())
}

/// Returns what errors call the file.
fn shown(path: Option<&Path>) -> String {
    path.map_or("the configuration".into(), Path::to_string_lossy).into_owned()
}

fn layers<'a>(
    file: &'a File,
    flags: &'a Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &'a Paths,
) -> Result<Layers<'a>, ConfigError> {
    Ok(Layers {
        file,
        path: shown(config_path(flags, paths)),
        environment: layer::of_environment(environment)?,
        flags,
        cfdot_job: &paths.cfdot_job,
    })
}

fn read_file(path: Option<&Path>, must_exist: bool) -> Result<File, ConfigError> {
    let text = read_text(path, must_exist)?.unwrap_or_default();
    file::parse(&text).map_err(|problem| ConfigError::in_file(path, &problem))
}

/// Returns the text of the file, or `None` if there is none and none must be.
fn read_text(path: Option<&Path>, must_exist: bool) -> Result<Option<String>, ConfigError> {
    let Some(path) = path else { return Ok(None) };
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(None),
        Err(error) => Err(ConfigError::Wrong(unreadable(path, &error))),
    }
}

/// Says why the file cannot be read, and what to do.
fn unreadable(path: &Path, error: &std::io::Error) -> String {
    let advice = match error.kind() {
        std::io::ErrorKind::NotFound => {
            format!("check the path, or run `taskdeck config init --config {}`", path.display())
        }
        std::io::ErrorKind::InvalidData => "save the file as UTF-8".to_owned(),
        std::io::ErrorKind::IsADirectory => "pass the path of a file".to_owned(),
        _ => "check its owner and its permissions".to_owned(),
    };
    format!("could not read {}: {error}; {advice}", path.display())
}

/// Says that the file has targets, but none of them is selected.
fn no_target_selected(layers: &Layers<'_>) -> ConfigError {
    let names: Vec<_> = layers.file.targets.keys().map(String::as_str).collect();
    ConfigError::Wrong(format!(
        "no target is selected: pass --target NAME, or set `target = \"NAME\"` at the top of {}; it has {}",
        layers.path,
        names.join(", ")
    ))
}

fn no_such_target(layers: &Layers<'_>, name: &str) -> ConfigError {
    let Layers { file, path, flags, .. } = layers;
    let known: Vec<_> = file.targets.keys().map(String::as_str).collect();
    let known =
        if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
    let by = if flags.target.is_some() { "--target".to_owned() } else { format!("{path}: key `target`") };
    let table = keys::dotted(&["targets", name]);
    let meant = nearest(name, file.targets.keys().map(String::as_str));
    let meant = meant.map(|target| format!("; did you mean `{target}`?")).unwrap_or_default();
    ConfigError::Wrong(format!(
        "{by} is `{name}`, and {path} has no such target{meant} ({known}); name another one, or add the table [{table}]"
    ))
}

#[cfg(test)]
mod tests;

//! What `taskdeck config check` looks at: every fault of the file, and what the file names.
//!
//! Reads only the configuration file; whoever asks looks at the certificates and programs. Opens no connection.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::faults::parse_all;
use super::{
    ConfigError, Flags, Looks, Paths, Resolved, config_path, layers, looks, no_such_target, read_text,
    settings,
};

/// The configuration file and what it names.
#[derive(Debug)]
pub struct Examination {
    /// The file; `None` if this machine has no place for one.
    pub path: Option<PathBuf>,
    /// Whether the file is there.
    pub exists: bool,
    /// Its faults, each with line and key.
    pub faults: Vec<String>,
    /// What is wrong with the key `target`.
    pub selection: Option<ConfigError>,
    /// Its targets without a fault, by name.
    pub targets: BTreeMap<String, Result<Resolved, ConfigError>>,
    /// How the dashboard looks.
    pub looks: Looks,
    /// The programs of own commands, by the name of the command.
    pub programs: Vec<(String, String)>,
    /// Why own commands are off.
    pub distrust: Option<String>,
}

/// Examines the configuration file. Faults are part of the result.
///
/// # Errors
/// The file cannot be read, or the environment is wrong.
pub fn examine(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Examination, ConfigError> {
    let path = config_path(flags, paths);
    let text = read_text(path, flags.config.is_some())?;
    let (file, faults) = parse_all(text.as_deref().unwrap_or_default());
    let layers = layers(&file, flags, environment, paths)?;
    // A target with a fault may be missing from what is left of the file.
    let missing =
        file.target.as_deref().filter(|name| faults.is_empty() && !file.targets.contains_key(*name));
    let settings = settings(&file, flags, path);
    let programs = settings.own_commands.iter();
    Ok(Examination {
        path: path.map(ToOwned::to_owned),
        exists: text.is_some(),
        faults,
        selection: missing.map(|name| no_such_target(&layers, name)),
        targets: layers.resolve_all(),
        looks: looks(flags, &file, path),
        programs: programs.map(|own| (own.name.clone(), own.template.program().to_owned())).collect(),
        distrust: settings.own_commands.lock().map(ToOwned::to_owned),
    })
}

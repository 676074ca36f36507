//! Every value of the configuration with its origin, for `taskdeck config show`. Follows the table of keys.
//!
//! Merges nothing itself: for the settings of a target it asks the merged layers, which also make the connection. Credentials
//! in URLs are masked.

use super::document::Document;
use super::file::{self, File};
use super::keys::{self, ConfigKey, Section};
use super::layer::{Layer, Source, Sourced};
use super::targets::Layers;
use super::{ConfigError, Flags, Paths, RECORDING, config_path, layers, no_such_target, read_text};
use crate::model::secret::masked;

/// A value and its origin.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The key with the names of its tables, as it can stand in the file.
    pub key: String,
    /// The value, or what holds without one.
    pub value: Result<toml::Value, &'static str>,
    /// Where the value comes from.
    pub origin: Origin,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Nothing sets it.
    Default,
    /// This line of the configuration file.
    Line(usize),
    /// An environment variable.
    Variable(&'static str),
    /// A flag of the command line.
    Flag(&'static str),
    /// The `cfdot` job on a Diego VM.
    CfdotJob,
}

/// Settings that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingGroup {
    /// What they are about; empty if their keys say it.
    pub title: String,
    /// The settings, in the order of the table of keys.
    pub settings: Vec<Setting>,
}

/// Returns every value and its origin. With `--target`, of the targets only that one.
///
/// # Errors
/// A sentence that says what is wrong with the file or the environment.
pub fn settings(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Vec<SettingGroup>, ConfigError> {
    let path = config_path(flags, paths);
    let text = read_text(path, flags.config.is_some())?.unwrap_or_default();
    let file = file::parse(&text).map_err(|problem| ConfigError::in_file(path, &problem))?;
    let document = Document::parse(&text);
    let layers = layers(&file, flags, environment, paths)?;
    let mut groups = Vec::new();
    for section in keys::SECTIONS {
        match section.name.split_once('.') {
            Some(("targets", _)) => groups.extend(targets(section, &layers, &file, &document)?),
            Some((table, _)) => groups.extend(document.keys(table).map(|name| {
                let settings = section.keys.iter().map(|key| in_file(&[table, name], key, &document));
                SettingGroup { title: format!("Command {name}"), settings: settings.collect() }
            })),
            None => groups.extend(fixed(section, flags, paths, &document)),
        }
    }
    groups.iter_mut().flat_map(|group| &mut group.settings).for_each(mask);
    Ok(groups)
}

/// Returns the settings of a table with a fixed name.
fn fixed(section: &Section, flags: &Flags, paths: &Paths, document: &Document<'_>) -> Option<SettingGroup> {
    let tables: &[&str] = if section.name.is_empty() { &[] } else { &[section.name] };
    let mut settings = Vec::new();
    for key in section.keys {
        if key.is_chosen() {
            let named = document.keys(section.name).filter_map(|name| found(&[section.name, name], document));
            settings.extend(named);
            continue;
        }
        let setting = in_file(tables, key, document);
        settings.push(match (&*setting.key, &flags.target) {
            ("target", Some(name)) => {
                let value = Ok(toml::Value::String(name.clone()));
                Setting { value, origin: Origin::Flag("--target"), ..setting }
            }
            _ => in_state_directory(setting, paths),
        });
    }
    (!settings.is_empty()).then_some(SettingGroup { title: String::new(), settings })
}

/// Gives a file that is not configured the path that it has on this machine.
fn in_state_directory(setting: Setting, paths: &Paths) -> Setting {
    let name = match &*setting.key {
        "log" => super::LOG,
        "record.file" => RECORDING,
        _ => return setting,
    };
    match &paths.state_dir {
        Some(directory) if setting.origin == Origin::Default => {
            Setting { value: Ok(text(&directory.join(name).to_string_lossy())), ..setting }
        }
        _ => setting,
    }
}

fn targets(
    section: &Section,
    layers: &Layers<'_>,
    file: &File,
    document: &Document<'_>,
) -> Result<Vec<SettingGroup>, ConfigError> {
    let used = layers.flags.target.as_deref().or(file.target.as_deref());
    if let Some(name) = used.filter(|name| !file.targets.contains_key(*name)) {
        return Err(no_such_target(layers, name));
    }
    let group = |title: String, name: Option<&str>, layer: &Layer| {
        let settings = section.keys.iter().map(|key| of_target(name, key, layer, document)).collect();
        SettingGroup { title, settings }
    };
    let first = layers.merged_first(used);
    if let Some(name) = &layers.flags.target {
        return Ok(vec![group(format!("Target {name}, in use"), Some(name), &first)]);
    }
    let mut groups = Vec::new();
    if used.is_none() && first.url.is_some() {
        groups.push(group("The BBS in use, which is no target of the file".to_owned(), None, &first));
    }
    groups.extend(file.targets.keys().map(|name| {
        if used == Some(name) {
            group(format!("Target {name}, in use"), Some(name), &first)
        } else {
            group(format!("Target {name}"), Some(name), &layers.merged_other(name))
        }
    }));
    Ok(groups)
}

/// Returns a setting of a target, or of the BBS that is no target of the file.
fn of_target(name: Option<&str>, key: &ConfigKey, layer: &Layer, document: &Document<'_>) -> Setting {
    let setting = match name {
        Some(name) => in_file(&["targets", name], key, document),
        None => unset(&[], key),
    };
    match sourced(layer, key.name) {
        Some((origin, value)) => Setting { value: Ok(value), origin, ..setting },
        None => setting,
    }
}

/// Returns the value of a key that another layer than the file sets.
fn sourced(layer: &Layer, key: &str) -> Option<(Origin, toml::Value)> {
    let path =
        |found: &Sourced<std::path::PathBuf>| (origin(&found.source), text(&found.value.to_string_lossy()));
    let (origin, value) = match key {
        "url" => layer.url.as_ref().map(|url| (origin(&url.source), text(&url.value))),
        "ca_cert" => layer.ca.as_ref().map(path),
        "client_cert" => layer.cert.as_ref().map(path),
        "client_key" => layer.key.as_ref().map(path),
        "skip_cert_verify" => {
            layer.skip_verify.as_ref().map(|skip| (origin(&skip.source), toml::Value::Boolean(skip.value)))
        }
        "timeout" => layer
            .timeout
            .as_ref()
            .map(|timeout| (origin(&timeout.source), text(&format!("{}s", timeout.value.as_secs())))),
        "read_only" => layer
            .access
            .as_ref()
            .map(|access| (origin(&access.source), toml::Value::Boolean(access.value.is_read_only()))),
        _ => None,
    }?;
    Some((origin?, value))
}

/// Returns the origin of a value that is not from the file.
const fn origin(source: &Source) -> Option<Origin> {
    match source {
        Source::File(_) => None,
        Source::Variable(name) => Some(Origin::Variable(name)),
        Source::Flag(name) => Some(Origin::Flag(name)),
        Source::CfdotJob => Some(Origin::CfdotJob),
    }
}

/// Returns a setting as the file has it, or its default.
fn in_file(tables: &[&str], key: &ConfigKey, document: &Document<'_>) -> Setting {
    let path: Vec<_> = tables.iter().copied().chain([key.name]).collect();
    found(&path, document).unwrap_or_else(|| unset(tables, key))
}

fn found(path: &[&str], document: &Document<'_>) -> Option<Setting> {
    let (value, line) = document.get(path)?;
    Some(Setting { key: keys::dotted(path), value: Ok(value), origin: Origin::Line(line) })
}

fn unset(tables: &[&str], key: &ConfigKey) -> Setting {
    let path: Vec<_> = tables.iter().copied().chain([key.name]).collect();
    Setting { key: keys::dotted(&path), value: key.default_value(), origin: Origin::Default }
}

fn text(text: &str) -> toml::Value {
    toml::Value::String(text.to_owned())
}

fn mask(setting: &mut Setting) {
    if let Ok(value) = &mut setting.value {
        mask_value(value);
    }
}

fn mask_value(value: &mut toml::Value) {
    match value {
        toml::Value::String(text) => *text = masked(text).into_owned(),
        toml::Value::Array(values) => values.iter_mut().for_each(mask_value),
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| mask_value(value)),
        _ => {}
    }
}

//! Resolves targets: which connection and which look the layers give each of them.
//!
//! The target at the start takes every layer. The others, which the dashboard opens later, take those that are not about the
//! one at the start: `--bbs-url` and the certificate flags name one BBS, `--read-only` and `--timeout` hold for all.

use std::collections::BTreeMap;
use std::path::Path;

use super::file::{File, TargetTable};
use super::keys;
use super::layer::{self, Layer, Source};
use super::target::Confirm;
use super::{ConfigError, Flags};
use crate::app::Target;
use crate::bbs::{Access, Connection, Verify};

/// A target: how the dashboard shows and treats it, and how to connect to it.
pub type Resolved = (Target, Connection);

/// What targets are resolved from.
pub(super) struct Layers<'a> {
    pub(super) file: &'a File,
    /// Path of the file, for errors.
    pub(super) path: String,
    pub(super) environment: Layer,
    pub(super) flags: &'a Flags,
    pub(super) cfdot_job: &'a Path,
}

impl Layers<'_> {
    /// Resolves the target at the start. Its name is in the configuration, if it has one.
    pub(super) fn resolve_first(&self, name: Option<&str>) -> Result<Resolved, ConfigError> {
        let own_url = name.and_then(|name| self.layer(name).url);
        let resolved = self.resolve(name, &self.merged_first(name))?;
        let is_elsewhere = own_url.is_some_and(|own| own.value.trim_end_matches('/') != resolved.1.url);
        // Another layer has replaced the URL: this is not the BBS that has the name.
        let name = resolved.0.name.clone().filter(|_| !is_elsewhere);
        Ok((Target { name, ..resolved.0 }, resolved.1))
    }

    /// Resolves all targets of the file, as the dashboard opens them after the start.
    pub(super) fn resolve_all(&self) -> BTreeMap<String, Result<Resolved, ConfigError>> {
        let resolved = |name: &String| (name.clone(), self.resolve(Some(name), &self.merged_other(name)));
        self.file.targets.keys().map(resolved).collect()
    }

    /// Merges the layers of the target at the start.
    pub(super) fn merged_first(&self, name: Option<&str>) -> Layer {
        let table = name.map_or_else(Layer::default, |name| self.layer(name));
        let layers = match self.flags.target {
            // A flag is more explicit than the environment.
            Some(_) => self.environment.clone().overridden_by(table),
            None => table.overridden_by(self.environment.clone()),
        };
        layers.overridden_by(layer::of_flags(self.flags)).with_cfdot_job(self.cfdot_job)
    }

    /// Merges the layers of a target that is opened after the start.
    pub(super) fn merged_other(&self, name: &str) -> Layer {
        let flags =
            Flags { timeout: self.flags.timeout, read_only: self.flags.read_only, ..Flags::default() };
        let layers = self.environment.clone().overridden_by(self.layer(name));
        layers.overridden_by(layer::of_flags(&flags)).with_cfdot_job(self.cfdot_job)
    }

    fn resolve(&self, name: Option<&str>, layers: &Layer) -> Result<Resolved, ConfigError> {
        let connection = match (layers.connection(), name) {
            (Err(ConfigError::NoTarget), Some(name)) => {
                let table = keys::dotted(&["targets", name]);
                let problem = format!("{}: [{table}] has no `url`; add it to that table", self.path);
                return Err(ConfigError::Wrong(problem));
            }
            (connection, _) => connection?,
        };
        let target = Target {
            name: name.map(ToOwned::to_owned),
            url: connection.url.clone(),
            access: connection.access,
            confirm: layers.confirm.unwrap_or_default(),
            writes_per_second: layers.writes_per_second.unwrap_or_default(),
            colour: layers.colour,
            clocks: layers.clocks.unwrap_or_default(),
            unverified: connection.tls.as_ref().is_some_and(|tls| tls.verify == Verify::Skip),
            simulated: false,
        };
        Ok((target, connection))
    }

    /// Returns what the file says of a target; nothing if it is not there.
    fn layer(&self, name: &str) -> Layer {
        let table = self.file.targets.get(name).cloned().unwrap_or_default();
        let clocks = table.clocks();
        let TargetTable { url, ca_cert, client_cert, client_key, skip_cert_verify, timeout, .. } = table;
        let at = |key: &str| Source::File(format!("{}: key `targets.{name}.{key}`", self.path));
        let access = |is_set| if is_set { Access::Locked } else { Access::ReadWrite };
        Layer {
            url: url.map(|url| at("url").of(url)),
            ca: ca_cert.map(|path| at("ca_cert").of(path)),
            cert: client_cert.map(|path| at("client_cert").of(path)),
            key: client_key.map(|path| at("client_key").of(path)),
            skip_verify: skip_cert_verify.map(|skip| at("skip_cert_verify").of(skip)),
            timeout: timeout.map(|duration| at("timeout").of(duration.0)),
            access: table.read_only.map(|is_set| at("read_only").of(access(is_set))),
            confirm: table.confirm.map(Confirm::policy),
            writes_per_second: table.writes_per_second.map(|rate| rate.0),
            reply_limit: table.reply_limit_mb.map(|limit| limit.0),
            colour: table.colour.map(|colour| colour.0),
            clocks: Some(clocks),
        }
    }
}

//! Writes a new configuration file: every key with its explanation, and the values of one target.
//!
//! Never writes over a file, and lets nobody but the owner read it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::file::File;
use super::{ConfigError, Flags, Paths, keys, layers};

/// The target of a new file; what it does not have stays a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTarget {
    /// Its name.
    pub name: String,
    /// URL of the BBS. Without one, the file selects no target.
    pub url: Option<String>,
    /// CA certificate used to verify the server.
    pub ca: Option<PathBuf>,
    /// Client certificate.
    pub cert: Option<PathBuf>,
    /// Private key of the client certificate.
    pub key: Option<PathBuf>,
    /// Skips verification of the server's certificate.
    pub skip_verify: bool,
}

impl NewTarget {
    /// The name of a target that nobody has named.
    pub const NAME: &str = "default";

    /// Returns what the flags, the environment and the `cfdot` job say, without any file.
    ///
    /// # Errors
    /// A sentence that says which variable is wrong.
    pub fn known(
        flags: &Flags,
        environment: &dyn Fn(&str) -> Option<String>,
        paths: &Paths,
    ) -> Result<Self, ConfigError> {
        let file = File::default();
        let layer = layers(&file, flags, environment, paths)?.merged_first(None);
        Ok(Self {
            name: flags.target.clone().unwrap_or_else(|| Self::NAME.to_owned()),
            url: layer.url.map(|url| url.value),
            ca: layer.ca.map(|path| path.value),
            cert: layer.cert.map(|path| path.value),
            key: layer.key.map(|path| path.value),
            skip_verify: layer.skip_verify.is_some_and(|skip| skip.value),
        })
    }

    /// Returns whether the URL needs certificates.
    pub fn uses_tls(&self) -> bool {
        self.url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Returns the text of the file.
    ///
    /// # Errors
    /// TOML cannot hold a path that is not UTF-8.
    pub fn text(&self) -> Result<String, ConfigError> {
        let path = |path: &Option<PathBuf>| path.as_deref().map(toml_path).transpose();
        let (ca, cert, key) = (path(&self.ca)?, path(&self.cert)?, path(&self.key)?);
        Ok(keys::filled(&self.name, &|section, name| match (section, name) {
            ("", "target") => self.url.as_ref().map(|_| string(&self.name)),
            ("targets.NAME", "url") => self.url.as_deref().map(string),
            ("targets.NAME", "ca_cert") => ca.clone(),
            ("targets.NAME", "client_cert") => cert.clone(),
            ("targets.NAME", "client_key") => key.clone(),
            ("targets.NAME", "skip_cert_verify") => self.skip_verify.then(|| "true".to_owned()),
            _ => None,
        }))
    }
}

/// Returns the path in TOML. It is absolute: the file holds wherever taskdeck is started.
fn toml_path(path: &Path) -> Result<String, ConfigError> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let text = absolute.to_str().ok_or_else(|| {
        let shown = absolute.display();
        ConfigError::Wrong(format!(
            "{shown} is not UTF-8, which a configuration file must be; rename the file"
        ))
    })?;
    Ok(string(text))
}

fn string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Creates the file and the folders on the way, for the owner alone.
///
/// # Errors
/// A sentence that says why nothing was written, and what to do.
pub fn create(path: &Path, text: &str) -> Result<(), ConfigError> {
    write(path, text).map_err(|error| {
        let shown = path.display();
        ConfigError::Wrong(if error.kind() == io::ErrorKind::AlreadyExists {
            exists(path)
        } else {
            format!("could not write {shown}: {error}; pass --config FILE with a path that you can write")
        })
    })
}

/// Says that the file exists already, and what to do.
pub fn exists(path: &Path) -> String {
    let shown = path.display();
    format!(
        "{shown} exists already and was not changed; edit it, run `taskdeck config check`, or pass --config FILE to write \
         another one"
    )
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    crate::platform::files::create_private_directory(folder)?;
    // Readable by its owner alone from the start, and complete before it has its name.
    let mut file = tempfile::Builder::new().prefix(".taskdeck-").tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

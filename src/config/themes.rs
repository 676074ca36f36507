//! Finds the theme of the configuration, and the user's own themes in the folder `themes` beside the configuration file.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::ConfigError;
use crate::theme::{Background, Themes};

/// How the dashboard looks.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// Whether to draw in ASCII, whatever the locale.
    pub ascii: bool,
    /// The name of a theme, or the path of its file.
    pub(super) theme: Option<String>,
    /// The configuration file, which need not exist.
    pub(super) config_file: Option<PathBuf>,
}

impl Looks {
    /// Returns the built-in and the user's themes, with the configured one in force, and a warning about files that are not
    /// used because of a fault.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the configured theme.
    pub fn themes(&self, background: Option<Background>) -> Result<(Themes, Option<String>), ConfigError> {
        let mut themes = Themes::built_in(background);
        let mut faults = Vec::new();
        for path in self.theme_files() {
            faults.extend(add(&mut themes, &path).err().map(|fault| (path, fault)));
        }
        if let Some(theme) = &self.theme {
            self.configure(&mut themes, theme, &faults)?;
        }
        let warning = faults.iter().map(|(_, fault)| format!("Theme not loaded: {fault}")).next();
        Ok((themes, warning))
    }

    fn folder(&self) -> Option<&Path> {
        self.config_file.as_deref()?.parent()
    }

    /// Returns the files of the user's themes, sorted by name.
    fn theme_files(&self) -> Vec<PathBuf> {
        let entries = self.folder().and_then(|folder| fs::read_dir(folder.join("themes")).ok());
        let paths = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
        let mut paths: Vec<_> = paths.filter(|path| path.extension() == Some(OsStr::new("toml"))).collect();
        paths.sort_unstable();
        paths
    }

    fn configure(
        &self,
        themes: &mut Themes,
        theme: &str,
        faults: &[(PathBuf, String)],
    ) -> Result<(), ConfigError> {
        let wrong = |fault: &str| {
            let file = self.config_file.as_deref().map_or("the configuration".into(), Path::to_string_lossy);
            ConfigError::Wrong(format!("{file}: key `dashboard.theme`: {fault}"))
        };
        if !is_path(theme) {
            // The file with the fault would have had this name.
            let fault = faults.iter().find(|(path, _)| name(path) == theme);
            return match fault {
                Some((_, fault)) => Err(wrong(fault)),
                None => themes.configure(theme).map_err(|fault| wrong(&fault)),
            };
        }
        let path = self.folder().map_or_else(|| PathBuf::from(theme), |folder| folder.join(theme));
        add(themes, &path).and_then(|()| themes.configure(&name(&path))).map_err(|fault| wrong(&fault))
    }
}

fn is_path(theme: &str) -> bool {
    theme.contains('/') || Path::new(theme).extension() == Some(OsStr::new("toml"))
}

/// Returns the name of the theme in a file.
fn name(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn add(themes: &mut Themes, path: &Path) -> Result<(), String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("could not read {}: {error}", path.display()))?;
    themes.add(&name(path), &text).map_err(|fault| format!("{}: {fault}", path.display()))
}

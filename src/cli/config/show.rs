//! `config show`: prints every value with where it comes from, as TOML with comments or as lines of JSON.

use std::path::Path;

use serde::Serialize;

use crate::cli::failure::{Failure, Status};
use crate::cli::output::{self, Output};
use crate::config::{self, Flags, Origin, Paths, Setting, SettingGroup};
use crate::present::sanitise;

/// Origins stand in one column, unless a line is longer than this.
const WIDEST_LINE: usize = 50;

/// A value as a line of JSON.
#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    value: Option<&'a toml::Value>,
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    /// The name of the variable or the flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
}

/// Prints the values.
pub(super) fn run(
    flags: &Flags,
    json: bool,
    environment: &dyn Fn(&str) -> Option<String>,
    paths: &Paths,
) -> Result<Status, Failure> {
    let groups = config::all_settings(flags, environment, paths);
    let groups = groups.map_err(|mistake| Failure::configuration(&mistake, paths))?;
    let mut output = Output::new();
    if json {
        for setting in groups.iter().flat_map(|group| &group.settings) {
            output.lines(&output::json_line(&row(setting)))?;
        }
    } else {
        output.lines(head(flags, paths).as_bytes())?;
        for group in &groups {
            output.lines(text(group).as_bytes())?;
        }
    }
    output.flush()?;
    Ok(Status::Done)
}

/// Names the files that taskdeck reads and writes.
fn head(flags: &Flags, paths: &Paths) -> String {
    let file = flags.config.as_deref().or(paths.config_file.as_deref());
    let shown = |path: Option<&Path>| match path {
        Some(path) if path.exists() => sanitise::clean(&path.to_string_lossy()).into_owned(),
        Some(path) => format!("{} (does not exist)", sanitise::clean(&path.to_string_lossy())),
        None => "none".to_owned(),
    };
    let themes = file.and_then(Path::parent).map(|folder| folder.join("themes"));
    format!(
        "# Configuration file: {}\n# Own themes: {}\n# State directory: {}\n",
        shown(file),
        shown(themes.as_deref()),
        shown(paths.state_dir.as_deref())
    )
}

fn text(group: &SettingGroup) -> String {
    let lines: Vec<_> = group.settings.iter().map(line).collect();
    let widths = lines.iter().map(|(line, _)| sanitise::width(line)).filter(|width| *width <= WIDEST_LINE);
    let column = widths.max().unwrap_or(0);
    let title =
        if group.title.is_empty() { String::new() } else { format!("# {}\n", sanitise::clean(&group.title)) };
    let pad = |line: &str| " ".repeat(column.saturating_sub(sanitise::width(line)));
    let lines = lines.iter().map(|(line, origin)| match origin {
        Some(origin) => format!("{line}{}  # {origin}\n", pad(line)),
        None => format!("{line}\n"),
    });
    ["\n".to_owned(), title].into_iter().chain(lines).collect()
}

/// Returns a value in TOML and its origin. What is not set is a comment.
fn line(setting: &Setting) -> (String, Option<String>) {
    let key = sanitise::clean(&setting.key);
    match &setting.value {
        Ok(value) => {
            (format!("{key} = {}", sanitise::clean(&value.to_string())), Some(origin(setting.origin)))
        }
        Err(instead) => (format!("# {key}: {instead}"), None),
    }
}

fn origin(origin: Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::Line(line) => format!("line {line}"),
        Origin::Variable(name) => format!("environment: {name}"),
        Origin::Flag(name) => format!("flag: {name}"),
        Origin::CfdotJob => "the cfdot job".to_owned(),
    }
}

fn row(setting: &Setting) -> Row<'_> {
    let (source, line, name) = match setting.origin {
        Origin::Default => ("default", None, None),
        Origin::Line(line) => ("file", Some(line), None),
        Origin::Variable(name) => ("environment", None, Some(name)),
        Origin::Flag(name) => ("flag", None, Some(name)),
        Origin::CfdotJob => ("cfdot job", None, None),
    };
    Row { key: &setting.key, value: setting.value.as_ref().ok(), source, line, name }
}

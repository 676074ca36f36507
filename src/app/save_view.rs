//! `:save`: writes what the main view shows to a file, and how the file is named.

use std::path::{Path, PathBuf};

use crate::clock::Now;
use crate::present::format;
use crate::suggest::did_you_mean;

use super::prompt::Candidate;
use super::{App, Effect, IfExists, MainPane, Severity};

/// The most characters of a target's name in the name of a file.
const MAX_TARGET: usize = 40;

/// A format of saved rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values: the columns of the table.
    Csv,
    /// JSON lines: whole tasks, secrets masked.
    JsonLines,
    /// An aligned table, as on the screen.
    Text,
}

/// The record of a format.
struct FormatSpec {
    format: FileFormat,
    /// The name after the file.
    name: &'static str,
    /// The extensions of files that have it; the first is used for files without a name.
    extensions: &'static [&'static str],
    /// What it holds.
    help: &'static str,
}

const FORMATS: [FormatSpec; 3] = [
    FormatSpec {
        format: FileFormat::Csv,
        name: "csv",
        extensions: &["csv"],
        help: "Comma-separated values: the columns of the table",
    },
    FormatSpec {
        format: FileFormat::JsonLines,
        name: "jsonl",
        extensions: &["jsonl", "ndjson", "json"],
        help: "JSON lines: whole tasks, secrets masked",
    },
    FormatSpec {
        format: FileFormat::Text,
        name: "text",
        extensions: &["txt", "text"],
        help: "An aligned table, as on the screen",
    },
];

impl FileFormat {
    fn spec(self) -> &'static FormatSpec {
        let [csv, json_lines, text] = &FORMATS;
        match self {
            Self::Csv => csv,
            Self::JsonLines => json_lines,
            Self::Text => text,
        }
    }

    fn of_extension(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let means = |spec: &&FormatSpec| spec.extensions.contains(&extension.as_str());
        FORMATS.iter().find(means).map(|spec| spec.format)
    }
}

/// A file of what the main view shows: the rows of the filter, the groups, or the failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewToSave {
    /// Where, as the operator typed it.
    pub path: PathBuf,
    /// What to do if there is such a file.
    pub if_exists: IfExists,
    /// How it is written.
    pub format: FileFormat,
}

impl App {
    /// Saves the view, unless there is such a file.
    pub(super) fn save_view(&mut self, argument: &str, now: Now) -> Result<Vec<Effect>, String> {
        let (path, format) = self.file_named(argument, now)?;
        let named = if argument.trim().is_empty() { path.to_string_lossy() } else { argument.trim().into() };
        let remedy = format!("Replace it with :save! {named}");
        self.save_to(ViewToSave { path, if_exists: IfExists::Refuse { remedy }, format }, now)
    }

    /// Saves the view, and replaces a file of that name.
    pub(super) fn save_view_over(&mut self, argument: &str, now: Now) -> Result<Vec<Effect>, String> {
        let (path, format) = self.file_named(argument, now)?;
        self.save_to(ViewToSave { path, if_exists: IfExists::Replace, format }, now)
    }

    fn save_to(&mut self, view: ViewToSave, now: Now) -> Result<Vec<Effect>, String> {
        let rows = self.shown_of_total().0;
        let what = match () {
            () if self.main_pane() == MainPane::Groups => "the groups".to_owned(),
            () if self.main_pane() == MainPane::Failures => format!("the {}", self.failures().kind().name()),
            () if self.main_pane() == MainPane::Pulse => "the pulse".to_owned(),
            () if self.work().is_some() => {
                return Err("The rows are still being filtered or sorted. Try again in a moment".to_owned());
            }
            () if rows == 0 => return Err("There are no rows to save".to_owned()),
            () => format::counted(rows, "row"),
        };
        // A large table takes seconds.
        self.notices.say(Severity::Info, format!("Saving {what}…"), now);
        Ok(vec![Effect::SaveView(view)])
    }

    /// Reads `[FILE] [FORMAT]`. A file without a format has that of its ending; without a file, one is named after the
    /// target and the time.
    fn file_named(&self, argument: &str, now: Now) -> Result<(PathBuf, FileFormat), String> {
        let argument = argument.trim();
        let (file, last) = argument.rsplit_once(char::is_whitespace).unwrap_or(("", argument));
        let named = FORMATS.iter().find(|spec| spec.name == last).map(|spec| spec.format);
        let file = if named.is_some() { file.trim_end() } else { argument };
        if file.is_empty() {
            let format = named.unwrap_or(FileFormat::Csv);
            return Ok((self.default_file(format, now), format));
        }
        let path = PathBuf::from(file);
        match named.or_else(|| FileFormat::of_extension(&path)) {
            Some(format) => Ok((path, format)),
            None => Err(unknown_format(&path)),
        }
    }

    fn default_file(&self, format: FileFormat, now: Now) -> PathBuf {
        let extension = format.spec().extensions.first().copied().unwrap_or_default();
        let (target, time) = (self.target_in_file_name(), format::file_stamp(now.wall));
        PathBuf::from(format!("taskdeck-{target}-{time}.{extension}"))
    }

    /// Returns the target's name, or else its host and port, in characters that need no quotes.
    fn target_in_file_name(&self) -> String {
        let target = self.target();
        let name = match &target.name {
            Some(name) => name.as_str(),
            None if target.simulated => "demo",
            None => target.url.split_once("://").map_or(target.url.as_str(), |(_, address)| address),
        };
        let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
        let name: String = name.trim_end_matches('/').chars().take(MAX_TARGET).map(plain).collect();
        if name.is_empty() { "bbs".to_owned() } else { name }
    }
}

/// Returns the formats, to complete the name of one.
pub(super) fn format_candidates(_: &App) -> Vec<Candidate> {
    FORMATS.iter().map(|spec| Candidate::with_help(spec.name, spec.help)).collect()
}

fn unknown_format(path: &Path) -> String {
    let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
    let extensions = FORMATS.iter().flat_map(|spec| spec.extensions);
    let meant = extension.map(|extension| did_you_mean(&extension, extensions.copied())).unwrap_or_default();
    let names = FORMATS.map(|spec| spec.name).join(", ");
    format!("Unknown file extension.{meant} Add one of {names} after the file")
}

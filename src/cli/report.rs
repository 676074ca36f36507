//! `report`: writes what an incident review needs from a recording.
//!
//! Reads the recording only; calls no BBS.

use std::io::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::failure::{Failure, Status};
use super::moment::{Moment, Time, parse_moment, parse_time};
use super::output::{self, OUTPUT, Output};
use super::recorded::{Opened, RecordingArgs};
use crate::config::Paths;
use crate::filter::Filter;
use crate::model::Timestamp;
use crate::present::format;
use crate::record::Run;
use crate::record::report::{Entries, Report, Scope, end_of};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "\
Reports when the incident began and ended, what failed and why, on which cells and in which apps, \
what was slow, what is unknown because events were lost, and what operators did. An incident is a \
time with far more failures and rejections than usual; the report explains how it is detected. The \
report contains names and failure reasons of tenants, but no definitions, no environments and no \
credentials in URLs. If the recording has several targets, choose one with --target.

Exit status:
  0  report written
  3  invalid filter, argument or setting
  5  no recording, nothing recorded in that time, or the report could not be written")]
pub(super) struct Arguments {
    /// How far back to look from the end, like 8h, or when to begin, like 2026-06-01T12:00 [default: 24h]
    #[arg(long, value_name = "DURATION|TIME", value_parser = parse_moment)]
    since: Option<Moment>,
    /// When to end, like 2026-06-01T16:00 [default: the end of the recording]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    until: Option<Time>,
    /// Count only tasks that match
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Format of the report [default: html if the output's name ends in .html, otherwise md]
    #[arg(long, value_enum, help_heading = OUTPUT)]
    format: Option<Format>,
    /// Time zone of all times: UTC, local, or a name like Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = parse_zone, help_heading = OUTPUT)]
    zone: TimeZone,
    /// File to write, readable by you alone [default: standard output]
    #[arg(long, short, value_name = "FILE", help_heading = OUTPUT)]
    output: Option<PathBuf>,
    #[command(flatten)]
    recording: RecordingArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Markdown
    Md,
    /// One HTML file with charts
    Html,
}

/// How far back to look by default.
const DEFAULT_SINCE: Moment = Moment::Ago(Duration::from_secs(24 * 3_600));

fn parse_zone(text: &str) -> Result<TimeZone, String> {
    match text {
        "UTC" | "utc" => Ok(TimeZone::UTC),
        "local" => Ok(TimeZone::system()),
        name => {
            TimeZone::get(name).map_err(|_| "expected UTC, local, or a name like Europe/Berlin".to_owned())
        }
    }
}

/// Writes the report.
pub(super) fn run(arguments: &Arguments, paths: &Paths) -> Result<Status, Failure> {
    let text = arguments.filter.as_deref().unwrap_or_default();
    let filter = Filter::parse_for_script(text).map_err(|mistake| Failure::filter(&mistake, text))?;
    let report = read(arguments, filter, paths)?;
    let text = match arguments.format() {
        Format::Md => report.markdown(),
        Format::Html => report.html(),
    };
    write(arguments.output.as_deref(), &text)?;
    Ok(Status::Done)
}

impl Arguments {
    fn format(&self) -> Format {
        let extension = self.output.as_deref().and_then(Path::extension);
        let is_html = extension.is_some_and(|extension| {
            ["html", "htm"].iter().any(|known| extension.eq_ignore_ascii_case(known))
        });
        self.format.unwrap_or(if is_html { Format::Html } else { Format::Md })
    }

    /// Returns the stretch of time to report on. A recording has this stretch at most.
    fn span(&self, recorded: &Range<Timestamp>) -> Result<Range<Timestamp>, Failure> {
        let until = self.until.map_or(recorded.end, |until| until.resolve(&self.zone)).min(recorded.end);
        let since = self.since.unwrap_or(DEFAULT_SINCE).resolve(until, &self.zone);
        let since = since.max(recorded.start);
        if since < until {
            return Ok(since..until);
        }
        let [start, end] = [recorded.start, recorded.end].map(|at| format::timestamp(at, &self.zone));
        Err(Failure::other(format!(
            "nothing was recorded in that time; the recording is from {start} to {end}"
        )))
    }
}

fn read(arguments: &Arguments, filter: Filter, paths: &Paths) -> Result<Report, Failure> {
    let opened = arguments.recording.open(paths)?;
    let runs = of_one_target(&opened, arguments.recording.target.as_deref())?;
    let recorded = recorded(&runs)
        .ok_or_else(|| Failure::other("the recording is empty; `taskdeck record` fills it"))?;
    let span = arguments.span(&recorded)?;
    let runs = within(runs, &span);
    let name = opened.path.file_name().unwrap_or(opened.path.as_os_str()).to_string_lossy().into_owned();
    let scope = Scope { span: span.clone(), filter, zone: arguments.zone.clone(), name };
    Report::read(&Entries::new(&opened.recording, &runs, span), &runs, scope)
        .map_err(|fault| opened.failure(&fault.into()))
}

/// Returns the runs of a target: an incident is one of a foundation.
///
/// # Errors
/// If there are several targets, and none was named.
fn of_one_target(opened: &Opened, target: Option<&str>) -> Result<Vec<Run>, Failure> {
    let targets = opened.targets();
    if target.is_none() && targets.len() > 1 {
        let names = targets.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!("the recording has several targets; choose one with --target: {names}");
        return Err(Failure::usage(message));
    }
    let is_of_target = |run: &&Run| target.is_none_or(|target| run.target == target);
    Ok(opened.runs.iter().filter(is_of_target).cloned().collect())
}

fn recorded(runs: &[Run]) -> Option<Range<Timestamp>> {
    Some(runs.iter().map(|run| run.started).min()?..runs.iter().map(end_of).max()?)
}

fn within(runs: Vec<Run>, span: &Range<Timestamp>) -> Vec<Run> {
    runs.into_iter().filter(|run| run.started < span.end && end_of(run) > span.start).collect()
}

/// Writes a report to a file as a whole, or to standard output.
fn write(file: Option<&Path>, text: &str) -> Result<(), Failure> {
    let Some(file) = file else {
        let mut output = Output::new();
        output.lines(text.as_bytes())?;
        return Ok(output.flush()?);
    };
    let fault = |error: io::Error| Failure::other(format!("could not write {}: {error}", file.display()));
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut written = tempfile::NamedTempFile::new_in(folder).map_err(fault)?;
    written.write_all(text.as_bytes()).map_err(fault)?;
    written.persist(file).map_err(|error| fault(error.error))?;
    output::print_message(&format!("wrote {}", file.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_a_name() {
        assert_eq!(parse_zone("UTC"), Ok(TimeZone::UTC));
        assert!(parse_zone("local").is_ok());
        assert!(parse_zone("Middle/Earth").unwrap_err().starts_with("expected UTC"));
    }
}

//! `timeline`: prints the course of a task from a recording: its phases, its changes, the gaps, and our actions.
//!
//! Calls no BBS.

mod steps;

use std::borrow::Cow;

use clap::Args;
use jiff::tz::TimeZone;

use super::failure::{Failure, Status};
use super::output::{self, OUTPUT, Output};
use super::recorded::{Form, ReadFailure, RecordingArgs, TextRows};
use crate::config::Paths;
use crate::model::{Clocks, Life, TaskGuid, Timeline};
use crate::present::detail::{
    Line, RecordedFacts, RecordedStep, TimelineFacts, recorded_lines, step_lines, timeline_lines,
};
use crate::present::sanitise;
use crate::record::query::{Act, Course};
use steps::Step;

/// How many cells the bar of a whole life has.
const BAR_CELLS: usize = 48;
/// The widest label that others are aligned with.
const WIDEST_LABEL: usize = 24;

/// Arguments of `timeline`.
#[derive(Debug, Args)]
#[command(after_help = "\
Prints how long the task waited and ran, each change with its source and the fields that differ, \
the times when events were lost, and what operators did to the task. A guid that was used several \
times has a timeline for each task. Times are in UTC. Credentials in URLs are masked.

Exit status:
  0  printed
  3  invalid argument or setting, or a target that was not recorded
  4  the recording has no such task
  5  no recording, or it could not be read")]
pub(super) struct Arguments {
    /// Guid of the task
    #[arg(value_name = "GUID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    guid: String,
    /// How to print it
    #[arg(long, value_name = "FORM", value_enum, default_value = "table", help_heading = OUTPUT)]
    output: Form,
    #[command(flatten)]
    recording: RecordingArgs,
}

/// Prints the timeline.
pub(super) fn run(arguments: &Arguments, paths: &Paths) -> Result<Status, Failure> {
    let opened = arguments.recording.open(paths)?;
    let guid = TaskGuid::from(arguments.guid.as_str());
    let courses = opened.recording.courses(&guid, arguments.recording.target.as_deref());
    let courses = courses.map_err(|fault| opened.failure(&ReadFailure::Recording(fault)))?;
    if courses.is_empty() {
        return Err(Failure::with(
            Status::Refused,
            format!("the recording has no task {guid}; `taskdeck history` lists its tasks"),
        ));
    }
    match arguments.output {
        Form::Table => print_text(&courses)?,
        Form::Json => print_json(&courses)?,
        Form::Csv => print_csv(&courses)?,
    }
    Ok(Status::Done)
}

fn print_text(courses: &[Course]) -> std::io::Result<()> {
    let mut output = Output::new();
    for (nth, course) in courses.iter().enumerate() {
        if nth > 0 {
            output.lines(b"\n")?;
        }
        output.lines(text(&lines(course)).as_bytes())?;
    }
    output.flush()
}

fn lines(course: &Course) -> Vec<Line<'static>> {
    let (life, zone) = (&course.life, &TimeZone::UTC);
    let mut lines = recorded_lines(&RecordedFacts {
        target: &life.target,
        task: &life.task,
        limits: life.limits,
        cell: life.cell.as_ref(),
        end: life.end.as_ref(),
        watched: (life.first_seen, life.watched_until),
        zone,
    });
    let timeline = Timeline {
        records: course.records.iter().collect(),
        gaps: course.gaps.iter().collect(),
        is_cut: false,
    };
    lines.extend(timeline_lines(&TimelineFacts {
        life: Life {
            task: &life.task,
            started_at: life.started_at,
            ended: life.end.is_some(),
            clocks: &Clocks::DEFAULT,
        },
        end: life.end.as_ref(),
        timeline: &timeline,
        now: life.watched_until,
        offset_ns: 0,
        zone,
        bar_cells: BAR_CELLS,
    }));
    let steps: Vec<_> = course.acts.iter().map(recorded_step).collect();
    lines.extend(step_lines(&steps, zone));
    lines
}

fn recorded_step(Act { at, user, host, entry }: &Act) -> RecordedStep<'_> {
    RecordedStep { at: *at, user, host, entry }
}

/// Aligns the values of lines, and sanitizes them.
fn text(lines: &[Line<'_>]) -> String {
    let label_width = |line: &Line<'_>| usize::from(line.indent) * 2 + sanitise::width(&line.label);
    let fields = lines.iter().filter(|line| line.section.is_none());
    let widest = fields.map(label_width).filter(|width| *width <= WIDEST_LABEL).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let is_heading = line.section.is_some();
        if is_heading && !text.is_empty() {
            text.push('\n');
        }
        let start = " ".repeat(usize::from(line.indent) * 2) + &sanitise::clean(&line.label);
        let gap = if is_heading { 1 } else { 2 };
        let column =
            if is_heading { sanitise::width(&start) } else { widest.max(sanitise::width(&start)) } + gap;
        for (nth, value) in line.value.split('\n').enumerate() {
            let before = if nth == 0 { start.as_str() } else { "" };
            let padding = " ".repeat(column.saturating_sub(sanitise::width(before)));
            let whole = [before, &padding, &sanitise::clean(value)].concat();
            text.extend([whole.trim_end(), "\n"]);
        }
    }
    text
}

fn print_json(courses: &[Course]) -> std::io::Result<()> {
    let mut output = Output::new();
    for course in courses {
        for step in Step::all(course) {
            output.lines(&output::json_line(&step.json(course)))?;
        }
    }
    output.flush()
}

fn print_csv(courses: &[Course]) -> std::io::Result<()> {
    let mut rows = TextRows::csv(Step::HEADINGS.into_iter(), true)?;
    for course in courses {
        for step in Step::all(course) {
            rows.row(step.texts(course).into_iter().map(Cow::Owned))?;
        }
    }
    rows.finish()
}

//! How the recording and the report were made.

use super::{Writer, table, text};
use crate::record::Run;
use crate::record::report::Report;
use crate::record::report::document::{Block, Column, Layout, Section, Table};
use crate::record::report::phrase::Phrase;

/// How many runs are listed.
const MAX_LISTED: usize = 40;

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let report = writer.report;
    let mut blocks = vec![
        Block::Table(runs(writer)),
        Block::Paragraph(
            Phrase::default()
                .count(report.entries)
                .say(" entries of the recording were read. A step of a task's life counts once, however many runs saw it."),
        ),
    ];
    let more = report.runs.len().saturating_sub(MAX_LISTED);
    if more > 0 {
        let more = u64::try_from(more).unwrap_or(0);
        blocks.insert(1, Block::Paragraph(Phrase::words("and ").counted(more, "earlier run").say(".")));
    }
    blocks.push(Block::Heading(Phrase::words("When an incident begins and ends")));
    blocks.push(Block::List(rule()));
    super::section("How this was recorded", blocks)
}

/// The rule of [`incident`](crate::record::report::incident), for the reader.
fn rule() -> Vec<Phrase> {
    [
        "The usual number of failures and rejections in a minute is the median of all minutes that were recorded without a \
         gap. Their median distance from it, or its square root if that is more, is the spread.",
        "A minute stands out with more than 5 failures and rejections, more than twice the usual, and more than 5 spreads \
         above the usual.",
        "Minutes that stand out and are at most 10 minutes apart belong together. The incident is the group with the most \
         failures and rejections above the usual, from its first minute to the end of its last.",
        "If no minute stands out, the same is tried with stretches of 5, 15 and 60 minutes. At least 8 of them are needed \
         to tell what is usual.",
    ]
    .map(Phrase::words)
    .into()
}

fn runs(writer: &Writer<'_>) -> Table {
    let columns = [
        Column::Text("Target"),
        Column::Text("Recorded by"),
        Column::Text("From"),
        Column::Text("To"),
        Column::Text("With"),
    ];
    let row = |run: &Run| {
        let by = Phrase::foreign(&[&run.user, "@", &run.host].concat());
        let to = match run.ended {
            Some(at) => Phrase::default().full_time(at, &writer.times),
            None => Phrase::default()
                .full_time(run.seen, &writer.times)
                .say(" (last written; it still runs or was killed)"),
        };
        let with = Phrase::foreign(&["taskdeck ", &run.version, " (", &run.program, ")"].concat());
        vec![
            text(Phrase::foreign(&run.target)),
            text(by.say(", process ").count(run.pid.into())),
            text(Phrase::default().full_time(run.started, &writer.times)),
            text(to),
            text(with),
        ]
    };
    let newest = writer.report.runs.len().saturating_sub(MAX_LISTED);
    table("Runs", Layout::Records, columns, writer.report.runs.iter().skip(newest).map(row).collect())
}

pub(super) fn colophon(report: &Report) -> Phrase {
    Phrase::words(concat!("Made by taskdeck ", env!("CARGO_PKG_VERSION"), " from "))
        .quote(&report.scope.name)
        .say(". Credentials in URLs are masked; definitions and environments are not recorded.")
}

//! How long tasks waited and ran, in the incident and otherwise, and how they left.

use std::time::Duration;

use super::{Writer, number, table, text};
use crate::model::Cause;
use crate::model::statistics::Durations;
use crate::present::ending;
use crate::record::report::document::{Block, Cell, Column, Layout, Section};
use crate::record::report::periods::{PerPeriod, Period};
use crate::record::report::phrase::Phrase;

/// With fewer tasks nothing is said about a difference.
const FEWEST: u32 = 20;
/// How many times longer a p95 must be to be called slower.
const SLOWER: f64 = 1.5;
/// By how much it must be longer: less is noise.
const LEAST_GROWTH: Duration = Duration::from_secs(1);

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let account = &writer.report.account;
    let phases = [("Waiting", &account.waiting), ("Running", &account.running)];
    let rows: Vec<_> = phases.into_iter().flat_map(|(name, of)| rows(writer, name, of)).collect();
    if rows.is_empty() {
        return None;
    }
    let columns = [
        Column::Text("Phase"),
        Column::Text("When"),
        Column::Number("Tasks"),
        Column::Number("p50"),
        Column::Number("p95"),
        Column::Number("Longest"),
    ];
    let mut blocks: Vec<_> = phases.into_iter().filter_map(|(name, of)| change(writer, name, of)).collect();
    blocks.push(Block::Table(table("How long tasks waited and ran", Layout::Numbers, columns, rows)));
    blocks.push(Block::Paragraph(Phrase::words(
        "Waiting is from a task's creation to its start, running from its start to its completion, both by the server's \
         clock. Tasks whose start was not seen are left out of running. Durations are exact to 3 %.",
    )));
    super::section("Waiting and running", blocks)
}

fn rows(writer: &Writer<'_>, name: &'static str, of: &PerPeriod<Durations>) -> Vec<Vec<Cell>> {
    let periods: &[(Period, &str)] = match writer.incident() {
        None => &[(Period::During, "whole recording")],
        Some(_) => &[(Period::Before, "before"), (Period::During, "incident"), (Period::After, "after")],
    };
    let row = |(period, when): &(Period, &'static str)| {
        let durations = of.get(*period);
        let quantile = |share| durations.quantile(share).map_or(Cell::None, took);
        (durations.count() > 0).then(|| {
            vec![
                text(Phrase::words(name)),
                text(Phrase::words(when)),
                number(durations.count().into()),
                quantile(0.5),
                quantile(0.95),
                durations.longest().map_or(Cell::None, took),
            ]
        })
    };
    periods.iter().filter_map(row).collect()
}

fn took(span: Duration) -> Cell {
    text(Phrase::default().took(span))
}

/// Says by how much the p95 changed.
fn change(writer: &Writer<'_>, name: &'static str, of: &PerPeriod<Durations>) -> Option<Block> {
    writer.incident()?;
    let p95 = |period| Some(of.get(period)).filter(|of| of.count() >= FEWEST)?.quantile(0.95);
    let (before, during) = (p95(Period::Before)?, p95(Period::During)?);
    let factor = during.as_secs_f64() / before.as_secs_f64().max(0.001);
    let phrase = if factor >= SLOWER && during.saturating_sub(before) >= LEAST_GROWTH {
        Phrase::words(name)
            .say(" was slower: 95 % took up to ")
            .took(during)
            .say(", ")
            .rate(factor)
            .say(" times as long as before (")
            .took(before)
            .say(").")
    } else {
        Phrase::words(name).say(" was not much slower than before.")
    };
    Some(Block::Paragraph(phrase))
}

/// How tasks left the BBS.
pub(super) fn departures(writer: &Writer<'_>) -> Option<Section> {
    let account = &writer.report.account;
    let has_incident = writer.incident().is_some();
    let mut columns = vec![Column::Text("Cause"), Column::Text("Meaning")];
    columns.push(Column::Number(if has_incident { "Incident" } else { "Tasks" }));
    if has_incident {
        columns.push(Column::Number("Outside"));
    }
    let row = |(cause, (during, outside)): (&Cause, &(u64, u64))| {
        let mut cells =
            vec![text(Phrase::words(cause.name())), text(Phrase::words(meaning(*cause))), number(*during)];
        if has_incident {
            cells.push(number(*outside));
        }
        cells
    };
    let rows: Vec<_> = account.causes.iter().filter(|(_, counts)| **counts != (0, 0)).map(row).collect();
    let mut blocks = Vec::new();
    let (during, outside) = account.returned;
    if during + outside > 0 {
        let phrase = Phrase::words("The server returned tasks from Resolving to Completed ")
            .counted(during, "time")
            .say(writer.in_the_incident());
        let phrase =
            if has_incident { phrase.say(" and ").count(outside).say(" outside of it") } else { phrase };
        blocks.push(Block::Paragraph(phrase.say(
            ": nobody deleted them in time. Their completion callback failed, or the client that claimed them is gone.",
        )));
    }
    if !rows.is_empty() {
        blocks.push(Block::Table(table("Why tasks left the BBS", Layout::Numbers, columns, rows)));
    }
    super::section("How tasks ended", blocks)
}

/// Returns what a cause means. The reader need not be the one who deleted a task.
const fn meaning(cause: Cause) -> &'static str {
    match cause {
        Cause::DeletedByUs => "it completed, and taskdeck deleted it",
        other => ending::meaning(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cause_speaks_to_the_one_who_deleted_a_task() {
        for cause in Cause::ALL {
            assert!(!meaning(cause).contains("you "), "{cause:?}");
        }
    }
}

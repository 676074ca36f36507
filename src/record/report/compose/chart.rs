//! Counts over time, as a chart and in tables.

use std::ops::Range;

use super::{Writer, number, table, text};
use crate::model::Timestamp;
use crate::record::report::document::{
    Block, Cell, Chart, Column, Kind, Layout, Mark, Marked, Section, Strip, Table, Tick, place,
};
use crate::record::report::incident::Episode;
use crate::record::report::phrase::Phrase;
use crate::record::report::series::{Counts, Minute};

/// The most labels of the time axis.
const MAX_TICKS: i64 = 8;
/// How many minutes may lie between two labels.
const TICK_MINUTES: [i64; 14] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080];

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let bars = bars(writer);
    let mut blocks = vec![
        Block::Chart(chart(writer, &bars)),
        Block::Table(totals(writer)),
        Block::Folded(counts(writer, &bars)),
    ];
    if let Some(incident) = writer.incident().filter(|incident| !incident.others.is_empty()) {
        blocks.push(Block::Paragraph(Phrase::words(
            "Other times with far more failures and rejections than usual:",
        )));
        blocks.push(Block::List(incident.others.iter().map(|episode| other(writer, episode)).collect()));
    }
    super::section("Counts over time", blocks)
}

fn other(writer: &Writer<'_>, Episode { minutes, counts, .. }: &Episode) -> Phrase {
    Phrase::default()
        .minute(minutes.start, &writer.times)
        .say(" to ")
        .minute(minutes.end, &writer.times)
        .say(": ")
        .counted(counts.failed, "failure")
        .say(", ")
        .counted(counts.rejected, "rejection")
}

fn bars(writer: &Writer<'_>) -> Vec<(Minute, Counts)> {
    let report = writer.report;
    report.series.stretches(report.minutes(), report.bar_minutes).collect()
}

fn chart(writer: &Writer<'_>, bars: &[(Minute, Counts)]) -> Chart {
    let width = writer.report.bar_minutes;
    let start = bars.first().map_or(writer.report.minutes().start, |(start, _)| *start);
    let end = bars.last().map_or(start, |(start, _)| start.plus(width));
    let place = start.start()..end.start();
    Chart {
        title: Phrase::words("Counts over time"),
        summary: summary(writer),
        bars: bars.iter().map(|(start, counts)| (writer.times.minute(*start).into(), *counts)).collect(),
        strips: Kind::ALL.map(|kind| strip(writer, kind, bars)).into(),
        marks: marks(writer, &place),
        ticks: ticks(writer, start, end),
    }
}

fn summary(writer: &Writer<'_>) -> Phrase {
    let width = writer.report.bar_minutes;
    let phrase = Phrase::words("Each bar stands for ")
        .counted(u64::try_from(width).unwrap_or(0), "minute")
        .say(". What was learnt from a list is counted when the list arrived. Times are in ")
        .zone(writer.report.scope.span.start, &writer.times)
        .say(".");
    match writer.incident() {
        None => phrase,
        Some(incident) => {
            let minutes = &incident.episode.minutes;
            Phrase::words("The incident, from ")
                .minute(minutes.start, &writer.times)
                .say(" to ")
                .minute(minutes.end, &writer.times)
                .say(", is marked. ")
                .join(phrase)
        }
    }
}

fn strip(writer: &Writer<'_>, kind: Kind, bars: &[(Minute, Counts)]) -> Strip {
    let total: u64 = bars.iter().map(|(_, counts)| kind.of(counts)).sum();
    let most = bars.iter().map(|(_, counts)| kind.of(counts)).max().unwrap_or(0);
    let label = Phrase::number(total);
    let Some((start, _)) = bars.iter().find(|(_, counts)| kind.of(counts) == most).filter(|_| most > 0)
    else {
        return Strip { kind, label };
    };
    let label = label.say(", at most ").count(most).say(" in a bar (").minute(*start, &writer.times).say(")");
    Strip { kind, label }
}

fn marks(writer: &Writer<'_>, chart: &Range<Timestamp>) -> Vec<Mark> {
    let unknown = writer.report.unknown.iter().map(|stretch| (Marked::Unknown, stretch.clone()));
    let incident = writer.incident().map(|_| (Marked::Incident, writer.described()));
    incident
        .into_iter()
        .chain(unknown)
        .filter_map(|(what, stretch)| Mark::new(what, &stretch, chart))
        .collect()
}

fn ticks(writer: &Writer<'_>, start: Minute, end: Minute) -> Vec<Tick> {
    let whole = end.since(start);
    let step =
        TICK_MINUTES.into_iter().find(|step| whole / step < MAX_TICKS).unwrap_or(whole / MAX_TICKS + 1);
    let chart = start.start()..end.start();
    let first = start.floor(step);
    let at = (0..=whole / step + 1).map(|nth| first.plus(nth * step));
    at.filter(|at| *at >= start && *at < end)
        .map(|at| Tick { place: place(at.start(), &chart), label: writer.times.tick(at, step).into() })
        .collect()
}

/// Totals before, in and after the incident.
fn totals(writer: &Writer<'_>) -> Table {
    let minutes = writer.report.minutes();
    let periods = match writer.incident() {
        None => vec![("Whole recording", minutes)],
        Some(incident) => {
            let own = incident.episode.minutes.clone();
            vec![
                ("Before", minutes.start..own.start),
                ("Incident", own.clone()),
                ("After", own.end..minutes.end),
            ]
        }
    };
    let rows = periods.into_iter().filter(|(_, minutes)| minutes.start < minutes.end);
    let columns = [
        Column::Text("Period"),
        Column::Text("From"),
        Column::Number("Minutes"),
        Column::Number("Desired"),
        Column::Number("Completed"),
        Column::Number("Failed"),
        Column::Number("Failed share"),
        Column::Number("Rejections"),
    ];
    let row = |(name, minutes): (&'static str, Range<Minute>)| {
        let counts = writer.report.series.total(minutes.clone());
        let share = counts.failed_share().map_or(Cell::None, |share| text(Phrase::default().percent(share)));
        vec![
            text(Phrase::words(name)),
            text(Phrase::default().minute(minutes.start, &writer.times)),
            number(u64::try_from(minutes.end.since(minutes.start)).unwrap_or(0)),
            number(counts.desired),
            number(counts.completed),
            number(counts.failed),
            share,
            number(counts.rejected),
        ]
    };
    table(
        "Totals. Completed tasks include those that failed.",
        Layout::Numbers,
        columns,
        rows.map(row).collect(),
    )
}

fn counts(writer: &Writer<'_>, bars: &[(Minute, Counts)]) -> Table {
    let columns = [
        Column::Text("From"),
        Column::Number("Failed"),
        Column::Number("Rejections"),
        Column::Number("Completed"),
        Column::Number("Desired"),
    ];
    let row = |(start, counts): &(Minute, Counts)| {
        let mut cells = vec![text(Phrase::default().minute(*start, &writer.times))];
        cells.extend(Kind::ALL.map(|kind| number(kind.of(counts))));
        cells
    };
    table("The counts of every bar", Layout::Numbers, columns, bars.iter().map(row).collect())
}

//! Why tasks failed and were rejected: each reason with what its failures have in common, and examples.

use std::cmp::Reverse;

use super::{Writer, table, text};
use crate::model::failures::{self, Dimension, Dominance};
use crate::record::report::document::{Block, Cell, Column, Layout, Section, Table};
use crate::record::report::phrase::Phrase;
use crate::record::report::reasons::{Example, Reasons};

/// How many reasons are described each on their own.
const MAX_DESCRIBED: usize = 8;
/// How many further reasons are listed.
const MAX_LISTED: usize = 20;
/// Bars of a small chart: it is only as wide as a cell of a table.
const COURSE_BARS: usize = 40;

/// The words for one kind of trouble.
struct Kind {
    title: &'static str,
    one: &'static str,
    caption: &'static str,
    others: &'static str,
}

pub(super) fn failures(writer: &Writer<'_>) -> Option<Section> {
    let kind = Kind {
        title: "Failures",
        one: "failure",
        caption: "Examples: the first failures of this reason",
        others: "Other reasons of failures",
    };
    reasons(writer, &writer.report.account.failures, &kind)
}

pub(super) fn rejections(writer: &Writer<'_>) -> Option<Section> {
    let kind = Kind {
        title: "Rejections",
        one: "rejection",
        caption: "Examples: the first rejections of this reason",
        others: "Other reasons of rejections",
    };
    reasons(writer, &writer.report.account.rejections, &kind)
}

fn reasons(writer: &Writer<'_>, reasons: &Reasons, kind: &Kind) -> Option<Section> {
    let clusters = &reasons.clusters;
    if clusters.total() == 0 {
        return None;
    }
    let mut all: Vec<_> = clusters.reasons().collect();
    all.sort_by_key(|reason| (Reverse(reason.count()), reason.pattern().is_none(), reason.pattern()));
    let mut blocks = vec![Block::Paragraph(
        Phrase::default()
            .counted(clusters.total().into(), kind.one)
            .say(writer.in_the_incident())
            .say(", of ")
            .counted(u64::try_from(all.len()).unwrap_or(0), "kind")
            .say(" of reason. Guids, numbers, hosts and paths that differ count as the same reason."),
    )];
    if let Some(cut_at) = clusters.cut_at() {
        let phrase = Phrase::words("Only those after ").time(cut_at, &writer.times);
        blocks.push(Block::Caution(phrase.say(" are told apart here: there are too many to keep them all.")));
    }
    let (described, listed) = all.split_at(all.len().min(MAX_DESCRIBED));
    for reason in described {
        blocks.extend(describe(writer, reasons, reason, kind));
    }
    if !listed.is_empty() {
        blocks.push(Block::Table(others(reasons, listed, kind)));
    }
    super::section(kind.title, blocks)
}

fn describe(
    writer: &Writer<'_>,
    reasons: &Reasons,
    reason: &failures::Reason<'_>,
    kind: &Kind,
) -> Vec<Block> {
    let heading =
        Phrase::default().counted(reason.count().into(), kind.one).say(" (").percent(reason.share()).say(")");
    let kept = reason.pattern().and_then(|pattern| reasons.get(pattern));
    let (first, last) = reason.seen();
    let seen = match reason.count() {
        1 => Phrase::words("At ").time(first, &writer.times).say("."),
        _ => Phrase::words("From ").time(first, &writer.times).say(" to ").time(last, &writer.times).say("."),
    };
    let mut blocks = vec![
        Block::Heading(heading),
        Block::Quotation(pattern(reason)),
        Block::Paragraph(
            seen.join(common(reason)).join(outside(writer, kept.map_or(0, |kept| kept.outside))),
        ),
    ];
    if let Some(kept) = kept.filter(|kept| !kept.examples.is_empty()) {
        blocks.push(Block::Table(examples(writer, &kept.examples, kind)));
    }
    blocks
}

fn pattern(reason: &failures::Reason<'_>) -> Phrase {
    match reason.pattern() {
        None => Phrase::words("(further reasons)"),
        Some("") => Phrase::words("(no reason given)"),
        Some(pattern) => Phrase::foreign(pattern),
    }
}

/// Says what the failures of a reason have in common.
fn common(reason: &failures::Reason<'_>) -> Phrase {
    let mut phrase = Phrase::default();
    for dimension in Dimension::ALL {
        phrase = phrase.join(match reason.dominance(dimension).filter(tells_something) {
            Some(dominance) => dominant(&dominance),
            None => spread(reason, dimension),
        });
    }
    phrase
}

/// Returns whether a reader learns something from what most have in common: most tasks of a foundation are in one domain.
fn tells_something(dominance: &Dominance<'_>) -> bool {
    let is_all = dominance.count == dominance.of && dominance.of > 1;
    dominance.is_notable() || (is_all && dominance.dimension != Dimension::Domain)
}

fn dominant(dominance: &Dominance<'_>) -> Phrase {
    let phrase = if dominance.count == dominance.of {
        Phrase::words(" All")
    } else {
        Phrase::words(" ").percent(dominance.share())
    };
    let phrase = match dominance.dimension {
        Dimension::Cell => phrase.say(" ran on cell "),
        Dimension::App => phrase.say(" belong to app "),
        Dimension::Domain => phrase.say(" are in domain "),
    };
    let phrase = phrase.quote(dominance.value.label());
    let (count, of) = dominance.others;
    if !dominance.is_notable() || of == 0 {
        return phrase.say(".");
    }
    match count {
        0 => phrase.say(" (of the others, none)."),
        _ => phrase.say(" (of the others, ").percent(f64::from(count) / f64::from(of)).say(")."),
    }
}

/// Says how many cells, apps or domains they have, if it is more than one.
fn spread(reason: &failures::Reason<'_>, dimension: Dimension) -> Phrase {
    let named = reason.values(dimension).filter(|(value, _)| value.id().is_some());
    let count = u64::try_from(named.count()).unwrap_or(0);
    let of = match (dimension, count) {
        (_, ..=1) => return Phrase::default(),
        (Dimension::Cell, _) => Phrase::words(" They ran on ").counted(count, "cell"),
        (Dimension::App, _) => Phrase::words(" They belong to ").counted(count, "app"),
        (Dimension::Domain, _) => Phrase::words(" They are in ").counted(count, "domain"),
    };
    of.say(".")
}

fn outside(writer: &Writer<'_>, count: u64) -> Phrase {
    match (writer.incident(), count) {
        (None, _) => Phrase::default(),
        (Some(_), 0) => Phrase::words(" Not seen outside of the incident."),
        (Some(_), count) => Phrase::words(" Outside of the incident: ").count(count).say("."),
    }
}

fn examples(writer: &Writer<'_>, examples: &[Example], kind: &Kind) -> Table {
    let has_cells = examples.iter().any(|example| example.cell.is_some());
    let mut columns = vec![Column::Text("Time"), Column::Text("Task")];
    columns.extend(has_cells.then_some(Column::Text("Cell")));
    columns.extend([Column::Text("App"), Column::Text("Domain"), Column::Text("Reason")]);
    let row = |example: &Example| {
        let cell = || example.cell.as_ref().map_or(Cell::None, |cell| text(Phrase::foreign(cell.as_str())));
        let app = example.owner.app();
        let mut cells = vec![
            text(Phrase::default().time(example.at, &writer.times)),
            text(Phrase::foreign(example.guid.as_str())),
        ];
        cells.extend(has_cells.then(cell));
        cells.extend([
            if app.is_unknown() { Cell::None } else { text(Phrase::foreign(app.label())) },
            text(Phrase::foreign(example.domain.as_str())),
            text(Phrase::foreign(&example.reason)),
        ]);
        cells
    };
    table(kind.caption, Layout::Records, columns, examples.iter().map(row).collect())
}

fn others(reasons: &Reasons, listed: &[failures::Reason<'_>], kind: &Kind) -> Table {
    let (listed, rest) = listed.split_at(listed.len().min(MAX_LISTED));
    let columns = [
        Column::Text("Reason"),
        Column::Number("Count"),
        Column::Number("Outside"),
        Column::Text("Over time"),
    ];
    let mut rows: Vec<_> = listed
        .iter()
        .map(|reason| {
            let kept = reason.pattern().and_then(|pattern| reasons.get(pattern));
            let course = kept.map_or(Cell::None, |kept| Cell::Course(course(&kept.course)));
            let outside = kept.map_or(Cell::None, |kept| super::number(kept.outside));
            vec![text(pattern(reason)), super::number(reason.count().into()), outside, course]
        })
        .collect();
    if !rest.is_empty() {
        let count = rest.iter().map(|reason| u64::from(reason.count())).sum();
        let name = Phrase::words("and ").counted(u64::try_from(rest.len()).unwrap_or(0), "other reason");
        rows.push(vec![text(name), super::number(count), Cell::None, Cell::None]);
    }
    table(kind.others, Layout::Numbers, columns, rows)
}

/// Adds neighbouring bars up until they fit into a cell.
fn course(counts: &[u64]) -> Vec<u64> {
    let size = counts.len().div_ceil(COURSE_BARS).max(1);
    counts.chunks(size).map(|bars| bars.iter().sum()).collect()
}

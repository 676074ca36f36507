//! Which cells and apps were affected, and how much.

use super::{Writer, number, table, text};
use crate::model::Owner;
use crate::record::report::document::{Block, Cell, Column, Layout, Section, Table};
use crate::record::report::phrase::Phrase;
use crate::record::report::series::{Counts, share};
use crate::record::report::shares::Split;

/// How many cells or apps are listed.
const MAX_LISTED: usize = 12;

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let account = &writer.report.account;
    let cells = account.cells.by_trouble();
    let apps = account.apps.by_trouble();
    let mut blocks = Vec::new();
    if !cells.is_empty() {
        blocks.push(Block::Table(of_cells(writer, &cells)));
        blocks.extend(more(cells.len(), "cell"));
    }
    if !apps.is_empty() {
        blocks.push(Block::Table(of_apps(writer, &apps)));
        blocks.extend(more(apps.len(), "app"));
    }
    if !blocks.is_empty() {
        let note = "A cell counts if a task is known to have run on it: the BBS does not report which cell rejected a task.";
        blocks.push(Block::Paragraph(Phrase::words(note)));
    }
    super::section("Cells and apps affected", blocks)
}

fn more(count: usize, noun: &'static str) -> Option<Block> {
    let more = u64::try_from(count.checked_sub(MAX_LISTED).filter(|more| *more > 0)?).ok()?;
    Some(Block::Paragraph(Phrase::words("and ").counted(more, noun).say(" with fewer.")))
}

fn of_cells(writer: &Writer<'_>, cells: &[(&str, Split)]) -> Table {
    let mut columns = vec![Column::Text("Cell")];
    columns.extend(COMPLETIONS);
    columns.extend(writer.incident().map(|_| OUTSIDE));
    let row = |(cell, split): &(&str, Split)| {
        let mut cells = vec![text(Phrase::foreign(cell))];
        cells.extend(completions(writer, split));
        cells
    };
    let caption = "Cells by failed tasks";
    table(caption, Layout::Numbers, columns, cells.iter().take(MAX_LISTED).map(row).collect())
}

fn of_apps(writer: &Writer<'_>, apps: &[(&str, Split)]) -> Table {
    let mut columns = vec![Column::Text("App"), Column::Text("Space, organization")];
    columns.extend(COMPLETIONS);
    columns.extend(writer.incident().map(|_| OUTSIDE));
    columns.push(Column::Number("Rejections"));
    let row = |(app, split): &(&str, Split)| {
        let owner = writer.report.account.owner(app).unwrap_or(Owner::NONE);
        let name = if owner.app().is_unknown() { app } else { owner.app().label() };
        let mut cells = vec![text(Phrase::foreign(name)), place(owner)];
        cells.extend(completions(writer, split));
        cells.push(number(split.during.rejected));
        cells
    };
    let caption = "Apps by failed tasks";
    table(caption, Layout::Numbers, columns, apps.iter().take(MAX_LISTED).map(row).collect())
}

fn place(owner: &Owner) -> Cell {
    let (space, org) = (owner.space(), owner.org());
    match (space.is_unknown(), org.is_unknown()) {
        (true, true) => Cell::None,
        (false, true) => text(Phrase::foreign(space.label())),
        (true, false) => text(Phrase::foreign(org.label())),
        (false, false) => text(Phrase::foreign(space.label()).say(", ").quote(org.label())),
    }
}

const COMPLETIONS: [Column; 3] =
    [Column::Number("Failed"), Column::Text("Share of all failures"), Column::Number("Of its own tasks")];
const OUTSIDE: Column = Column::Number("Outside of the incident");

/// Returns how many failed, which part of all failures that is, and which part of its own tasks, in and outside of the
/// incident.
fn completions(writer: &Writer<'_>, split: &Split) -> Vec<Cell> {
    let all = writer.described_counts().failed;
    let mut cells = vec![
        number(split.during.failed),
        share(split.during.failed, all).map_or(Cell::None, Cell::Share),
        own(&split.during),
    ];
    if writer.incident().is_some() {
        cells.push(own(&split.outside));
    }
    cells
}

fn own(counts: &Counts) -> Cell {
    let share = counts.failed_share();
    share.map_or(Cell::None, |share| {
        text(Phrase::default().percent(share).say(" of ").count(counts.completed))
    })
}

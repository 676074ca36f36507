//! What the recording does not know.

use std::time::Duration;

use super::{Writer, table, text};
use crate::record::report::coverage::Gap;
use crate::record::report::document::{Block, Cell, Column, Layout, Section, Table};
use crate::record::report::phrase::Phrase;

/// How many gaps are listed.
const MAX_LISTED: usize = 40;

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let gaps = writer.report.coverage.gaps();
    let unknown = writer.unknown_in(&writer.report.scope.span);
    if gaps.is_empty() && unknown.is_zero() {
        let phrase = Phrase::words("Nothing: a run recorded all the time, and no events were lost.");
        return super::section("What is unknown", vec![Block::Paragraph(phrase)]);
    }
    let mut blocks = vec![Block::Caution(consequences(writer, unknown))];
    if writer.report.account.learnt_late > 0 {
        blocks.push(Block::Paragraph(
            Phrase::default()
                .counted(writer.report.account.learnt_late, "failure")
                .say(writer.in_the_incident())
                .say(" became known only from the list after a gap, and counts at the time of that list."),
        ));
    }
    if !gaps.is_empty() {
        blocks.push(Block::Table(listed(writer, gaps)));
        let more = writer.report.coverage.more_gaps()
            + u64::try_from(gaps.len().saturating_sub(MAX_LISTED)).unwrap_or(0);
        if more > 0 {
            blocks
                .push(Block::Paragraph(Phrase::words("and ").counted(more, "shorter or later gap").say(".")));
        }
    }
    let stretches = &writer.report.unknown;
    if !stretches.is_empty() {
        blocks.push(Block::Table(stretches_table(writer)));
    }
    super::section("What is unknown", blocks)
}

fn consequences(writer: &Writer<'_>, unknown: Duration) -> Phrase {
    if unknown.is_zero() {
        return Phrase::words("one run lost events, but another one recorded at that time.");
    }
    let phrase = Phrase::words("for ").took(unknown).say(", events were lost or nothing was recorded");
    let in_incident = writer.unknown_in(&writer.described());
    let phrase = match writer.incident() {
        None => phrase,
        Some(_) if in_incident.is_zero() => phrase.say(", none of it in the incident"),
        Some(_) => phrase.say(", ").took(in_incident).say(" of it in the incident"),
    };
    phrase.say(
        ". The next list tells the state of every task that the BBS still holds. Tasks that were created and left in between \
         are missing here, and so are the reasons of those that left.",
    )
}

fn listed(writer: &Writer<'_>, gaps: &[Gap]) -> Table {
    let columns = [
        Column::Text("Last event before"),
        Column::Text("Known again"),
        Column::Text("Lasted"),
        Column::Text("Target"),
        Column::Text("Why"),
    ];
    let row = |gap: &Gap| {
        let end = gap.end.map_or_else(
            || Phrase::words("not in this recording"),
            |end| Phrase::default().time(end, &writer.times),
        );
        let lasted = gap.end.map_or(Cell::None, |end| text(Phrase::default().took(end.since(gap.start))));
        let target = writer.report.run(gap.run).map(|run| Phrase::foreign(&run.target));
        vec![
            text(Phrase::default().time(gap.start, &writer.times)),
            text(end),
            lasted,
            text(target.unwrap_or_default()),
            text(Phrase::foreign(&gap.why)),
        ]
    };
    table("Gaps: events were lost", Layout::Records, columns, gaps.iter().take(MAX_LISTED).map(row).collect())
}

/// The stretches that no run knows.
fn stretches_table(writer: &Writer<'_>) -> Table {
    let columns = [Column::Text("From"), Column::Text("To"), Column::Text("Lasted")];
    let rows = writer.report.unknown.iter().take(MAX_LISTED).map(|stretch| {
        vec![
            text(Phrase::default().time(stretch.start, &writer.times)),
            text(Phrase::default().time(stretch.end, &writer.times)),
            text(Phrase::default().took(stretch.end.since(stretch.start))),
        ]
    });
    table("Stretches of which something is unknown", Layout::Numbers, columns, rows.collect())
}

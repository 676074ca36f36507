//! What we did: every action with its requests and its outcome.

use super::{Writer, number, table, text};
use crate::model::plan::{Outcome, Reply};
use crate::record::report::actions::{Action, Call, Tally};
use crate::record::report::document::{Block, Cell, Column, Layout, Section, Table};
use crate::record::report::phrase::Phrase;

/// How many actions are listed. The recording has them all.
const MAX_LISTED: usize = 200;

pub(super) fn section(writer: &Writer<'_>) -> Option<Section> {
    let actions = &writer.report.account.actions;
    let listed = actions.listed();
    if listed.is_empty() {
        let phrase =
            Phrase::words("Nothing: the runs of this recording sent no request that changes a task.");
        return super::section("What we did", vec![Block::Paragraph(phrase)]);
    }
    let mut blocks = Vec::new();
    if !writer.report.scope.filter.is_empty() {
        blocks.push(Block::Paragraph(Phrase::words(
            "All actions of the recording; the filter does not apply to them.",
        )));
    }
    blocks.push(Block::Table(tallies(writer)));
    blocks.push(Block::Table(audit(writer, listed)));
    let more = actions.count().saturating_sub(u64::try_from(listed.len().min(MAX_LISTED)).unwrap_or(0));
    if more > 0 {
        let phrase = Phrase::words("and ").counted(more, "later action").say(" that the recording lists");
        blocks.push(Block::Paragraph(phrase.say(" (view `actions`).")));
    }
    super::section("What we did", blocks)
}

fn tallies(writer: &Writer<'_>) -> Table {
    let columns = [
        Column::Text("Action"),
        Column::Number("Tasks"),
        Column::Number("Done"),
        Column::Number("Not done"),
        Column::Number("Outcome unknown"),
    ];
    let row = |(verb, tally): (&'static str, Tally)| {
        let Tally { done, not_done, unknown } = tally;
        vec![
            text(Phrase::words(verb)),
            number(done + not_done + unknown),
            number(done),
            number(not_done),
            number(unknown),
        ]
    };
    let rows = writer.report.account.actions.tallies().map(row).collect();
    table("Actions and their outcomes", Layout::Numbers, columns, rows)
}

fn audit(writer: &Writer<'_>, actions: &[Action]) -> Table {
    let columns = [
        Column::Text("Time"),
        Column::Text("Who"),
        Column::Text("Action"),
        Column::Text("Task"),
        Column::Text("Requests"),
        Column::Text("Outcome"),
    ];
    let row = |action: &Action| {
        vec![
            text(Phrase::default().time(action.at, &writer.times)),
            who(writer, action),
            text(Phrase::words(action.intent.verb())),
            text(Phrase::foreign(action.guid.as_str())),
            calls(&action.calls),
            text(outcome(action)),
        ]
    };
    table("Audit", Layout::Records, columns, actions.iter().take(MAX_LISTED).map(row).collect())
}

fn who(writer: &Writer<'_>, action: &Action) -> Cell {
    let Some(run) = writer.report.run(action.run) else { return Cell::None };
    let phrase = Phrase::foreign(&[&run.user, "@", &run.host].concat());
    text(phrase.say(" on ").quote(&run.target))
}

fn calls(calls: &[Call]) -> Cell {
    let mut phrase = Phrase::default();
    for (nth, Call { what, request, reply }) in calls.iter().enumerate() {
        phrase = phrase.say(if nth == 0 { "" } else { "; " }).say(what.word());
        if let Some(request) = request {
            phrase = phrase.say(" ").quote(&request.to_string());
        }
        phrase = match reply {
            None => phrase.say(" (reply not recorded)"),
            Some((Reply::Acknowledged, _)) => phrase.say(" acknowledged"),
            Some((Reply::Refused, why)) => because(phrase.say(" refused"), why),
            Some((Reply::Missing, why)) => because(phrase.say(" without a reply"), why),
        };
    }
    text(phrase)
}

fn outcome(action: &Action) -> Phrase {
    match &action.outcome {
        None => Phrase::words("not recorded"),
        Some((Outcome::Done, found)) => because(Phrase::words("done"), found),
        Some((Outcome::NotDone, found)) => because(Phrase::words("not done"), found),
        Some((Outcome::Unknown, found)) => because(Phrase::words("unknown"), found),
    }
}

fn because(phrase: Phrase, why: &str) -> Phrase {
    if why.is_empty() { phrase } else { phrase.say(": ").quote(why) }
}

//! Lays steps out as a table in Markdown. What servers and files say stands in code spans only. For steps with fixed names.

use super::Step;
use crate::present::sanitise;
use crate::record::report::code_span;

/// Returns the steps as a table.
pub(super) fn table(steps: &[Step]) -> String {
    let head = "| step | result | detail |\n| --- | --- | --- |\n".to_owned();
    std::iter::once(head).chain(steps.iter().map(row)).collect()
}

fn row(step: &Step) -> String {
    let Step { name, verdict, text, advice, .. } = step;
    let advice = if advice.is_empty() { String::new() } else { format!(" → {}", cell(advice)) };
    format!("| {name} | {} | {}{advice} |\n", verdict.word(), cell(text))
}

/// Returns a text as a code span that can stand in a table.
fn cell(text: &str) -> String {
    // A bar would end the cell, even in a code span.
    code_span(&sanitise::clean(text)).replace('|', "¦")
}

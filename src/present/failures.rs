//! How clusters of failures read, on the screen and in files.

use super::format;
use crate::model::failures::{BARS, Dimension, Dominance, Part, Reason, Value};

/// The bars of a sparkline, from the lowest to the highest.
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Formats a part of a whole, from 0 to 1: `82 %`, `<1 %`. Only all is 100 %.
pub fn percent(share: f64) -> String {
    let whole = (0..=100_u8).rev().find(|percent| f64::from(*percent) <= share * 100.0 + 0.5).unwrap_or(0);
    match whole {
        100 if share < 1.0 => "99 %".to_owned(),
        0 if share > 0.0 => "<1 %".to_owned(),
        whole => format!("{whole} %"),
    }
}

/// Returns what a reason is called: its pattern, or a word for what has none.
pub fn reason_text<'a>(reason: &Reason<'a>) -> &'a str {
    match reason.pattern() {
        Some("") => "(no reason given)",
        Some(pattern) => pattern,
        None => "(other reasons)",
    }
}

/// Returns what a value of a property is called.
pub fn value_text(dimension: Dimension, value: &Value) -> &str {
    match (value, dimension) {
        (Value::Unknown, Dimension::Cell) => "(no known cell)",
        (Value::Unknown, Dimension::App) => "(no app)",
        (Value::Unknown, Dimension::Domain) => "(no domain)",
        (Value::Other, _) => "(other)",
        (value, _) => value.label(),
    }
}

/// Says in a few words what dominates a reason: `82 % cell z1-3`.
pub fn dominance_text(dominance: &Dominance<'_>) -> String {
    let Dominance { dimension, value, .. } = dominance;
    format!("{} {} {}", percent(dominance.share()), dimension.name(), value.label())
}

/// Says what dominates a reason, and how usual that is. `noun` is what is counted.
pub fn dominance_sentence(dominance: &Dominance<'_>, noun: &str) -> String {
    let Dominance { dimension, value, others: (count, of), .. } = dominance;
    let (verb, too) = match dimension {
        Dimension::Cell => ("ran on cell", "did"),
        Dimension::App => ("belong to app", "do"),
        Dimension::Domain => ("are in domain", "are"),
    };
    let share = if dominance.count == dominance.of { "All".to_owned() } else { percent(dominance.share()) };
    let others = match of {
        0 => String::new(),
        of => format!("; {} of the other {noun} {too}", percent(f64::from(*count) / f64::from(*of))),
    };
    format!("{share} of these {verb} {}{others}", value.label())
}

/// Says over how many cells, apps or domains a reason is spread.
pub fn spread_text(reason: &Reason<'_>) -> String {
    let known = Dimension::ALL.into_iter().map(|of| (of, reason.known(of))).filter(|(_, number)| *number > 0);
    let texts = known.take(2).map(|(of, number)| format::counted(number, of.name()));
    texts.collect::<Vec<_>>().join(", ")
}

/// Describes a reason in one line.
pub fn reason_line(reason: &Reason<'_>) -> String {
    let dominances = reason.dominances();
    let mostly: Vec<_> = dominances.iter().filter(|of| of.is_told()).map(dominance_text).collect();
    let mostly = if mostly.is_empty() { spread_text(reason) } else { mostly.join(", ") };
    format!("{} × {}: {mostly}", reason.count(), reason_text(reason))
}

/// Describes a part of a reason in one line.
pub fn part_line(reason: &Reason<'_>, part: &Part<'_>) -> String {
    let place = Dimension::ALL.map(|of| format!("{} {}", of.name(), value_text(of, part.value(of))));
    format!("{} × {}: {}", part.count(), reason_text(reason), place.join(", "))
}

/// Draws counts as a line of at most so many bars, the highest of them full. A part of the window without any is blank.
pub fn sparkline(counts: &[u32; BARS], width: usize) -> String {
    let each = BARS.div_ceil(width.clamp(1, BARS));
    let sums: Vec<u32> = counts.chunks(each).map(|chunk| chunk.iter().sum()).collect();
    let highest = sums.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: &u32| {
        let level = (u64::from(*count) * 8).div_ceil(u64::from(highest));
        let level = usize::try_from(level).ok().and_then(|level| level.checked_sub(1));
        level.and_then(|level| LEVELS.get(level)).copied().unwrap_or(' ')
    };
    sums.iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_to_nothing_or_to_all() {
        let shares = [0.0, 0.001, 0.005, 0.094, 0.095, 0.5, 0.82, 0.996, 0.9999, 1.0];
        let texts = ["0 %", "<1 %", "1 %", "9 %", "10 %", "50 %", "82 %", "99 %", "99 %", "100 %"];
        assert_eq!(shares.map(percent), texts);
    }

    #[test]
    fn a_sparkline_keeps_every_failure_in_sight() {
        let mut counts = [0; BARS];
        (counts[0], counts[11], counts[12], counts[23]) = (1, 400, 800, 1_600);
        assert_eq!(sparkline(&counts, BARS), "▁          ▂▄          █");
        assert_eq!(sparkline(&counts, 12), "▁    ▂▄    █");
        assert_eq!(sparkline(&[0; BARS], 8), "        ");
    }
}

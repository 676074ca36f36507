//! Sparklines of a window: a bar for each of its slots. Pure.

use crate::model::statistics::Completions;

/// Cells of a sparkline.
pub(super) const WIDTH: u16 = 12;

/// Nothing at all, and then ever more.
const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// The share of failures that fills a bar at least: a few failures are not to look like many.
const LEAST_FULL: f64 = 0.1;

/// Draws how many tasks completed in each slot. The most of them fill a bar.
pub(super) fn throughput(course: &[Completions]) -> String {
    let most = course.iter().map(|of| of.completed).max().unwrap_or(0);
    course.iter().map(|of| bar(f64::from(of.completed) / f64::from(most.max(1)))).collect()
}

/// Draws the share of failures in each slot; nothing where no task completed.
pub(super) fn failures(course: &[Completions]) -> String {
    let share = |of: &Completions| (of.completed > 0).then(|| f64::from(of.failed) / f64::from(of.completed));
    let full = course.iter().filter_map(share).fold(LEAST_FULL, f64::max);
    course.iter().map(|of| share(of).map_or(" ", |share| bar(share / full))).collect()
}

/// Returns the bar for a height from 0 to 1. Only nothing has the lowest one.
fn bar(height: f64) -> &'static str {
    let [nothing, some @ ..] = BARS;
    if height <= 0.0 {
        return nothing;
    }
    let levels = (1_u32..).zip(some);
    let mut reached = levels.filter(|(level, _)| f64::from(*level) >= height * 7.0);
    reached.next().map_or("█", |(_, bar)| bar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(of: &[(u32, u32)]) -> Vec<Completions> {
        of.iter().map(|(completed, failed)| Completions { completed: *completed, failed: *failed }).collect()
    }

    #[test]
    fn the_most_fill_a_bar_and_little_is_not_nothing() {
        assert_eq!(throughput(&course(&[(0, 0), (1, 0), (50, 0), (100, 0)])), "▁▂▅█");
        assert_eq!(throughput(&course(&[(0, 0), (0, 0)])), "▁▁");
    }

    #[test]
    fn few_failures_do_not_look_like_many() {
        assert_eq!(failures(&course(&[(0, 0), (100, 0), (100, 1), (100, 10)])), " ▁▂█");
        assert_eq!(failures(&course(&[(100, 1), (100, 0)])), "▂▁");
        assert_eq!(failures(&course(&[(100, 50), (100, 100)])), "▅█");
    }
}

//! Detects which lines of a pane only moved since the last frame. The renderer can then scroll them in the terminal, for
//! about a tenth of the bytes of a redraw.
//!
//! A hint may be wrong or missing: the renderer must produce the right frame either way.

use std::ops::Range;

use ratatui::layout::Rect;

/// Lines of the screen whose contents moved up or down since the last frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrollHint {
    /// The lines to scroll.
    pub rows: Range<u16>,
    /// The lines that the contents moved up; negative for down. Never 0.
    pub by: i16,
}

/// Remembers what each line of a pane showed in the last frame, by an id that a line keeps when it moves.
#[derive(Debug, Clone)]
pub(crate) struct ScrollTracker<T> {
    area: Rect,
    ids: Vec<T>,
}

impl<T> Default for ScrollTracker<T> {
    fn default() -> Self {
        Self { area: Rect::ZERO, ids: Vec::new() }
    }
}

impl<T: PartialEq> ScrollTracker<T> {
    /// Records the ids of the lines that `area` shows now, from the top, and returns what moved.
    pub(crate) fn update(&mut self, area: Rect, ids: impl Iterator<Item = T>) -> Option<ScrollHint> {
        let before = std::mem::replace(&mut self.ids, ids.take(area.height.into()).collect());
        let same_area = std::mem::replace(&mut self.area, area) == area;
        let by = same_area.then(|| best_shift(&before, &self.ids)).flatten()?;
        self.hint(&before, by, area.y)
    }

    /// Returns what a line of the pane shows, counted from the top.
    pub(crate) fn at(&self, line: usize) -> Option<&T> {
        self.ids.get(line)
    }

    /// Returns the hint for the lines that moved by `by`: it spans where they were and where they are.
    fn hint(&self, before: &[T], by: i16, top: u16) -> Option<ScrollHint> {
        let has_moved =
            |at: &usize| previous_index(*at, by).is_some_and(|from| before.get(from) == self.ids.get(*at));
        let moved: Vec<_> = (0..self.ids.len()).filter(has_moved).collect();
        let (first, last) = (*moved.first()?, *moved.last()?);
        let (from_first, from_last) = (previous_index(first, by)?, previous_index(last, by)?);
        let row = |at: usize| u16::try_from(at).map(|at| top.saturating_add(at)).ok();
        Some(ScrollHint { rows: row(first.min(from_first))?..row(last.max(from_last) + 1)?, by })
    }
}

/// Returns the former index of the line that is at `at` now.
fn previous_index(at: usize, by: i16) -> Option<usize> {
    at.checked_add_signed(by.into())
}

/// Returns how far up the most lines moved; none if too few moved to be worth a scroll.
fn best_shift<T: PartialEq>(before: &[T], now: &[T]) -> Option<i16> {
    let max = i16::try_from(now.len().max(before.len())).ok()?;
    let matches = |by: i16| {
        let has_moved =
            |at: &usize| previous_index(*at, by).is_some_and(|from| before.get(from) == now.get(*at));
        (0..now.len()).filter(has_moved).count()
    };
    let stayed = matches(0);
    // Redrawing one or two lines is as cheap as scrolling them.
    let candidates = (-max..=max).filter(|by| *by != 0).map(|by| (matches(by), by));
    candidates
        .filter(|(count, _)| *count > stayed + 2)
        .max_by_key(|(count, by)| (*count, -by.abs()))
        .map(|(_, by)| by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(before: &str, now: &str) -> Option<ScrollHint> {
        let area = Rect::new(3, 2, 40, 8);
        let mut tracker = ScrollTracker::default();
        assert_eq!(tracker.update(area, before.chars()), None, "the first frame");
        tracker.update(area, now.chars())
    }

    #[test]
    fn scrolling_moves_the_whole_pane() {
        assert_eq!(moved("abcdefgh", "bcdefghi"), Some(ScrollHint { rows: 2..10, by: 1 }));
        assert_eq!(moved("abcdefgh", "yzabcdef"), Some(ScrollHint { rows: 2..10, by: -2 }));
    }

    #[test]
    fn an_inserted_line_moves_those_below() {
        assert_eq!(moved("abcdefgh", "abXcdefg"), Some(ScrollHint { rows: 4..10, by: -1 }));
        assert_eq!(moved("abXcdefg", "abcdefgh"), Some(ScrollHint { rows: 4..10, by: 1 }));
    }

    #[test]
    fn unmoved_and_new_lines_give_no_hint() {
        assert_eq!(moved("abcdefgh", "abcdefgh"), None);
        assert_eq!(moved("abcdefgh", "ijklmnop"), None);
        assert_eq!(moved("abcdefgh", "hijklmno"), None, "too few to scroll");
        assert_eq!(moved("", "abc"), None);
    }

    #[test]
    fn a_change_of_area_gives_no_hint() {
        let mut tracker = ScrollTracker::default();
        tracker.update(Rect::new(0, 0, 40, 8), "abcdefgh".chars());
        assert_eq!(tracker.update(Rect::new(0, 1, 40, 8), "bcdefghi".chars()), None);
    }
}

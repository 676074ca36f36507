//! What of a pane only moved since the last frame: a hint for whoever writes frames to the terminal, which can scroll
//! lines for a tenth of the bytes that it takes to write them anew.
//!
//! Only a hint: it may be wrong or missing, and the frame is right all the same.

use std::ops::Range;

use ratatui::layout::Rect;

/// Lines of the screen that show what was some lines further down, or up, before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The lines that are to be scrolled.
    pub rows: Range<u16>,
    /// How far what they hold went up; negative is down. Never 0.
    pub by: i16,
}

/// What the lines of a pane showed in the last frame, each by something that stays the same while it moves.
#[derive(Debug, Clone)]
pub(crate) struct Lines<T> {
    area: Rect,
    ids: Vec<T>,
}

impl<T> Default for Lines<T> {
    fn default() -> Self {
        Self { area: Rect::ZERO, ids: Vec::new() }
    }
}

impl<T: PartialEq> Lines<T> {
    /// Takes what the lines of `area` show now, from its top, and says what moved.
    pub(crate) fn show(&mut self, area: Rect, ids: impl Iterator<Item = T>) -> Option<Moved> {
        let before = std::mem::replace(&mut self.ids, ids.take(area.height.into()).collect());
        let same_area = std::mem::replace(&mut self.area, area) == area;
        let by = same_area.then(|| likeliest(&before, &self.ids)).flatten()?;
        self.region(&before, by, area.y)
    }

    /// From the first line that moved, or was moved away from, to the last.
    fn region(&self, before: &[T], by: i16, top: u16) -> Option<Moved> {
        let came = |at: &usize| source(*at, by).is_some_and(|from| before.get(from) == self.ids.get(*at));
        let moved: Vec<_> = (0..self.ids.len()).filter(came).collect();
        let (first, last) = (*moved.first()?, *moved.last()?);
        let (from_first, from_last) = (source(first, by)?, source(last, by)?);
        let row = |at: usize| u16::try_from(at).map(|at| top.saturating_add(at)).ok();
        Some(Moved { rows: row(first.min(from_first))?..row(last.max(from_last) + 1)?, by })
    }
}

/// Where the line at `at` was.
fn source(at: usize, by: i16) -> Option<usize> {
    at.checked_add_signed(by.into())
}

/// By how much most lines moved up; none if they did not.
fn likeliest<T: PartialEq>(before: &[T], now: &[T]) -> Option<i16> {
    let most = i16::try_from(now.len().max(before.len())).ok()?;
    let matches = |by: i16| {
        let came = |at: &usize| source(*at, by).is_some_and(|from| before.get(from) == now.get(*at));
        (0..now.len()).filter(came).count()
    };
    let stayed = matches(0);
    // Few lines that moved are as cheaply written anew.
    let candidates = (-most..=most).filter(|by| *by != 0).map(|by| (matches(by), by));
    candidates
        .filter(|(count, _)| *count > stayed + 2)
        .max_by_key(|(count, by)| (*count, -by.abs()))
        .map(|(_, by)| by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(before: &str, now: &str) -> Option<Moved> {
        let area = Rect::new(3, 2, 40, 8);
        let mut lines = Lines::default();
        assert_eq!(lines.show(area, before.chars()), None, "the first frame");
        lines.show(area, now.chars())
    }

    #[test]
    fn a_pane_that_scrolls_moves_whole() {
        assert_eq!(moved("abcdefgh", "bcdefghi"), Some(Moved { rows: 2..10, by: 1 }));
        assert_eq!(moved("abcdefgh", "yzabcdef"), Some(Moved { rows: 2..10, by: -2 }));
    }

    #[test]
    fn a_line_that_comes_in_between_moves_those_below() {
        assert_eq!(moved("abcdefgh", "abXcdefg"), Some(Moved { rows: 4..10, by: -1 }));
        assert_eq!(moved("abXcdefg", "abcdefgh"), Some(Moved { rows: 4..10, by: 1 }));
    }

    #[test]
    fn what_stays_or_is_new_did_not_move() {
        assert_eq!(moved("abcdefgh", "abcdefgh"), None);
        assert_eq!(moved("abcdefgh", "ijklmnop"), None);
        assert_eq!(moved("abcdefgh", "hijklmno"), None, "one line is no block");
        assert_eq!(moved("", "abc"), None);
    }

    #[test]
    fn another_area_is_another_pane() {
        let mut lines = Lines::default();
        lines.show(Rect::new(0, 0, 40, 8), "abcdefgh".chars());
        assert_eq!(lines.show(Rect::new(0, 1, 40, 8), "bcdefghi".chars()), None);
    }
}

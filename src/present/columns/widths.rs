//! Shares the width of a screen among columns.

use super::{COLUMNS, Column, RowFacts, Times};
use crate::present::sanitise;

/// A column with its place on the screen.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// The distance from the left edge, in cells.
    pub left: u16,
    /// The width, in cells.
    pub width: u16,
}

/// The widest text seen in each column. It only grows, so that columns do not shift back and forth while rows scroll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    widest: [u16; COLUMNS.len()],
    has_rows: bool,
}

impl Contents {
    /// Measures the texts of `rows` in `columns`. Reads no further into a text than its column can be wide.
    pub fn add<'a>(&mut self, columns: &[&Column], rows: impl Iterator<Item = RowFacts<'a>>) {
        let is_measured = |column: &Column| {
            !column.width.is_fixed() && columns.iter().any(|measured| measured.key == column.key)
        };
        let mut measured: Vec<_> =
            COLUMNS.iter().zip(&mut self.widest).filter(|(column, _)| is_measured(column)).collect();
        for row in rows {
            self.has_rows = true;
            for (column, widest) in &mut measured {
                let most = column.width.most;
                if **widest < most {
                    let text = sanitise::width(&sanitise::cut(&(column.text)(&row), most.into()));
                    **widest = u16::try_from(text).unwrap_or(most).max(**widest);
                }
            }
        }
    }

    /// Returns the width that `column` needs for its heading, with the sign of the sort, and for every text seen; the
    /// ideal width before the first row was seen.
    fn needed(&self, column: &Column, times: Times<'_>) -> u16 {
        let width = column.width_for(times);
        if width.is_fixed() || !self.has_rows {
            return width.ideal;
        }
        let seen = COLUMNS
            .iter()
            .zip(self.widest)
            .find_map(|(known, seen)| (known.key == column.key).then_some(seen));
        let heading = u16::try_from(column.title.len() + 1).unwrap_or(width.min);
        // A column whose minimum is its ideal keeps it, even while shorter texts would fit in less.
        let least = if width.min == width.ideal { width.ideal } else { heading };
        seen.unwrap_or(0).max(least).min(width.most)
    }
}

/// Shares `room` among columns. If it is too small, columns of the lowest rank are left out. In order of rank each then
/// gets its ideal width, then what its `contents` need, and never more; the column that grows takes the rest, or without
/// it the first in rank. Between two columns `gap` cells stay empty.
pub fn place(
    columns: impl Iterator<Item = &'static Column>,
    room: u16,
    gap: u16,
    times: Times<'_>,
    contents: &Contents,
) -> Vec<Placed> {
    let mut placed: Vec<_> = columns
        .map(|column| Placed { column, left: 0, width: column.width_for(times).min.min(room) })
        .collect();
    // Depends on the room alone: a column must not come and go with the texts in view.
    while taken(&placed, gap) > room && placed.len() > 1 {
        let least = placed.iter().enumerate().min_by_key(|(_, p)| p.column.rank).map(|(at, _)| at);
        least.map(|at| placed.remove(at));
    }
    for p in &mut placed {
        p.width = p.width.min(contents.needed(p.column, times));
    }
    let left_over = room.saturating_sub(taken(&placed, gap));
    widen(&mut placed, left_over, times, contents);
    let mut left = 0;
    for p in &mut placed {
        p.left = left;
        left += p.width + gap;
    }
    placed
}

fn taken(placed: &[Placed], gap: u16) -> u16 {
    placed.iter().map(|p| p.width + gap).sum::<u16>().saturating_sub(gap)
}

/// Shares the room that is left over, in order of rank.
fn widen(placed: &mut [Placed], mut left_over: u16, times: Times<'_>, contents: &Contents) {
    let mut by_rank: Vec<_> = placed.iter_mut().collect();
    by_rank.sort_by_key(|p| std::cmp::Reverse(p.column.rank));
    for usual in [true, false] {
        for p in &mut by_rank {
            let needed = contents.needed(p.column, times);
            let more = wanted(p, needed, usual, times, left_over).saturating_sub(p.width).min(left_over);
            p.width += more;
            left_over -= more;
        }
    }
    let grows = by_rank.iter().position(|p| p.column.width.grows);
    if let Some(p) = by_rank.get_mut(grows.unwrap_or(0)) {
        let most = if grows.is_some() { left_over } else { p.column.width.most.saturating_sub(p.width) };
        p.width += left_over.min(most);
    }
}

/// Returns the width that a column should have: its ideal width in the first pass, all that it needs in the second.
fn wanted(p: &Placed, needed: u16, usual: bool, times: Times<'_>, left_over: u16) -> u16 {
    let width = p.column.width_for(times);
    let ideal = needed.min(width.ideal);
    let fits = |all: &u16| all.saturating_sub(p.width) <= left_over;
    match usual {
        _ if width.whole => [needed, ideal].into_iter().find(fits).unwrap_or(width.min),
        true => ideal,
        false => needed,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::super::task_state::tests::task;
    use super::super::{COLUMNS, shown};
    use super::*;
    use crate::model::{CellId, Domain, State, Task, TaskGuid, Timestamp};

    fn seen(guid: &str, domain: &str, cell: &str) -> Contents {
        let mut contents = Contents::default();
        see(&mut contents, guid, domain, cell);
        contents
    }

    fn see(contents: &mut Contents, guid: &str, domain: &str, cell: &str) {
        let now = Timestamp::from_nanos(1);
        let task =
            Task { guid: TaskGuid::from(guid), domain: Domain::from(domain), ..task(State::Running, now) };
        let cell = CellId::from(cell);
        let row = RowFacts { task: &task, cell: Some(&cell), end: None, now, times: Times::Age };
        contents.add(&shown().collect::<Vec<_>>(), std::iter::once(row));
    }

    fn keys(room: u16) -> Vec<&'static str> {
        let placed = place(shown(), room, 1, Times::Age, &Contents::default());
        placed.iter().map(|p| p.column.key).collect()
    }

    fn width(contents: &Contents, room: u16, key: &str) -> u16 {
        let placed = place(shown(), room, 1, Times::Age, contents);
        placed.iter().find(|p| p.column.key == key).map_or(0, |p| p.width)
    }

    #[test]
    fn a_narrow_screen_drops_the_least() {
        assert_eq!(keys(120), ["guid", "domain", "state", "cell", "age", "in-state", "reason"]);
        assert_eq!(keys(80), ["guid", "domain", "state", "cell", "age", "in-state", "reason"]);
        assert_eq!(keys(60), ["guid", "state", "age", "in-state", "reason"]);
        assert_eq!(keys(38), ["guid", "state", "age"]);
        assert_eq!(keys(5), ["guid"]);
    }

    #[test]
    fn columns_never_leave_their_room() {
        let long = "a name without end ".repeat(600);
        for contents in [Contents::default(), seen("g", "d", "c"), seen(&long, &long, &long)] {
            for room in 1..300 {
                for times in [Times::Age, Times::In(&TimeZone::UTC)] {
                    let placed = place(COLUMNS.iter(), room, 1, times, &contents);
                    let right = placed.last().map_or(0, |p| p.left + p.width);
                    assert!(right <= room, "{right} of {room}");
                    assert!(placed.windows(2).all(|pair| pair[0].left + pair[0].width < pair[1].left));
                }
            }
        }
    }

    #[test]
    fn a_wide_screen_is_used_up() {
        let placed = place(shown(), 200, 1, Times::Age, &Contents::default());
        assert_eq!(placed.last().map(|p| p.left + p.width), Some(200));
    }

    #[test]
    fn no_text_is_cut_while_there_is_room_and_the_reason_gets_the_rest() {
        let guid = "467008c7-b209-43fe-8401-d5dc041dd977";
        let contents = seen(guid, "cf-app-staging", "cell-02");
        let [domain, cell] = ["domain", "cell"].map(|key| width(&contents, 118, key));
        assert_eq!((width(&contents, 118, "guid"), domain, cell), (36, 14, 7));
        assert_eq!(width(&contents, 118, "reason"), 118 - (36 + 14 + 11 + 7 + 6 + 8) - 6);
        let long = seen(guid, "a-domain-of-some-other-client", "1995d1df-a7fb-41d0-9df4-2b7542c355d6");
        assert_eq!((width(&long, 200, "domain"), width(&long, 200, "cell")), (29, 36));
    }

    #[test]
    fn long_names_leave_the_reason_its_usual_width_and_the_guid_is_cut_last() {
        let name = "n".repeat(300);
        let contents = seen("467008c7-b209-43fe-8401-d5dc041dd977", &name, &name);
        assert_eq!(width(&contents, 130, "reason"), 24);
        assert_eq!((width(&contents, 95, "guid"), width(&contents, 95, "domain")), (36, 8));
    }

    #[test]
    fn a_guid_that_cannot_be_whole_leaves_its_room_to_the_reason() {
        let contents = seen("467008c7-b209-43fe-8401-d5dc041dd977", "cf-tasks", "cell-1");
        assert_eq!(
            (width(&contents, 92, "guid"), width(&contents, 92, "reason")),
            (18, 92 - 18 - 41 - 5 + 1)
        );
        assert_eq!(width(&contents, 38, "guid"), 19, "nothing else could take it");
    }

    #[test]
    fn a_column_of_empty_texts_needs_no_more_than_its_heading() {
        assert_eq!(width(&seen("guid", "cf-tasks", ""), 80, "cell"), 5);
    }

    #[test]
    fn columns_do_not_shrink_while_rows_scroll() {
        let mut contents = seen("guid", "a-rather-long-domain", "cell-1");
        let before = contents.clone();
        see(&mut contents, "guid", "short", "c");
        assert_eq!(contents, before);
    }
}

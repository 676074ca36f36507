//! Shares the width of a screen among columns.

use super::{Column, Times};

/// A column that found its place.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// The column.
    pub column: &'static Column,
    /// How far from the left.
    pub left: u16,
    /// How wide.
    pub width: u16,
}

/// Shares `room` among columns: the least of rank go first where it is short; then each gets its ideal width in
/// order of rank, and what grows takes the rest. Between two columns `gap` cells stay empty.
pub fn place(
    columns: impl Iterator<Item = &'static Column>,
    room: u16,
    gap: u16,
    times: Times<'_>,
) -> Vec<Placed> {
    let mut placed: Vec<_> = columns
        .map(|column| Placed { column, left: 0, width: column.width_for(times).min.min(room) })
        .collect();
    let taken = |placed: &[Placed]| placed.iter().map(|p| p.width + gap).sum::<u16>().saturating_sub(gap);
    while taken(&placed) > room && placed.len() > 1 {
        let least = placed.iter().enumerate().min_by_key(|(_, p)| p.column.rank).map(|(at, _)| at);
        least.map(|at| placed.remove(at));
    }
    let mut left_over = room.saturating_sub(taken(&placed));
    let mut by_rank: Vec<_> = placed.iter_mut().collect();
    by_rank.sort_by_key(|p| std::cmp::Reverse(p.column.rank));
    for p in &mut by_rank {
        let more = p.column.width_for(times).ideal.saturating_sub(p.width).min(left_over);
        p.width += more;
        left_over -= more;
    }
    if let Some(p) = by_rank.iter_mut().find(|p| p.column.width.grows) {
        p.width += left_over;
    }
    let mut left = 0;
    for p in &mut placed {
        p.left = left;
        left += p.width + gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::{COLUMNS, shown};
    use super::*;

    fn keys(room: u16) -> Vec<&'static str> {
        place(shown(), room, 1, Times::Age).iter().map(|p| p.column.key).collect()
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
        for room in 1..300 {
            for times in [Times::Age, Times::In(&TimeZone::UTC)] {
                let placed = place(COLUMNS.iter(), room, 1, times);
                let right = placed.last().map_or(0, |p| p.left + p.width);
                assert!(right <= room, "{right} of {room}");
                assert!(placed.windows(2).all(|pair| pair[0].left + pair[0].width < pair[1].left));
            }
        }
    }

    #[test]
    fn a_wide_screen_is_used_up() {
        let placed = place(shown(), 200, 1, Times::Age);
        assert_eq!(placed.last().map(|p| p.left + p.width), Some(200));
    }
}

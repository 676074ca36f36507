//! Shares the width of a screen among columns: each gets the width of its texts if there is room for it.

use super::{Chosen, Column, Contents, Room};

/// The narrowest that a column can be made.
const NARROWEST: u16 = 3;

/// What a column needs, in cells: each at least as much as the one before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    pub(super) column: &'static Column,
    /// Less than this is not worth showing.
    pub(super) min: u16,
    pub(super) ideal: u16,
    most: u16,
    /// Enough for every text seen, and the heading.
    pub(super) full: u16,
    whole: bool,
}

impl Needs {
    /// Returns what a column needs for its heading, with the sign of the sort, and for every text seen; its ideal width
    /// before the first row was seen.
    pub(super) fn of(column: &'static Column, room: &Room<'_>, contents: &Contents) -> Self {
        let width = column.width_for(room.times);
        let sign = usize::from(room.sorted == column.key);
        let heading = u16::try_from(column.title.len() + sign).unwrap_or(width.min);
        let full = match contents.widest(column) {
            // A column whose minimum is its ideal keeps it, even while shorter texts would fit in less.
            Some(widest) if width.min < width.ideal => widest.max(heading),
            Some(widest) if !width.is_fixed() => widest.max(heading).max(width.ideal),
            _ => width.ideal.max(heading),
        };
        let [min, ideal, most] = [width.min, width.ideal, width.most].map(|some| some.min(full));
        Self { column, min, ideal, most, full, whole: width.whole }
    }

    /// Returns the same column at a width that the user chose.
    pub(super) fn at(self, width: u16) -> Self {
        let width = width.max(NARROWEST);
        Self { min: width, ideal: width, most: width, full: width, whole: false, ..self }
    }

    /// Returns the same column at its full width, if it has at most `room`.
    pub(super) fn at_full(self, room: u16) -> Self {
        Self { min: self.full.min(room), ..self }
    }
}

/// Returns the width that a column gets if the user widened it from `automatic`.
pub(super) fn widened(chosen: &Chosen, automatic: u16) -> u16 {
    automatic.saturating_add_signed(chosen.extra).max(NARROWEST)
}

/// Shares `room` among columns that fit at their minimum widths.
///
/// Columns that are cut in the middle of a guid, or not at all, are made whole first if the others keep their minimum.
/// Then all get what is usual, then what long texts need, then what every text needs. Nothing is cut while there is room
/// anywhere. What no text needs goes to the column that grows, or stays empty.
pub(super) fn share(all: &[Needs], room: u16, gap: u16) -> Vec<u16> {
    let mut widths: Vec<u16> = all.iter().map(|needs| needs.min.min(room)).collect();
    let mut left_over = room.saturating_sub(taken(&widths, gap));
    for (needs, width) in all.iter().zip(&mut widths).filter(|(needs, _)| needs.whole) {
        let more = needs.full.saturating_sub(*width);
        if more <= left_over {
            *width += more;
            left_over -= more;
        }
    }
    let steps: [fn(&Needs) -> u16; 3] = [|needs| needs.ideal, |needs| needs.most, |needs| needs.full];
    for step in steps {
        let wanted = |needs: &Needs| if needs.whole { 0 } else { step(needs) };
        left_over = fill(all, &mut widths, left_over, wanted);
    }
    left_over = fill(all, &mut widths, left_over, |needs| needs.full);
    let grows = all.iter().zip(&mut widths).find(|(needs, _)| needs.column.width.grows);
    if let Some((_, width)) = grows {
        *width += left_over;
    }
    widths
}

/// Returns the room that columns take, with the gaps between them.
pub(super) fn taken(widths: &[u16], gap: u16) -> u16 {
    widths.iter().fold(0_u16, |sum, width| sum.saturating_add(*width).saturating_add(gap)).saturating_sub(gap)
}

/// Widens columns towards what is `wanted`, a cell at a time to the one that has the smallest part of it. Returns what is
/// left over.
fn fill(all: &[Needs], widths: &mut [u16], mut left_over: u16, wanted: impl Fn(&Needs) -> u16) -> u16 {
    let lacks: u32 =
        all.iter().zip(&*widths).map(|(needs, width)| u32::from(wanted(needs).saturating_sub(*width))).sum();
    if lacks <= left_over.into() {
        for (needs, width) in all.iter().zip(widths) {
            *width = wanted(needs).max(*width);
        }
        return left_over - u16::try_from(lacks).unwrap_or(left_over);
    }
    while left_over > 0 {
        let short = all.iter().zip(&mut *widths).filter(|(needs, width)| **width < wanted(needs));
        let part = |(needs, width): &(&Needs, &mut u16)| {
            let thousandths = u32::from(**width) * 1_000 / u32::from(wanted(needs).max(1));
            (thousandths, std::cmp::Reverse(needs.column.rank))
        };
        let Some((_, width)) = short.min_by_key(part) else { break };
        *width += 1;
        left_over -= 1;
    }
    left_over
}

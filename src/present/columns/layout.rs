//! Decides which columns are on the screen, and where.
//!
//! Columns that do not fit are left out in order of their rank. Scrolling then shows them in the order of the table,
//! with the guid pinned at the left. A wide table has every column at the width of its texts, and scrolls.

use super::widths::{Needs, share, taken, widened};
use super::{Column, Contents, Times};

/// The key of the column that stays in place while the others scroll.
const PINNED: &str = "guid";

/// The cells that the mark at the right edge takes, with the gap before it.
const MARK: u16 = 2;

/// The pinned column and the others each need this much room.
const NARROW: u16 = 13;

/// A column of the table, and by how many cells it is wider (or narrower) than it would be by itself.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    /// The column.
    pub column: &'static Column,
    /// Cells more than the automatic width.
    pub extra: i16,
    /// Whether it is left out unless all columns have their ideal widths.
    pub if_room: bool,
}

/// The room for a table, and how it is shown.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    /// The width in cells.
    pub width: u16,
    /// Empty cells between two columns.
    pub gap: u16,
    /// How points in time are shown.
    pub times: Times<'a>,
    /// The key of the column that the rows are sorted by.
    pub sorted: &'a str,
    /// Whether every column has the width of its texts.
    pub wide: bool,
    /// How far the columns are scrolled to the right.
    pub scroll: usize,
}

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

/// The columns on the screen.
#[derive(Debug, Clone, Default)]
pub struct Arrangement {
    /// The columns, left to right.
    pub placed: Vec<Placed>,
    /// Where a mark says that columns are scrolled out at the left, in cells from the left edge.
    pub left_mark: Option<u16>,
    /// Where a mark says that there are more columns at the right.
    pub right_mark: Option<u16>,
    /// How far the columns are scrolled: no further than there are columns to show.
    pub scroll: usize,
}

/// Places columns in a room.
pub fn arrange(chosen: &[Chosen], room: &Room<'_>, contents: &Contents) -> Arrangement {
    let chosen = &with_room(chosen, room, contents);
    let needs: Vec<_> = chosen.iter().map(|chosen| Needs::of(chosen.column, room, contents)).collect();
    let automatic = arrange_needs(&needs, room);
    if chosen.iter().all(|chosen| chosen.extra == 0) {
        return automatic;
    }
    let chosen_width = |(chosen, needs): (&Chosen, &Needs)| match chosen.extra {
        0 => *needs,
        _ => needs.at(widened(chosen, automatic.width_of(chosen.column).unwrap_or(needs.min))),
    };
    let needs: Vec<_> = chosen.iter().zip(&needs).map(chosen_width).collect();
    arrange_needs(&needs, room)
}

/// Leaves out the columns that are shown only if there is room. The sort must stay visible.
fn with_room(chosen: &[Chosen], room: &Room<'_>, contents: &Contents) -> Vec<Chosen> {
    let ideal: Vec<_> = chosen.iter().map(|chosen| Needs::of(chosen.column, room, contents).ideal).collect();
    let is_kept = room.wide || taken(&ideal, room.gap) <= room.width;
    let is_in = |chosen: &&Chosen| is_kept || !chosen.if_room || chosen.column.key == room.sorted;
    chosen.iter().filter(is_in).copied().collect()
}

impl Arrangement {
    fn width_of(&self, column: &Column) -> Option<u16> {
        self.placed.iter().find(|placed| placed.column.key == column.key).map(|placed| placed.width)
    }
}

fn arrange_needs(all: &[Needs], room: &Room<'_>) -> Arrangement {
    let all: Vec<_> =
        all.iter().map(|needs| if room.wide { needs.at_full(room.width) } else { *needs }).collect();
    if total(&all, room.gap) <= room.width {
        return place(&all, room.gap, 0, room.width);
    }
    let narrower = Room { width: room.width.saturating_sub(MARK), ..*room };
    // The first position is the one where columns are left out by rank.
    let first = usize::from(!room.wide);
    let mut arrangement = match room.scroll.checked_sub(first) {
        None => Arrangement {
            right_mark: Some(0),
            ..place(&without_least(&all, &narrower), room.gap, 0, narrower.width)
        },
        Some(skip) => scrolled(&all, &narrower, skip, first),
    };
    if arrangement.left_mark.is_none() && arrangement.right_mark.is_none() {
        // One of them is wider than the screen, and none is out of sight.
        return scrolled(&all, room, 0, 0);
    }
    arrangement.right_mark = arrangement.right_mark.map(|_| room.width.saturating_sub(1));
    arrangement
}

/// Leaves out columns of the lowest rank until the others fit. Depends on the room alone: a column must not come and go with
/// the texts in view.
fn without_least(all: &[Needs], room: &Room<'_>) -> Vec<Needs> {
    let mut kept = all.to_vec();
    while kept.len() > 1 && total(&kept, room.gap) > room.width {
        // The sort must stay visible.
        let rank = |needs: &Needs| {
            let key = needs.column.key;
            (key == PINNED, key == room.sorted, needs.column.rank)
        };
        let least = kept.iter().enumerate().min_by_key(|(_, needs)| rank(needs)).map(|(at, _)| at);
        least.map(|at| kept.remove(at));
    }
    kept
}

/// Places the pinned column and those from `skip` on.
fn scrolled(all: &[Needs], room: &Room<'_>, skip: usize, first: usize) -> Arrangement {
    // The pinned column scrolls too on a screen that is too small for it and another one.
    let is_pinned = |needs: &&Needs| needs.column.key == PINNED && room.width >= 2 * NARROW;
    let (mut shown, mut others): (Vec<Needs>, Vec<Needs>) = all.iter().partition(is_pinned);
    for pinned in &mut shown {
        pinned.min = pinned.min.min(room.width / 2);
    }
    let is_pinned = !shown.is_empty();
    // Without a pinned column the mark takes the left edge.
    let edge = if is_pinned { total(&shown, room.gap) + room.gap } else { MARK };
    let width = room.width.saturating_sub(edge);
    for needs in &mut others {
        needs.min = needs.min.min(width);
    }
    let skip = skip.min(last_skip(&others, width, room.gap));
    let rest = others.get(skip..).unwrap_or_default();
    let fitting = fitting(rest.iter(), width, room.gap);
    shown.extend(rest.iter().take(fitting.max(1)));
    let indent = if is_pinned || skip == 0 { 0 } else { MARK.min(room.width) };
    let inside = room.width - indent;
    let left_over = inside.saturating_sub(total(&shown, room.gap).saturating_add(room.gap));
    // In a wide table the beginning of the next column is shown where it does not fit.
    let next = rest.get(fitting.max(1)).filter(|next| room.wide && left_over >= next.column.width.min);
    shown.extend(next.map(|next| next.at_full(left_over)));
    let mut arrangement = place(&shown, room.gap, indent, inside);
    arrangement.scroll = skip + first;
    let pinned_edge = arrangement.placed.first().filter(|_| is_pinned).map_or(0, |pinned| pinned.width);
    arrangement.left_mark = (skip > 0).then_some(pinned_edge);
    arrangement.right_mark = (fitting < rest.len()).then_some(0);
    arrangement
}

/// Returns the room that columns need at the least.
fn total(all: &[Needs], gap: u16) -> u16 {
    taken(&all.iter().map(|needs| needs.min).collect::<Vec<_>>(), gap)
}

/// Returns how many columns fit.
fn fitting<'a>(columns: impl Iterator<Item = &'a Needs>, width: u16, gap: u16) -> usize {
    let mut used = 0_u16;
    let fits = |needs: &&Needs| {
        used = used.saturating_add(needs.min);
        let is_in = used <= width;
        used = used.saturating_add(gap);
        is_in
    };
    columns.take_while(fits).count()
}

/// Returns the least number of columns to skip so that all others fit.
fn last_skip(columns: &[Needs], width: u16, gap: u16) -> usize {
    columns.len() - fitting(columns.iter().rev(), width, gap).max(1).min(columns.len())
}

fn place(all: &[Needs], gap: u16, mut left: u16, width: u16) -> Arrangement {
    let placed = all.iter().zip(share(all, width, gap)).map(|(needs, width)| {
        let placed = Placed { column: needs.column, left, width };
        left += width + gap;
        placed
    });
    Arrangement { placed: placed.collect(), ..Arrangement::default() }
}

#[cfg(test)]
mod tests;

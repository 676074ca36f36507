//! The pane that lists clusters: one row for each reason, and below an unfolded one its parts.
//!
//! The pane holds the rows in order, and sorts them again at a bounded rate. Counts are looked up for the rows in view.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::row::{FailureKind, FailureRow, FailureSort};
use super::search::Search;
use crate::model::failures::{Clusters, Dimension, Part, Reason, ReasonId, Window};

/// How many parts an unfolded reason shows at most.
const MAX_PARTS: usize = 50;

/// Rows are sorted again at least once in this many frames. Ten frames are drawn per second.
const MAX_DEFERRED_FRAMES: u32 = 5;

/// The pane that lists clusters.
#[derive(Debug, Clone, Default)]
pub struct FailuresPane {
    kind: FailureKind,
    window: Window,
    sort: FailureSort,
    reversed: bool,
    search: String,
    unfolded: BTreeSet<ReasonId>,
    rows: Vec<FailureRow>,
    /// How many reasons are listed, and how many there are.
    listed_of_total: (usize, usize),
    /// The row under the cursor; none at first, when that is whatever comes first.
    cursor: Option<FailureRow>,
    cursor_at: usize,
    /// The revision of the clusters that were listed last.
    listed: Option<u64>,
    deferred_frames: u32,
}

impl FailuresPane {
    /// Returns what is clustered.
    pub const fn kind(&self) -> FailureKind {
        self.kind
    }

    /// Returns the window.
    pub const fn window(&self) -> Window {
        self.window
    }

    /// Returns what reasons are sorted by, and whether in reverse.
    pub const fn sort(&self) -> (FailureSort, bool) {
        (self.sort, self.reversed)
    }

    /// Returns the text that the listed reasons have in common; empty for all reasons.
    pub fn search(&self) -> &str {
        &self.search
    }

    /// Returns the rows.
    pub fn rows(&self) -> &[FailureRow] {
        &self.rows
    }

    /// Returns how many reasons are listed, and how many there are.
    pub const fn listed_of_total(&self) -> (usize, usize) {
        self.listed_of_total
    }

    /// Returns the index of the row under the cursor.
    pub const fn cursor_at(&self) -> usize {
        self.cursor_at
    }

    /// Returns the row under the cursor.
    pub fn cursor(&self) -> Option<FailureRow> {
        self.rows.get(self.cursor_at).copied()
    }

    /// Returns whether the parts of a reason are shown.
    pub fn is_unfolded(&self, reason: ReasonId) -> bool {
        self.unfolded.contains(&reason)
    }

    /// Moves the cursor by some rows.
    pub(in crate::app) fn move_by(&mut self, rows: isize) {
        self.go_to(self.cursor_at.saturating_add_signed(rows));
        self.cursor = self.cursor();
    }

    fn go_to(&mut self, at: usize) {
        self.cursor_at = at.min(self.rows.len().saturating_sub(1));
    }

    /// Shows failures or rejections. Nothing stays unfolded: the reasons are others.
    pub(in crate::app) fn show(&mut self, kind: FailureKind) {
        if self.kind != kind {
            self.kind = kind;
            self.outdate();
        }
    }

    /// The reasons are others: those of another session, or rejections.
    pub(in crate::app) fn outdate(&mut self) {
        self.unfolded.clear();
        (self.cursor, self.cursor_at, self.listed) = (None, 0, None);
    }

    pub(in crate::app) fn set_window(&mut self, window: Window) {
        (self.window, self.listed) = (window, None);
    }

    pub(in crate::app) fn sort_by_next(&mut self) {
        (self.sort, self.reversed, self.listed) = (self.sort.next(), false, None);
    }

    pub(in crate::app) fn reverse(&mut self) {
        (self.reversed, self.listed) = (!self.reversed, None);
    }

    /// Lists only the reasons with this text. The cursor goes to the first of them.
    pub(in crate::app) fn search_for(&mut self, text: &str) {
        if self.search != text {
            text.clone_into(&mut self.search);
            (self.cursor, self.cursor_at, self.listed) = (None, 0, None);
        }
    }

    /// Shows the parts of the reason under the cursor.
    pub(in crate::app) fn unfold(&mut self) {
        if let Some(FailureRow::Reason(reason)) = self.cursor() {
            self.unfolded.insert(reason);
            (self.cursor, self.listed) = (self.cursor(), None);
        }
    }

    /// Hides the parts of the reason that the row under the cursor belongs to. The cursor goes to the reason.
    pub(in crate::app) fn fold(&mut self) {
        let Some(reason) = self.cursor().map(FailureRow::reason) else { return };
        self.unfolded.remove(&reason);
        (self.cursor, self.listed) = (Some(FailureRow::Reason(reason)), None);
    }

    /// Lists the rows again if that is due.
    pub(in crate::app) fn refresh(&mut self, clusters: &Clusters) {
        let can_wait = self.listed.is_some_and(|listed| {
            listed == clusters.revision() || self.deferred_frames < MAX_DEFERRED_FRAMES
        });
        if can_wait {
            self.deferred_frames += 1;
        } else {
            self.list(clusters);
        }
    }

    fn list(&mut self, clusters: &Clusters) {
        (self.listed, self.deferred_frames) = (Some(clusters.revision()), 0);
        let mut reasons: Vec<_> = clusters.reasons().collect();
        let total = reasons.len();
        if !self.search.is_empty() {
            let search = Search::new(&self.search);
            reasons.retain(|reason| search.finds(reason));
        }
        self.listed_of_total = (reasons.len(), total);
        self.unfolded.retain(|reason| clusters.reason(*reason).is_some());
        let sorted = self.sorted(reasons);
        self.rows = sorted.into_iter().flat_map(|reason| self.rows_of(reason)).collect();
        let found = self.cursor.and_then(|cursor| self.rows.iter().position(|row| row.is_same(cursor)));
        let reason = || {
            let reason = self.cursor.map(FailureRow::reason)?;
            self.rows.iter().position(|row| *row == FailureRow::Reason(reason))
        };
        match (found.or_else(reason), self.cursor) {
            (Some(at), _) => self.go_to(at),
            // It left the window.
            (None, Some(_)) => {
                self.go_to(self.cursor_at);
                self.cursor = None;
            }
            (None, None) => self.go_to(self.cursor_at),
        }
    }

    fn rows_of(&self, reason: Reason<'_>) -> Vec<FailureRow> {
        let id = reason.id();
        let mut rows = vec![FailureRow::Reason(id)];
        if self.is_unfolded(id) {
            rows.extend(reason.parts().take(MAX_PARTS).map(|part: Part<'_>| FailureRow::Part(id, part.id())));
            let more = reason.part_count().saturating_sub(MAX_PARTS);
            rows.extend((more > 0).then_some(FailureRow::More(id, more)));
        }
        rows
    }

    fn sorted<'a>(&self, reasons: Vec<Reason<'a>>) -> Vec<Reason<'a>> {
        let mut keyed: Vec<_> = reasons.into_iter().map(|reason| (self.sort_key(&reason), reason)).collect();
        keyed.sort_by(|(one, a), (other, b)| {
            one.cmp(other).then_with(|| (a.pattern(), a.id()).cmp(&(b.pattern(), b.id())))
        });
        if self.reversed {
            keyed.reverse();
        }
        // Those beyond the limit are no reason of their own.
        keyed.sort_by_key(|(_, reason)| reason.pattern().is_none());
        keyed.into_iter().map(|(_, reason)| reason).collect()
    }

    fn sort_key(&self, reason: &Reason<'_>) -> (u8, Reverse<u64>) {
        let count = Reverse(u64::from(reason.count()));
        match self.sort {
            FailureSort::Concentration => (concentration_rank(reason), count),
            FailureSort::Count => (0, count),
            FailureSort::Last => (0, Reverse(reason.seen().1.to_sortable())),
            FailureSort::Reason => (0, Reverse(0)),
        }
    }
}

/// Returns 0 for what one cell has much more often than usual, 1 for one app or domain, 2 for everything else.
fn concentration_rank(reason: &Reason<'_>) -> u8 {
    let is_notable = |of| reason.dominance(of).is_some_and(|dominance| dominance.is_notable());
    match () {
        () if is_notable(Dimension::Cell) => 0,
        () if is_notable(Dimension::App) || is_notable(Dimension::Domain) => 1,
        () => 2,
    }
}

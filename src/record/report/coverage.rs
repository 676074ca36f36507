//! Which minutes a recording knows: those in which a run recorded without losing events.

use std::collections::HashMap;
use std::ops::Range;

use super::series::Minute;
use crate::model::Timestamp;
use crate::model::recording::GapEntry;
use crate::record::RunId;

/// How many gaps are listed each on their own.
const MAX_GAPS: usize = 500;

/// A stretch in which events were lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap {
    /// The run that lost them.
    pub(super) run: RunId,
    /// The last moment from which nothing is missing.
    pub(super) start: Timestamp,
    /// When a list made up for it; none if the run ended before.
    pub(super) end: Option<Timestamp>,
    /// Why.
    pub(super) why: Box<str>,
}

/// A stretch of time in which a run recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Watch {
    /// The run.
    pub(super) run: RunId,
    /// When it began.
    pub(super) start: Timestamp,
    /// When it ended.
    pub(super) end: Timestamp,
}

/// What is known and what is not.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    watches: Vec<Watch>,
    gaps: Vec<Gap>,
    open: HashMap<RunId, Gap>,
    /// How many gaps are not kept.
    more: u64,
}

impl Coverage {
    /// Returns the coverage by runs without gaps.
    pub(super) fn new(watches: Vec<Watch>) -> Self {
        Self { watches, ..Self::default() }
    }

    /// Takes in an entry about a gap.
    pub(super) fn read(&mut self, run: RunId, at: Timestamp, entry: &GapEntry) {
        let GapEntry { start, closed, why } = entry;
        let opened = self.open.remove(&run);
        let gap = opened.unwrap_or_else(|| Gap { run, start: *start, end: None, why: (&**why).into() });
        if *closed {
            self.keep(Gap { end: Some(at), ..gap });
        } else {
            self.open.insert(run, gap);
        }
    }

    /// Notes that there is no more to read.
    pub(super) fn finish(&mut self) {
        let mut open: Vec<_> = self.open.drain().map(|(_, gap)| gap).collect();
        open.sort_by_key(|gap| (gap.start, gap.run));
        for gap in open {
            self.keep(gap);
        }
        self.gaps.sort_by_key(|gap| (gap.start, gap.run));
    }

    fn keep(&mut self, gap: Gap) {
        if self.gaps.len() < MAX_GAPS {
            self.gaps.push(gap);
        } else {
            self.more += 1;
        }
    }

    /// Returns the gaps, oldest first.
    pub(super) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// Returns how many gaps there are beyond those that are listed.
    pub(super) const fn more_gaps(&self) -> u64 {
        self.more
    }

    /// Returns the stretches within a span of which something is unknown: no run recorded, or all that did lost events.
    pub(super) fn unknown(&self, span: &Range<Timestamp>) -> Vec<Range<Timestamp>> {
        let mut unknown = Vec::new();
        let mut known_until = span.start;
        for known in self.known() {
            if known.start > known_until && known.start.min(span.end) > known_until {
                unknown.push(known_until..known.start.min(span.end));
            }
            known_until = known_until.max(known.end);
        }
        if known_until < span.end {
            unknown.push(known_until..span.end);
        }
        unknown
    }

    /// Returns the stretches in which a run recorded everything, by their start.
    fn known(&self) -> Vec<Range<Timestamp>> {
        let mut known = Vec::new();
        for watch in &self.watches {
            let mut start = watch.start;
            for gap in self.gaps.iter().filter(|gap| gap.run == watch.run) {
                known.push(start..gap.start.min(watch.end));
                start = gap.end.unwrap_or(watch.end);
            }
            known.push(start..watch.end);
        }
        known.retain(|stretch| stretch.start < stretch.end);
        known.sort_by_key(|stretch| stretch.start);
        known
    }
}

/// Returns whether a minute lies outside of all stretches.
pub(super) fn is_outside(minute: Minute, stretches: &[Range<Timestamp>]) -> bool {
    let (start, end) = (minute.start(), minute.plus(1).start());
    // They are in order, and do not overlap.
    let after = stretches.partition_point(|stretch| stretch.end <= start);
    stretches.get(after).is_none_or(|stretch| stretch.start >= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: RunId = RunId(1);
    const TWO: RunId = RunId(2);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_nanos(seconds * 1_000_000_000)
    }

    fn coverage(watches: &[(RunId, i64, i64)], gaps: &[(RunId, i64, i64)]) -> Coverage {
        let watches =
            watches.iter().map(|(run, start, end)| Watch { run: *run, start: at(*start), end: at(*end) });
        let mut coverage = Coverage::new(watches.collect());
        for (run, start, end) in gaps {
            let entry = |closed| GapEntry { start: at(*start), closed, why: "lost".into() };
            coverage.read(*run, at(*start + 1), &entry(false));
            coverage.read(*run, at(*end), &entry(true));
        }
        coverage
    }

    fn unknown(coverage: &mut Coverage) -> Vec<(i64, i64)> {
        coverage.finish();
        let seconds = |at: Timestamp| at.as_nanos() / 1_000_000_000;
        let unknown = coverage.unknown(&(at(0)..at(100)));
        unknown.into_iter().map(|stretch| (seconds(stretch.start), seconds(stretch.end))).collect()
    }

    #[test]
    fn a_gap_is_unknown_unless_another_run_saw_it() {
        assert_eq!(unknown(&mut coverage(&[(ONE, 0, 100)], &[])), []);
        assert_eq!(unknown(&mut coverage(&[(ONE, 0, 100)], &[(ONE, 20, 40)])), [(20, 40)]);
        let both = [(ONE, 0, 100), (TWO, 30, 90)];
        assert_eq!(unknown(&mut coverage(&both, &[(ONE, 20, 40)])), [(20, 30)]);
        assert_eq!(unknown(&mut coverage(&both, &[(ONE, 40, 80), (TWO, 60, 70)])), [(60, 70)]);
    }

    #[test]
    fn what_no_run_recorded_is_unknown() {
        assert_eq!(unknown(&mut coverage(&[(ONE, 10, 30), (TWO, 50, 200)], &[])), [(0, 10), (30, 50)]);
        assert_eq!(unknown(&mut Coverage::default()), [(0, 100)]);
    }

    #[test]
    fn a_gap_that_nothing_closed_lasts_to_the_end_of_its_run() {
        let mut open = coverage(&[(ONE, 0, 90)], &[]);
        open.read(ONE, at(51), &GapEntry { start: at(50), closed: false, why: "first".into() });
        open.read(ONE, at(60), &GapEntry { start: at(50), closed: false, why: "again".into() });
        assert_eq!(unknown(&mut open), [(50, 100)]);
        assert_eq!(open.gaps().iter().map(|gap| (&*gap.why, gap.end)).collect::<Vec<_>>(), [("first", None)]);
    }

    #[test]
    fn a_minute_is_known_only_as_a_whole() {
        let unknown = [at(30)..at(60), at(170)..at(190)];
        let known = (0..5).map(|minute| is_outside(Minute::of(at(minute * 60)), &unknown));
        assert_eq!(known.collect::<Vec<_>>(), [false, true, false, false, true]);
    }
}

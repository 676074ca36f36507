//! When events were lost.

use std::collections::VecDeque;
use std::time::Duration;

use crate::model::Timestamp;

/// How many stretches are kept.
const MOST: usize = 256;

/// The stretches in which events were lost, the oldest first. They do not overlap.
#[derive(Debug, Clone, Default)]
pub(super) struct LostTime(VecDeque<Stretch>);

#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: Timestamp,
    /// None while events are still being lost.
    end: Option<Timestamp>,
}

impl LostTime {
    /// Events have been lost since `start`.
    pub(super) fn begin(&mut self, start: Timestamp) {
        // A loss that is noticed again goes on.
        if self.0.back().is_some_and(|last| last.end.is_none_or(|end| end > start)) {
            if let Some(last) = self.0.back_mut() {
                last.end = None;
            }
            return;
        }
        self.0.push_back(Stretch { start, end: None });
        if self.0.len() > MOST {
            self.0.pop_front();
        }
    }

    /// No more events are lost.
    pub(super) fn end(&mut self, at: Timestamp) {
        if let Some(last) = self.0.back_mut().filter(|last| last.end.is_none()) {
            last.end = Some(at);
        }
    }

    /// Returns what is kept, how many, and how many at most.
    #[cfg(test)]
    pub(super) fn bound(&self) -> (&'static str, usize, usize) {
        ("gaps in statistics", self.0.len(), MOST)
    }

    /// Returns for how long events were lost between two moments.
    pub(super) fn between(&self, from: Timestamp, to: Timestamp) -> Duration {
        let lost = |stretch: &Stretch| {
            let end = stretch.end.unwrap_or(to).min(to);
            end.since(stretch.start.max(from))
        };
        self.0.iter().map(lost).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from(Duration::from_secs(seconds))
    }

    #[test]
    fn only_what_lies_between_counts() {
        let mut lost = LostTime::default();
        lost.begin(at(100));
        assert_eq!(lost.between(at(90), at(112)), Duration::from_secs(12), "it lasts");
        lost.begin(at(100));
        lost.end(at(120));
        lost.end(at(500));
        lost.begin(at(200));
        lost.end(at(210));
        assert_eq!(lost.between(at(0), at(1_000)), Duration::from_secs(30));
        assert_eq!(lost.between(at(110), at(205)), Duration::from_secs(15));
        assert_eq!(lost.between(at(120), at(200)), Duration::ZERO);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut lost = LostTime::default();
        for second in 0..1_000 {
            lost.begin(at(2 * second));
            lost.end(at(2 * second + 1));
        }
        assert_eq!(lost.0.len(), MOST);
        assert_eq!(lost.between(at(1_900), at(2_000)), Duration::from_secs(50));
    }
}

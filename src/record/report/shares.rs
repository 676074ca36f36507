//! Counts by cell and by app, in and outside of the incident.
//!
//! Memory is bounded: what exceeds [`MAX_NAMES`] cells or apps counts together.

use std::cmp::Reverse;
use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::series::Counts;

/// How many cells or apps are counted on their own.
const MAX_NAMES: usize = 10_000;

/// What happened in and outside of the incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Split {
    /// In the incident; in the whole span if there is none.
    pub(super) during: Counts,
    /// Outside of it.
    pub(super) outside: Counts,
}

impl Split {
    /// Returns the counts to add to.
    pub(super) const fn at(&mut self, is_during: bool) -> &mut Counts {
        if is_during { &mut self.during } else { &mut self.outside }
    }
}

/// Counts by name.
#[derive(Debug, Default)]
pub(super) struct Shares {
    by_name: HashMap<Box<str>, Split, RandomState>,
    /// Of the names beyond the limit.
    other: Split,
}

impl Shares {
    /// Returns the counts of a name, to add to them.
    pub(super) fn of(&mut self, name: &str) -> &mut Split {
        if !self.by_name.contains_key(name) {
            if self.by_name.len() >= MAX_NAMES {
                return &mut self.other;
            }
            self.by_name.insert(name.into(), Split::default());
        }
        self.by_name.get_mut(name).unwrap_or(&mut self.other)
    }

    /// Returns the names with trouble in the incident, those with the most failures first, then those with the most
    /// rejections.
    pub(super) fn by_trouble(&self) -> Vec<(&str, Split)> {
        let troubled = |split: &Split| split.during.trouble() > 0;
        let mut names: Vec<_> = self
            .by_name
            .iter()
            .filter(|(_, split)| troubled(split))
            .map(|(name, split)| (&**name, *split))
            .collect();
        names.sort_by_key(|(name, split)| {
            (Reverse(split.during.failed), Reverse(split.during.rejected), *name)
        });
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_with_the_most_failures_come_first_and_the_quiet_are_left_out() {
        let mut shares = Shares::default();
        for (name, failed, rejected) in [("b", 2, 0), ("a", 2, 0), ("c", 9, 0), ("d", 0, 5), ("quiet", 0, 0)]
        {
            *shares.of(name).at(true) = Counts { failed, rejected, ..Counts::default() };
        }
        shares.of("quiet").at(false).failed = 7;
        let names: Vec<_> = shares.by_trouble().iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["c", "a", "b", "d"]);
    }

    #[test]
    fn names_beyond_the_limit_count_together() {
        let mut shares = Shares::default();
        for name in 0..MAX_NAMES + 5 {
            shares.of(&name.to_string()).at(true).failed += 1;
        }
        assert_eq!(shares.by_name.len(), MAX_NAMES);
        assert_eq!(shares.other.during.failed, 5);
        shares.of("0").at(true).failed += 1;
        assert_eq!(shares.by_trouble().first().map(|(name, _)| *name), Some("0"));
    }
}

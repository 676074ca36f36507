//! What a filter makes of the parts of a task. A part that many tasks share is judged once for all of them; what is
//! known of several parts is put together for each task, a bit a term.

use super::term::Term;
use super::{Filter, Shared, Texts};

/// Which terms are known to hold, and which not to; what is in neither has to be asked elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    holds: Terms,
    fails: Terms,
}

impl Known {
    /// What both know together, of one task.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { holds: self.holds.and(other.holds), fails: self.fails.and(other.fails) }
    }
}

/// Some of a filter's terms, by their places. Those beyond the first 64 have no bit: each task is asked for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Terms(u64);

impl Terms {
    pub(super) fn those(terms: &[Term], is_one: impl Fn(&Term) -> bool) -> Self {
        let bits = terms.iter().zip(0..u64::BITS).filter(|(term, _)| is_one(term)).map(|(_, nth)| 1 << nth);
        Self(bits.fold(0, |all, bit| all | bit))
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn has(self, nth: u32) -> bool {
        self.0 >> nth & 1 == 1
    }
}

/// What a filter makes of a task whose shared parts are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is admitted.
    Admitted,
    /// It is not.
    Refused,
    /// It is if its guid passes these: [`Filter::admits_guid`].
    ByGuid(Terms),
    /// That is told by the task only: [`Filter::admits`].
    ByTask,
}

impl Filter {
    /// What it knows of the tasks that have this in common.
    pub fn knows_of_shared(&self, shared: &Shared<'_>) -> Known {
        self.knows(|term| term.decides(shared))
    }

    /// What it knows of the tasks that have these texts.
    pub fn knows_of_texts(&self, texts: &Texts<'_>) -> Known {
        self.knows(|term| term.decides_by_texts(texts))
    }

    fn knows(&self, decides: impl Fn(&Term) -> Option<bool>) -> Known {
        let those = |wanted| Terms::those(&self.terms, |term| decides(term) == Some(wanted));
        Known { holds: those(true), fails: those(false) }
    }

    /// What it makes of a task of which this is known: of what it has in common with others, and of its texts.
    pub fn decides(&self, known: Known) -> Decision {
        let open = self.all.without(known.holds);
        let is_whole = self.terms.len() <= u64::BITS as usize;
        match () {
            () if !known.fails.is_empty() => Decision::Refused,
            () if !is_whole || !open.without(self.by_guid).is_empty() => Decision::ByTask,
            () if open.is_empty() => Decision::Admitted,
            () => Decision::ByGuid(open),
        }
    }

    /// Whether the guid passes the terms that nothing else decided.
    pub fn admits_guid(&self, open: Terms, guid: &str) -> bool {
        let mut terms = self.terms.iter().zip(0..u64::BITS);
        terms.all(|(term, nth)| !open.has(nth) || term.holds_by_guid(guid))
    }
}

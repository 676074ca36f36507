//! One term: what it asks of a task, and what follows from it.

use super::field::{Flag, Quantity, Text};
use super::range::Range;
use super::smart_regex::SmartRegex;
use super::wildcard::Pattern;
use super::{Shared, Subject, Texts};
use crate::model::State;

/// A test, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

/// What is asked; of several alternatives one is enough.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Something of the task holds it.
    Word(Vec<Word>),
    /// The text is like this.
    Like(Text, Vec<Pattern>),
    /// The expression matches in the text.
    Matches(Text, SmartRegex),
    /// The state is one of these.
    In(States),
    /// The flag is one of these.
    Is(Flag, Vec<bool>),
    /// The quantity lies in one of these.
    Within(Quantity, Vec<Range>),
}

/// A word, which may be anywhere in a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pattern: Pattern,
    /// The states whose names hold it.
    states: States,
    /// Whether "failed" holds it, which is what a failed task says of itself.
    failed: bool,
}

/// Where a word is looked for, beside the state. Those that many tasks share come first: they are in the cache. The guid
/// comes last: every task has one of its own somewhere else in memory, which is dearer to fetch than to search.
const ANYWHERE: [Text; 6] =
    [Text::Domain, Text::Cell, Text::Rejection, Text::Failure, Text::Result, Text::Guid];

impl Word {
    pub(super) fn new(pattern: Pattern) -> Self {
        let states = States::those(|name| pattern.matches(name));
        let failed = pattern.matches("failed");
        Self { pattern, states, failed }
    }

    fn is_in(&self, subject: &Subject<'_>) -> bool {
        self.states.has(subject.task.state)
            || (self.failed && subject.task.failed)
            || ANYWHERE.iter().any(|text| self.pattern.matches(text.of(subject)))
    }

    /// Whether it is in what many tasks have in common.
    fn is_shared(&self, by: &Shared<'_>) -> bool {
        let is_in = |text: &Text| text.shared(by).is_some_and(|text| self.pattern.matches(text));
        self.states.has(by.state) || (self.failed && by.failed) || ANYWHERE.iter().any(is_in)
    }

    fn is_among(&self, texts: &Texts<'_>) -> bool {
        let is_in = |text: &Text| text.among(texts).is_some_and(|text| self.pattern.matches(text));
        ANYWHERE.iter().any(is_in)
    }
}

/// A set of states that have a name; a state of a newer release is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct States(u8);

impl States {
    /// Those whose names are like that.
    pub(super) fn those(is_one: impl Fn(&str) -> bool) -> Self {
        let of = |state: &State| state.name().is_some_and(&is_one);
        Self(State::ALL.iter().filter(|state| of(state)).fold(0, |set, state| set | bit(*state)))
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn has(self, state: State) -> bool {
        self.0 & bit(state) != 0
    }

    const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

const fn bit(state: State) -> u8 {
    match state {
        State::Pending => 1,
        State::Running => 2,
        State::Completed => 4,
        State::Resolving => 8,
        State::Invalid | State::Other(_) => 0,
    }
}

impl Term {
    /// Whether the task is as it says.
    pub(super) fn holds(&self, subject: &Subject<'_>) -> bool {
        self.test.holds(subject) != self.negated
    }

    /// Whether all tasks that have this in common are as it says, or none; nothing, if each has to be asked.
    pub(super) fn decides(&self, shared: &Shared<'_>) -> Option<bool> {
        self.test.decides(shared).map(|holds| holds != self.negated)
    }

    /// As [`Self::decides`], of all tasks that have these texts.
    pub(super) fn decides_by_texts(&self, texts: &Texts<'_>) -> Option<bool> {
        self.test.decides_by_texts(texts).map(|holds| holds != self.negated)
    }

    /// Whether the guid tells, where neither what many tasks have in common does nor their texts.
    pub(super) fn is_told_by_guid(&self) -> bool {
        !matches!(self.test, Test::Within(..))
    }

    /// Whether a task is as it says of which that is so.
    pub(super) fn holds_by_guid(&self, guid: &str) -> bool {
        self.test.holds_by_guid(guid) != self.negated
    }

    /// The dearer, the later it is asked.
    pub(super) fn cost(&self) -> u8 {
        match &self.test {
            Test::In(_) | Test::Is(..) | Test::Within(..) => 0,
            Test::Like(Text::Domain | Text::Cell, _) => 1,
            Test::Like(..) => 2,
            Test::Word(_) => 3,
            Test::Matches(..) => 4,
        }
    }

    /// Whether `other` holds wherever it holds; `false` says nothing.
    pub(super) fn implies(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (false, false) => self.test.is_within(&other.test),
            (true, true) => other.test.is_within(&self.test),
            _ => false,
        }
    }

    pub(super) fn depends_on_time(&self) -> bool {
        matches!(self.test, Test::Within(Quantity::Age | Quantity::InState, _))
    }

    /// The one domain that it admits.
    pub(super) fn only_domain(&self) -> Option<&str> {
        self.only(Text::Domain)
    }

    /// The one cell that it admits.
    pub(super) fn only_cell(&self) -> Option<&str> {
        self.only(Text::Cell)
    }

    fn only(&self, wanted: Text) -> Option<&str> {
        match &self.test {
            Test::Like(text, patterns) if *text == wanted && !self.negated => match patterns.as_slice() {
                [pattern] => pattern.only(),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Test {
    fn holds(&self, subject: &Subject<'_>) -> bool {
        match self {
            Self::Word(words) => words.iter().any(|word| word.is_in(subject)),
            Self::Like(text, patterns) => {
                let text = text.of(subject);
                patterns.iter().any(|pattern| pattern.matches(text))
            }
            Self::Matches(text, matching) => matching.matches(text.of(subject)),
            Self::In(states) => states.has(subject.task.state),
            Self::Is(flag, values) => values.contains(&flag.of(subject)),
            Self::Within(quantity, ranges) => {
                quantity.of(subject).is_some_and(|value| ranges.iter().any(|range| range.has(value)))
            }
        }
    }

    fn holds_by_guid(&self, guid: &str) -> bool {
        match self {
            Self::Word(words) => words.iter().any(|word| word.pattern.matches(guid)),
            Self::Like(Text::Guid, patterns) => patterns.iter().any(|pattern| pattern.matches(guid)),
            Self::Matches(Text::Guid, matching) => matching.matches(guid),
            // Whatever else there is has been decided.
            _ => false,
        }
    }

    fn decides(&self, shared: &Shared<'_>) -> Option<bool> {
        match self {
            // It may be in a guid yet.
            Self::Word(words) => words.iter().any(|word| word.is_shared(shared)).then_some(true),
            Self::Like(text, patterns) => {
                let text = text.shared(shared)?;
                Some(patterns.iter().any(|pattern| pattern.matches(text)))
            }
            Self::Matches(text, matching) => text.shared(shared).map(|text| matching.matches(text)),
            Self::In(states) => Some(states.has(shared.state)),
            Self::Is(flag, values) => Some(values.contains(&flag.shared(shared))),
            Self::Within(..) => None,
        }
    }

    fn decides_by_texts(&self, texts: &Texts<'_>) -> Option<bool> {
        match self {
            Self::Word(words) => words.iter().any(|word| word.is_among(texts)).then_some(true),
            Self::Like(text, patterns) => {
                let text = text.among(texts)?;
                Some(patterns.iter().any(|pattern| pattern.matches(text)))
            }
            Self::Matches(text, matching) => text.among(texts).map(|text| matching.matches(text)),
            Self::In(_) | Self::Is(..) | Self::Within(..) => None,
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(ours), Self::Word(theirs)) => {
                each(ours, theirs, |one, other| one.pattern.is_within(&other.pattern))
            }
            (Self::Like(text, ours), Self::Like(other, theirs)) => {
                text == other && each(ours, theirs, Pattern::is_within)
            }
            (Self::In(ours), Self::In(theirs)) => ours.is_within(*theirs),
            (Self::Is(flag, ours), Self::Is(other, theirs)) => {
                flag == other && each(ours, theirs, |one, other| one == other)
            }
            (Self::Within(quantity, ours), Self::Within(other, theirs)) => {
                quantity == other && each(ours, theirs, |one, other| one.is_within(*other))
            }
            _ => self == other,
        }
    }
}

/// Whether each of ours lies within one of theirs.
fn each<T>(ours: &[T], theirs: &[T], is_within: impl Fn(&T, &T) -> bool) -> bool {
    ours.iter().all(|one| theirs.iter().any(|other| is_within(one, other)))
}

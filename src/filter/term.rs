//! Evaluates one term against a task, or against the parts that it shares with others.

use super::field::{Flag, Quantity, Text};
use super::range::Range;
use super::smart_regex::SmartRegex;
use super::wildcard::Pattern;
use super::{Shared, Subject, Texts};
use crate::model::{Cause, Owner, State, Stuck, TaskKind};

/// A test, possibly negated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

/// What a term tests. With several alternatives, one match is enough.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// Any text of the task, or its state, contains the word.
    Word(Vec<Word>),
    /// The text matches the pattern.
    Pattern(Text, Vec<Pattern>),
    /// The expression matches in the text.
    Regex(Text, SmartRegex),
    /// The state is in the set.
    State(States),
    /// The task has ended, and the cause is one of these.
    Cause(Vec<Cause>),
    /// The kind of work is one of these.
    TaskKind(Vec<TaskKind>),
    /// The task is stuck in one of these ways.
    Stuck(Vec<Stuck>),
    /// The flag has one of these values.
    Flag(Flag, Vec<bool>),
    /// The quantity lies in one of these ranges.
    Range(Quantity, Vec<Range>),
}

/// A word without a field, which may match anywhere in a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pattern: Pattern,
    /// The states whose names contain the word.
    states: States,
    /// Whether "failed" contains the word; it then matches every failed task.
    failed: bool,
}

/// Where a word is searched for, besides the state. Texts that many tasks share come first: they are in the CPU
/// cache. The guid comes last: each task has its own somewhere else in memory, and fetching it costs more than
/// searching it.
const WORD_TEXTS: [Text; 9] = [
    Text::Domain,
    Text::Cell,
    Text::App,
    Text::Space,
    Text::Org,
    Text::Rejection,
    Text::Failure,
    Text::Result,
    Text::Guid,
];

impl Word {
    pub(super) fn new(pattern: Pattern) -> Self {
        let states = States::matching(|name| pattern.matches(name));
        let failed = pattern.matches("failed");
        Self { pattern, states, failed }
    }

    fn is_in(&self, subject: &Subject<'_>) -> bool {
        self.states.contains(subject.task.state, subject.cause.is_some())
            || (self.failed && subject.task.failed)
            || WORD_TEXTS.iter().any(|text| text.of(subject).any(|text| self.pattern.matches(text)))
    }

    /// Returns whether the word is in the shared facts.
    fn is_in_shared(&self, shared: &Shared<'_>) -> bool {
        let is_in = |text: &Text| text.in_shared(shared).is_some_and(|text| self.pattern.matches(text));
        self.states.contains(shared.state, shared.has_ended())
            || (self.failed && shared.failed)
            || WORD_TEXTS.iter().any(is_in)
    }

    fn is_in_owner(&self, owner: &Owner) -> bool {
        let is_match = |text: &str| self.pattern.matches(text);
        WORD_TEXTS.iter().filter_map(|text| text.in_owner(owner)).any(|values| values.any(is_match))
    }

    fn is_in_texts(&self, texts: &Texts<'_>) -> bool {
        let is_in = |text: &Text| text.in_texts(texts).is_some_and(|text| self.pattern.matches(text));
        WORD_TEXTS.iter().any(is_in)
    }
}

/// A set of named states, and of being gone. A task that is gone is also in the set of its last state. A state of a newer BBS
/// release is in no set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct States(u8);

impl States {
    /// The tasks that the BBS no longer holds.
    pub(super) const GONE: Self = Self(16);

    /// Returns the states whose names match.
    pub(super) fn matching(is_match: impl Fn(&str) -> bool) -> Self {
        let of = |state: &State| state.name().is_some_and(&is_match);
        Self(State::ALL.iter().filter(|state| of(state)).fold(0, |set, state| set | bit(*state)))
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn contains(self, state: State, has_ended: bool) -> bool {
        let gone = if has_ended { Self::GONE.0 } else { 0 };
        self.0 & (bit(state) | gone) != 0
    }

    const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Returns whether a task must be gone to be in the set.
    pub(super) const fn is_only_gone(self) -> bool {
        self.0 == Self::GONE.0
    }

    /// Returns the last states of the tasks in the set; none if what is gone is in it, whatever its last state.
    pub(super) fn last_states(self) -> Option<Vec<State>> {
        let has_gone = self.0 & Self::GONE.0 != 0;
        (!has_gone).then(|| State::ALL.into_iter().filter(|state| self.contains(*state, false)).collect())
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
    /// Returns whether the term holds for the task.
    pub(super) fn holds(&self, subject: &Subject<'_>) -> bool {
        self.test.holds(subject) != self.negated
    }

    /// Returns whether the term holds for all tasks with these shared facts, or for none of them. Returns none if it
    /// depends on the task.
    pub(super) fn evaluate_shared(&self, shared: &Shared<'_>) -> Option<bool> {
        self.test.evaluate_shared(shared).map(|holds| holds != self.negated)
    }

    /// As [`Self::evaluate_shared`], for all tasks with these texts.
    pub(super) fn evaluate_texts(&self, texts: &Texts<'_>) -> Option<bool> {
        self.test.evaluate_texts(texts).map(|holds| holds != self.negated)
    }

    /// As [`Self::evaluate_shared`], for all tasks of this owner.
    pub(super) fn evaluate_owner(&self, owner: &Owner) -> Option<bool> {
        self.test.evaluate_owner(owner).map(|holds| holds != self.negated)
    }

    /// Returns whether the guid can decide the term once all that tasks share leaves it undecided.
    pub(super) fn may_need_guid(&self) -> bool {
        !matches!(self.test, Test::Range(..) | Test::Stuck(_))
    }

    /// Returns whether the term holds for this guid, given that everything else left it undecided.
    pub(super) fn holds_for_guid(&self, guid: &str) -> bool {
        self.test.holds_for_guid(guid) != self.negated
    }

    /// The relative cost; cheaper terms are evaluated first.
    pub(super) fn cost(&self) -> u8 {
        match &self.test {
            Test::State(_)
            | Test::Cause(_)
            | Test::TaskKind(_)
            | Test::Stuck(_)
            | Test::Flag(..)
            | Test::Range(..) => 0,
            Test::Pattern(
                Text::Domain | Text::Cell | Text::LastCell | Text::App | Text::Space | Text::Org,
                _,
            ) => 1,
            Test::Pattern(..) => 2,
            Test::Word(_) => 3,
            Test::Regex(..) => 4,
        }
    }

    /// Returns whether `other` holds wherever this term holds; `false` means unknown.
    pub(super) fn implies(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (false, false) => self.test.is_within(&other.test),
            (true, true) => other.test.is_within(&self.test),
            _ => false,
        }
    }

    pub(super) fn depends_on_time(&self) -> bool {
        matches!(
            self.test,
            Test::Range(Quantity::Age | Quantity::InState | Quantity::FailedFor, _) | Test::Stuck(_)
        )
    }

    /// Returns the guid, if the term admits exactly one.
    pub(super) fn only_guid(&self) -> Option<&str> {
        self.only(Text::Guid)
    }

    /// Returns the domain, if the term admits exactly one.
    pub(super) fn only_domain(&self) -> Option<&str> {
        self.only(Text::Domain)
    }

    /// Returns the cell, if the term admits exactly one.
    pub(super) fn only_cell(&self) -> Option<&str> {
        self.only(Text::Cell)
    }

    fn only(&self, wanted: Text) -> Option<&str> {
        match &self.test {
            Test::Pattern(text, patterns) if *text == wanted && !self.negated => match patterns.as_slice() {
                [pattern] => pattern.exact(),
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
            Self::Pattern(text, patterns) => {
                text.of(subject).any(|text| patterns.iter().any(|pattern| pattern.matches(text)))
            }
            Self::Regex(text, regex) => text.of(subject).any(|text| regex.matches(text)),
            Self::State(states) => states.contains(subject.task.state, subject.cause.is_some()),
            Self::Cause(causes) => subject.cause.is_some_and(|cause| causes.contains(&cause)),
            Self::TaskKind(kinds) => kinds.contains(&TaskKind::of_domain(subject.task.domain.as_str())),
            Self::Stuck(kinds) => kinds.iter().any(|kind| subject.stuck.contains(*kind)),
            Self::Flag(flag, values) => values.contains(&flag.of(subject)),
            Self::Range(quantity, ranges) => {
                quantity.of(subject).is_some_and(|value| ranges.iter().any(|range| range.contains(value)))
            }
        }
    }

    fn holds_for_guid(&self, guid: &str) -> bool {
        match self {
            Self::Word(words) => words.iter().any(|word| word.pattern.matches(guid)),
            Self::Pattern(Text::Guid, patterns) => patterns.iter().any(|pattern| pattern.matches(guid)),
            Self::Regex(Text::Guid, regex) => regex.matches(guid),
            // Every other test has been decided by now.
            _ => false,
        }
    }

    fn evaluate_shared(&self, shared: &Shared<'_>) -> Option<bool> {
        match self {
            // The word may still be in the guid.
            Self::Word(words) => words.iter().any(|word| word.is_in_shared(shared)).then_some(true),
            Self::Pattern(text, patterns) => {
                let text = text.in_shared(shared)?;
                Some(patterns.iter().any(|pattern| pattern.matches(text)))
            }
            Self::Regex(text, regex) => text.in_shared(shared).map(|text| regex.matches(text)),
            Self::State(states) => Some(states.contains(shared.state, shared.has_ended())),
            Self::Cause(causes) => Some(shared.cause.is_some_and(|cause| causes.contains(&cause))),
            Self::TaskKind(kinds) => Some(kinds.contains(&TaskKind::of_domain(shared.domain))),
            Self::Flag(flag, values) => Some(values.contains(&flag.in_shared(shared))),
            // What has ended is no longer stuck.
            Self::Stuck(_) => shared.has_ended().then_some(false),
            Self::Range(..) => None,
        }
    }

    fn evaluate_texts(&self, texts: &Texts<'_>) -> Option<bool> {
        match self {
            Self::Word(words) => words.iter().any(|word| word.is_in_texts(texts)).then_some(true),
            Self::Pattern(text, patterns) => {
                let text = text.in_texts(texts)?;
                Some(patterns.iter().any(|pattern| pattern.matches(text)))
            }
            Self::Regex(text, regex) => text.in_texts(texts).map(|text| regex.matches(text)),
            Self::State(_)
            | Self::Cause(_)
            | Self::TaskKind(_)
            | Self::Stuck(_)
            | Self::Flag(..)
            | Self::Range(..) => None,
        }
    }

    fn evaluate_owner(&self, owner: &Owner) -> Option<bool> {
        match self {
            Self::Word(words) => words.iter().any(|word| word.is_in_owner(owner)).then_some(true),
            Self::Pattern(text, patterns) => {
                let values = text.in_owner(owner)?;
                Some(values.any(|text| patterns.iter().any(|pattern| pattern.matches(text))))
            }
            Self::Regex(text, regex) => {
                text.in_owner(owner).map(|values| values.any(|text| regex.matches(text)))
            }
            Self::State(_)
            | Self::Cause(_)
            | Self::TaskKind(_)
            | Self::Stuck(_)
            | Self::Flag(..)
            | Self::Range(..) => None,
        }
    }

    fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(ours), Self::Word(theirs)) => {
                each(ours, theirs, |one, other| one.pattern.is_within(&other.pattern))
            }
            (Self::Pattern(text, ours), Self::Pattern(other, theirs)) => {
                text == other && each(ours, theirs, Pattern::is_within)
            }
            (Self::State(ours), Self::State(theirs)) => ours.is_within(*theirs),
            (Self::Cause(ours), Self::Cause(theirs)) => each(ours, theirs, |one, other| one == other),
            (Self::TaskKind(ours), Self::TaskKind(theirs)) => each(ours, theirs, |one, other| one == other),
            (Self::Stuck(ours), Self::Stuck(theirs)) => each(ours, theirs, |one, other| one == other),
            (Self::Flag(flag, ours), Self::Flag(other, theirs)) => {
                flag == other && each(ours, theirs, |one, other| one == other)
            }
            (Self::Range(quantity, ours), Self::Range(other, theirs)) => {
                quantity == other && each(ours, theirs, |one, other| one.is_within(*other))
            }
            _ => self == other,
        }
    }
}

/// Returns whether each of `ours` lies within one of `theirs`.
fn each<T>(ours: &[T], theirs: &[T], is_within: impl Fn(&T, &T) -> bool) -> bool {
    ours.iter().all(|one| theirs.iter().any(|other| is_within(one, other)))
}

//! What is to be done to a task, by the state that it is in. Pure.

use crate::model::State;
use crate::model::lifecycle::{self, Step};

/// What may be done to many tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Verb {
    Cancel,
    Delete,
}

impl Verb {
    /// As in "… 3 tasks".
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Delete => "delete",
        }
    }

    /// The steps from this state, or why there are none. A task that is Resolving has been claimed already: that step
    /// is not done again.
    pub(super) fn plan(self, state: State) -> Result<&'static [Step], String> {
        let may = |step| lifecycle::check(step, state).is_ok();
        match self {
            Self::Cancel if may(Step::Cancel) => Ok(&[Step::Cancel]),
            Self::Cancel => Err(format!("it is {state}: there is nothing to cancel")),
            Self::Delete if may(Step::Delete) => Ok(&[Step::Delete]),
            Self::Delete if may(Step::Resolving) => Ok(&[Step::Resolving, Step::Delete]),
            Self::Delete => {
                Err(format!("it is {state}: only what is Completed can be deleted, so cancel it first"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_those_that_the_lifecycle_allows_one_after_the_other() {
        for verb in [Verb::Cancel, Verb::Delete] {
            for mut state in State::ALL {
                let Ok(steps) = verb.plan(state) else { continue };
                for step in steps {
                    match lifecycle::check(*step, state) {
                        Ok(lifecycle::Outcome::Now(next)) => state = next,
                        Ok(lifecycle::Outcome::Gone) => {}
                        Err(no) => panic!("{verb:?}: {no}"),
                    }
                }
            }
        }
        assert_eq!(Verb::Delete.plan(State::Completed), Ok(&[Step::Resolving, Step::Delete][..]));
        assert_eq!(Verb::Delete.plan(State::Resolving), Ok(&[Step::Delete][..]));
        for (verb, state) in [
            (Verb::Cancel, State::Completed),
            (Verb::Cancel, State::Resolving),
            (Verb::Delete, State::Pending),
            (Verb::Delete, State::Running),
            (Verb::Delete, State::Other(9)),
        ] {
            assert!(verb.plan(state).is_err(), "{verb:?} {state}");
        }
    }
}

//! What a filter requires of every task that it admits, for readers that have an index of these facts.

use super::Filter;
use super::field::Flag;
use super::term::{Term, Test};
use crate::model::State;

/// Facts that every task has that a filter admits. The filter may require more.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Required<'a> {
    /// The guid.
    pub guid: Option<&'a str>,
    /// The domain.
    pub domain: Option<&'a str>,
    /// The cell, or the last one.
    pub cell: Option<&'a str>,
    /// Whether the task failed.
    pub failed: Option<bool>,
    /// Whether the BBS no longer holds the task.
    pub ended: Option<bool>,
    /// The last state is one of these.
    pub states: Option<Vec<State>>,
}

impl Filter {
    /// Returns what every task has that the filter admits.
    pub fn required(&self) -> Required<'_> {
        let flag = |wanted| self.terms.iter().find_map(|term| required_flag(term, wanted));
        let requires_end = self.terms.iter().any(requires_end).then_some(true);
        Required {
            guid: self.terms.iter().find_map(Term::only_guid),
            domain: self.terms.iter().find_map(Term::only_domain),
            cell: self.terms.iter().find_map(Term::only_cell),
            failed: flag(Flag::Failed),
            ended: flag(Flag::Ended).or(requires_end),
            states: self.terms.iter().find_map(required_states),
        }
    }
}

fn required_flag(term: &Term, wanted: Flag) -> Option<bool> {
    let Test::Flag(flag, values) = &term.test else { return None };
    let (first, rest) = values.split_first()?;
    let is_one = *flag == wanted && rest.iter().all(|value| value == first);
    is_one.then_some(*first != term.negated)
}

/// Returns whether only tasks that have ended pass.
fn requires_end(term: &Term) -> bool {
    !term.negated
        && match &term.test {
            Test::Cause(_) => true,
            Test::State(states) => states.is_only_gone(),
            _ => false,
        }
}

fn required_states(term: &Term) -> Option<Vec<State>> {
    match &term.test {
        Test::State(states) if !term.negated => states.last_states(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(text: &str) -> (Filter, String) {
        let filter = Filter::parse(text).unwrap();
        let said = format!("{:?}", filter.required());
        (filter, said)
    }

    #[test]
    fn only_what_every_admitted_task_has_is_required() {
        let nothing = format!("{:?}", Required::default());
        for text in [
            "",
            "failed",
            "!guid:a",
            "guid:a|b",
            "guid:a*",
            "guid:~a",
            "guid:\"\"",
            "failed:true|false",
            "!state:running",
            "state:gone|running",
            "!cause:cancelled",
            "!state:gone",
            "reason:x",
            "age:>1m",
        ] {
            assert_eq!(required(text).1, nothing, "{text}");
        }
    }

    #[test]
    fn facts_of_several_terms_are_required_together() {
        let filter = required("domain:d !failed:false cell:c guid:g state:run|comp cause:expired").0;
        assert_eq!(
            filter.required(),
            Required {
                guid: Some("g"),
                domain: Some("d"),
                cell: Some("c"),
                failed: Some(true),
                ended: Some(true),
                states: Some(vec![State::Running, State::Completed]),
            }
        );
        assert_eq!(required("ended:false").0.required().ended, Some(false));
        assert_eq!(required("state:gone").0.required().ended, Some(true));
        assert_eq!(required("failed:true failed:false").0.required().failed, Some(true), "one is enough");
    }
}

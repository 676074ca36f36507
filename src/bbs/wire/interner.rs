//! The domains and cells met so far, so that 100,000 tasks share the few names that they carry.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::model::{CellId, Domain};

/// How many names of one kind are kept. A foundation has tens of domains and some hundreds of cells; a client
/// that makes up a domain a task must not make us hold them all.
const MOST: usize = 4096;

/// The names met so far. Losing one costs a copy of its text, nothing more.
#[derive(Debug, Default)]
pub struct Interner {
    domains: HashSet<Domain, RandomState>,
    cells: HashSet<CellId, RandomState>,
    none: Option<Domain>,
}

impl Interner {
    /// The domain of this name.
    pub fn domain(&mut self, name: &[u8]) -> Domain {
        shared(&mut self.domains, &String::from_utf8_lossy(name))
    }

    /// The domain of a task that names none.
    pub(super) fn no_domain(&mut self) -> Domain {
        self.none.get_or_insert_with(|| Domain::from("")).clone()
    }

    /// The cell of this id; an empty one is none. Source: "Routes" of the API.
    pub fn cell(&mut self, id: &[u8]) -> Option<CellId> {
        (!id.is_empty()).then(|| shared(&mut self.cells, &String::from_utf8_lossy(id)))
    }
}

fn shared<N>(known: &mut HashSet<N, RandomState>, name: &str) -> N
where
    N: Clone + Eq + Hash + Borrow<str> + for<'a> From<&'a str>,
{
    if let Some(name) = known.get(name) {
        return name.clone();
    }
    if known.len() >= MOST {
        known.clear();
    }
    let name = N::from(name);
    known.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_met_again_is_the_same_text() {
        let mut interner = Interner::default();
        let first = interner.domain(b"cf-tasks");
        let again = interner.domain(b"cf-tasks");
        assert!(std::ptr::eq(first.as_str(), again.as_str()));
    }

    #[test]
    fn made_up_names_are_not_held_for_ever() {
        let mut interner = Interner::default();
        for n in 0..3 * MOST {
            interner.cell(n.to_string().as_bytes());
        }
        assert!(interner.cells.len() <= MOST);
    }
}

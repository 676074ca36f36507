//! Interns domains and cell ids, so that 100,000 tasks share the memory of the few distinct names.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;

use foldhash::fast::RandomState;

use crate::model::{CellId, Domain};

/// How many names of each kind are kept. A foundation has tens of domains and hundreds of cells; the limit bounds the
/// memory when a client uses a new domain for each task.
const MAX_NAMES: usize = 4096;

/// The names seen so far. Forgetting one only costs a copy of its text.
#[derive(Debug, Default)]
pub struct Interner {
    domains: HashSet<Domain, RandomState>,
    cells: HashSet<CellId, RandomState>,
    empty: Option<Domain>,
}

impl Interner {
    /// Returns the domain with this name.
    pub fn domain(&mut self, name: &[u8]) -> Domain {
        intern(&mut self.domains, &String::from_utf8_lossy(name))
    }

    /// Returns the empty domain.
    pub(super) fn no_domain(&mut self) -> Domain {
        self.empty.get_or_insert_with(|| Domain::from("")).clone()
    }

    /// Returns the cell id, or `None` if it is empty. Source: "Routes" of the API.
    pub fn cell(&mut self, id: &[u8]) -> Option<CellId> {
        (!id.is_empty()).then(|| intern(&mut self.cells, &String::from_utf8_lossy(id)))
    }
}

fn intern<N>(known: &mut HashSet<N, RandomState>, name: &str) -> N
where
    N: Clone + Eq + Hash + Borrow<str> + for<'a> From<&'a str>,
{
    if let Some(name) = known.get(name) {
        return name.clone();
    }
    if known.len() >= MAX_NAMES {
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
    fn equal_names_share_memory() {
        let mut interner = Interner::default();
        let first = interner.domain(b"cf-tasks");
        let again = interner.domain(b"cf-tasks");
        assert!(std::ptr::eq(first.as_str(), again.as_str()));
    }

    #[test]
    fn the_number_of_names_is_bounded() {
        let mut interner = Interner::default();
        for n in 0..3 * MAX_NAMES {
            interner.cell(n.to_string().as_bytes());
        }
        assert!(interner.cells.len() <= MAX_NAMES);
    }
}

//! Interns domains, cell ids and owners, so that 100,000 tasks share the memory of the few distinct ones.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::owner::{RawEntity, RawOwner};
use crate::model::{CellId, Domain, Entity, Owner, Ownership, TaskKind};

/// How many names of each kind are kept. A foundation has tens of domains and hundreds of cells; the limit bounds the
/// memory when a client uses a new domain for each task.
const MAX_NAMES: usize = 4096;

/// How many owners are kept: more than a foundation has apps that run tasks at the same time.
const MAX_OWNERS: usize = 32 * 1024;

/// The names seen so far. Forgetting one only costs a copy of its text.
#[derive(Debug, Default)]
pub struct Interner {
    domains: HashSet<Domain, RandomState>,
    cells: HashSet<CellId, RandomState>,
    empty: Option<Domain>,
    owners: HashTable<Owner>,
    hasher: RandomState,
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

    /// Returns the owner that an encoded `TaskDefinition` of a task in `domain` names.
    pub(super) fn owner(&mut self, definition: &[u8], domain: &Domain) -> Owner {
        let is_cloud_controllers = TaskKind::of_domain(domain.as_str()) != TaskKind::Other;
        let raw = RawOwner::read(definition, is_cloud_controllers);
        if raw.is_empty() {
            return Owner::default();
        }
        let hash = hash_parts(&self.hasher, &raw.parts());
        if let Some(known) = self.owners.find(hash, |known| parts(known) == raw.parts()) {
            return known.clone();
        }
        self.intern_owner(Owner::new(ownership(&raw)))
    }

    /// Returns the known owner that equals a new one. Its texts differ from the raw ones if those are not UTF-8.
    fn intern_owner(&mut self, owner: Owner) -> Owner {
        let hash_of = |owner: &Owner| hash_parts(&self.hasher, &parts(owner));
        let hash = hash_of(&owner);
        if let Some(known) = self.owners.find(hash, |known| *known == owner) {
            return known.clone();
        }
        if self.owners.len() >= MAX_OWNERS {
            self.owners.clear();
        }
        self.owners.insert_unique(hash, owner.clone(), hash_of);
        owner
    }
}

/// Hashes all texts: tenants choose them, and owners that differ in a single text must not end in one bucket.
fn hash_parts(hasher: &RandomState, parts: &[&[u8]; 6]) -> u64 {
    hasher.hash_one(parts)
}

fn parts(owner: &Owner) -> [&[u8]; 6] {
    let (app, space, org) = (owner.app(), owner.space(), owner.org());
    [&app.guid, &app.name, &space.guid, &space.name, &org.guid, &org.name].map(String::as_bytes)
}

fn ownership(raw: &RawOwner<'_>) -> Ownership {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let entity = |raw: &RawEntity<'_>| Entity { guid: text(raw.guid), name: text(raw.name) };
    Ownership { app: entity(&raw.app), space: entity(&raw.space), org: entity(&raw.org) }
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

    /// An encoded definition with these metric tags; each text is shorter than 100 bytes.
    fn tagged(tags: &[(&[u8], &[u8])]) -> Vec<u8> {
        let field = |header: &[u8], text: &[u8]| {
            let length = u8::try_from(text.len()).unwrap();
            [header, &[length], text].concat()
        };
        let tag = |(key, text): &(&[u8], &[u8])| {
            let value = field(&[0x0a], text);
            field(&[0xda, 1], &[field(&[0x0a], key), field(&[0x12], &value)].concat())
        };
        tags.iter().flat_map(tag).collect()
    }

    #[test]
    fn owners_that_are_not_utf_8_are_interned_as_well() {
        let mut interner = Interner::default();
        let domain = Domain::from("cf-tasks");
        let definition = tagged(&[(b"app_id", b"guid\xff"), (b"app_name", b"\xffweb")]);
        let first = interner.owner(&definition, &domain);
        assert_eq!((&*first.app().guid, &*first.app().name), ("guid\u{fffd}", "\u{fffd}web"));
        // Other invalid bytes read the same.
        let definition = tagged(&[(b"app_id", b"guid\xfe"), (b"app_name", b"\xffweb")]);
        assert!(std::ptr::eq(first.app(), interner.owner(&definition, &domain).app()));
        assert_eq!(interner.owners.len(), 1);
    }

    #[test]
    fn owners_without_an_app_guid_do_not_share_a_bucket() {
        let hasher = RandomState::default();
        let owner = |org: usize| {
            let org = Entity { guid: String::new(), name: org.to_string() };
            Owner::new(Ownership { org, ..Ownership::default() })
        };
        let distinct: HashSet<_> = (0..100).map(|org| hash_parts(&hasher, &parts(&owner(org)))).collect();
        assert_eq!(distinct.len(), 100);
    }

    #[test]
    fn the_number_of_owners_is_bounded_and_equal_owners_share_memory() {
        let mut interner = Interner::default();
        let domain = Domain::from("cf-tasks");
        // A log guid of four digits.
        let definition = |n: usize| [&[0x4a, 4], format!("{:04x}", n & 0xffff).as_bytes()].concat();
        let first = interner.owner(&definition(7), &domain);
        assert_eq!(first.app().guid, "0007");
        let again = interner.owner(&definition(7), &domain);
        assert!(std::ptr::eq(first.app(), again.app()));
        for n in 0..2 * MAX_OWNERS {
            interner.owner(&definition(n), &domain);
        }
        assert!(interner.owners.len() <= MAX_OWNERS);
        assert!(interner.owner(&definition(7), &Domain::from("batch")).is_none());
    }
}

//! Guids for new tasks: random UUIDs (version 4), as Cloud Controller gives its tasks.

use std::collections::HashSet;

use crate::model::TaskGuid;

/// Makes guids that no task has. The seed comes from outside: the state does nothing that a test cannot repeat.
pub(in crate::app) struct FreshGuids {
    random: fastrand::Rng,
    made: HashSet<TaskGuid>,
}

impl FreshGuids {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: fastrand::Rng::with_seed(seed), made: HashSet::new() }
    }

    pub(super) fn next(&mut self) -> TaskGuid {
        const VERSION_4: u128 = 0x4 << 76;
        const VARIANT: u128 = 0b10 << 62;
        let random = self.random.u128(..) & !(0xf << 76) & !(0b11 << 62);
        let hex = format!("{:032x}", random | VERSION_4 | VARIANT);
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
        let guid = TaskGuid::from(parts.join("-"));
        self.made.insert(guid.clone());
        guid
    }

    /// Returns whether the guid was made here: then nobody else creates a task with it.
    pub(super) fn made(&self, guid: &TaskGuid) -> bool {
        self.made.contains(guid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guids_are_uuids_of_version_4_and_differ() {
        let mut guids = FreshGuids::new(7);
        let all: HashSet<_> = (0..1_000).map(|_| guids.next()).collect();
        assert_eq!(all.len(), 1_000);
        for guid in &all {
            let parts: Vec<_> = guid.as_str().split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
            assert!(guid.as_str().chars().all(|c| c == '-' || c.is_ascii_hexdigit()));
            assert!(parts[2].starts_with('4') && parts[3].starts_with(['8', '9', 'a', 'b']), "{guid}");
            assert!(guids.made(guid));
        }
        assert!(!guids.made(&"mine".into()));
        assert_ne!(FreshGuids::new(8).next(), FreshGuids::new(7).next(), "another seed, other guids");
    }
}

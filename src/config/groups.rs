//! Parses what the side panes group by.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::app::{GROUPS, GroupKey};

/// What the upper and the lower side pane group by: `["domain", "cell"]`.
#[derive(Debug, Clone, Copy)]
pub(super) struct SideGroups(pub(super) [GroupKey; 2]);

impl<'de> Deserialize<'de> for SideGroups {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        let keys = names.iter().map(|name| GroupKey::find(name).ok_or_else(|| unknown(name)));
        let keys: Vec<_> = keys.collect::<Result<_, D::Error>>()?;
        let keys = keys.try_into().map_err(|keys: Vec<_>| {
            let expected = "expected two, for the upper and the lower side pane";
            D::Error::custom(format!("number of groups is {}, {expected}", keys.len()))
        });
        keys.map(Self)
    }
}

/// In the form of serde's own messages, for which the configuration suggests the closest name.
fn unknown<E: Error>(name: &str) -> E {
    let names: Vec<_> = GROUPS.iter().map(|spec| format!("`{}`", spec.name)).collect();
    E::custom(format!("unknown group `{name}`, expected one of {}", names.join(", ")))
}

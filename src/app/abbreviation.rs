//! Typed beginnings of names: `mem` for `memory`. Pure.

use crate::suggest::did_you_mean;

/// Why a typed beginning names nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoName<'a> {
    /// No name begins with it.
    Unknown,
    /// Several do; the shortest comes first.
    Ambiguous(Vec<&'a str>),
}

/// Returns what to do about a name in a prompt that names nothing, to append to a sentence.
pub(super) fn correction<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let meant = did_you_mean(typed, known);
    if meant.is_empty() { " Delete it to see the list".to_owned() } else { meant }
}

/// Returns the name that is typed in full, else the only one that begins so. If several do, one that is the beginning of all
/// others counts: `do` is `domain`, although there is `domains`.
pub(super) fn whole<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<&'a str, NoName<'a>> {
    let mut begun: Vec<_> = names.into_iter().filter(|name| name.starts_with(typed)).collect();
    begun.sort_unstable_by_key(|name| (name.len(), *name));
    begun.dedup();
    match begun.first() {
        Some(shortest) if !typed.is_empty() && begun.iter().all(|name| name.starts_with(shortest)) => {
            Ok(shortest)
        }
        Some(exact) if *exact == typed => Ok(exact),
        Some(_) if !typed.is_empty() => Err(NoName::Ambiguous(begun)),
        _ => Err(NoName::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_names_what_only_one_name_has() {
        let names = ["domain", "domains", "cell", "cells-gone", "choose"];
        for (typed, name) in [("d", "domain"), ("domains", "domains"), ("ce", "cell"), ("ch", "choose")] {
            assert_eq!(whole(typed, names), Ok(name), "{typed}");
        }
        assert_eq!(whole("x", names), Err(NoName::Unknown));
        assert_eq!(whole("", names), Err(NoName::Unknown));
        assert_eq!(whole("c", names), Err(NoName::Ambiguous(vec!["cell", "choose", "cells-gone"])));
    }
}

//! Finds the known name that a mistyped one was meant to be. Pure.

/// The nearest of the known names, if one is so near that a typing mistake explains the difference. Case does not count.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distance = |name: &&str| strsim::osa_distance(&typed, &name.to_lowercase());
    // One mistake in three letters, and always one; a name of one letter says too little.
    let is_near = |name: &&str| {
        let shorter = typed.chars().count().min(name.chars().count());
        shorter > 1 && distance(name) <= (shorter / 3).max(1)
    };
    known.into_iter().filter(is_near).min_by_key(distance)
}

/// ` Did you mean "state"?` with the nearest name, to follow a sentence; empty without one.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map(|name| format!(" Did you mean \"{name}\"?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = ["guid", "domain", "state", "cell", "reason", "rejection"];

    #[test]
    fn a_typing_mistake_finds_its_name() {
        for (typed, meant) in [
            ("sate", "state"),
            ("staet", "state"),
            ("State", "state"),
            ("doamin", "domain"),
            ("reasn", "reason"),
            ("rejectoin", "rejection"),
        ] {
            assert_eq!(nearest(typed, KNOWN), Some(meant), "{typed}");
            assert_eq!(did_you_mean(typed, KNOWN), format!(" Did you mean \"{meant}\"?"));
        }
    }

    #[test]
    fn what_is_far_from_all_names_finds_none() {
        for typed in ["", "x", "http", "instance", "日本", "c"] {
            assert_eq!(nearest(typed, KNOWN), None, "{typed}");
        }
        assert_eq!(nearest("a", ["a", "b"]), None);
        assert_eq!(did_you_mean("http", KNOWN), "");
    }
}

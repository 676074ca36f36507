//! Suggests the known name closest to a mistyped one. Pure.

/// Returns the closest known name, or `None` if none is close enough to be a typing mistake. Ignores case.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let distance = |name: &&str| strsim::osa_distance(&typed, &name.to_lowercase());
    // Allows one mistake for every three letters, and at least one. A single letter is too short to match.
    let is_near = |name: &&str| {
        let shorter = typed.chars().count().min(name.chars().count());
        shorter > 1 && distance(name) <= (shorter / 3).max(1)
    };
    known.into_iter().filter(is_near).min_by_key(distance)
}

/// Returns ` Did you mean "state"?` to append to a sentence, or an empty string if no name is close enough.
pub fn did_you_mean<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, known).map(|name| format!(" Did you mean \"{name}\"?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = ["guid", "domain", "state", "cell", "reason", "rejection"];

    #[test]
    fn a_typo_finds_the_closest_name() {
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
    fn a_word_unlike_every_name_finds_none() {
        for typed in ["", "x", "http", "instance", "日本", "c"] {
            assert_eq!(nearest(typed, KNOWN), None, "{typed}");
        }
        assert_eq!(nearest("a", ["a", "b"]), None);
        assert_eq!(did_you_mean("http", KNOWN), "");
    }
}

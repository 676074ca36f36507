//! Finds the verb on the command line, so that flags may come before it, after it, or both.
//!
//! `cfdot` accepts flags in any position, and scripts that wrap it put the connection flags first. The rule is that of
//! Go's cobra: a flag takes the next word as its value, unless it contains `=` or is known to take no value.

use std::ffi::OsString;

/// Returns the index of the first word that is neither a flag nor a flag's value.
pub(super) fn verb(words: &[OsString], takes_no_value: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let word = words.get(at)?.to_string_lossy();
        if word == "--" {
            return None;
        }
        if may_take_next(&word) && !takes_no_value(&word) {
            at += 2;
        } else if word.is_empty() || word.starts_with('-') {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

/// Returns whether the word has the form of a flag whose value is the next word: `--long` or `-s`.
fn may_take_next(word: &str) -> bool {
    let is_flag = word.starts_with("--") || (word.starts_with('-') && word.chars().count() == 2);
    is_flag && !word.contains('=')
}

/// Moves the verb before all flags. `words` does not include the program's name.
pub(super) fn verb_first(words: &[OsString], takes_no_value: impl Fn(&str) -> bool) -> Vec<OsString> {
    let mut words = words.to_vec();
    if let Some(at) = verb(&words, takes_no_value) {
        let verb = words.remove(at);
        words.insert(0, verb);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn finds_the_verb_wherever_the_flags_are() {
        for (line, first) in [
            ("tasks", "tasks"),
            ("--bbsURL https://x tasks -d y", "tasks --bbsURL https://x -d y"),
            ("--bbsURL=https://x tasks", "tasks --bbsURL=https://x"),
            ("-d x tasks", "tasks -d x"),
            ("-dx tasks", "tasks -dx"),
            ("--alone tasks", "tasks --alone"),
            ("--alone a tasks", "a --alone tasks"),
            ("--nope x tasks", "tasks --nope x"),
            (" tasks", "tasks "),
            ("- tasks", "tasks -"),
        ] {
            let found = verb_first(&words(line), |flag| flag == "--alone");
            assert_eq!(found, words(first), "{line}");
        }
    }

    #[test]
    fn leaves_words_without_a_verb_unchanged() {
        for line in ["--nope tasks", "-d x", "-- tasks", "--alone", ""] {
            assert_eq!(verb(&words(line), |flag| flag == "--alone"), None, "{line}");
            assert_eq!(verb_first(&words(line), |_| false), words(line), "{line}");
        }
    }
}

//! Where the verb is among the words of the command line: flags may stand before it, behind it, or on both sides.
//!
//! `cfdot` takes them so, and scripts that wrap it put the connection first. Which word is the verb is found by its rule,
//! that of Go's cobra: a flag that is not known to stand alone takes the next word for its value, unless a `=` has given
//! it one.

use std::ffi::OsString;

/// The place of the first word that is neither a flag nor a flag's value. `takes_no_value` tells whether a flag takes no
/// value.
pub(super) fn verb(words: &[OsString], takes_no_value: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let word = words.get(at)?.to_string_lossy();
        if word == "--" {
            return None;
        }
        if takes_the_next(&word) && !takes_no_value(&word) {
            // The value's place; a verb must follow it.
            at += 2;
        } else if word.is_empty() || word.starts_with('-') {
            at += 1;
        } else {
            return Some(at);
        }
    }
}

/// Whether the word can be a flag whose value is the next one: `--long`, or `-s`.
fn takes_the_next(word: &str) -> bool {
    let is_flag = word.starts_with("--") || (word.starts_with('-') && word.chars().count() == 2);
    is_flag && !word.contains('=')
}

/// The same words with the verb in front of all flags. The words come without the program's name.
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
    fn the_verb_is_found_wherever_its_flags_are() {
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
    fn where_there_is_no_verb_the_words_stay() {
        for line in ["--nope tasks", "-d x", "-- tasks", "--alone", ""] {
            assert_eq!(verb(&words(line), |flag| flag == "--alone"), None, "{line}");
            assert_eq!(verb_first(&words(line), |_| false), words(line), "{line}");
        }
    }
}

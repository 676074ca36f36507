//! The page for troubleshooting has what the header, `doctor`, TLS and the feed say.
//!
//! The messages are read from the sources, so that a new one is missed here first.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::page::{Page, root};

/// Sources with messages that the page explains: files, and directories with all that is in them.
const SOURCES: [&str; 10] = [
    "src/ui/panes/header.rs",
    "src/cli/doctor",
    "src/cli/next_step.rs",
    "src/bbs/http_fault.rs",
    "src/app/recording.rs",
    "src/app/session/feed_notices.rs",
    "src/app/session/update.rs",
    "src/config/permissions.rs",
    "src/model/plan/refusal.rs",
    "src/record/fault.rs",
];

/// Parts of messages that explain themselves, and texts that are no messages.
const PLAIN: [&str; 8] = [
    "1 day",
    "client error",
    "connection was not ready",
    "expires in",
    "less than a second",
    "message head is too large",
    "more than 100 years",
    "tcp connect error",
];

/// Returns the text of a file, or of all files in a directory.
fn source(path: &Path) -> String {
    if path.is_file() {
        return fs::read_to_string(path).unwrap();
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let texts = entries.map(|entry| code(&source(&entry.unwrap().path())).to_owned() + "\n");
    texts.collect()
}

/// Returns what stands before the tests.
fn code(source: &str) -> &str {
    source.split("#[cfg(test)]").next().unwrap_or_default()
}

/// Returns the text literals of a file, without those of its tests and comments.
fn literals(source: &str) -> Vec<String> {
    let lines: Vec<_> = code(source).lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let literal = Regex::new(r#""((?:[^"\\]|\\.|\\\n)*)""#).unwrap();
    let broken = Regex::new(r"\\\n\s*").unwrap();
    let code = lines.join("\n");
    literal.captures_iter(&code).map(|found| broken.replace_all(&found[1], "").into_owned()).collect()
}

/// Splits a message at its values, such as `{why}`, and at quotes.
fn parts(message: &str) -> Vec<String> {
    let value = Regex::new(r"\{[^}]*\}|`").unwrap();
    let edges: &[char] = &[' ', ',', ':', ';', '.', '(', ')', '●', '·', '-', '>'];
    value.split(message).map(|part| part.trim_matches(edges).to_owned()).collect()
}

#[test]
fn every_message_is_explained() {
    let page = Page::read("docs/troubleshooting.md");
    // A line of the page may break within a message.
    let text = page.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut unexplained = BTreeSet::new();
    let mut count = 0;
    for path in SOURCES {
        let messages = literals(&source(&root().join(path)));
        // Help has lines, and is in the reference.
        let is_text = |message: &&String| message.contains('\n') || message.contains("\\n");
        let messages = messages.iter().filter(|message| !is_text(message));
        for part in messages.flat_map(|message| parts(message)) {
            let is_message = part.chars().filter(char::is_ascii_lowercase).count() > 2;
            count += usize::from(is_message);
            if is_message && !text.contains(&part) {
                unexplained.insert(part);
            }
        }
    }
    assert!(count > 80, "{count}");
    assert_eq!(
        unexplained,
        PLAIN.map(str::to_owned).into(),
        "docs/troubleshooting.md explains all but PLAIN"
    );
}

#[test]
fn a_literal_is_found_whole() {
    let source =
        "// \"not this\"\nlet a = \"one \\\n         two {why}\";\n#[cfg(test)]\nmod tests { \"three\" }";
    assert_eq!(literals(source), ["one two {why}"]);
    assert_eq!(parts("one two {why}, three: {x}"), ["one two", "three", ""]);
}

//! The text of a new task, from an editor or for `create-task`: faults have lines of the text, and what is valid reads back.

use taskdeck::bbs::json::{TaskSpec, document};
use taskdeck::model::DocumentFault;

use super::text;

/// Takes a text.
pub fn check(input: &[u8]) {
    let text = text(input);
    match document::read(&text) {
        Ok(new) => {
            let lines: Vec<_> = document::lines(&new).into_iter().map(|line| line.clear).collect();
            assert_eq!(document::read(&lines.join("\n")), Ok(new));
        }
        Err(faults) => {
            check_places(&text, &faults);
            // The annotated text ends with a line break.
            let whole = format!("{}\n", text.strip_suffix('\n').unwrap_or(&text));
            check_annotated(&whole, &document::read(&whole).expect_err("a line break mends nothing"));
        }
    }
    check_spec(&text);
}

/// Faults are on lines of the text.
fn check_places(text: &str, faults: &[DocumentFault]) {
    let lines = text.matches('\n').count() + 1;
    for fault in faults {
        assert!(fault.line.is_none_or(|line| (1..=lines).contains(&line)), "{fault:?} of {lines} lines");
        assert!(!fault.message.is_empty());
    }
}

/// Faults stay the same once they are written into the text.
fn check_annotated(text: &str, faults: &[DocumentFault]) {
    let annotated = document::annotate(text, faults);
    let again = document::read(&annotated).expect_err("comments mend nothing");
    // A comment behind a text that ends too early is another end.
    if !faults.iter().any(|fault| fault.message.starts_with("EOF ")) {
        let messages =
            |faults: &[DocumentFault]| faults.iter().map(|fault| fault.message.clone()).collect::<Vec<_>>();
        assert_eq!(messages(&again), messages(faults), "{text:?}\n{annotated:?}");
    }
    let twice = document::annotate(&annotated, &again);
    assert_eq!(without_comments(&twice), without_comments(&annotated), "comments do not pile up");
}

/// Returns the lines that no annotation has put into a text.
fn without_comments(text: &str) -> Vec<&str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//!")).collect()
}

/// The strict mode accepts less than the lenient one, and reads the same.
fn check_spec(text: &str) {
    let lenient = TaskSpec::parse(text);
    match TaskSpec::parse_strictly(text) {
        Ok(strict) => assert_eq!(lenient, Ok(strict)),
        Err(message) => assert!(!message.is_empty()),
    }
}

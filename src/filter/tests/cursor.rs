//! What is completed at the cursor, and how values are quoted.

use proptest::prelude::*;

use crate::filter::tests::{NOW, task};
use crate::filter::{Filter, Subject, Token, quoted};
use crate::model::{Entity, Owner, Ownership, Task};

/// Returns the field, the typed text and the replaced one at the `^`.
fn at(marked: &str) -> Option<(Option<&'static str>, String, String)> {
    let cursor = marked.find('^').unwrap();
    let text = marked.replace('^', "");
    let token = Token::at(&text, cursor)?;
    Some((token.field, token.typed, text.get(token.at)?.to_owned()))
}

#[test]
fn token_at_the_cursor_is_found_in_unfinished_text() {
    let token = |field, typed: &str, replaced: &str| Some((field, typed.to_owned(), replaced.to_owned()));
    assert_eq!(at("^"), token(None, "", ""));
    assert_eq!(at("x !do^ y"), token(None, "do", "do"));
    assert_eq!(at("do^main:x"), token(None, "do", "domain:"));
    assert_eq!(at("App:sh^op x"), token(Some("app"), "sh", "shop"));
    assert_eq!(at("app:a|b^|c"), token(Some("app"), "b", "b"));
    assert_eq!(at("app:\"my a^"), token(Some("app"), "my a", "\"my a"));
    assert_eq!(at("app:\"a\\\" b^c d\" e"), token(Some("app"), "a\" b", "\"a\\\" bc d\""));
    assert_eq!(at("app:x ^state:y"), token(None, "", "state:"));
    for pattern in ["app:~a^", "app:~a|b^", "app:a*^", "\"a^", "a|b^", "a|app:^", "nofield:^"] {
        assert_eq!(at(pattern), None, "{pattern}");
    }
}

fn of_app(name: &str) -> Task {
    let app = Entity { guid: String::new(), name: name.to_owned() };
    Task { owner: Owner::new(Ownership { app, ..Ownership::default() }), ..task() }
}

proptest! {
    #[test]
    fn quoted_value_is_found_and_no_other(
        value in "[a-z*|~!\"\\\\: ]{1,6}|\\PC{1,6}|[\\x00-\\x7f]{1,6}",
        other in "[a-z*|~!\"\\\\: ]{1,6}",
    ) {
        let filter = Filter::parse(&format!("app:{}", quoted(&value)));
        let filter = filter.map_err(|error| TestCaseError::fail(error.to_string()))?;
        let admits = |name: &str| filter.admits(&Subject::held(&of_app(name), NOW));
        prop_assert!(admits(&value));
        prop_assert_eq!(admits(&other), value == other);
    }
}

//! What is said of a scenario that is wrong.

use super::*;

fn foundation() -> &'static str {
    Scenario::BUILT_IN[0].text
}

/// What is said when this piece of the foundation is another.
fn said(of: &str, instead: &str) -> String {
    assert!(foundation().contains(of), "{of}");
    Scenario::parse(&foundation().replacen(of, instead, 1)).unwrap_err()
}

/// The line in which the piece begins.
fn line(of: &str) -> usize {
    foundation().lines().position(|line| line.starts_with(of)).unwrap() + 1
}

#[test]
fn every_built_in_scenario_is_right_and_says_what_it_is() {
    for built_in in Scenario::BUILT_IN {
        let scenario = built_in.read().unwrap();
        assert_eq!(scenario.about, built_in.about());
        assert!(!scenario.about.is_empty() && scenario.size.tasks > 0, "{}", built_in.name);
    }
}

#[test]
fn a_mistake_is_said_with_its_line_and_key() {
    let cases = [
        ("crowded = 40", "crowdy = 40", "crowdy", "unknown field `crowdy`"),
        ("churn = 4.0", "churn = -4.0", "churn", "it must be a number of turns a second, 0 to 100,000"),
        ("callbacks = \"answered\"", "callbacks = 1", "callbacks", "invalid type: integer `1`"),
        (
            "callbacks = \"answered\"",
            "callbacks = \"no\"",
            "callbacks",
            "it must be \"answered\" or \"unanswered\"",
        ),
        ("percent = 25", "percent = 101", "percent", "it must be between 0 and 100"),
        ("zones = [\"z1\", \"z2\", \"z3\"]", "zones = []", "zones", "there must be at least one"),
        (
            "reject = 40",
            "refuse = 40",
            "refuse",
            "unknown variant `refuse`, expected one of `desire`, `start`",
        ),
        ("rootfs = \"preloaded:", "rootfs = \"", "rootfs", "it must be a URL with a scheme"),
        ("weight = 1", "weight = 0", "weight", "a kind that is never drawn is none"),
        ("timeout_minutes = 15", "timeout_minutes = 0", "timeout_minutes", "it must be between 1 and"),
        ("reasons = [", "reasons = [\"\", ", "reasons", "each must have 1 to 1,023 bytes and no NUL"),
        ("domain = \"cf-app-staging\"", "domain = \"\"", "domain", "it must not be empty"),
        ("actions = [\"download\", ", "actions = [\"fetch\", ", "actions", "unknown variant `fetch`"),
    ];
    for (of, instead, key, problem) in cases {
        let (said, line) = (said(of, instead), line(of));
        assert!(said.starts_with(&format!("line {line}, key `{key}`: {problem}")), "{instead}: {said}");
        assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    }
}

#[test]
fn what_is_missing_or_no_toml_is_said_too() {
    let missing = said("domain = \"cf-app-staging\"\n", "");
    assert_eq!(missing, format!("line {}: missing field `domain`", line("[[kinds]]")));
    assert_eq!(Scenario::parse("about = \"\"").unwrap_err(), "line 1: missing field `size`");
    let heading = said("[size]", "[size");
    assert!(heading.starts_with(&format!("line {}: ", line("[size]"))), "{heading}");
}

#[test]
fn turns_need_a_weight() {
    let turns = foundation().split_once("[turns]\n").unwrap().1.split_once("\n\n").unwrap().0;
    assert_eq!(
        said(turns, "desire = 0\n"),
        format!("line {}: at least one weight must be above 0", line("[turns]"))
    );
}

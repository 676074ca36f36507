//! Errors of invalid scenarios.

use super::*;

fn foundation() -> &'static str {
    Scenario::BUILT_IN[0].text
}

/// The error after `of` in the foundation scenario is replaced.
fn error_after(of: &str, instead: &str) -> String {
    assert!(foundation().contains(of), "{of}");
    Scenario::parse(&foundation().replacen(of, instead, 1)).unwrap_err()
}

/// The number of the line that begins with `of`.
fn line(of: &str) -> usize {
    foundation().lines().position(|line| line.starts_with(of)).unwrap() + 1
}

#[test]
fn every_built_in_scenario_is_valid_and_has_a_description() {
    for built_in in Scenario::BUILT_IN {
        let scenario = built_in.read().unwrap();
        assert_eq!(scenario.about, built_in.about());
        assert!(!scenario.about.is_empty() && scenario.size.tasks > 0, "{}", built_in.name);
    }
}

#[test]
fn an_error_names_its_line_and_key() {
    let cases = [
        ("max_tasks = 40", "max_task = 40", "max_task", "unknown field `max_task`"),
        ("churn = 4.0", "churn = -4.0", "churn", "it must be between 0 and 100,000 operations a second"),
        ("callbacks = \"answered\"", "callbacks = 1", "callbacks", "invalid type: integer `1`"),
        (
            "callbacks = \"answered\"",
            "callbacks = \"no\"",
            "callbacks",
            "it must be \"answered\" or \"unanswered\"",
        ),
        ("percent = 25", "percent = 101", "percent", "it must be between 0 and 100"),
        ("zones = [\"z1\", \"z2\", \"z3\"]", "zones = []", "zones", "the list must not be empty"),
        (
            "reject = 40",
            "refuse = 40",
            "refuse",
            "unknown variant `refuse`, expected one of `desire`, `start`",
        ),
        (
            "callbacks = \"answered\"",
            "guid_prefix = \"a b\"",
            "guid_prefix",
            "it must consist of at most 200 letters",
        ),
        ("rootfs = \"preloaded:", "rootfs = \"", "rootfs", "it must be a URL with a scheme"),
        ("weight = 1", "weight = 0", "weight", "it must be above 0"),
        ("timeout_minutes = 15", "timeout_minutes = 0", "timeout_minutes", "it must be between 1 and"),
        ("reasons = [", "reasons = [\"\", ", "reasons", "each must have 1 to 1,023 bytes and no NUL"),
        ("domain = \"cf-app-staging\"", "domain = \"\"", "domain", "it must not be empty"),
        ("actions = [\"download\", ", "actions = [\"fetch\", ", "actions", "unknown variant `fetch`"),
    ];
    for (of, instead, key, problem) in cases {
        let (error, line) = (error_after(of, instead), line(of));
        assert!(error.starts_with(&format!("line {line}, key `{key}`: {problem}")), "{instead}: {error}");
        assert_eq!(error.lines().count(), 1, "one line: {error}");
    }
}

#[test]
fn a_missing_key_and_invalid_toml_are_errors() {
    let missing = error_after("domain = \"cf-app-staging\"\n", "");
    assert_eq!(missing, format!("line {}: missing field `domain`", line("[[kinds]]")));
    assert_eq!(Scenario::parse("about = \"\"").unwrap_err(), "line 1: missing field `size`");
    let heading = error_after("[size]", "[size");
    assert!(heading.starts_with(&format!("line {}: ", line("[size]"))), "{heading}");
}

#[test]
fn operations_need_a_weight() {
    let operations = foundation().split_once("[operations]\n").unwrap().1.split_once("\n\n").unwrap().0;
    assert_eq!(
        error_after(operations, "desire = 0\n"),
        format!("line {}: at least one weight must be above 0", line("[operations]"))
    );
}

//! Templates with hostile values, and output with hostile bytes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::app::SessionId;
use crate::app::program::{Program, ProgramEnd};
use crate::clock::Now;

fn parse(words: &[&str]) -> Result<Template, BadTemplate> {
    Template::parse(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

fn mistake(words: &[&str]) -> String {
    parse(words).unwrap_err().to_string()
}

/// Fills a template: guid and cell have these values, all others have none.
fn filled(words: &[&str], guid: &str, cell: &str) -> Result<Program, BadValue> {
    parse(words).unwrap().fill(|placeholder| match placeholder.name {
        "guid" => guid.to_owned(),
        "cell" => cell.to_owned(),
        _ => String::new(),
    })
}

fn arguments(program: &Program) -> Vec<&str> {
    program.arguments.iter().map(|argument| argument.to_str().unwrap()).collect()
}

#[test]
fn placeholders_have_names_of_their_own() {
    let names: BTreeSet<_> = PLACEHOLDERS.iter().map(|one| one.name).collect();
    assert_eq!(names.len(), PLACEHOLDERS.len());
    for one in PLACEHOLDERS {
        assert!(!one.missing.ends_with('.') && !one.help.is_empty(), "{}", one.name);
        assert!(parse(&["x", &format!("{{{}}}", one.name)]).is_ok());
    }
}

#[test]
fn a_value_stays_in_its_argument_whatever_it_is() {
    for value in
        ["a b", "$(reboot)", "`reboot`", "; reboot", "a'b\"c", "*", "{cell}", "{{", "../..", "ü", "--x=y"]
    {
        let program = filled(&["tool", "-g", "id={guid}", "{cell}{cell}", "end"], value, "c").unwrap();
        assert_eq!(arguments(&program), ["-g", &format!("id={value}"), "cc", "end"]);
        assert_eq!(program.name, "tool");
    }
}

#[test]
fn doubled_braces_are_braces() {
    let program = filled(&["tool", "{{\"id\":\"{guid}\"}}", "{{guid}}", "", "}}{{"], "g", "").unwrap();
    assert_eq!(arguments(&program), ["{\"id\":\"g\"}", "{guid}", "", "}{"]);
}

#[test]
fn a_value_that_begins_an_argument_is_no_option() {
    let refused = filled(&["ssh", "{cell}"], "g", "-oProxyCommand=reboot").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "{cell} is \"-oProxyCommand=reboot\", which the program could take for an option. In the configuration, put \
         \"--\" before it, or text as in \"--guid={cell}\""
    );
    for words in [&["ssh", "{cell}.example"][..], &["ssh", "a", "{cell}", "--"], &["ssh", "-g", "{cell}"]] {
        assert!(matches!(filled(words, "g", "-x"), Err(BadValue::Option(..))), "{words:?}");
    }
    for (words, expected) in [
        (&["ssh", "--", "{cell}"][..], &["--", "-x"][..]),
        (&["ssh", "--", "a", "{cell}"], &["--", "a", "-x"]),
        (&["ssh", "vcap@{cell}"], &["vcap@-x"]),
        (&["ssh", "--cell={cell}"], &["--cell=-x"]),
    ] {
        assert_eq!(arguments(&filled(words, "g", "-x").unwrap()), expected);
    }
    // A value does not end the options.
    assert!(matches!(filled(&["ssh", "{cell}", "{cell}"], "g", "--"), Err(BadValue::Option(..))));
}

#[test]
fn values_with_control_characters_or_of_great_length_are_refused() {
    for value in ["a\0b", "a\nb", "\u{1b}[31m", "\u{9b}31m", "\u{7f}"] {
        let refused = filled(&["x", "a={guid}"], value, "c").unwrap_err();
        assert_eq!(refused.to_string(), "{guid} has control characters", "{value:?}");
    }
    assert!(filled(&["x", "{guid}"], &"g".repeat(1_024), "c").is_ok());
    let refused = filled(&["x", "{guid}"], &"g".repeat(1_025), "c").unwrap_err();
    assert_eq!(refused.to_string(), "{guid} is longer than 1024 bytes");
}

#[test]
fn a_missing_value_says_why() {
    let refused = filled(&["x", "{guid}", "{cell}"], "g", "").unwrap_err();
    assert_eq!(refused.to_string(), "The task has not been seen on a cell");
    let refused = filled(&["x", "{app_guid}"], "g", "c").unwrap_err();
    assert_eq!(refused.to_string(), "The task names no app");
}

#[test]
fn bad_templates_say_what_is_expected() {
    assert_eq!(mistake(&[]), "the list must begin with a program");
    assert_eq!(mistake(&["", "x"]), "the list must begin with a program");
    let varies = "the program must have no placeholder: a task must not choose what is run";
    assert_eq!(mistake(&["{guid}"]), varies);
    assert_eq!(mistake(&["/opt/{domain}/run"]), varies);
    assert_eq!(mistake(&["x", "a\0"]), "an argument must have no NUL");
    let unknown = mistake(&["x", "{gid}"]);
    assert!(unknown.starts_with("unknown placeholder `gid`, expected one of `guid`, `domain`,"), "{unknown}");
    let lone = "\"a{b\" has a `{` outside a placeholder; write `{{` for a brace";
    assert_eq!(mistake(&["x", "a{b"]), lone);
    assert_eq!(mistake(&["x", "a}"]), "\"a}\" has a `}` outside a placeholder; write `}}` for a brace");
}

#[test]
fn no_shell_gets_a_value_in_its_script() {
    for words in [
        &["sh", "-c", "cf app {app}"][..],
        &["/bin/bash", "-ec", "{guid}"],
        &["bash", "-x", "-c", "{guid}"],
        &["bash", "-c", "--", "{guid}"],
        &["env", "A=b", "zsh", "-lc", "echo {guid}"],
    ] {
        let mistake = mistake(words);
        assert!(mistake.starts_with("a shell would run the task's text in "), "{words:?}: {mistake}");
    }
    for words in [
        &["sh", "-c", "echo \"$1\"", "sh", "{guid}"][..],
        &["sh", "script.sh", "{guid}"],
        &["grep", "-c", "{guid}"],
        &["bash", "--cell", "{guid}"],
    ] {
        assert!(parse(words).is_ok(), "{words:?}");
    }
}

#[test]
fn words_are_quoted_so_that_each_is_clear() {
    let program = filled(&["tool", "a b", "{guid}", "", "x\"y", "a\\b"], "e\u{202e}vil", "c").unwrap();
    assert_eq!(program.to_string(), r#"tool "a b" "e\u{202e}vil" "" "x\"y" "a\\b""#);
}

proptest! {
    #[test]
    fn a_value_never_changes_the_other_arguments(value in "\\PC{1,40}") {
        let words = ["tool", "--", "{guid}", "a{guid}b", "end"];
        let program = filled(&words, &value, "c").unwrap();
        prop_assert_eq!(arguments(&program), ["--", &value, &format!("a{value}b"), "end"]);
    }

    #[test]
    fn any_bytes_are_taken_within_bounds(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 0..40)) {
        let mut output = output();
        for chunk in &chunks {
            output.feed(chunk);
        }
        output.ended(ProgramEnd::Exited(0), Now::default());
        let is_clean = output.lines().all(|line| !line.contains(['\n', '\r', '\t']));
        prop_assert!(is_clean);
    }
}

fn output() -> Output {
    let template = parse(&["tool"]).unwrap();
    let command = Arc::new(OwnCommand {
        name: "tool".to_owned(),
        key: None,
        help: String::new(),
        template: template.clone(),
        output: OutputTo::Pane,
        confirms: false,
        acts: false,
    });
    let program = template.fill(|_| String::new()).unwrap();
    let run = OwnRun { command, program, session: SessionId::FIRST, task: None };
    Output::new(RunId::default(), run, Now::default())
}

fn lines(output: &Output) -> Vec<String> {
    output.lines().map(std::borrow::Cow::into_owned).collect()
}

fn written(chunks: &[&[u8]]) -> Vec<String> {
    let mut output = output();
    for chunk in chunks {
        output.feed(chunk);
    }
    lines(&output)
}

#[test]
fn output_is_lines_however_it_is_cut() {
    assert_eq!(written(&[b"a\nb\n"]), ["a", "b"]);
    assert_eq!(written(&[b"a", b"b\n\nc"]), ["ab", "", "c"]);
    assert_eq!(written(&[b"a\r", b"\nb"]), ["a", "b"]);
    assert_eq!(written(&["ü".as_bytes().get(..1).unwrap(), "ü".as_bytes().get(1..).unwrap()]), ["ü"]);
    assert_eq!(written(&[b"\xff\n"]).len(), 1);
}

#[test]
fn a_carriage_return_begins_the_line_anew() {
    assert_eq!(written(&[b" 10 %\r", b" 20 %\r100 %\n"]), ["100 %"]);
    assert_eq!(written(&[b" 10 %\r"]), [" 10 %"], "what is written stays until it is overwritten");
}

#[test]
fn control_sequences_are_removed_and_tabs_widened() {
    assert_eq!(
        written(&[b"\x1b[31mred\x1b[0m\n", b"\x1b]0;tit", b"le\x07x\n", b"a\tb\n"]),
        ["red", "x", "a       b"]
    );
}

#[test]
fn the_last_lines_are_kept_and_the_others_counted() {
    let mut output = output();
    for n in 0..12_000 {
        output.feed(format!("line {n}\n").as_bytes());
    }
    assert_eq!((output.dropped(), lines(&output).len()), (2_000, 10_000));
    assert_eq!(lines(&output).first().map(String::as_str), Some("line 2000"));
    let wide = vec![b'x'; 300_000];
    output.feed(&wide);
    output.feed(b"\n");
    let last = lines(&output).pop().unwrap();
    assert!(last.ends_with('…') && last.len() < 9_000, "{}", last.len());
    for _ in 0..1_000 {
        output.feed(&[b'y'; 7_000]);
        output.feed(b"\n");
    }
    let bytes: usize = output.lines().map(|line| line.len()).sum();
    assert!((900_000..=1_048_576).contains(&bytes), "{bytes}");
}

#[test]
fn a_view_that_is_scrolled_back_stays_and_follows_again_at_the_end() {
    let mut output = output();
    (0..100).for_each(|n| output.feed(format!("{n}\n").as_bytes()));
    assert_eq!(output.below(), 0);
    output.scroll(-30);
    assert_eq!(output.below(), 30);
    (100..110).for_each(|n| output.feed(format!("{n}\n").as_bytes()));
    assert_eq!(output.below(), 40, "the same lines are in view");
    output.limit_scroll(35);
    assert_eq!(output.below(), 35);
    output.scroll(isize::MIN);
    assert_eq!(output.below(), 109, "the first line is in view");
    output.scroll(isize::MAX);
    assert_eq!(output.below(), 0);
    output.feed(b"more\n");
    assert_eq!(output.below(), 0, "it follows");
}

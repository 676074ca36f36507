use std::collections::BTreeSet;

use super::verbs::{Row, VERBS};
use super::*;
use crate::cli::arguments::Arguments;
use crate::cli::cfdot;

fn names(root: &Command) -> BTreeSet<&str> {
    root.get_subcommands().map(Command::get_name).collect()
}

fn rendered(long: bool) -> String {
    let mut root = with_groups(Arguments::clap_command().term_width(WIDTH));
    if long { root.render_long_help().to_string() } else { root.render_help().to_string() }
}

/// A new verb needs a row: a group and two examples.
#[test]
fn every_verb_is_in_one_group() {
    let root = Arguments::clap_command();
    let listed: Vec<_> = VERBS.iter().map(|row| row.name).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), names(&root));
    assert_eq!(listed.len(), names(&root).len(), "a verb has two rows");
    let in_groups: Vec<_> = Group::ALL.into_iter().flat_map(verbs_of).collect();
    assert_eq!(in_groups.len(), listed.len(), "a group is not in the help");
}

#[test]
fn the_short_help_fits_a_standard_terminal() {
    let help = rendered(false);
    assert!(help.lines().count() <= 25, "{}\n{help}", help.lines().count());
    assert!(help.lines().all(|line| line.chars().count() <= WIDTH), "{help}");
}

#[test]
fn both_helps_have_every_verb_and_every_flag() {
    let root = Arguments::clap_command();
    for help in [rendered(false), rendered(true)] {
        let words: BTreeSet<_> = help.split(|c: char| c.is_whitespace() || c == ',').collect();
        for name in names(&root) {
            assert!(words.contains(name), "{name}: {help}");
        }
        for long in root.get_arguments().filter_map(Arg::get_long) {
            assert!(words.contains(&*format!("--{long}")), "{long}: {help}");
        }
    }
}

#[test]
fn the_lists_of_the_long_help_fit_a_standard_terminal() {
    for line in long(&Arguments::clap_command()).lines().chain(examples(&OF_PROGRAM).lines()) {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
    for Row { name, examples: two, .. } in VERBS {
        for line in examples(two).lines() {
            assert!(line.chars().count() <= WIDTH, "{name}: {line}");
        }
    }
}

/// Returns the words of each taskdeck command in a line of shell.
fn commands(line: &str) -> Vec<Vec<String>> {
    let line = line.replace("\\\n", " ").replace("<(", "| ").replace("bash)", "bash");
    let words = shlex::split(&line).unwrap_or_else(|| panic!("{line}"));
    let parts = words.split(|word| ["|", ">", "&&"].contains(&word.as_str()));
    parts.filter(|part| part.first().is_some_and(|word| word == "taskdeck")).map(<[String]>::to_vec).collect()
}

#[test]
fn every_example_parses() {
    let of_program = OF_PROGRAM.iter().map(|example| ("", *example));
    let of_verbs = VERBS.iter().flat_map(|row| row.examples.map(|example| (row.name, example)));
    let mut count = 0;
    for (name, Example { line, .. }) in of_program.chain(of_verbs) {
        let commands = commands(line);
        assert!(commands.iter().any(|words| name.is_empty() || words[1] == name), "{name}: {line}");
        for words in commands {
            if let Some(command) = words.get(1).and_then(|verb| cfdot::named(verb)) {
                // clap does not parse these.
                cfdot::check(command, &words[2..]).unwrap_or_else(|error| panic!("{line}: {error}"));
            } else {
                let root = Arguments::clap_command();
                root.try_get_matches_from(&words).unwrap_or_else(|error| panic!("{line}: {error}"));
            }
            count += 1;
        }
    }
    assert!(count >= 2 * VERBS.len(), "{count}");
}

#[test]
fn an_example_with_an_unknown_flag_does_not_parse() {
    let words = commands("taskdeck watch --flter x | jq .").remove(0);
    assert_eq!(words, ["taskdeck", "watch", "--flter", "x"]);
    assert!(Arguments::clap_command().try_get_matches_from(&words).is_err());
}

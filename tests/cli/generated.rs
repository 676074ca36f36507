//! Help, completions and manual pages, generated from the table of commands.

use std::process::Command;

use crate::run::{command, run};

/// Returns every command, in the order of the help.
fn commands() -> Vec<String> {
    let help = run(command(&["--help"])).out;
    let (_, groups) = help.split_once("\nWatch:\n").unwrap();
    let (groups, _) = groups.split_once("\nOptions:\n").unwrap();
    let listed = groups.lines().filter(|line| line.starts_with("  "));
    let names: Vec<_> = listed.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.len() > 15, "{names:?}");
    names
}

#[test]
fn every_command_has_help() {
    let help = |arguments: &[&str]| {
        let ran = run(command(arguments));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
        ran.out
    };
    insta::assert_snapshot!("help", help(&["--help"]));
    insta::assert_snapshot!("short help", help(&["-h"]));
    for name in &commands() {
        insta::assert_snapshot!(format!("help of {name}"), help(&[name, "--help"]));
    }
}

#[test]
fn every_command_that_calls_a_bbs_documents_its_exit_statuses() {
    let without_bbs = ["sim", "docs", "completions", "man"];
    for name in commands().iter().filter(|name| !without_bbs.contains(&name.as_str())) {
        let help = run(command(&[name, "--help"])).out;
        assert!(help.contains("\nExit status:\n  0  "), "{name}: {help}");
    }
}

#[test]
fn the_guide_names_every_command() {
    let page = include_str!("../../docs/guide/cfdot.md");
    for name in &commands() {
        let written = [format!("`{name}`"), format!("`{name} "), format!("taskdeck {name}")];
        assert!(written.iter().any(|text| page.contains(text)), "{name}");
    }
}

#[test]
fn completions_contain_every_command_and_parse() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(command(&["completions", shell]));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{shell}");
        for name in commands() {
            assert!(ran.out.contains(&name), "{shell}: {name}");
        }
        for flag in ["bbs-url", "bbsURL", "skip-cert-verify", "skipCertVerify"] {
            assert!(ran.out.contains(flag), "{shell}: {flag}");
        }
    }
    let script = run(command(&["completions", "bash"])).out;
    let checked = Command::new("bash").args(["-n", "-c", &script]).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn every_command_has_a_manual_page() {
    let whole = run(command(&["man"]));
    assert_eq!((whole.status, whole.err.as_str()), (Some(0), ""));
    assert!(whole.out.contains(".TH taskdeck 1") && whole.out.contains(".SH SUBCOMMANDS"), "{}", whole.out);
    for name in commands() {
        let page = run(command(&["man", &name]));
        assert_eq!((page.status, page.err.as_str()), (Some(0), ""), "{name}");
        assert!(page.out.contains(&format!(".TH taskdeck-{name} 1")), "{}", page.out);
    }
    let nope = run(command(&["man", "nope"]));
    assert_eq!(nope.status, Some(3));
    assert!(nope.err.starts_with("taskdeck: unknown command `nope`; the commands are "), "{}", nope.err);
}

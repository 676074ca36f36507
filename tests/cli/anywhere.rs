//! Every command accepts flags before and after the verb, and targets of the configuration file.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::run::{Bbs, TASKDECK, command, run};

/// Each verb with flags and arguments. `@SPEC` stands for the JSON of a new task.
const VERBS: [(&str, &[&str], &[&str]); 14] = [
    ("tasks", &["-d", "cf-tasks", "--timeout", "60"], &[]),
    ("task", &["--timeout", "60"], &["done"]),
    ("cells", &[], &[]),
    ("cell", &[], &["cell-a"]),
    ("domains", &["--timeout=60"], &[]),
    ("set-domain", &["--ttl", "60s"], &["d"]),
    ("cancel-task", &[], &["waits-1"]),
    ("resolve-task", &[], &["done"]),
    ("delete-task", &[], &["done-too"]),
    ("create-task", &[], &["@SPEC"]),
    ("wait", &["--for", "completed"], &["done"]),
    ("cancel", &["--yes", "--rate", "5"], &["waits-2"]),
    ("desire", &[], &["@SPEC"]),
    ("doctor", &["--call-timeout", "60s"], &[]),
];

fn populated() -> Bbs {
    let bbs = Bbs::start();
    bbs.completed("done", "cf-tasks");
    bbs.completed("done-too", "cf-tasks");
    bbs.desire("waits-1", "cf-tasks");
    bbs.desire("waits-2", "cf-tasks");
    bbs
}

/// Builds the command line with the flags before the verb, after it, and on both sides.
fn lines<'a>(verb: &'a str, flags: &[&'a str], arguments: &[&'a str]) -> [Vec<&'a str>; 3] {
    let (first, last) = flags.split_at(2);
    [
        [flags, &[verb], arguments].concat(),
        [&[verb], arguments, flags].concat(),
        [first, &[verb], last, arguments].concat(),
    ]
}

#[test]
fn every_verb_accepts_flags_on_either_side() {
    let spec = |guid: &str| {
        format!(
            r#"{{"task_guid":"{guid}","domain":"d","rootfs":"preloaded:x","action":{{"run":{{"path":"/bin/true","user":"vcap"}}}}}}"#
        )
    };
    for (verb, own, arguments) in VERBS {
        for at in 0..3 {
            let (bbs, new) = (populated(), spec("new"));
            let url = bbs.sim.url();
            let arguments: Vec<_> =
                arguments.iter().map(|word| if *word == "@SPEC" { new.as_str() } else { word }).collect();
            let flags = [&["--bbsURL", url.as_str()], own].concat();
            let line = &lines(verb, &flags, &arguments)[at];
            let ran = run(command(line));
            assert_eq!(ran.status, Some(0), "{line:?}: {} {}", ran.out, ran.err);
        }
    }
}

/// Each connection flag in kebab case and in the spelling of cfdot.
const SPELLINGS: [[&str; 2]; 4] = [
    ["--bbs-url", "--bbsURL"],
    ["--ca-cert", "--caCertFile"],
    ["--client-cert", "--clientCertFile"],
    ["--client-key", "--clientKeyFile"],
];

#[test]
fn connection_flags_have_two_spellings_on_either_side_of_the_verb() {
    let bbs = Bbs::with_tls();
    bbs.completed("done", "cf-tasks");
    let (ca, cert, key) = bbs.sim.tls_files().unwrap();
    let files = [ca, cert, key].map(|path| path.to_str().unwrap().to_owned());
    let url = bbs.sim.url();
    let values = [url.as_str(), &files[0], &files[1], &files[2]];
    for (verb, arguments) in
        [("tasks", &[][..]), ("task", &["done"]), ("wait", &["done", "--for", "completed"])]
    {
        for spelling in [0, 1] {
            let flags: Vec<_> =
                SPELLINGS.iter().zip(values).flat_map(|(names, value)| [names[spelling], value]).collect();
            for line in lines(verb, &flags, arguments) {
                let ran = run(command(&line));
                assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{line:?}");
                assert!(ran.out.contains("\"done\""), "{line:?}: {}", ran.out);
            }
        }
    }
    for skip in ["--skip-cert-verify", "--skipCertVerify"] {
        let names = SPELLINGS.map(|[kebab, _]| kebab);
        for verb in ["tasks", "doctor"] {
            let line = [skip, verb, names[0], values[0], names[2], values[2], names[3], values[3]];
            assert_eq!(run(command(&line)).status, Some(0), "{line:?}");
        }
    }
}

#[test]
fn cfdot_knows_its_own_spelling_only() {
    for [kebab, _] in SPELLINGS {
        let ran = run(crate::run::cfdot(&["tasks", kebab, "x"]));
        assert_eq!(ran.status, Some(255), "{kebab}");
        assert!(ran.err.starts_with(&format!("Error: unknown flag: {kebab}\n")), "{}", ran.err);
    }
}

#[test]
fn streaming_verbs_accept_flags_on_either_side() {
    for line in [["--filter", "x", "watch"], ["watch", "--filter", "x"]] {
        let bbs = Bbs::start();
        let watch = bbs.begin(&line);
        bbs.until_followed_by(1);
        drop(watch);
    }
    let bbs = Bbs::start();
    let url = bbs.sim.url();
    let events = crate::run::Running::start(command(&["--bbsURL", &url, "task-events"]));
    bbs.until_followed_by(1);
    bbs.sim.end_streams();
    assert_eq!(events.finish().status, Some(0));
}

#[test]
fn every_verb_accepts_a_configured_target() {
    let bbs = populated();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    fs::write(&file, format!("[targets.here]\nurl = \"{}\"\n", bbs.sim.url())).unwrap();
    let file = file.to_str().unwrap();
    let flags = ["--config", file, "--target", "here"];
    for (verb, arguments) in [
        ("tasks", &[][..]),
        ("task", &["done"]),
        ("cells", &[]),
        ("wait", &["done", "--for", "completed"]),
        ("doctor", &[]),
    ] {
        for line in lines(verb, &flags, arguments) {
            let mut command = command(&line);
            // --target takes precedence over the environment.
            command.env("BBS_URL", "http://127.0.0.1:1");
            let ran = run(command);
            assert_eq!(ran.status, Some(0), "{line:?}: {}", ran.err);
        }
    }
}

#[test]
fn nothing_is_sent_to_a_read_only_target() {
    let bbs = populated();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    fs::write(&file, format!("[targets.here]\nurl = \"{}\"\nread_only = true\n", bbs.sim.url())).unwrap();
    let flags = ["--config", file.to_str().unwrap(), "--target", "here"];
    let ran = run(command(&[&flags[..], &["cancel-task", "waits-1"]].concat()));
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(ran.err.contains("read-only; nothing was sent"), "{}", ran.err);
    assert!(bbs.run(&["task", "waits-1"]).out.contains("\"state\":\"Pending\""));
}

#[test]
fn a_link_named_cfdot_behaves_like_cfdot() {
    let dir = tempfile::tempdir().unwrap();
    let link = dir.path().join("cfdot");
    symlink(TASKDECK, &link).unwrap();
    let says = |arguments: &[&str]| {
        let out = Command::new(&link).args(arguments).env_clear().output().unwrap();
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    let unknown = "Error: unknown command \"watch\" for \"cfdot\"\nRun 'cfdot --help' for usage.\n";
    assert_eq!(says(&["watch"]), (Some(255), unknown.to_owned()), "our own verbs are not cfdot's");
    let (status, err) = says(&["tasks"]);
    assert!(status == Some(3) && err.contains("\nUsage:\n  cfdot tasks [flags]\n"), "{err}");
    assert_eq!(says(&["resolve-task", "x"]).0, Some(255));
    assert_eq!(says(&["--", "tasks"]), (Some(0), String::new()), "no command: help");
    assert_eq!(says(&["--bbsURL", "tasks"]).1.lines().next(), Some("Error: unknown flag: --bbsURL"));
}

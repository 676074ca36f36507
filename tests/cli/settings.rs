//! Settings are checked before arguments, in the order and with the messages of `cfdot`.

use std::path::Path;
use std::process::Command;

use crate::run::{Bbs, Output, command, run};

const URL: &str = "Please specify one with the '--bbsURL' flag or the 'BBS_URL' environment variable.";

/// Returns the error message, which the usage text must follow.
fn error_message(status: i32, ran: &Output) -> &str {
    assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{}", ran.err);
    let (first, usage) = ran.err.split_once('\n').unwrap();
    assert!(usage.starts_with("Usage:\n  taskdeck task TASK_GUID [flags]\n\nFlags:\n"), "{}", ran.err);
    first.strip_prefix("Error: ").unwrap_or_else(|| panic!("{first}"))
}

/// Each step fixes one setting and expects the next error. The arguments are invalid throughout.
#[test]
fn settings_are_checked_in_order() {
    let bbs = Bbs::with_tls();
    let (ca, cert, key) = bbs.sim.tls_files().unwrap();
    let file = |path: &Path| path.to_str().unwrap().to_owned();
    let nope = |what: &str| {
        format!("{what} file '/nope' doesn't exist or is not readable: open /nope: no such file or directory")
    };
    let steps: [(&str, String, i32, String); 13] = [
        ("CFDOT_TIMEOUT", "soon".into(), 3, format!("BBS URL not set. {URL}")),
        ("BBS_URL", "127.0.0.1:1".into(), 3, format!("The value '127.0.0.1:1' is not a valid BBS URL. {URL}")),
        ("BBS_URL", "ftp://x".into(), 3, format!("The URL 'ftp://x' does not have an 'https' scheme. {URL}")),
        ("SKIP_CERT_VERIFY", "maybe".into(), 3, format!("The URL 'ftp://x' does not have an 'https' scheme. {URL}")),
        (
            "BBS_URL",
            bbs.sim.url(),
            3,
            "The value 'maybe' is not a valid value for SKIP_CERT_VERIFY. Please specify one of the following valid \
             boolean values: 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False"
                .into(),
        ),
        (
            "SKIP_CERT_VERIFY",
            "f".into(),
            3,
            "--caCertFile must be specified if using HTTPS and --skipCertVerify is not set".into(),
        ),
        ("CA_CERT_FILE", "/nope".into(), 3, nope("CA cert")),
        (
            "CA_CERT_FILE",
            file(&ca),
            3,
            "--clientCertFile and --clientKeyFile must both be specified for TLS connections.".into(),
        ),
        (
            "CLIENT_CERT_FILE",
            "/nope".into(),
            3,
            "--clientCertFile and --clientKeyFile must both be specified for TLS connections.".into(),
        ),
        ("CLIENT_KEY_FILE", "/nope".into(), 3, nope("key")),
        ("CLIENT_KEY_FILE", file(&key), 3, nope("cert")),
        (
            "CLIENT_CERT_FILE",
            file(&cert),
            255,
            "strconv.ParseInt: parsing \"soon\": invalid syntax".into(),
        ),
        ("CFDOT_TIMEOUT", "5".into(), 3, "Missing arguments".into()),
    ];
    let mut environment = Vec::new();
    for (variable, value, status, message) in steps {
        environment.push((variable, value));
        let mut command = command(&["task"]);
        command.envs(environment.iter().map(|(variable, value)| (*variable, value)));
        assert_eq!(error_message(status, &run(command)), message, "{environment:?}");
    }
}

#[test]
fn a_flag_overrides_its_variable_unless_empty() {
    let bbs = Bbs::start();
    let elsewhere = |arguments: &[&str]| {
        let mut command: Command = command(arguments);
        command.env("BBS_URL", "ftp://elsewhere");
        run(command)
    };
    assert_eq!(elsewhere(&["domains", "--bbsURL", &bbs.sim.url()]).status, Some(0));
    let empty = elsewhere(&["task", "--bbsURL", ""]);
    assert!(error_message(3, &empty).starts_with("The URL 'ftp://elsewhere'"));
}

#[test]
fn flag_values_are_checked_first() {
    for (arguments, status, message) in [
        (
            ["task", "--skipCertVerify=maybe"],
            3,
            "invalid argument \"maybe\" for \"--skipCertVerify\" flag: strconv.ParseBool: parsing \"maybe\": \
             invalid syntax",
        ),
        (
            ["task", "--timeout=soon"],
            3,
            "invalid argument \"soon\" for \"--timeout\" flag: strconv.ParseInt: parsing \"soon\": invalid syntax",
        ),
        (["task", "--bbsURL"], 255, "flag needs an argument: --bbsURL"),
        (["task", "--nope"], 255, "unknown flag: --nope"),
        (["task", "-x"], 255, "unknown shorthand flag: 'x' in -x"),
    ] {
        assert_eq!(error_message(status, &run(command(&arguments))), message, "{arguments:?}");
    }
}

#[test]
fn invalid_named_filter_is_shown_with_a_caret() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config.toml");
    std::fs::write(&file, "[filters]\nstuck = \"state:pending aeg:>10m\"\n").unwrap();
    let ran = run(command(&["cancel", "x", "--config", file.to_str().unwrap()]));
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(
        ran.err.contains("config.toml: line 2, key `filters.stuck`: Unknown field \"aeg\"."),
        "{}",
        ran.err
    );
    assert!(ran.err.ends_with("\n  state:pending aeg:>10m\n                ^^^\n"), "{}", ran.err);
}

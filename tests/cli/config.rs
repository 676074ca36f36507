//! `config init`, `config show` and `config check`, without a terminal.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{Bbs, Output, command, run};

/// A home directory, in which a command finds and leaves its configuration.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("HOME", self.0.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        run(self.command(arguments))
    }

    /// The configuration file.
    fn file(&self) -> std::path::PathBuf {
        self.0.path().join(".config/taskdeck/config.toml")
    }

    fn write(&self, text: &str) {
        fs::create_dir_all(self.file().parent().unwrap()).unwrap();
        fs::write(self.file(), text).unwrap();
        fs::set_permissions(self.file(), fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn every_command_has_help() {
    for action in ["init", "show", "check"] {
        let ran = run(command(&["config", action, "--help"]));
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{action}");
        assert!(
            ran.out.contains("\nExit status:\n  0  ") && ran.out.contains("\nExamples:\n"),
            "{}",
            ran.out
        );
        insta::assert_snapshot!(format!("help of config {action}"), ran.out);
    }
}

#[test]
fn init_writes_the_target_of_the_flags_and_tests_it() {
    let (home, bbs) = (Home::new(), Bbs::with_tls());
    let (ca, cert, key) = bbs.sim.tls_files().unwrap();
    let ran = home.run(&[
        "config",
        "init",
        "--target",
        "lab",
        "--bbs-url",
        &bbs.sim.url(),
        "--caCertFile",
        ca.to_str().unwrap(),
        "--clientCertFile",
        cert.to_str().unwrap(),
        "--clientKeyFile",
        key.to_str().unwrap(),
    ]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    assert!(ran.out.starts_with(&format!("Wrote {}\n", home.file().display())), "{}", ran.out);
    assert!(
        ran.out.contains("This BBS is usable: tasks can be listed, followed and changed."),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with("\nTo watch lab: taskdeck\n"), "{}", ran.out);
    assert_eq!(home.file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // The file alone is enough from now on, for every command.
    let doctor = home.run(&["doctor"]);
    assert_eq!(doctor.status, Some(0), "{}", doctor.out);
    assert_eq!(home.run(&["config", "check"]).status, Some(0));
    // Keys that are not set have their explanation.
    let text = fs::read_to_string(home.file()).unwrap();
    assert!(text.contains("\n# Timeout of a call; \"0s\" for none.\n#timeout = \"30s\"\n"), "{text}");
}

#[test]
fn init_takes_the_environment_and_says_when_the_test_fails() {
    let (home, bbs) = (Home::new(), Bbs::start());
    let ran = run(bbs.with_bbs(home.command(&["config", "init"])));
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(ran.out.contains("target default"), "{}", ran.out);
    let elsewhere = Home::new();
    bbs.sim.faults().status(Some(503));
    let ran = run(bbs.with_bbs(elsewhere.command(&["config", "init"])));
    assert_eq!(ran.status, Some(4), "{}", ran.out);
    assert!(
        ran.out.contains("This BBS is not usable: ping failed.\n-> wait for the migration"),
        "{}",
        ran.out
    );
    let last = ran.out.lines().last().unwrap();
    assert_eq!(last, format!("Correct {}, then run `taskdeck doctor` again", elsewhere.file().display()));
    assert!(elsewhere.file().exists());
}

#[test]
fn init_without_a_url_writes_the_comments_and_what_to_do() {
    let home = Home::new();
    let ran = home.run(&["config", "init"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(
        ran.out.contains("No BBS is known yet: set `target` and the `url` of [targets.default]"),
        "{}",
        ran.out
    );
    let check = home.run(&["config", "check"]);
    assert_eq!(check.status, Some(0), "{}", check.out);
}

#[test]
fn init_never_writes_over_a_file_or_through_a_link() {
    let home = Home::new();
    home.write("target = \"mine\"\n");
    for arguments in [&["config", "init"][..], &["config", "init", "--bbs-url", "http://x:1", "--no-test"]] {
        let ran = home.run(arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
        assert!(
            ran.err.contains("exists already and was not changed; edit it, run `taskdeck config check`"),
            "{}",
            ran.err
        );
        assert_eq!(fs::read_to_string(home.file()).unwrap(), "target = \"mine\"\n");
    }
    let link = home.0.path().join("link.toml");
    let behind = home.0.path().join("behind.toml");
    std::os::unix::fs::symlink(&behind, &link).unwrap();
    assert_eq!(home.run(&["config", "init", "--config", link.to_str().unwrap()]).status, Some(3));
    assert!(!behind.exists());
}

#[test]
fn init_says_where_else_to_write_if_it_cannot_write() {
    let home = Home::new();
    // A file where a folder should be stops even root.
    fs::write(home.0.path().join(".config"), "").unwrap();
    let ran = home.run(&["config", "init", "--bbs-url", "http://x:1", "--no-test"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(3), ""));
    assert!(
        ran.err.contains("could not write ") && ran.err.contains("pass --config FILE with a path"),
        "{}",
        ran.err
    );
}

#[test]
fn show_names_the_origin_of_every_value() {
    let home = Home::new();
    home.write(
        "target = \"lab\"\n[targets.lab]\nurl = \"http://u:secret@lab:1\"\n[filters]\nodd = \"a\\u202eb\"\n",
    );
    let show = |arguments: &[&str]| {
        let mut command = home.command(&[&["config", "show"], arguments].concat());
        command.env("CFDOT_TIMEOUT", "7");
        let ran = run(command);
        assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.err);
        ran.out
    };
    let text = show(&[]);
    for line in [
        &format!("# Configuration file: {}", home.file().display()),
        "target = \"lab\"",
        "targets.lab.url = \"http://••••••@lab:1\"",
        "targets.lab.timeout = \"7s\"",
        "# targets.lab.colour: none",
        "# Target lab, in use",
    ] {
        assert!(text.lines().any(|shown| shown.starts_with(line)), "{line}: {text}");
    }
    let origin =
        |key: &str| text.lines().find(|line| line.starts_with(key)).unwrap().rsplit("# ").next().unwrap();
    assert_eq!(origin("target ="), "line 1");
    assert_eq!(origin("targets.lab.url"), "line 3");
    assert_eq!(origin("targets.lab.timeout"), "environment: CFDOT_TIMEOUT");
    assert_eq!(origin("feed.poll"), "default");
    assert!(!text.contains("secret") && !text.contains('\u{202e}'), "{text}");

    let rows: Vec<Value> =
        show(&["--json"]).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let row = |key: &str| rows.iter().find(|row| row["key"] == key).unwrap().to_string();
    let timeout =
        r#"{"key":"targets.lab.timeout","name":"CFDOT_TIMEOUT","source":"environment","value":"7s"}"#;
    assert_eq!(row("targets.lab.timeout"), timeout);
    assert_eq!(row("target"), r#"{"key":"target","line":1,"source":"file","value":"lab"}"#);
    assert_eq!(row("targets.lab.colour"), r#"{"key":"targets.lab.colour","source":"default","value":null}"#);
    assert!(rows.iter().all(|row| !row.to_string().contains("secret")));
    // The flags may stand before, between and after the words.
    let config = home.file();
    let anywhere = home.run(&["--config", config.to_str().unwrap(), "config", "--json", "show"]);
    assert_eq!(anywhere.status, Some(0), "{}", anywhere.err);
    let unknown = home.run(&["config", "show", "--target", "lba"]);
    assert_eq!(unknown.status, Some(3));
    assert!(unknown.err.contains("did you mean `lab`?"), "{}", unknown.err);
}

/// Writes a certificate, valid in these years, and its key. Returns their paths.
fn certificate(folder: &Path, name: &str, from: i32, until: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let (cert_file, key_file) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
    fs::write(&cert_file, params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&key_file, key.serialize_pem()).unwrap();
    fs::set_permissions(&key_file, fs::Permissions::from_mode(0o600)).unwrap();
    (cert_file.to_str().unwrap().to_owned(), key_file.to_str().unwrap().to_owned())
}

#[test]
fn check_finds_all_errors_and_what_the_file_names() {
    let home = Home::new();
    let folder = home.0.path();
    let (good, good_key) = certificate(folder, "good", 2001, 4000);
    let (old, old_key) = certificate(folder, "old", 2001, 2002);
    home.write(&format!(
        "target = \"lab\"\n[feed]\npoll = \"fast\"\npol = 1\n[dashboard]\ntheme = \"nope\"\n[keys]\nquit = \"j\"\n\
         [commands.logs]\nrun = [\"no-such-program\"]\n[commands.list]\nrun = [\"/bin/sh\"]\n\
         [targets.lab]\nurl = \"https://lab:1\"\nca_cert = \"{good}\"\nclient_cert = \"{good}\"\nclient_key = \"{good_key}\"\n\
         [targets.old]\nurl = \"https://old:1\"\nca_cert = \"/nope.crt\"\nclient_cert = \"{old}\"\nclient_key = \"{old_key}\"\n\
         [targets.mixed]\nurl = \"https://mixed:1\"\nskip_cert_verify = true\nclient_cert = \"{good}\"\nclient_key = \"{old_key}\"\n\
         [targets.bare]\n[targets.odd]\nurl = \"odd:1\"\n"
    ));
    let ran = home.run(&["config", "check"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(3), ""), "{}", ran.err);
    for text in [
        "keys and values     FAILED   line 3, key `feed.poll`: ",
        "keys and values     FAILED   line 4, key `feed.pol`: unknown field `pol`",
        "did you mean `poll`?",
        "keys and values     FAILED   line 8, key `keys.quit`: key j is bound to both",
        "themes              FAILED   ",
        "command logs        warning  there is no program `no-such-program`\n",
        "command list        ok       /bin/sh\n",
        "target lab          ok       https://lab:1\n",
        "/nope.crt cannot be read",
        "EXPIRED ",
        "does not match the certificate",
        "target bare         FAILED   ",
        "[targets.bare] has no `url`; add it",
        "target odd          FAILED   ",
        "The configuration has 9 errors and 1 warning. Correct what failed, then run `taskdeck config check` again.\n",
    ] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    fs::set_permissions(&good_key, fs::Permissions::from_mode(0o644)).unwrap();
    home.write(&format!(
        "target = \"lab\"\n[targets.lab]\nurl = \"https://lab:1\"\nca_cert = \"{good}\"\nclient_cert = \"{good}\"\n\
         client_key = \"{good_key}\"\n[commands.list]\nrun = [\"/bin/sh\"]\n"
    ));
    fs::set_permissions(home.file(), fs::Permissions::from_mode(0o622)).unwrap();
    let ran = home.run(&["config", "check"]);
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(ran.out.contains("own commands        warning  own commands do not run\n"), "{}", ran.out);
    assert!(ran.out.contains("others can use the private key"), "{}", ran.out);
    assert!(ran.out.ends_with("\nThe configuration is valid, with 2 warnings.\n"), "{}", ran.out);
}

#[test]
fn check_connects_to_nothing_and_needs_no_file() {
    let (home, bbs) = (Home::new(), Bbs::start());
    let missing = home.run(&["config", "check"]);
    assert_eq!(missing.status, Some(0));
    assert!(missing.out.contains("does not exist, so the defaults apply"), "{}", missing.out);
    assert!(missing.out.contains("`taskdeck config init` writes a configuration"), "{}", missing.out);
    let named = home.run(&["config", "check", "--config", "/nope.toml"]);
    assert_eq!((named.status, named.out.as_str()), (Some(3), ""));
    assert!(named.err.contains("or run `taskdeck config init --config /nope.toml`"), "{}", named.err);
    home.write(&format!("target = \"lab\"\n[targets.lab]\nurl = \"{}\"\n", bbs.sim.url()));
    bbs.sim.faults().status(Some(503));
    let ran = home.run(&["config", "check"]);
    assert_eq!(ran.status, Some(0), "{}", ran.out);
    assert!(
        ran.out.ends_with("The configuration is valid. `taskdeck doctor` tests the connection.\n"),
        "{}",
        ran.out
    );
    home.write("target = \"lab\"\n[targets.\"lba\"]\nurl = \"http://x:1\"\n");
    let selection = home.run(&["config", "check"]);
    assert_eq!(selection.status, Some(3));
    assert!(selection.out.contains("did you mean `lba`?"), "{}", selection.out);
}

#[test]
fn a_file_with_targets_but_none_selected_says_how_to_select_one() {
    let home = Home::new();
    home.write("[targets.a]\nurl = \"http://a:1\"\n[targets.b]\nurl = \"http://b:1\"\n");
    let ran = home.run(&["wait", "x", "--for", "gone"]);
    assert_eq!(ran.status, Some(3));
    assert!(ran.err.contains("no target is selected: pass --target NAME, or set `target = "), "{}", ran.err);
    assert!(ran.err.ends_with("it has a, b\n"), "{}", ran.err);
}

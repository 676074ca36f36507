//! `doctor`: each step that can fail does, and is reported apart from the others.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

use crate::run::{Bbs, Output, command, run};

const STEPS: [&str; 11] = [
    "settings",
    "CA certificate",
    "client certificate",
    "name look-up",
    "TCP",
    "TLS",
    "ping",
    "clock",
    "list",
    "events",
    "cells",
];

/// Returns the first letter of each verdict (ok, warning, FAILED, skipped), in order.
fn verdicts(ran: &Output) -> String {
    assert_eq!(ran.err, "");
    let (steps, conclusion) = ran.out.rsplit_once("\n\n").unwrap();
    assert!(conclusion.starts_with("This BBS is "), "{}", ran.out);
    let lines: Vec<_> = steps.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(lines.len(), STEPS.len(), "{}", ran.out);
    let verdict = |(line, step): (&&str, &str)| {
        let rest =
            line.strip_prefix(&format!("{step:18}  ")).unwrap_or_else(|| panic!("{step}: {}", ran.out));
        let (verdict, text) = rest.split_at(9);
        assert!(!text.trim().is_empty(), "{line}");
        verdict.chars().next().unwrap()
    };
    lines.iter().zip(STEPS).map(verdict).collect()
}

/// Runs `doctor` with these environment variables changed.
fn doctor(bbs: &Bbs, variables: &[(&str, &str)]) -> Output {
    let mut command = bbs.command(&["doctor"]);
    command.envs(variables.iter().copied());
    run(command)
}

#[track_caller]
fn assert_report(ran: &Output, status: i32, letters: &str, says: &[&str]) {
    assert_eq!(verdicts(ran), letters, "{}", ran.out);
    assert_eq!(ran.status, Some(status), "{}", ran.out);
    for text in says {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
}

/// A self-signed certificate and its key, in temporary files.
struct CertificateFiles {
    _dir: tempfile::TempDir,
    cert: PathBuf,
    key: PathBuf,
}

fn self_signed(from: i32, until: i32) -> CertificateFiles {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "somebody else");
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let files = (dir.path().join("made.crt"), dir.path().join("made.key"));
    fs::write(&files.0, certificate.pem()).unwrap();
    fs::write(&files.1, key.serialize_pem()).unwrap();
    fs::set_permissions(&files.1, fs::Permissions::from_mode(0o600)).unwrap();
    CertificateFiles { _dir: dir, cert: files.0, key: files.1 }
}

#[test]
fn every_step_succeeds() {
    let bbs = Bbs::with_tls();
    bbs.desire("a", "d");
    let says = [
        "CN=simulated BBS CA, expires in ",
        "issued by CN=simulated BBS CA; key matches",
        "the server's and this machine's agree within 2 s",
        "1 tasks, ",
        "(/v1/tasks/list.r3)\n",
        "2 cells, ",
        "\n\nThis BBS is usable: tasks can be listed, followed and changed.\n",
    ];
    assert_report(&doctor(&bbs, &[]), 0, "ooooooooooo", &says);
}

/// Windows editors write one.
#[test]
fn accepts_files_with_a_byte_order_mark() {
    let bbs = Bbs::with_tls();
    let dir = tempfile::tempdir().unwrap();
    let marked = ["CA_CERT_FILE", "CLIENT_CERT_FILE", "CLIENT_KEY_FILE"].map(|variable| {
        let command = bbs.command(&[]);
        let (_, path) = command.get_envs().find(|(name, _)| *name == variable).unwrap();
        let copy = dir.path().join(variable);
        fs::write(&copy, [b"\xef\xbb\xbf".as_slice(), &fs::read(path.unwrap()).unwrap()].concat()).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
        (variable, copy)
    });
    let marked = marked.each_ref().map(|(variable, copy)| (*variable, copy.to_str().unwrap()));
    assert_report(&doctor(&bbs, &marked), 0, "ooooooooooo", &["key matches"]);
}

#[test]
fn plain_http_needs_no_files() {
    assert_report(&doctor(&Bbs::start(), &[]), 0, "ossoosooooo", &["plain http"]);
}

#[test]
fn invalid_settings_skip_every_other_step() {
    let ran = doctor(&Bbs::start(), &[("BBS_URL", "ftp://x")]);
    assert_report(&ran, 3, "Fssssssssss", &[" is `ftp://x`; it must begin with https://"]);
}

#[test]
fn a_bad_file_fails_and_the_network_is_checked_anyway() {
    let bbs = Bbs::with_tls();
    let old = self_signed(2001, 2002);
    let old_cert = old.cert.to_str().unwrap();
    let unreadable = doctor(&bbs, &[("CA_CERT_FILE", "/nope")]);
    assert_report(
        &unreadable,
        5,
        "oFooossssss",
        &["/nope cannot be read: No such file", "-> correct its path"],
    );
    let no_certificate = doctor(&bbs, &[("CLIENT_CERT_FILE", old.key.to_str().unwrap())]);
    assert_report(&no_certificate, 5, "ooFoossssss", &["contains no certificate; expected PEM"]);
    let expired = doctor(&bbs, &[("CA_CERT_FILE", old_cert)]);
    assert_report(&expired, 5, "oFooossssss", &["EXPIRED ", " days ago, on 2002-01-01"]);
    let no_key = doctor(&bbs, &[("CLIENT_KEY_FILE", old_cert)]);
    assert_report(&no_key, 5, "ooFoossssss", &["contains no usable private key"]);
    let other = self_signed(2001, 4000);
    let not_a_pair = doctor(&bbs, &[("CLIENT_KEY_FILE", other.key.to_str().unwrap())]);
    assert_report(&not_a_pair, 5, "ooFoossssss", &["does not match the certificate"]);
}

#[test]
fn an_unknown_host_fails_the_name_look_up() {
    // RFC 6761 reserves .invalid: no name in it ever resolves.
    let ran = doctor(&Bbs::with_tls(), &[("BBS_URL", "https://bbs.invalid:8889")]);
    assert_report(&ran, 5, "oooFsssssss", &["bbs.invalid: ", "BOSH DNS"]);
}

#[test]
fn a_closed_port_fails_tcp() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}", free.local_addr().unwrap());
    drop(free);
    assert_report(
        &doctor(&Bbs::with_tls(), &[("BBS_URL", &url)]),
        5,
        "ooooFssssss",
        &["Connection refused", "check the port"],
    );
}

#[test]
fn a_server_of_another_ca_fails_tls_with_its_certificate() {
    let other = self_signed(2001, 4000);
    let ran = doctor(&Bbs::with_tls(), &[("CA_CERT_FILE", other.cert.to_str().unwrap())]);
    let says = [
        "is not signed by this CA",
        "the server presents CN=bbs.service.cf.internal",
        "issued by CN=simulated BBS CA, for localhost",
    ];
    assert_report(&ran, 5, "oooooFsssss", &says);
}

#[test]
fn a_rejected_client_certificate_fails_tls() {
    let other = self_signed(2001, 4000);
    let files = [
        ("CLIENT_CERT_FILE", other.cert.to_str().unwrap()),
        ("CLIENT_KEY_FILE", other.key.to_str().unwrap()),
    ];
    let ran = doctor(&Bbs::with_tls(), &files);
    let says = [
        "rejected the client certificate",
        "-> get a client certificate that the BBS accepts",
        "CN=somebody else, expires in",
    ];
    assert_report(&ran, 5, "oooooFsssss", &says);
}

#[test]
fn a_server_that_is_not_a_bbs_fails_every_call() {
    let bbs = Bbs::start();
    bbs.sim.faults().status(Some(503));
    assert_report(&doctor(&bbs, &[]), 4, "ossoosFsFFF", &["wait for the migration"]);
}

#[test]
fn each_failing_call_is_reported_alone() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().fail_cells(true);
    assert_report(&doctor(&bbs, &[]), 4, "ossoosooooF", &["DeadlineExceeded", "tasks still work"]);
    bbs.sim.faults().fail_cells(false);
    bbs.sim.faults().no_event_route(true);
    assert_report(&doctor(&bbs, &[]), 4, "ossoosoooFo", &["does not support any revision of this call"]);
    bbs.sim.faults().no_event_route(false);
    bbs.sim.faults().cut_list_after(Some(3));
    let ran = doctor(&bbs, &[]);
    assert_eq!(verdicts(&ran), "ossoosooFoo", "{}", ran.out);
}

#[test]
fn without_a_target_it_prints_the_getting_started_page() {
    let home = tempfile::tempdir().unwrap();
    let mut command = command(&["doctor"]);
    command.env("XDG_CONFIG_HOME", home.path());
    let ran = run(command);
    assert_eq!((ran.status, ran.err.as_str()), (Some(3), ""), "{}", ran.out);
    let file = home.path().join("taskdeck/config.toml");
    for text in [
        "settings            FAILED   no BBS is configured\n",
        "taskdeck config init",
        "taskdeck --demo",
        &file.to_string_lossy(),
    ] {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    assert!(!ran.out.contains("skipped"), "{}", ran.out);
}

#[test]
fn a_key_that_others_can_read_gets_a_warning() {
    let bbs = Bbs::with_tls();
    let (_, _, key) = bbs.sim.tls_files().unwrap();
    let warning = format!("others can use the private key {0}; run `chmod go-rwx {0}`", key.display());
    for (mode, warns) in [(0o600, false), (0o644, true), (0o604, true), (0o620, true), (0o400, false)] {
        fs::set_permissions(&key, fs::Permissions::from_mode(mode)).unwrap();
        let ran = doctor(&bbs, &[]);
        assert_eq!((ran.status, ran.out.contains(&warning)), (Some(0), warns), "{mode:o}: {}", ran.out);
        let ran = bbs.run(&["wait", "nothing", "--for", "gone"]);
        assert_eq!(ran.err.contains(&format!("taskdeck: {warning}\n")), warns, "{mode:o}: {}", ran.err);
        // The commands of cfdot say what cfdot says.
        assert_eq!(bbs.run(&["tasks"]).err, "", "{mode:o}");
    }
}

#[test]
fn the_conclusion_says_what_is_possible_or_what_to_do() {
    let bbs = Bbs::with_tls();
    let conclusion = |ran: &Output| ran.out.rsplit_once("\n\n").unwrap().1.to_owned();
    let skipped = doctor(&bbs, &[("SKIP_CERT_VERIFY", "true")]);
    assert_eq!(verdicts(&skipped), "wsooooooooo", "{}", skipped.out);
    assert!(conclusion(&skipped).ends_with("and changed. Heed the warning.\n"), "{}", skipped.out);
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, "target = \"x\"\n[targets.x]\nread_only = true\n").unwrap();
    let read_only = bbs.run(&["doctor", "--config", file.path().to_str().unwrap()]);
    let says =
        "This BBS is usable: tasks can be listed and followed, not changed: the target is read-only.\n";
    assert_eq!(conclusion(&read_only), says);
    let bbs = Bbs::start();
    bbs.sim.faults().no_event_route(true);
    let says = "This BBS is usable: tasks can be listed and changed, not followed.\n\
                -> events failed: the dashboard falls back to polling\n";
    assert_eq!(conclusion(&doctor(&bbs, &[])), says);
    bbs.sim.faults().status(Some(503));
    let says = "This BBS is not usable: ping failed.\n-> wait for the migration to finish, or check the log of the BBS\n";
    assert_eq!(conclusion(&doctor(&bbs, &[])), says);
}

#[test]
fn the_report_is_markdown_without_secrets() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    let report = |url: &str| {
        let mut command = bbs.command(&["doctor", "--report"]);
        command.env("BBS_URL", url);
        run(command)
    };
    let ran = report(&bbs.sim.url().replace("://", "://operator:secret|@"));
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""), "{}", ran.out);
    let mut lines = ran.out.lines();
    assert_eq!(lines.next(), Some("### taskdeck doctor"));
    assert_eq!(lines.nth(1), Some("**This BBS is usable: tasks can be listed, followed and changed.**"));
    let version = lines.nth(1).unwrap();
    assert!(version.starts_with(concat!("taskdeck ", env!("CARGO_PKG_VERSION"), " on ")), "{version}");
    assert!(version.ends_with(" UTC"), "{version}");
    let rows: Vec<_> = lines.skip(1).collect();
    assert_eq!(rows.len(), STEPS.len() + 2, "{}", ran.out);
    for row in &rows {
        assert!(row.starts_with("| ") && row.ends_with(" |") && row.matches('|').count() == 4, "{row}");
    }
    assert!(
        ran.out.contains("| list | ok | `1 tasks, within ") && ran.out.contains("/v1/tasks/list.r3"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("••••••@127.0.0.1") && !ran.out.contains("secret"), "{}", ran.out);
    let failed = report("http://operator:secret@bbs.invalid:1");
    assert_eq!(failed.status, Some(5));
    assert!(
        failed.out.contains("**This BBS is not usable: name look-up failed.** → `check the host name"),
        "{}",
        failed.out
    );
    assert!(!failed.out.contains("secret"), "{}", failed.out);
    let none = run(command(&["doctor", "--report"]));
    assert_eq!(none.status, Some(3));
    assert!(none.out.contains("| settings | FAILED | `no BBS is configured`"), "{}", none.out);
}

#[test]
fn no_message_shows_the_credentials_of_a_url() {
    let bbs = Bbs::with_tls();
    for arguments in [
        &["doctor"][..],
        &["wait", "x", "--for", "gone"],
        &["cancel", "x", "--yes"],
        &["task", "x"],
        &["config", "show"],
    ] {
        let mut command = bbs.command(arguments);
        command.env("BBS_URL", "https://operator:secret@bbs.invalid:1");
        let ran = run(command);
        assert!(
            !ran.out.contains("secret") && !ran.err.contains("secret"),
            "{arguments:?}: {}{}",
            ran.out,
            ran.err
        );
    }
}

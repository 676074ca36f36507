//! `doctor`: each step that can fail does, and is told from those before and after it.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

use crate::run::{Bbs, Ran, command, run};

const STEPS: [&str; 10] = [
    "settings",
    "CA certificate",
    "client certificate",
    "name look-up",
    "TCP",
    "TLS",
    "ping",
    "list",
    "events",
    "cells",
];

/// The verdict on each step, in order, as one letter: ok, FAILED, skipped.
fn verdicts(ran: &Ran) -> String {
    assert_eq!(ran.err, "");
    let lines: Vec<_> = ran.out.lines().filter(|line| !line.starts_with(' ')).collect();
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

/// What the doctor says with these variables changed.
fn doctor(bbs: &Bbs, variables: &[(&str, &str)]) -> Ran {
    let mut command = bbs.command(&["doctor"]);
    command.envs(variables.iter().copied());
    run(command)
}

#[track_caller]
fn finds(ran: &Ran, status: i32, letters: &str, says: &[&str]) {
    assert_eq!(verdicts(ran), letters, "{}", ran.out);
    assert_eq!(ran.status, Some(status), "{}", ran.out);
    for text in says {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
}

/// A certificate of its own and its key, valid in these years, in files that last as long as the folder.
struct Made {
    _dir: tempfile::TempDir,
    cert: PathBuf,
    key: PathBuf,
}

fn made(from: i32, until: i32) -> Made {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "somebody else");
    (params.not_before, params.not_after) = (date_time_ymd(from, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let files = (dir.path().join("made.crt"), dir.path().join("made.key"));
    fs::write(&files.0, certificate.pem()).unwrap();
    fs::write(&files.1, key.serialize_pem()).unwrap();
    Made { _dir: dir, cert: files.0, key: files.1 }
}

#[test]
fn all_is_well() {
    let bbs = Bbs::with_tls();
    bbs.desire("a", "d");
    let says = [
        "CN=simulated BBS CA, expires in ",
        "issued by CN=simulated BBS CA; the key goes with it",
        "1 tasks, ",
        "2 cells, ",
    ];
    finds(&doctor(&bbs, &[]), 0, "oooooooooo", &says);
}

/// As editors on Windows write them.
#[test]
fn files_with_a_byte_order_mark_are_read() {
    let bbs = Bbs::with_tls();
    let dir = tempfile::tempdir().unwrap();
    let marked = ["CA_CERT_FILE", "CLIENT_CERT_FILE", "CLIENT_KEY_FILE"].map(|variable| {
        let command = bbs.command(&[]);
        let (_, path) = command.get_envs().find(|(name, _)| *name == variable).unwrap();
        let copy = dir.path().join(variable);
        fs::write(&copy, [b"\xef\xbb\xbf".as_slice(), &fs::read(path.unwrap()).unwrap()].concat()).unwrap();
        (variable, copy)
    });
    let marked = marked.each_ref().map(|(variable, copy)| (*variable, copy.to_str().unwrap()));
    finds(&doctor(&bbs, &marked), 0, "oooooooooo", &["the key goes with it"]);
}

#[test]
fn plain_http_needs_no_files() {
    finds(&doctor(&Bbs::start(), &[]), 0, "ossoosoooo", &["plain http"]);
}

#[test]
fn the_settings_come_first() {
    let ran = doctor(&Bbs::start(), &[("BBS_URL", "ftp://x")]);
    finds(&ran, 3, "Fsssssssss", &[" is `ftp://x`; it must begin with https://"]);
}

#[test]
fn a_file_that_is_at_fault_is_told_and_the_network_is_looked_at_all_the_same() {
    let bbs = Bbs::with_tls();
    let old = made(2001, 2002);
    let old_cert = old.cert.to_str().unwrap();
    let unreadable = doctor(&bbs, &[("CA_CERT_FILE", "/nope")]);
    finds(
        &unreadable,
        5,
        "oFooosssss",
        &["/nope cannot be read: No such file", "-> get the foundation's current CA"],
    );
    let no_certificate = doctor(&bbs, &[("CLIENT_CERT_FILE", old.key.to_str().unwrap())]);
    finds(&no_certificate, 5, "ooFoosssss", &["contains no certificate; expected PEM"]);
    let expired = doctor(&bbs, &[("CA_CERT_FILE", old_cert)]);
    finds(&expired, 5, "oFooosssss", &["EXPIRED ", " days ago, on 2002-01-01"]);
    let no_key = doctor(&bbs, &[("CLIENT_KEY_FILE", old_cert)]);
    finds(&no_key, 5, "ooFoosssss", &["contains no usable private key"]);
    let other = made(2001, 4000);
    let not_a_pair = doctor(&bbs, &[("CLIENT_KEY_FILE", other.key.to_str().unwrap())]);
    finds(&not_a_pair, 5, "ooFoosssss", &["does not match the certificate"]);
}

#[test]
fn a_name_that_nobody_knows_is_told() {
    // RFC 6761: no name below it is ever known.
    let ran = doctor(&Bbs::with_tls(), &[("BBS_URL", "https://bbs.invalid:8889")]);
    finds(&ran, 5, "oooFssssss", &["bbs.invalid: ", "BOSH DNS"]);
}

#[test]
fn a_port_where_nobody_listens_is_told() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://{}", free.local_addr().unwrap());
    drop(free);
    finds(
        &doctor(&Bbs::with_tls(), &[("BBS_URL", &url)]),
        5,
        "ooooFsssss",
        &["Connection refused", "is the port right"],
    );
}

#[test]
fn a_server_of_another_ca_is_told_with_what_it_shows() {
    let other = made(2001, 4000);
    let ran = doctor(&Bbs::with_tls(), &[("CA_CERT_FILE", other.cert.to_str().unwrap())]);
    let says = [
        "is not signed by this CA",
        "the server shows CN=bbs.service.cf.internal",
        "issued by CN=simulated BBS CA, for localhost",
    ];
    finds(&ran, 5, "oooooFssss", &says);
}

#[test]
fn a_client_certificate_that_the_server_refuses_is_told_by_the_tls_step() {
    let other = made(2001, 4000);
    let files = [
        ("CLIENT_CERT_FILE", other.cert.to_str().unwrap()),
        ("CLIENT_KEY_FILE", other.key.to_str().unwrap()),
    ];
    let ran = doctor(&Bbs::with_tls(), &files);
    let says = [
        "rejected the client certificate",
        "-> get a client certificate that the BBS takes",
        "CN=somebody else, expires in",
    ];
    finds(&ran, 5, "oooooFssss", &says);
}

#[test]
fn a_server_that_is_no_bbs_is_told() {
    let bbs = Bbs::start();
    bbs.sim.faults().status(Some(503));
    finds(&doctor(&bbs, &[]), 4, "ossoosFFFF", &["wait for the migration"]);
}

#[test]
fn each_call_that_fails_alone_is_told() {
    let bbs = Bbs::start();
    bbs.desire("a", "d");
    bbs.sim.faults().fail_cells(true);
    finds(&doctor(&bbs, &[]), 4, "ossoosoooF", &["DeadlineExceeded", "tasks work all the same"]);
    bbs.sim.faults().fail_cells(false);
    bbs.sim.faults().no_event_route(true);
    finds(&doctor(&bbs, &[]), 4, "ossoosooFo", &["does not support any revision of this call"]);
    bbs.sim.faults().no_event_route(false);
    bbs.sim.faults().cut_list_after(Some(3));
    let ran = doctor(&bbs, &[]);
    assert_eq!(verdicts(&ran), "ossoosoFoo", "{}", ran.out);
}

#[test]
fn without_a_target_it_stops_at_once_and_says_what_can_be_done() {
    let home = tempfile::tempdir().unwrap();
    let mut command = command(&["doctor"]);
    command.env("XDG_CONFIG_HOME", home.path());
    let ran = run(command);
    assert_eq!((ran.status, ran.err.as_str()), (Some(3), ""), "{}", ran.out);
    let file = home.path().join("taskdeck/config.toml");
    for text in
        ["settings            FAILED   no BBS is configured\n", "taskdeck --demo", &file.to_string_lossy()]
    {
        assert!(ran.out.contains(text), "{text}: {}", ran.out);
    }
    assert!(!ran.out.contains("skipped"), "{}", ran.out);
}

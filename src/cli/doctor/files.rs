//! Checks the files for mutual TLS: readable, valid, not expired, and matching each other.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::names::FILES;
use crate::bbs::diagnose::{self, Certificate};
use crate::bbs::{Connection, TlsFiles, Verify};
use crate::cli::failure::Failure;
use crate::cli::steps::{Found, StepError, Steps};
use crate::clock::{Clock as _, SystemClock};
use crate::config;
use crate::model::Timestamp;
use crate::present::format;

/// Days. Beyond this, show no date: it may exceed the range of a timestamp.
const LONG: u32 = 36_500;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How long before its end a certificate should be replaced.
const NOTICE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Reports each file and returns whether all are usable.
pub(in crate::cli) fn check(steps: &mut Steps, connection: &Connection) -> Result<bool, Failure> {
    let Some(files) = &connection.tls else {
        steps.skip_all(&FILES, "not needed for plain http")?;
        return Ok(true);
    };
    let [ca, client] = FILES;
    let ca_is_valid = match &files.verify {
        Verify::Ca(path) => {
            let read = read_certificate(path, RENEW_CA);
            steps.step(ca, read.map(|(ca, text)| ((), judged(&ca, text, RENEW_CA))))?.is_some()
        }
        Verify::Skip => {
            steps.skip(ca, "verification is disabled")?;
            true
        }
    };
    let client_is_valid = steps.step(client, key_pair(files, ca_is_valid))?.is_some();
    Ok(ca_is_valid && client_is_valid)
}

const RENEW_CA: &str = "get the foundation's current CA certificate (CA_CERT_FILE, --ca-cert)";
const RENEW: &str = "get a current certificate and its key (CLIENT_CERT_FILE, CLIENT_KEY_FILE)";

/// Returns what to do about a file that cannot be used: it may be elsewhere or closed to us. If it can be read, renew it.
fn next_step<'a>(path: &Path, renewal: &'a str) -> &'a str {
    match File::open(path).map_err(|error| error.kind()) {
        Err(ErrorKind::NotFound) => "correct its path; `taskdeck config show` says where the path comes from",
        Err(ErrorKind::PermissionDenied) => "let the user who runs taskdeck read it (chown, chmod)",
        _ => renewal,
    }
}

/// Reads the first certificate of a file, which must be valid now.
fn read_certificate(path: &Path, hint: &str) -> Result<(Certificate, String), StepError> {
    let found =
        diagnose::certificates(path).map_err(|problem| StepError::new(problem, next_step(path, hint)))?;
    let first =
        found.first().cloned().ok_or_else(|| StepError::new("the file contains no certificate", hint))?;
    let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
    let text = format!("{}{more}, {}", first.subject, validity(&first));
    if is_current(&first) {
        Ok((first, text))
    } else {
        Err(StepError::new(format!("{}: {text}", path.display()), hint))
    }
}

/// Checks the client certificate and its key.
fn key_pair(files: &TlsFiles, ca_is_valid: bool) -> Result<((), Found), StepError> {
    let (certificate, text) = read_certificate(&files.cert, RENEW)?;
    // An invalid CA is already reported.
    let verify = if ca_is_valid { files.verify.clone() } else { Verify::Skip };
    let usable = diagnose::check_files(&TlsFiles { verify, ..files.clone() });
    usable.map_err(|problem| StepError::new(problem, next_step(&files.key, RENEW)))?;
    let text = format!("{text}, issued by {}; key matches", certificate.issuer);
    Ok((
        (),
        match config::exposed_key(files) {
            Some(warning) => Found::doubtful(text, warning),
            None => judged(&certificate, text, RENEW),
        },
    ))
}

/// Warns of a certificate that expires soon.
fn judged(certificate: &Certificate, text: String, renewal: &str) -> Found {
    if ends_soon(certificate) { Found::doubtful(text, renewal) } else { text.into() }
}

/// Returns whether the certificate expires within [`NOTICE`].
pub(super) fn ends_soon(certificate: &Certificate) -> bool {
    certificate.not_after.since(now()) < NOTICE
}

/// Returns whether the certificate is valid now.
pub(super) fn is_current(certificate: &Certificate) -> bool {
    (certificate.not_before..=certificate.not_after).contains(&now())
}

/// Describes how long the certificate is valid, like `expires in 12 days, on 2026-12-01`.
pub(super) fn validity(certificate: &Certificate) -> String {
    let now = now();
    if now < certificate.not_before {
        return format!("NOT VALID BEFORE {}", day(certificate.not_before));
    }
    if now > certificate.not_after {
        return format!(
            "EXPIRED {} ago, on {}",
            days(now.since(certificate.not_after)),
            day(certificate.not_after)
        );
    }
    let left = certificate.not_after.since(now);
    let on = if left > DAY * LONG { String::new() } else { format!(", on {}", day(certificate.not_after)) };
    format!("expires in {}{on}", days(left))
}

fn now() -> Timestamp {
    SystemClock::start().now().wall
}

fn days(span: Duration) -> String {
    match span.as_secs() / DAY.as_secs() {
        0 => format::age(span),
        1 => "1 day".to_owned(),
        days if days > u64::from(LONG) => "more than 100 years".to_owned(),
        days => format!("{days} days"),
    }
}

fn day(at: Timestamp) -> String {
    let text = format::timestamp(at, &TimeZone::UTC);
    text.split(' ').next().unwrap_or_default().to_owned()
}

//! The files of mutual TLS: readable, what they should be, not expired, and going together.

use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::report::{self, Report, StepError, skip_all};
use super::steps::FILES;
use crate::bbs::diagnose::{self, Certificate};
use crate::bbs::{Connection, TlsFiles, Verify};
use crate::cli::failure::Failure;
use crate::clock::{Clock as _, SystemClock};
use crate::model::Timestamp;
use crate::present::format;

/// Days; a point in time that is further away may be beyond what we count.
const LONG: u32 = 36_500;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks at them; whether they can be used.
pub(super) fn look(report: &mut Report, connection: &Connection) -> Result<bool, Failure> {
    let Some(files) = &connection.tls else {
        skip_all(&FILES, "plain http needs none")?;
        return Ok(true);
    };
    let [authority, client] = FILES;
    let authority_is_well = match &files.verify {
        Verify::Ca(path) => report.step(authority, certificate(path, RENEW_CA))?.is_some(),
        Verify::Skip => {
            report::skip(authority, "the server is not verified")?;
            true
        }
    };
    let client_is_well = report.step(client, key_pair(files, authority_is_well))?.is_some();
    Ok(authority_is_well && client_is_well)
}

const RENEW_CA: &str = "get the foundation's current CA certificate (CA_CERT_FILE, --caCertFile)";
const RENEW: &str = "get a current certificate and its key (CLIENT_CERT_FILE, CLIENT_KEY_FILE)";

/// The first certificate of a file, which must hold now.
fn certificate(path: &Path, hint: &str) -> Result<(Certificate, String), StepError> {
    let found = diagnose::certificates(path).map_err(|problem| StepError::new(problem, hint))?;
    let first = found.first().cloned().ok_or_else(|| StepError::new("there is none", hint))?;
    let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
    let text = format!("{}{more}, {}", first.subject, holds(&first));
    if is_current(&first) {
        Ok((first, text))
    } else {
        Err(StepError::new(format!("{}: {text}", path.display()), hint))
    }
}

/// Our certificate, and its key.
fn key_pair(files: &TlsFiles, authority_is_well: bool) -> Result<((), String), StepError> {
    let (ours, text) = certificate(&files.cert, RENEW)?;
    // A CA that is at fault has been said already.
    let verify = if authority_is_well { files.verify.clone() } else { Verify::Skip };
    let usable = diagnose::check_files(&TlsFiles { verify, ..files.clone() });
    usable.map_err(|problem| StepError::new(problem, RENEW))?;
    Ok(((), format!("{text}, issued by {}; the key goes with it", ours.issuer)))
}

/// Whether it holds at this moment.
pub(super) fn is_current(certificate: &Certificate) -> bool {
    (certificate.not_before..=certificate.not_after).contains(&now())
}

/// Until when it holds, as whoever is in a hurry reads it.
pub(super) fn holds(certificate: &Certificate) -> String {
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

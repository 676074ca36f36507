//! Maps errors of the HTTP client to faults: collects the chain of causes and separates TLS errors.
//!
//! Does no I/O and never retries.

use std::error::Error;
use std::io;

use crate::model::FaultKind;

/// Returns the fault for an error of the HTTP client.
pub(super) fn fault_kind(error: &reqwest::Error) -> FaultKind {
    match tls_error(error) {
        Some(tls) if error.is_connect() || is_trust_alert(tls) => FaultKind::Tls { problem: explain(tls) },
        // The handshake had succeeded, so the server may have received the request.
        Some(tls) => FaultKind::Unreachable { cause: format!("the TLS session failed: {tls}"), sent: true },
        None => unreachable(chain(error), !error.is_connect()),
    }
}

/// Describes why a handshake failed.
pub(super) fn describe_handshake_error(error: &io::Error) -> String {
    tls_error(error).map_or_else(|| error.to_string(), explain)
}

/// Returns whether the connection failed because the server does not trust the client certificate.
pub(super) fn rejects_client(error: &io::Error) -> bool {
    tls_error(error).is_some_and(is_trust_alert)
}

/// Returns whether the server's alert means that it does not trust the client. With TLS 1.3 the alert arrives only
/// after the handshake has completed on our side; the server has not processed what we sent by then.
const fn is_trust_alert(error: &rustls::Error) -> bool {
    use rustls::AlertDescription as Alert;
    let rustls::Error::AlertReceived(alert) = error else { return false };
    matches!(
        alert,
        Alert::AccessDenied
            | Alert::BadCertificate
            | Alert::CertificateExpired
            | Alert::CertificateRequired
            | Alert::CertificateRevoked
            | Alert::CertificateUnknown
            | Alert::DecryptError
            | Alert::HandshakeFailure
            | Alert::UnknownCA
            | Alert::UnsupportedCertificate
    )
}

/// Finds the TLS error in the chain of causes. `io::Error::source` skips the error that it wraps, so that one is
/// searched separately.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return Some(tls);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| tls_error(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

fn explain(error: &rustls::Error) -> String {
    use rustls::{AlertDescription as Alert, CertificateError as Cert, Error as Tls};
    let hint = match error {
        Tls::InvalidCertificate(Cert::UnknownIssuer | Cert::BadSignature) => {
            "the server's certificate is not signed by this CA; check that the CA file belongs to this foundation and is \
             current"
        }
        Tls::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => {
            "the server's certificate has expired"
        }
        Tls::InvalidCertificate(Cert::NotValidForName | Cert::NotValidForNameContext { .. }) => {
            "the server's certificate is not valid for the host in the URL"
        }
        Tls::AlertReceived(Alert::CertificateRequired) => "the server requires a client certificate",
        Tls::AlertReceived(Alert::CertificateExpired) => {
            "the server reports that the client certificate has expired"
        }
        Tls::AlertReceived(
            Alert::UnknownCA
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::DecryptError
            | Alert::UnsupportedCertificate,
        ) => {
            "the server rejected the client certificate; check that it is valid, signed by the right CA, and allowed for \
             client authentication"
        }
        _ => return error.to_string(),
    };
    format!("{hint} ({error})")
}

/// What the HTTP library says if a head exceeds its limits.
const HEAD_TOO_LARGE: &str = "message head is too large";

/// Returns the fault for a failed connection. "Connection was not ready" means that the server closed it right after
/// the handshake, before the request was sent; the message adds the likely reason.
fn unreachable(cause: String, sent: bool) -> FaultKind {
    if cause.ends_with(HEAD_TOO_LARGE) {
        let problem = "the head of the reply has more than 100 lines or 400 kB".to_owned();
        return FaultKind::TooLarge { problem };
    }
    if !cause.ends_with("connection was not ready") {
        return FaultKind::Unreachable { cause, sent };
    }
    let cause = format!(
        "the server closed the connection before the request was sent; over TLS it does so when it rejects the client \
         certificate ({cause})"
    );
    FaultKind::Unreachable { cause, sent: false }
}

/// Joins the causes, outermost first, without duplicates. Omits generic messages of a library layer when a more specific
/// cause follows.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        let is_layer = text == "tcp connect error" || text.starts_with("client error (");
        let is_specific = !is_layer || error.source().is_none();
        if is_specific && texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    if texts.is_empty() { error.to_string() } else { texts.join(": ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_closed_before_the_request_is_explained_and_counts_as_not_sent() {
        let text = "client error (Canceled): operation was canceled: connection was not ready";
        let FaultKind::Unreachable { cause, sent } = unreachable(text.to_owned(), true) else { panic!() };
        assert!(cause.contains("rejects the client certificate (client error"), "{cause}");
        assert!(!sent);
        let other = FaultKind::Unreachable { cause: "connection reset".to_owned(), sent: true };
        assert_eq!(unreachable("connection reset".to_owned(), true), other);
    }
}

//! From what the HTTP client says to what a fault is: the whole chain of causes, and TLS told apart.
//!
//! Pure; nothing is retried here.

use std::error::Error;
use std::io;

use crate::model::FaultKind;

/// The fault behind an error of the HTTP client.
pub(super) fn kind_of(error: &reqwest::Error) -> FaultKind {
    match tls_error(error) {
        Some(tls) if error.is_connect() || is_of_trust(tls) => FaultKind::Tls { problem: explain(tls) },
        // The two ends had agreed: the request was on its way, or was even answered.
        Some(tls) => FaultKind::Unreachable { cause: format!("TLS broke: {tls}"), sent: true },
        None => of_connection(chain(error), !error.is_connect()),
    }
}

/// What went wrong in a handshake.
pub(super) fn of_handshake(error: &io::Error) -> String {
    tls_error(error).map_or_else(|| error.to_string(), explain)
}

/// Whether what broke a connection is that the server does not trust us.
pub(super) fn is_refusal(error: &io::Error) -> bool {
    tls_error(error).is_some_and(is_of_trust)
}

/// Whether the server says that it does not trust us. With TLS 1.3 it says so only when we already think that we are
/// connected; what was sent by then it has not looked at.
const fn is_of_trust(error: &rustls::Error) -> bool {
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

/// The TLS error within. It counts as a connection error, and an I/O error hides what it wraps.
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
            "the server's certificate is not of this CA; is the CA file the one of this foundation, and current?"
        }
        Tls::InvalidCertificate(Cert::Expired | Cert::ExpiredContext { .. }) => {
            "the server's certificate has expired"
        }
        Tls::InvalidCertificate(Cert::NotValidForName | Cert::NotValidForNameContext { .. }) => {
            "the server's certificate is for another name than the one in the URL"
        }
        Tls::AlertReceived(Alert::CertificateRequired) => "the server demands a client certificate",
        Tls::AlertReceived(Alert::CertificateExpired) => "the server says that our certificate has expired",
        Tls::AlertReceived(
            Alert::UnknownCA
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::DecryptError
            | Alert::UnsupportedCertificate,
        ) => {
            "the server does not accept our client certificate; is it expired, of another CA, or not for clients?"
        }
        _ => return error.to_string(),
    };
    format!("{hint} ({error})")
}

/// A connection that was closed as soon as it stood leaves these words alone: nothing went over it, and they say
/// nothing to whoever must act.
fn of_connection(cause: String, sent: bool) -> FaultKind {
    if !cause.ends_with("connection was not ready") {
        return FaultKind::Unreachable { cause, sent };
    }
    let cause = format!(
        "the server closed the connection before it was asked anything; with TLS it does so when it does not accept our \
         client certificate ({cause})"
    );
    FaultKind::Unreachable { cause, sent: false }
}

/// Every cause, outermost first, each said once. That a library's layer failed is left out where the reason follows.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        let is_layer = text == "tcp connect error" || text.starts_with("client error (");
        let says_more = !is_layer || error.source().is_none();
        if says_more && texts.last().is_none_or(|last| !last.contains(&text)) {
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
    fn a_connection_that_is_closed_at_once_has_sent_nothing_and_says_what_that_may_mean() {
        let words = "client error (Canceled): operation was canceled: connection was not ready";
        let FaultKind::Unreachable { cause, sent } = of_connection(words.to_owned(), true) else { panic!() };
        assert!(cause.contains("does not accept our client certificate (client error"), "{cause}");
        assert!(!sent);
        let other = FaultKind::Unreachable { cause: "connection reset".to_owned(), sent: true };
        assert_eq!(of_connection("connection reset".to_owned(), true), other);
    }
}

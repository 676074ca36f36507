//! What it takes to reach one BBS. `config` fills it in; the client reads it.

use std::path::PathBuf;
use std::time::Duration;

/// How to reach a BBS, and what is allowed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Scheme, host and port, like `https://bbs.service.cf.internal:8889`, without a path.
    pub url: String,
    /// The files of mutual TLS; none for a plain `http` address.
    pub tls: Option<TlsFiles>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long a call may take as a whole, and a list may stand still; none waits for ever.
    pub request_timeout: Option<Duration>,
    /// Whether calls that change something are sent at all.
    pub access: Access,
}

/// Whether calls that change something are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Only calls that look. The client refuses the others before anything is sent.
    ReadOnly,
    /// Every call.
    ReadWrite,
}

/// The files of mutual TLS, all PEM. They are read again when they change on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// Whether, and by which private CA, the server is verified.
    pub verify: Verify,
    /// Our certificate, with its chain.
    pub cert: PathBuf,
    /// Its key: PKCS#1, PKCS#8 or SEC1, not encrypted.
    pub key: PathBuf,
}

/// How the server's certificate is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verify {
    /// By the CA in this file, and by no other.
    Ca(PathBuf),
    /// Not at all: anybody may answer. Said on the screen for as long as it lasts.
    Skip,
}

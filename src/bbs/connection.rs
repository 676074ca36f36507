//! Connection settings of one BBS. `config` fills them in; the client reads them.

use std::path::PathBuf;
use std::time::Duration;

use crate::model::{Access, ReplyLimit, WriteRate};

/// How to reach a BBS, and which calls are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Scheme, host and port, like `https://bbs.service.cf.internal:8889`, without a path.
    pub url: String,
    /// Files for mutual TLS; `None` for a plain `http` URL.
    pub tls: Option<TlsFiles>,
    /// Timeout for establishing a connection, including TLS.
    pub connect_timeout: Duration,
    /// Timeout of a whole call; for a list, of each wait for more data. `None` means no timeout.
    pub request_timeout: Option<Duration>,
    /// Whether write calls are sent.
    pub access: Access,
    /// The most write calls that are sent in a second; `None` for no limit.
    pub writes_per_second: Option<WriteRate>,
    /// The most bytes of a reply that are read.
    pub reply_limit: ReplyLimit,
}

/// Files for mutual TLS, all in PEM form. The client reloads them when they change on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// How to verify the server's certificate.
    pub verify: Verify,
    /// Client certificate with its chain.
    pub cert: PathBuf,
    /// Private key of the client certificate: PKCS#1, PKCS#8 or SEC1, not encrypted.
    pub key: PathBuf,
}

/// How the server's certificate is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verify {
    /// Against the CA in this file only; the system's CAs are not trusted.
    Ca(PathBuf),
    /// Not at all (insecure). The screen shows a warning the whole time.
    Skip,
}

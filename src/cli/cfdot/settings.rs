//! Connection settings from flags and environment, checked in `cfdot`'s order. `--target` and `--config`, which `cfdot` does not
//! have, use the configuration file instead.
//!
//! Opens the files only to check that they are readable; the client validates their contents.

use std::fs::File;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::command::Command;
use super::exit::Exit;
use super::flags::FlagValues;
use super::go_values;
use crate::bbs::{Access, Connection, TlsFiles, Verify};
use crate::config::{self, Paths};
use crate::model::Clocks;

/// Timeout for establishing a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the connection settings and the clocks of the BBS, or the first error.
pub(super) fn target(
    command: &Command,
    values: &FlagValues,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(Connection, Clocks), Exit> {
    if !values.target.is_empty() || !values.config.is_empty() {
        return configured(values, environment);
    }
    Ok((connection(command, values, environment)?, Clocks::DEFAULT))
}

fn connection(
    command: &Command,
    values: &FlagValues,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Connection, Exit> {
    let setting = |flag: &str, variable: &str| {
        let value = if flag.is_empty() { environment(variable) } else { Some(flag.to_owned()) };
        value.filter(|value| !value.is_empty())
    };
    let url = setting(&values.url, "BBS_URL")
        .ok_or_else(|| Exit::usage(format!("BBS URL not set. {SPECIFY_URL}")))?;
    let secure = is_https(&url)?;
    let skip_verify = skip_verify(values.skip_verify, environment("SKIP_CERT_VERIFY"))?;
    let tls = if secure {
        let verify = if skip_verify { Verify::Skip } else { ca_file(setting(&values.ca, "CA_CERT_FILE"))? };
        let (cert, key) =
            key_pair(setting(&values.cert, "CLIENT_CERT_FILE"), setting(&values.key, "CLIENT_KEY_FILE"))?;
        Some(TlsFiles { verify, cert, key })
    } else {
        None
    };
    let has_limit = command.has_timeout();
    let request_timeout =
        if has_limit { timeout(values.timeout, environment("CFDOT_TIMEOUT"))? } else { None };
    Ok(Connection {
        url: normalize(&url),
        tls,
        connect_timeout: CONNECT_TIMEOUT,
        request_timeout,
        access: Access::ReadWrite,
        writes_per_second: None,
        reply_limit: crate::model::ReplyLimit::default(),
    })
}

/// Returns what the configuration says; flags take precedence.
fn configured(
    values: &FlagValues,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<(Connection, Clocks), Exit> {
    let given = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    let path = |value: &str| given(value).map(PathBuf::from);
    let flags = config::Flags {
        config: path(&values.config),
        target: given(&values.target),
        url: given(&values.url),
        ca: path(&values.ca),
        cert: path(&values.cert),
        key: path(&values.key),
        skip_verify: values.skip_verify.unwrap_or_default(),
        timeout: to_timeout(values.timeout),
        ..config::Flags::default()
    };
    let config = config::load(&flags, environment, &Paths::platform());
    config
        .map(|config| (config.connection, config.target.clocks))
        .map_err(|mistake| Exit::invalid_value(mistake.to_string()))
}

const SPECIFY_URL: &str =
    "Please specify one with the '--bbsURL' flag or the 'BBS_URL' environment variable.";

/// Returns whether the URL uses https. Accepts http only for the loopback interface.
fn is_https(url: &str) -> Result<bool, Exit> {
    let unparsable = || Exit::usage(format!("The value '{url}' is not a valid BBS URL. {SPECIFY_URL}"));
    let (scheme, host) = parse_url(url).ok_or_else(unparsable)?;
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(true),
        "http" if is_loopback(host) => Ok(false),
        _ => Err(Exit::usage(format!("The URL '{url}' does not have an 'https' scheme. {SPECIFY_URL}"))),
    }
}

/// Returns scheme and host of a URL that Go's `url.Parse` accepts; both may be empty.
fn parse_url(url: &str) -> Option<(&str, &str)> {
    if url.chars().any(|c| c.is_ascii_control()) {
        return None;
    }
    let colon = url.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
    let (scheme, rest) = match colon.and_then(|at| url.split_at_checked(at)) {
        Some(("", rest)) if rest.starts_with(':') => return None,
        Some((scheme, rest))
            if rest.starts_with(':') && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) =>
        {
            (scheme, rest.trim_start_matches(':'))
        }
        Some((_, rest)) if rest.starts_with(':') => return None,
        _ => ("", url),
    };
    let authority = rest.strip_prefix("//").unwrap_or_default().split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let (name, port) = match host.strip_prefix('[') {
        Some(bracketed) => {
            let (name, port) = bracketed.split_once(']')?;
            (name, port.strip_prefix(':').unwrap_or(port))
        }
        None => host.split_once(':').unwrap_or((host, "")),
    };
    let is_valid = port.bytes().all(|byte| byte.is_ascii_digit()) && !name.contains([' ', '<', '>', '"']);
    is_valid.then_some((scheme, name))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Removes trailing slashes and lower-cases the scheme: the client appends paths and compares the scheme.
fn normalize(url: &str) -> String {
    let url = url.trim_end_matches('/');
    match url.split_once("://") {
        Some((scheme, rest)) => format!("{}://{rest}", scheme.to_ascii_lowercase()),
        None => url.to_owned(),
    }
}

fn skip_verify(flag: Option<bool>, variable: Option<String>) -> Result<bool, Exit> {
    let variable = variable.filter(|value| !value.is_empty());
    let (None, Some(value)) = (flag, variable) else { return Ok(flag.unwrap_or_default()) };
    go_values::parse_bool(&value).map_err(|_| {
        Exit::usage(format!(
            "The value '{value}' is not a valid value for SKIP_CERT_VERIFY. Please specify one of the following \
             valid boolean values: 1, t, T, TRUE, true, True, 0, f, F, FALSE, false, False"
        ))
    })
}

fn ca_file(ca: Option<String>) -> Result<Verify, Exit> {
    let missing = "--caCertFile must be specified if using HTTPS and --skipCertVerify is not set";
    readable("CA cert", ca.ok_or_else(|| Exit::usage(missing))?).map(Verify::Ca)
}

fn key_pair(cert: Option<String>, key: Option<String>) -> Result<(PathBuf, PathBuf), Exit> {
    let (Some(cert), Some(key)) = (cert, key) else {
        let missing = "--clientCertFile and --clientKeyFile must both be specified for TLS connections.";
        return Err(Exit::usage(missing));
    };
    let key = readable("key", key)?;
    Ok((readable("cert", cert)?, key))
}

fn readable(what: &str, path: String) -> Result<PathBuf, Exit> {
    match File::open(&path) {
        Ok(_) => Ok(path.into()),
        Err(error) => Err(Exit::usage(format!(
            "{what} file '{path}' doesn't exist or is not readable: open {path}: {}",
            go_values::os_error(&error)
        ))),
    }
}

/// Returns the timeout. The variable applies if the flag is 0 or missing.
fn timeout(flag: i64, variable: Option<String>) -> Result<Option<Duration>, Exit> {
    let seconds = match variable.filter(|value| !value.is_empty()) {
        Some(value) if flag == 0 => go_values::number(&value, 16).map_err(Exit::unknown)?,
        _ => flag,
    };
    Ok(to_timeout(seconds))
}

/// Converts seconds; `None` is no timeout.
fn to_timeout(seconds: i64) -> Option<Duration> {
    u64::try_from(seconds).ok().filter(|seconds| *seconds > 0).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_urls_like_go() {
        for (url, expected) in [
            ("https://bbs.service.cf.internal:8889", Some(("https", "bbs.service.cf.internal"))),
            ("https://[::1]:8889/", Some(("https", "::1"))),
            ("https://user@host/x?y#z", Some(("https", "host"))),
            ("ftp://x", Some(("ftp", "x"))),
            ("bbs", Some(("", ""))),
            ("/bbs:1", Some(("", ""))),
            ("bbs:8889", Some(("bbs", ""))),
            ("127.0.0.1:8889", None),
            (":", None),
            ("https://host:port", None),
            ("https://ho st", None),
            ("https://a\nb", None),
        ] {
            assert_eq!(parse_url(url), expected, "{url}");
        }
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for url in ["http://127.0.0.1:1", "http://localhost", "HTTP://[::1]:80", "http://127.8.9.1"] {
            assert!(matches!(is_https(url), Ok(false)), "{url}");
        }
        for url in ["http://10.0.0.1:1", "http://localhost.evil.example", "http://127.0.0.1.example"] {
            assert!(is_https(url).is_err(), "{url}");
        }
    }

    #[test]
    fn normalizes_the_url() {
        assert_eq!(normalize("HTTPS://Host:1/"), "https://Host:1");
    }
}

//! Connection flags shared by the dashboard and by the commands that `cfdot` does not have.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use super::failure::Failure;
use super::output;
use crate::bbs::{Client, Connection};
use crate::config::{self, Config, Flags, Paths};

/// Heading of the flags that select a BBS.
pub(super) const CONNECTION: &str = "Connection";

/// Flags that select the target and its files. Those of `cfdot` have its spelling, too.
#[derive(Debug, Args)]
#[command(next_help_heading = CONNECTION)]
#[expect(clippy::doc_markdown, reason = "the help shows them as they are")]
pub(super) struct TargetArgs {
    /// Use this configuration file instead of the default one
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Name of a target in the configuration file
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    // A doc comment would have to mark the URL as a link, and the help would show the marks.
    #[arg(
        long = "bbs-url",
        visible_alias = "bbsURL",
        alias = "url",
        value_name = "URL",
        help = "URL of the BBS, like https://bbs.service.cf.internal:8889 [env: BBS_URL]"
    )]
    url: Option<String>,
    /// CA certificate used to verify the server (PEM) [env: CA_CERT_FILE]
    #[arg(long = "ca-cert", visible_alias = "caCertFile", value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Client certificate (PEM) [env: CLIENT_CERT_FILE]
    #[arg(long = "client-cert", visible_alias = "clientCertFile", value_name = "FILE")]
    cert: Option<PathBuf>,
    /// Private key of the client certificate (PEM) [env: CLIENT_KEY_FILE]
    #[arg(long = "client-key", visible_alias = "clientKeyFile", value_name = "FILE")]
    key: Option<PathBuf>,
    /// Skip verification of the server's certificate (insecure) [env: SKIP_CERT_VERIFY]
    #[arg(long = "skip-cert-verify", visible_alias = "skipCertVerify")]
    skip_verify: bool,
}

impl TargetArgs {
    /// Returns the flags for `config`, where they take precedence over everything else.
    pub(super) fn flags(&self) -> Flags {
        Flags {
            config: self.config.clone(),
            target: self.target.clone(),
            url: self.url.clone(),
            ca: self.ca.clone(),
            cert: self.cert.clone(),
            key: self.key.clone(),
            skip_verify: self.skip_verify,
            ..Flags::default()
        }
    }
}

/// Connection flags of a command.
#[derive(Debug, Args)]
#[command(next_help_heading = CONNECTION)]
#[expect(clippy::doc_markdown, reason = "the help shows them as they are")]
pub(super) struct ConnectionArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Timeout of a call, like 30s; 0s disables it [default: the configured one, or 30s] [env: CFDOT_TIMEOUT]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    call_timeout: Option<Duration>,
}

impl ConnectionArgs {
    /// Loads the configuration; these flags take precedence over it.
    pub(super) fn config(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let flags = Flags { timeout: self.call_timeout, ..self.target.flags() };
        let paths = Paths::platform().with_config(flags.config.as_ref());
        config::load(&flags, environment, &paths).map_err(|mistake| Failure::configuration(&mistake, &paths))
    }
}

/// Creates a client for the configured BBS. Warns on standard error if others can use its private key.
pub(super) async fn client(config: &Config) -> Result<Client, Failure> {
    warn_of_exposed_key(&config.connection);
    Client::open(config.connection.clone()).await.map_err(|problem| unusable_files(&problem))
}

/// Creates the error for certificates or a key that cannot be used.
pub(super) fn unusable_files(problem: &str) -> Failure {
    Failure::usage(format!("{problem}; `taskdeck doctor` checks the files one by one"))
}

/// Prints a warning if others can use the private key of a connection.
pub(super) fn warn_of_exposed_key(connection: &Connection) {
    if let Some(warning) = connection.tls.as_ref().and_then(config::exposed_key) {
        output::print_message(&warning);
    }
}

/// Parses a duration, which must have a unit.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("the unit is missing: did you mean {text}s, {text}m or {text}h?"));
    }
    let duration = text.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "expected a duration like 30s, 5m or 1h30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_needs_a_unit() {
        assert_eq!(parse_duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse_duration("0s"), Ok(Duration::ZERO));
        assert_eq!(parse_duration("5").unwrap_err(), "the unit is missing: did you mean 5s, 5m or 5h?");
        for text in ["", "m", "-5m", "5 minutes ago", "soon"] {
            assert!(parse_duration(text).unwrap_err().starts_with("expected a duration"), "{text}");
        }
    }
}

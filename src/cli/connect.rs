//! How the commands of our own reach a BBS: the flags of the dashboard, over its environment and configuration.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use super::failure::Failure;
use crate::bbs::Client;
use crate::config::{self, Config, Flags, Paths};

/// What is where.
#[derive(Debug, Args)]
pub(super) struct TargetArgs {
    /// The configuration file, instead of the one in the platform's place
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// A target of the configuration, by name
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The BBS, like `https://bbs.service.cf.internal:8889`
    #[arg(long = "bbsURL", alias = "url", value_name = "URL")]
    url: Option<String>,
    /// The CA that the server's certificate must be of (PEM)
    #[arg(long = "caCertFile", value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Our certificate (PEM)
    #[arg(long = "clientCertFile", value_name = "FILE")]
    cert: Option<PathBuf>,
    /// The certificate's key (PEM)
    #[arg(long = "clientKeyFile", value_name = "FILE")]
    key: Option<PathBuf>,
    /// Do not verify the server: anybody may answer
    #[arg(long = "skipCertVerify")]
    skip_verify: bool,
}

impl TargetArgs {
    /// The flags that `config` lays over everything else.
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

/// What every command of our own takes, besides its own.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection (as for the dashboard: variables and configuration count too)")]
pub(super) struct ConnectionArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// How long a call may take, like 30s; 0s waits for ever [default: the configuration's, or `CFDOT_TIMEOUT`, or 30s]
    #[arg(long, value_name = "DURATION", value_parser = parse_duration)]
    call_timeout: Option<Duration>,
}

impl ConnectionArgs {
    /// The configuration with these flags over it.
    pub(super) fn config(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<Config, Failure> {
        let flags = Flags { timeout: self.call_timeout, ..self.target.flags() };
        let paths = Paths::platform();
        config::load(&flags, environment, &paths)
            .map_err(|mistake| Failure::of_configuration(&mistake, &paths))
    }
}

/// A client for the BBS of the configuration.
pub(super) async fn client(config: &Config) -> Result<Client, Failure> {
    Client::open(config.connection.clone()).await.map_err(Failure::usage)
}

/// A span of time with its unit.
pub(super) fn parse_duration(text: &str) -> Result<Duration, String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("its unit is missing: {text}s, {text}m or {text}h?"));
    }
    let duration = text.parse::<SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "it must be a span of time like 30s, 5m or 1h30m".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_time_needs_its_unit() {
        assert_eq!(parse_duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(parse_duration("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse_duration("0s"), Ok(Duration::ZERO));
        assert_eq!(parse_duration("5").unwrap_err(), "its unit is missing: 5s, 5m or 5h?");
        for text in ["", "m", "-5m", "5 minutes ago", "soon"] {
            assert!(parse_duration(text).unwrap_err().starts_with("it must be a span of time"), "{text}");
        }
    }
}

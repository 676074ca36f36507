//! What may stand on the command line. Means nothing by itself: `config` decides what wins over what.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use super::cfdot;
use crate::config::Flags;
use crate::sim::Scenario;

/// A terminal dashboard for the Tasks of Cloud Foundry's Diego.
///
/// Without a verb it watches the tasks of a BBS: the one that the flags name, or else the environment (the variables of
/// cfdot), or else the configuration.
#[derive(Debug, Parser)]
#[command(name = "taskdeck", version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    /// Watch a simulated BBS: no server, no configuration
    #[arg(long)]
    pub(super) demo: bool,
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
    /// How long a call may take, in seconds; 0 waits for ever
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Send nothing that changes anything
    #[arg(long)]
    read_only: bool,
    #[command(subcommand)]
    pub(super) verb: Option<Verb>,
}

/// What else the program does.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Serve a simulated BBS until stopped
    Sim(SimArguments),
    #[command(flatten)]
    Cfdot(cfdot::Command),
}

/// What the simulated BBS is like.
#[derive(Debug, Args)]
pub(super) struct SimArguments {
    /// Where to listen; port 0 picks a free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:8889")]
    pub(super) listen: SocketAddr,
    /// Demand mutual TLS, and write ca, client and server files (PEM) into DIR
    #[arg(long, value_name = "DIR")]
    pub(super) tls: Option<PathBuf>,
    #[arg(long, value_name = "NAME|FILE", help = scenarios())]
    pub(super) scenario: Option<String>,
    /// Tasks to begin with [default: the scenario's, if one is named; else 0]
    #[arg(long, value_name = "N")]
    pub(super) tasks: Option<usize>,
    /// Cells [default: the scenario's, if one is named; else 4]
    #[arg(long, value_name = "N")]
    pub(super) cells: Option<usize>,
    /// Steps of tasks a second [default: the scenario's, if one is named; else 0]
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(super) churn: Option<f64>,
    /// What chance begins with: the same seed gives the same story
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
}

fn scenarios() -> String {
    let built_in = Scenario::BUILT_IN.map(|one| format!("\n- {}: {}", one.name, one.about()));
    format!("What goes on in it: the file of a scenario, or one of{}", built_in.concat())
}

/// An endless rate would leave no time to serve in.
fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate| (0.0..=100_000.0).contains(rate));
    rate.ok_or_else(|| "it must be a number a second, 0 to 100000".to_owned())
}

impl Arguments {
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
            timeout: self.timeout.map(Duration::from_secs),
            read_only: self.read_only,
        }
    }
}

//! What the program runs with: defaults < file < environment < flags.
//!
//! Pure but for reading the one file: environment and places are handed in. Every mistake is a sentence that names
//! the file, the line and the key, and says what would be right.

mod file;
mod span;

use std::path::{Path, PathBuf};
use std::time::Duration;

use directories::ProjectDirs;
use thiserror::Error;

use crate::app::Settings;
use crate::bbs::{Access, Connection, TlsFiles, Verify};
use crate::suggest::nearest;
use file::{File, TargetTable};

/// Where a BBS is on a Diego VM.
const USUAL_URL: &str = "https://bbs.service.cf.internal:8889";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What the command line says of the configuration.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// The configuration file, instead of the one in the platform's place.
    pub config: Option<PathBuf>,
    /// A target of the file.
    pub target: Option<String>,
    /// Scheme, host and port.
    pub url: Option<String>,
    /// The CA's certificate.
    pub ca: Option<PathBuf>,
    /// Our certificate.
    pub cert: Option<PathBuf>,
    /// Its key.
    pub key: Option<PathBuf>,
    /// Whether the server is not verified.
    pub skip_verify: bool,
    /// How long a call may take; zero waits for ever.
    pub timeout: Option<Duration>,
    /// Whether nothing is sent that changes anything.
    pub read_only: bool,
}

/// Where this machine keeps things.
#[derive(Debug, Clone)]
pub struct Places {
    /// The configuration file, whether or not it is there.
    pub config_file: Option<PathBuf>,
    /// Where the log goes.
    pub state_dir: Option<PathBuf>,
    /// The `cfdot` job of a Diego VM, whether or not it is there.
    pub cfdot_job: PathBuf,
}

impl Places {
    /// The platform's own.
    pub fn of_this_machine() -> Self {
        let dirs = ProjectDirs::from("", "", "taskdeck");
        let state = |dirs: &ProjectDirs| dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_path_buf();
        Self {
            config_file: dirs.as_ref().map(|dirs| dirs.config_dir().join("config.toml")),
            state_dir: dirs.as_ref().map(state),
            cfdot_job: PathBuf::from("/var/vcap/jobs/cfdot"),
        }
    }
}

/// What the program runs with.
#[derive(Debug, Clone)]
pub struct Config {
    /// The target's name, if it was named.
    pub target: Option<String>,
    /// How the BBS is reached.
    pub connection: Connection,
    /// What the dashboard starts with.
    pub settings: Settings,
    /// Where the log goes.
    pub log_file: Option<PathBuf>,
}

/// Something that the operator must put right; a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Mistake {
    /// Nothing says which BBS is meant.
    #[error(
        "no BBS is named: give --bbsURL, set BBS_URL, or name a target in the configuration; \
         `taskdeck --demo` shows the dashboard on a simulated one"
    )]
    NoTarget,
    /// Something that was said is wrong.
    #[error("{0}")]
    Wrong(String),
}

/// A value, and who says it: a mistake in it is told to them.
#[derive(Debug, Clone)]
struct Said {
    by: String,
    value: String,
}

impl Said {
    fn new(by: impl Into<String>, value: impl Into<String>) -> Self {
        Self { by: by.into(), value: value.into() }
    }
}

/// How to reach a BBS, as far as one layer says it.
#[derive(Debug, Clone, Default)]
struct Layer {
    url: Option<Said>,
    ca: Option<PathBuf>,
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    skip_verify: Option<bool>,
    timeout: Option<Duration>,
    read_only: Option<bool>,
}

impl Layer {
    fn under(self, over: Self) -> Self {
        Self {
            url: over.url.or(self.url),
            ca: over.ca.or(self.ca),
            cert: over.cert.or(self.cert),
            key: over.key.or(self.key),
            skip_verify: over.skip_verify.or(self.skip_verify),
            timeout: over.timeout.or(self.timeout),
            read_only: over.read_only.or(self.read_only),
        }
    }
}

/// Lays the layers over one another.
///
/// A target that a flag names lies over the environment: who names a target means it.
pub fn load(
    flags: &Flags,
    environment: &dyn Fn(&str) -> Option<String>,
    places: &Places,
) -> Result<Config, Mistake> {
    let path = flags.config.as_deref().or(places.config_file.as_deref());
    let file = read_file(path, flags.config.is_some())?;
    let named = flags.target.as_deref().or(file.target.as_deref());
    let target = named.map(|name| of_target(&file, name, flags, path)).transpose()?.unwrap_or_default();
    let from_environment = of_environment(environment)?;
    let layers = match flags.target {
        Some(_) => from_environment.under(target),
        None => target.under(from_environment),
    };
    let layers = on_a_diego_vm(layers.under(of_flags(flags)), &places.cfdot_job);
    Ok(Config {
        target: named.map(ToOwned::to_owned),
        connection: connection(&layers)?,
        settings: file.settings(),
        log_file: file.log.or_else(|| places.state_dir.as_ref().map(|dir| dir.join("taskdeck.log"))),
    })
}

fn read_file(path: Option<&Path>, must_exist: bool) -> Result<File, Mistake> {
    let Some(path) = path else { return Ok(File::default()) };
    match std::fs::read_to_string(path) {
        Ok(text) => {
            file::parse(&text).map_err(|problem| Mistake::Wrong(format!("{}: {problem}", path.display())))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(File::default()),
        Err(error) => Err(Mistake::Wrong(format!("{} cannot be read: {error}", path.display()))),
    }
}

fn of_target(file: &File, name: &str, flags: &Flags, path: Option<&Path>) -> Result<Layer, Mistake> {
    let path = path.map_or("the configuration".into(), Path::to_string_lossy);
    let Some(table) = file.targets.get(name) else {
        let known: Vec<_> = file.targets.keys().map(String::as_str).collect();
        let known =
            if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
        let by = if flags.target.is_some() { "--target".to_owned() } else { format!("{path}: key `target`") };
        let meant = nearest(name, file.targets.keys().map(String::as_str));
        let meant = meant.map(|target| format!("; did you mean `{target}`?")).unwrap_or_default();
        return Err(Mistake::Wrong(format!(
            "{by} is `{name}`, and {path} has no such target{meant} ({known}); a target is a table [targets.{name}]"
        )));
    };
    let TargetTable { url, ca_cert, client_cert, client_key, skip_cert_verify, timeout, read_only } =
        table.clone();
    Ok(Layer {
        url: url.map(|url| Said::new(format!("{path}: key `targets.{name}.url`"), url)),
        ca: ca_cert,
        cert: client_cert,
        key: client_key,
        skip_verify: skip_cert_verify,
        timeout: timeout.map(|span| span.0),
        read_only,
    })
}

fn of_environment(environment: &dyn Fn(&str) -> Option<String>) -> Result<Layer, Mistake> {
    let get = |name: &str| environment(name).filter(|value| !value.is_empty());
    let skip_verify = get("SKIP_CERT_VERIFY").map(|value| truth("SKIP_CERT_VERIFY", &value)).transpose()?;
    let timeout = get("CFDOT_TIMEOUT").map(|value| seconds("CFDOT_TIMEOUT", &value)).transpose()?;
    Ok(Layer {
        url: get("BBS_URL").map(|url| Said::new("environment: BBS_URL", url)),
        ca: get("CA_CERT_FILE").map(PathBuf::from),
        cert: get("CLIENT_CERT_FILE").map(PathBuf::from),
        key: get("CLIENT_KEY_FILE").map(PathBuf::from),
        skip_verify,
        timeout,
        read_only: None,
    })
}

fn of_flags(flags: &Flags) -> Layer {
    Layer {
        url: flags.url.clone().map(|url| Said::new("--bbsURL", url)),
        ca: flags.ca.clone(),
        cert: flags.cert.clone(),
        key: flags.key.clone(),
        skip_verify: flags.skip_verify.then_some(true),
        timeout: flags.timeout,
        read_only: flags.read_only.then_some(true),
    }
}

fn truth(name: &str, value: &str) -> Result<bool, Mistake> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(Mistake::Wrong(format!("environment: {name} is `{value}`; it must be true or false"))),
    }
}

fn seconds(name: &str, value: &str) -> Result<Duration, Mistake> {
    let wrong =
        || Mistake::Wrong(format!("environment: {name} is `{value}`; it must be a number of seconds"));
    value.parse().map(Duration::from_secs).map_err(|_| wrong())
}

/// What nobody said, found where the `cfdot` job has it; elsewhere this changes nothing.
fn on_a_diego_vm(said: Layer, job: &Path) -> Layer {
    let certs = job.join("config/certs/cfdot");
    if said.url.is_some() || !certs.is_dir() {
        return said;
    }
    let found = Layer {
        url: Some(Said::new("the cfdot job", USUAL_URL)),
        ca: Some(certs.join("ca.crt")),
        cert: Some(certs.join("client.crt")),
        key: Some(certs.join("client.key")),
        ..Layer::default()
    };
    found.under(said)
}

fn connection(said: &Layer) -> Result<Connection, Mistake> {
    let Some(Said { by, value: url }) = &said.url else {
        return Err(Mistake::NoTarget);
    };
    let url = url.trim_end_matches('/').to_owned();
    let request_timeout = said.timeout.unwrap_or(REQUEST_TIMEOUT);
    let tls = if url.starts_with("https://") {
        Some(tls_files(said, &url)?)
    } else if url.starts_with("http://") {
        None
    } else {
        return Err(Mistake::Wrong(format!("{by} is `{url}`; it must begin with https:// (or http://)")));
    };
    Ok(Connection {
        url,
        tls,
        connect_timeout: CONNECT_TIMEOUT,
        request_timeout: (!request_timeout.is_zero()).then_some(request_timeout),
        access: if said.read_only == Some(true) { Access::ReadOnly } else { Access::ReadWrite },
    })
}

fn tls_files(said: &Layer, url: &str) -> Result<TlsFiles, Mistake> {
    let missing = |what: &str, flag: &str, variable: &str| {
        Mistake::Wrong(format!(
            "{url} needs {what}: give --{flag}, set {variable}, or write it into the target"
        ))
    };
    let skip = said.skip_verify == Some(true);
    let verify = match (&said.ca, skip) {
        (_, true) => Verify::Skip,
        (Some(ca), false) => Verify::Ca(ca.clone()),
        (None, false) => return Err(missing("the CA's certificate", "caCertFile", "CA_CERT_FILE")),
    };
    let cert = said.cert.clone();
    let key = said.key.clone();
    Ok(TlsFiles {
        verify,
        cert: cert.ok_or_else(|| missing("a client certificate", "clientCertFile", "CLIENT_CERT_FILE"))?,
        key: key
            .ok_or_else(|| missing("the client certificate's key", "clientKeyFile", "CLIENT_KEY_FILE"))?,
    })
}

#[cfg(test)]
mod tests;

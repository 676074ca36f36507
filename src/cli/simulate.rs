//! Runs `taskdeck sim`: prints the variables for clients, then serves until stopped.

use std::io::{self, Write};
use std::path::Path;

use super::arguments::SimArguments;
use super::failure::Failure;
use super::signals;
use crate::sim::{Options, Scenario, Sim};

/// Serves until interrupted or terminated.
pub(super) async fn run(arguments: SimArguments) -> Result<(), Failure> {
    let defaults = match &arguments.scenario {
        Some(name) => Options::for_scenario(scenario(name).map_err(Failure::usage)?),
        None => Options::default(),
    };
    let options = Options {
        listen: arguments.listen,
        tls: arguments.tls,
        tasks: arguments.tasks.unwrap_or(defaults.tasks),
        cells: arguments.cells.unwrap_or(defaults.cells),
        churn: arguments.churn.unwrap_or(defaults.churn),
        list_delay: arguments.list_delay,
        seed: arguments.seed,
        scenario: defaults.scenario,
    };
    let sim = Sim::start(options).await.map_err(|error| not_started(&format!("{error:#}")))?;
    // Install handlers before printing the URL: a script that reads it may send a signal at once.
    let mut signals = signals::listen()?;
    // A closed standard output does not stop the server.
    let _ = print_exports(&sim, &mut io::stdout().lock());
    sim.serve_until(signals.received()).await;
    Ok(())
}

fn not_started(error: &str) -> Failure {
    let is_taken = error.starts_with("cannot listen");
    let advice = if is_taken { "; to use a free port, pass --listen 127.0.0.1:0" } else { "" };
    Failure::other(format!("could not start the simulated BBS: {error}{advice}"))
}

/// Reads the built-in scenario of this name, or else the file.
fn scenario(name: &str) -> Result<Scenario, String> {
    if let Some(built_in) = Scenario::BUILT_IN.into_iter().find(|built_in| built_in.name == name) {
        return built_in.read();
    }
    match std::fs::read_to_string(name) {
        Ok(text) => Scenario::parse(&text).map_err(|problem| format!("{name}: {problem}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let names = Scenario::BUILT_IN.map(|built_in| built_in.name).join(", ");
            Err(format!("unknown scenario `{name}`: neither built in ({names}) nor a file"))
        }
        Err(error) => Err(format!("could not read {name}: {error}")),
    }
}

/// Prints the client's variables in shell syntax.
fn print_exports(sim: &Sim, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "export BBS_URL={}", sim.url())?;
    if let Some((ca, cert, key)) = sim.tls_files() {
        for (name, path) in [("CA_CERT_FILE", ca), ("CLIENT_CERT_FILE", cert), ("CLIENT_KEY_FILE", key)] {
            writeln!(out, "export {name}={}", shell_quote(&path))?;
        }
    }
    out.flush()
}

/// Quotes the path for a POSIX shell.
fn shell_quote(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_a_quoted_path_back_unchanged() {
        assert_eq!(shell_quote(Path::new("/tmp/pki-1/ca.crt")), "/tmp/pki-1/ca.crt");
        assert_eq!(shell_quote(Path::new("/tmp/a b/it's")), r"'/tmp/a b/it'\''s'");
    }
}

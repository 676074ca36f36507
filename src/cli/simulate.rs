//! The simulated BBS as a server of its own: says how to reach it, then serves until stopped.

use std::io::{self, Write};
use std::path::Path;

use super::Failure;
use super::arguments::SimArguments;
use super::signals::End;
use crate::sim::{Options, Scenario, Sim};

/// Serves until interrupted or terminated.
pub(super) async fn run(arguments: SimArguments) -> Result<(), Failure> {
    let known = match &arguments.scenario {
        Some(wanted) => Options::of(scenario(wanted).map_err(Failure::usage)?),
        None => Options::default(),
    };
    let options = Options {
        listen: arguments.listen,
        tls: arguments.tls,
        tasks: arguments.tasks.unwrap_or(known.tasks),
        cells: arguments.cells.unwrap_or(known.cells),
        churn: arguments.churn.unwrap_or(known.churn),
        list_delay: arguments.list_delay,
        seed: arguments.seed,
        scenario: known.scenario,
    };
    let sim = Sim::start(options)
        .await
        .map_err(|error| Failure::other(format!("the simulated BBS did not start: {error:#}")))?;
    // Listened to before anybody is told where it is: who has read that may end it.
    let mut end = End::listen()?;
    // Whoever started it may not be reading; it serves all the same.
    let _ = tell_how_to_reach(&sim, &mut io::stdout().lock());
    tokio::select! {
        () = sim.serve_forever() => {}
        () = end.asked_for() => {}
    }
    Ok(())
}

/// The scenario of this name, or else of this file.
fn scenario(wanted: &str) -> Result<Scenario, String> {
    if let Some(built_in) = Scenario::BUILT_IN.into_iter().find(|built_in| built_in.name == wanted) {
        return built_in.read();
    }
    match std::fs::read_to_string(wanted) {
        Ok(text) => Scenario::parse(&text).map_err(|problem| format!("{wanted}: {problem}")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let names = Scenario::BUILT_IN.map(|built_in| built_in.name).join(", ");
            Err(format!("no scenario is named `{wanted}` ({names}), and there is no such file"))
        }
        Err(error) => Err(format!("{wanted} cannot be read: {error}")),
    }
}

/// Lines that a shell can evaluate.
fn tell_how_to_reach(sim: &Sim, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "export BBS_URL={}", sim.url())?;
    if let Some((ca, cert, key)) = sim.tls_files() {
        for (name, path) in [("CA_CERT_FILE", ca), ("CLIENT_CERT_FILE", cert), ("CLIENT_KEY_FILE", key)] {
            writeln!(out, "export {name}={}", quoted(&path))?;
        }
    }
    out.flush()
}

/// The path as a shell reads it back.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+,:@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_back_by_a_shell_as_it_is() {
        assert_eq!(quoted(Path::new("/tmp/pki-1/ca.crt")), "/tmp/pki-1/ca.crt");
        assert_eq!(quoted(Path::new("/tmp/a b/it's")), r"'/tmp/a b/it'\''s'");
    }
}

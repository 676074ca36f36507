//! Reads from the environment which external server to test and what the suite may do there.
//!
//! Checks the server once. If it cannot be tested at all, the run ends with one message.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process;

use taskdeck::bbs::Client;
use taskdeck::model::{FaultKind, RefusedType};
use tokio::sync::OnceCell;

use crate::bbs::{Files, connection};

/// An external server, real or simulated, known by its URL.
pub(crate) struct ExternalServer {
    pub(crate) url: String,
    pub(crate) files: Option<Files>,
    /// The suite may send the calls of cells.
    pub(crate) allows_cell_calls: bool,
    /// The suite may wait for the server's sweeps.
    pub(crate) waits_for_sweeps: bool,
    /// The server can list its cells.
    pub(crate) lists_cells: bool,
}

/// Returns the external server to test, if the environment names one.
pub(crate) async fn external_server() -> Option<&'static ExternalServer> {
    static SERVER: OnceCell<Option<ExternalServer>> = OnceCell::const_new();
    SERVER.get_or_init(find).await.as_ref()
}

/// Returns whether the suite tests an external server instead of the simulated one.
pub(crate) fn is_external() -> bool {
    is_set("TASKDECK_CONFORMANCE")
}

/// Writes a line to standard error directly, because the test harness captures the output of `eprintln!`.
pub(crate) fn report(text: &str) {
    io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

fn is_set(name: &str) -> bool {
    env::var(name).is_ok_and(|value| value == "1")
}

const fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

async fn find() -> Option<ExternalServer> {
    if !is_external() {
        report("CONFORMANCE: testing the simulated BBS, without and with mutual TLS");
        return None;
    }
    let Ok(url) = env::var("BBS_URL") else { stop("TASKDECK_CONFORMANCE=1 requires BBS_URL") };
    let files = url.starts_with("https:").then(files);
    let allows_cell_calls = is_set("TASKDECK_CONFORMANCE_CELLS");
    let waits_for_sweeps = is_set("TASKDECK_CONFORMANCE_SWEEPS");
    let lists_cells = match probe(&url, files.clone()).await {
        Ok(lists_cells) => lists_cells,
        Err(problem) => stop(&problem),
    };
    report(&format!(
        "CONFORMANCE: testing {url} (cell calls: {}, sweeps: {})",
        on_off(allows_cell_calls),
        on_off(waits_for_sweeps)
    ));
    Some(ExternalServer { url, files, allows_cell_calls, waits_for_sweeps, lists_cells })
}

fn files() -> Files {
    let file = |name| match env::var_os(name) {
        Some(path) => PathBuf::from(path),
        None => stop(&format!("an https URL requires {name}")),
    };
    Files { ca: file("CA_CERT_FILE"), cert: file("CLIENT_CERT_FILE"), key: file("CLIENT_KEY_FILE") }
}

/// Pings the server. Returns whether it can list its cells.
async fn probe(url: &str, files: Option<Files>) -> Result<bool, String> {
    let client = Client::open(connection(url.to_owned(), files)).await?;
    client.ping().await.map_err(|fault| fault.to_string())?;
    let Err(fault) = client.cells().await else { return Ok(true) };
    let FaultKind::Refused { kind: RefusedType::UNKNOWN, message } = fault.kind else { return Ok(true) };
    report(&format!(
        "PRESENCE SERVICE: {url} cannot list its cells, so tests that need cells are skipped; the others run: {message}"
    ));
    Ok(false)
}

/// Ends the whole run, because every other test would fail for the same reason.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the test harness has no other way to stop early"
)]
fn stop(reason: &str) -> ! {
    report(&format!("CONFORMANCE: cannot run: {reason}"));
    process::exit(1);
}

//! Which server the environment names, and what the suite may ask of it.
//!
//! That is looked at once. A server that cannot be asked at all ends the run with one sentence.

use std::env;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process;

use taskdeck::bbs::Client;
use taskdeck::model::{FaultKind, RefusedType};
use tokio::sync::OnceCell;

use crate::bbs::{Files, connection};

/// A real server, or a simulated one that is reached by its URL.
pub(crate) struct Named {
    pub(crate) url: String,
    pub(crate) files: Option<Files>,
    /// The suite may play a cell there.
    pub(crate) plays_cell: bool,
    /// The suite may wait for its sweeps.
    pub(crate) waits: bool,
    /// Its presence service answers it.
    pub(crate) knows_cells: bool,
}

/// The server that the environment names, if it names one.
pub(crate) async fn named() -> Option<&'static Named> {
    static NAMED: OnceCell<Option<Named>> = OnceCell::const_new();
    NAMED.get_or_init(find).await.as_ref()
}

/// Whether the suite was told to ask another server than the simulated one.
pub(crate) fn is_elsewhere() -> bool {
    is_set("TASKDECK_CONFORMANCE")
}

/// Says it where the test harness does not keep it to itself, as it does with what a macro prints.
pub(crate) fn say(text: &str) {
    io::stderr().write_all(format!("{text}\n").as_bytes()).unwrap();
}

fn is_set(name: &str) -> bool {
    env::var(name).is_ok_and(|value| value == "1")
}

async fn find() -> Option<Named> {
    if !is_elsewhere() {
        say("CONFORMANCE of the simulated BBS alone, without and with mutual TLS");
        return None;
    }
    let Ok(url) = env::var("BBS_URL") else { stop("TASKDECK_CONFORMANCE=1 needs BBS_URL") };
    let files = url.starts_with("https:").then(files);
    let (plays_cell, waits) = (is_set("TASKDECK_CONFORMANCE_CELLS"), is_set("TASKDECK_CONFORMANCE_SWEEPS"));
    let knows_cells = match reach(&url, files.clone()).await {
        Ok(knows_cells) => knows_cells,
        Err(problem) => stop(&problem),
    };
    say(&format!("CONFORMANCE of {url}, playing a cell there: {plays_cell}, waiting for sweeps: {waits}"));
    Some(Named { url, files, plays_cell, waits, knows_cells })
}

fn files() -> Files {
    let file = |name| match env::var_os(name) {
        Some(path) => PathBuf::from(path),
        None => stop(&format!("an https URL needs {name}")),
    };
    Files { ca: file("CA_CERT_FILE"), cert: file("CLIENT_CERT_FILE"), key: file("CLIENT_KEY_FILE") }
}

/// Asks whether anybody is there, and whether the cells can be listed.
async fn reach(url: &str, files: Option<Files>) -> Result<bool, String> {
    let client = Client::open(connection(url.to_owned(), files)).await?;
    client.ping().await.map_err(|fault| fault.to_string())?;
    let Err(fault) = client.cells().await else { return Ok(true) };
    let FaultKind::Refused { kind: RefusedType::UNKNOWN, message } = fault.kind else { return Ok(true) };
    say(&format!("PRESENCE SERVICE of {url} fails, which is no difference in the Tasks API: {message}"));
    Ok(false)
}

/// Ends the whole run: every other test would fail of the same cause.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "the test harness has no other way to stop early"
)]
fn stop(why: &str) -> ! {
    say(&format!("CONFORMANCE cannot be tested: {why}"));
    process::exit(1);
}

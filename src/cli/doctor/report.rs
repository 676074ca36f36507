//! What the doctor says: a line a step, aligned, and below one that fails what to do about it.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio::time::Instant;

use crate::cli::failure::Status;
use crate::present::{format, sanitise};

/// The widest name of a step.
const NAME: usize = 18;
/// The widest verdict.
const VERDICT: usize = 7;

/// Why a step fails.
pub(super) struct StepError {
    /// What is wrong.
    pub(super) what: String,
    /// What to do about it; empty if that is said already.
    pub(super) hint: String,
    /// How the program ends if this is the first.
    pub(super) status: Status,
}

impl StepError {
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), status: Status::Failed }
    }
}

/// The lines so far.
pub(super) struct Report {
    first: Option<Status>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { first: None }
    }

    /// Says how a step went: with what it found, or why it fails. Gives what it found.
    pub(super) fn step<T>(
        &mut self,
        name: &str,
        went: Result<(T, String), StepError>,
    ) -> io::Result<Option<T>> {
        match went {
            Ok((found, text)) => {
                line(name, "ok", &text)?;
                Ok(Some(found))
            }
            Err(trouble) => {
                line(name, "FAILED", &trouble.what)?;
                if !trouble.hint.is_empty() {
                    line("", "", &format!("-> {}", trouble.hint))?;
                }
                self.first = self.first.or(Some(trouble.status));
                Ok(None)
            }
        }
    }

    /// The status of the first step that failed.
    pub(super) fn status(&self) -> Status {
        self.first.unwrap_or(Status::Done)
    }
}

/// Says that a step fails and that the others make no sense, and what to do instead.
pub(super) fn stop(name: &str, what: &str, advice: &str) -> io::Result<()> {
    line(name, "FAILED", what)?;
    let mut out = io::stdout().lock();
    writeln!(out)?;
    advice.lines().try_for_each(|line| writeln!(out, "{}", sanitise::clean(line)))?;
    out.flush()
}

/// Says why a step was not made.
pub(super) fn skip(name: &str, why: &str) -> io::Result<()> {
    line(name, "skipped", why)
}

/// Reports each of these steps as skipped, for the same reason.
pub(super) fn skip_all<'a>(names: impl IntoIterator<Item = &'a &'a str>, why: &str) -> io::Result<()> {
    names.into_iter().try_for_each(|name| skip(name, why))
}

/// The shortest time shown: `0 ms` would look like a mistake.
const SHORTEST: Duration = Duration::from_millis(1);

/// Returns how long a step took, as text.
pub(super) fn elapsed(start: Instant) -> String {
    format!("within {}", format::took(start.elapsed().max(SHORTEST)))
}

fn line(name: &str, verdict: &str, text: &str) -> io::Result<()> {
    let text = sanitise::clean(text);
    let mut out = io::stdout().lock();
    writeln!(out, "{name:NAME$}  {verdict:VERDICT$}  {text}")?;
    out.flush()
}

//! Prints the report: one aligned line per step, and below a failed one what to do.

use std::io::{self, Write as _};
use std::time::Duration;

use tokio::time::Instant;

use crate::cli::failure::Status;
use crate::present::{format, sanitise};

/// Width of the longest step name.
const NAME_WIDTH: usize = 18;
/// Width of the longest verdict.
const VERDICT_WIDTH: usize = 7;

/// The failure of a step.
pub(super) struct StepError {
    /// What happened.
    pub(super) what: String,
    /// What to do; empty if `what` says it.
    pub(super) hint: String,
    /// The exit status if this step is the first to fail.
    pub(super) status: Status,
}

impl StepError {
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), status: Status::Failed }
    }
}

/// Remembers the first failure.
pub(super) struct Report {
    first_failure: Option<Status>,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { first_failure: None }
    }

    /// Reports the result of a step. Returns the value if it succeeded.
    pub(super) fn step<T>(
        &mut self,
        name: &str,
        result: Result<(T, String), StepError>,
    ) -> io::Result<Option<T>> {
        match result {
            Ok((found, text)) => {
                line(name, "ok", &text)?;
                Ok(Some(found))
            }
            Err(error) => {
                line(name, "FAILED", &error.what)?;
                if !error.hint.is_empty() {
                    line("", "", &format!("-> {}", error.hint))?;
                }
                self.first_failure = self.first_failure.or(Some(error.status));
                Ok(None)
            }
        }
    }

    /// Returns the exit status: that of the first failed step.
    pub(super) fn status(&self) -> Status {
        self.first_failure.unwrap_or(Status::Done)
    }
}

/// Reports a failed step after which no other is useful, with what to do instead.
pub(super) fn stop(name: &str, what: &str, advice: &str) -> io::Result<()> {
    line(name, "FAILED", what)?;
    let mut out = io::stdout().lock();
    writeln!(out)?;
    advice.lines().try_for_each(|line| writeln!(out, "{}", sanitise::clean(line)))?;
    out.flush()
}

/// Reports a step as skipped.
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
    writeln!(out, "{name:NAME_WIDTH$}  {verdict:VERDICT_WIDTH$}  {text}")?;
    out.flush()
}

//! A checklist: steps that are ok, doubtful, failed or skipped, each printed on an aligned line, and below it what to do.
//!
//! Decides nothing but the exit status: that of the first failed step. Masks credentials in URLs.

mod markdown;

use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use crossterm::terminal;
use tokio::time::Instant;

use crate::cli::failure::Status;
use crate::model::secret::masked;
use crate::present::{format, sanitise};

/// Width of the longest name of a fixed step.
const NAME_WIDTH: usize = 18;
/// Width of the longest verdict.
const VERDICT_WIDTH: usize = 7;
/// Where the text begins.
const MARGIN: usize = NAME_WIDTH + VERDICT_WIDTH + 4;
/// A narrower column would be harder to read than lines that the terminal breaks.
const LEAST_TEXT: usize = 30;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Verdict {
    Passed,
    Doubtful,
    Failed,
    Skipped,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Passed => "ok",
            Self::Doubtful => "warning",
            Self::Failed => "FAILED",
            Self::Skipped => "skipped",
        }
    }
}

/// What a step that did not fail found.
pub(in crate::cli) struct Found {
    text: String,
    /// What to do about it; empty if all is well.
    advice: String,
}

impl Found {
    /// Creates a warning.
    pub(in crate::cli) fn doubtful(text: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { text: text.into(), advice: advice.into() }
    }
}

impl From<String> for Found {
    fn from(text: String) -> Self {
        Self { text, advice: String::new() }
    }
}

/// The failure of a step.
pub(in crate::cli) struct StepError {
    /// What happened.
    pub(in crate::cli) what: String,
    /// What to do; empty if `what` says it.
    pub(in crate::cli) hint: String,
    /// The exit status if this step is the first to fail.
    pub(in crate::cli) status: Status,
}

impl StepError {
    pub(in crate::cli) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), status: Status::Failed }
    }

    /// Creates the failure of a setting. What is wrong says what to do.
    pub(in crate::cli) fn setting(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: String::new(), status: Status::Usage }
    }
}

/// A step that has ended.
pub(in crate::cli) struct Step {
    pub(in crate::cli) name: String,
    pub(in crate::cli) verdict: Verdict,
    text: String,
    /// What to do, if anything.
    pub(in crate::cli) advice: String,
    status: Status,
}

/// Steps in their order.
pub(in crate::cli) struct Steps {
    done: Vec<Step>,
    is_printed: bool,
    /// The width of the column of texts; `None` if lines are not wrapped.
    width: Option<usize>,
}

impl Steps {
    /// Creates a checklist that prints each step as it ends. Lines are wrapped only on a terminal.
    pub(in crate::cli) fn printed() -> Self {
        let size = io::stdout().is_terminal().then(terminal::size).and_then(Result::ok);
        let room = size.map(|(width, _)| usize::from(width).saturating_sub(MARGIN));
        Self { done: Vec::new(), is_printed: true, width: room.filter(|room| *room >= LEAST_TEXT) }
    }

    /// Creates a checklist that only keeps its steps.
    pub(in crate::cli) const fn kept() -> Self {
        Self { done: Vec::new(), is_printed: false, width: None }
    }

    /// Adds the result of a step. Returns the value if it did not fail.
    pub(in crate::cli) fn step<T>(
        &mut self,
        name: &str,
        result: Result<(T, impl Into<Found>), StepError>,
    ) -> io::Result<Option<T>> {
        match result {
            Ok((value, found)) => {
                let Found { text, advice } = found.into();
                let verdict = if advice.is_empty() { Verdict::Passed } else { Verdict::Doubtful };
                self.add(name, verdict, &text, &advice, Status::Done)?;
                Ok(Some(value))
            }
            Err(error) => {
                self.add(name, Verdict::Failed, &error.what, &error.hint, error.status)?;
                Ok(None)
            }
        }
    }

    /// Adds a skipped step.
    pub(in crate::cli) fn skip(&mut self, name: &str, why: &str) -> io::Result<()> {
        self.add(name, Verdict::Skipped, why, "", Status::Done)
    }

    /// Adds each of these steps as skipped, for the same reason.
    pub(in crate::cli) fn skip_all<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a &'a str>,
        why: &str,
    ) -> io::Result<()> {
        names.into_iter().try_for_each(|name| self.skip(name, why))
    }

    fn add(
        &mut self,
        name: &str,
        verdict: Verdict,
        text: &str,
        advice: &str,
        status: Status,
    ) -> io::Result<()> {
        let (text, advice) = (masked(text).into_owned(), masked(advice).into_owned());
        let step = Step { name: sanitise::clean(name).into_owned(), verdict, text, advice, status };
        if self.is_printed {
            self.print_step(&step)?;
        }
        self.done.push(step);
        Ok(())
    }

    /// Returns whether the step has ended and did not fail.
    pub(in crate::cli) fn has_passed(&self, name: &str) -> bool {
        let passed = |step: &Step| matches!(step.verdict, Verdict::Passed | Verdict::Doubtful);
        self.done.iter().any(|step| step.name == name && passed(step))
    }

    /// Returns the number of steps with this verdict.
    pub(in crate::cli) fn count(&self, verdict: Verdict) -> usize {
        self.done.iter().filter(|step| step.verdict == verdict).count()
    }

    /// Returns the first step that failed.
    pub(in crate::cli) fn first_failure(&self) -> Option<&Step> {
        self.done.iter().find(|step| step.verdict == Verdict::Failed)
    }

    /// Returns the exit status: that of the first failed step.
    pub(in crate::cli) fn status(&self) -> Status {
        self.first_failure().map_or(Status::Done, |step| step.status)
    }

    /// Returns the steps as a table in Markdown.
    pub(in crate::cli) fn markdown(&self) -> String {
        markdown::table(&self.done)
    }

    /// Prints a paragraph below the steps.
    pub(in crate::cli) fn print_paragraph(&self, text: &str) -> io::Result<()> {
        let width = self.width.map(|width| width + MARGIN);
        let mut out = io::stdout().lock();
        writeln!(out)?;
        wrapped(&masked(text), width).iter().try_for_each(|line| writeln!(out, "{line}"))?;
        out.flush()
    }

    fn print_step(&self, step: &Step) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let (name, verdict) = (&step.name, step.verdict.word());
        let mut head = format!("{name:NAME_WIDTH$}  {verdict:VERDICT_WIDTH$}  ");
        let advice = if step.advice.is_empty() { String::new() } else { format!("-> {}", step.advice) };
        let paragraphs = [step.text.as_str(), &advice].into_iter().filter(|text| !text.is_empty());
        for line in paragraphs.flat_map(|text| wrapped(text, self.width)) {
            writeln!(out, "{head}{line}")?;
            head = " ".repeat(MARGIN);
        }
        out.flush()
    }
}

/// Returns the text in sanitised lines.
fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    match width {
        Some(width) => sanitise::wrap(text, width).collect(),
        None => text.lines().map(|line| sanitise::clean(line).into_owned()).collect(),
    }
}

/// The shortest time shown: `0 ms` would look like a mistake.
const SHORTEST: Duration = Duration::from_millis(1);

/// Returns how long a step took, as text.
pub(in crate::cli) fn elapsed(start: Instant) -> String {
    format!("within {}", format::took(start.elapsed().max(SHORTEST)))
}

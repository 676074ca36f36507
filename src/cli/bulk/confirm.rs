//! The question before more than one task is acted on: on the terminal, or not at all.

use std::io::{self, IsTerminal as _, Write as _};

use super::act::Chosen;
use crate::cli::Failure;
use crate::model::TaskAction;
use crate::present::{format, sanitise};

/// So many are named; more would push the question off the screen.
const NAMED: usize = 10;

/// Asks; anything but yes ends the command, with nothing sent.
pub(super) fn ask(action: TaskAction, target: &str, chosen: &[Chosen]) -> Result<(), Failure> {
    let (word, count) = (action.verb(), format::len(chosen.len()));
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::usage(format!(
            "{word} {count} tasks? there is no terminal to ask on: say --yes, or look with --dry-run; nothing was sent"
        )));
    }
    let answer = question(word, &count, target, chosen)?;
    match answer.trim() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::usage("not confirmed: nothing was sent")),
    }
}

fn question(word: &str, count: &str, target: &str, chosen: &[Chosen]) -> io::Result<String> {
    let mut err = io::stderr().lock();
    for one in chosen.iter().take(NAMED) {
        let state = one.listed.map(|listed| format!("  {}", listed.state)).unwrap_or_default();
        writeln!(err, "  {}{state}", sanitise::clean(one.guid.as_str()))?;
    }
    if let Some(more @ 1..) = chosen.len().checked_sub(NAMED) {
        writeln!(err, "  and {} more", format::len(more))?;
    }
    write!(err, "{word} these {count} tasks on {}? [y/N] ", sanitise::clean(target))?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer)
}
